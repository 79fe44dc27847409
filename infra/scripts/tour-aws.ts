/**
 * `npm run tour:aws`: the tour, unchanged, on the AWS adapters. Origin and edge run as `npm start` runs them, in a folder
 * of their own; S3, Glue and Athena are stand-ins that speak the services' protocols to the real SDK clients. No account
 * is needed, and nothing leaves this machine. Exits 1 if any step falls short.
 */
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { wireAwsHome } from '../../test/support/wire-aws-home.ts'
import { projectRoot } from './local-state.ts'
import { freePorts } from './start/free-ports.ts'
import { serve } from './start/serve.ts'
import { StartError } from './start/start-error.ts'

/** What the children need of the project; what they keep goes beside it and not into the clone. */
const PARTS = ['edge', 'node_modules', 'origin', 'package.json', 'shared', 'wrangler.toml']

async function main(stop: AbortController): Promise<boolean> {
  const root = await mkdtemp(join(tmpdir(), 'tour-aws-'))
  const aws = await wireAwsHome({ folder: root, bucket: 'tour-lake', databasePrefix: 'tour_' })
  let passed = false
  try {
    for (const part of PARTS) await symlink(join(projectRoot, part), join(root, part))
    // A copy, not a link: a script looks for the keys beside itself.
    await cp(join(projectRoot, 'infra/scripts'), join(root, 'infra/scripts'), { recursive: true })
    const [origin, edge, admin] = await freePorts(3)
    const { ESTAT_APP_ID: _live, ...env } = process.env
    await serve({
      root,
      env: {
        ...env,
        ...aws.env,
        PORT: String(origin),
        EDGE_PORT: String(edge),
        ADMIN_PORT: String(admin),
        ESTAT_DATA_DIR: join(root, '.estat'),
        // Athena answers, and not DuckDB for being cheaper.
        ATHENA_SMALL_MB: '0',
      },
      node: process.execPath,
      tour: true,
      stop: stop.signal,
      say(text) {
        if (stop.signal.aborted) return
        console.log(text)
        if (!/^The tour (passed|fell short)/.test(text)) return
        passed = text.startsWith('The tour passed')
        console.log(told(aws))
        stop.abort()
      },
    })
  } finally {
    await aws.close()
    await rm(root, { recursive: true, force: true })
  }
  return passed
}

/** What the stand-ins saw: that it was they who were asked. */
function told({ s3, glue, athena }: Awaited<ReturnType<typeof wireAwsHome>>): string {
  const queries = athena.executions()
  const done = queries.filter(({ state }) => state === 'SUCCEEDED').length
  return `On AWS adapters: ${s3.requests.length} requests to S3, ${glue.requests.length} to Glue, ${done} of ${queries.length} queries on Athena.`
}

const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort())
try {
  process.exitCode = (await main(stop)) ? 0 : 1
} catch (error) {
  if (!(error instanceof StartError)) throw error
  console.error(error.message)
  process.exitCode = 1
}
process.exit()
