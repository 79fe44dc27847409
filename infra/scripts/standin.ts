/**
 * `npm run standin -- [--port N] [--rows N] [--tables N] [--seed S] [--fault F --every N]`: the stand-in over HTTP, for
 * any client of e-Stat. `--help` says what it takes.
 */
import type { AddressInfo } from 'node:net'
import { loadSample } from '../../origin/sample/load-sample.ts'
import { always, withFaults } from '../../origin/standin/faults.ts'
import { generatedListings } from '../../origin/standin/generate/catalogue.ts'
import { generatedFiles } from '../../origin/standin/generate/files.ts'
import { generatedTable } from '../../origin/standin/generate/table.ts'
import { createStandin, type Standin } from '../../origin/standin/standin.ts'
import { readSettings, type StandinSettings, USAGE } from './standin/settings.ts'
import { serveStandin } from './standin/serve.ts'

/** Of the table that `--rows` makes. */
const GENERATED_ID = '0009000001'

function standinOf({ rows, tables, seed, appIds, fault, every }: StandinSettings): Standin {
  const generated = rows === 0 ? [] : [generatedTable({ id: GENERATED_ID, seed, rows })]
  const standin = createStandin({
    tables: [...loadSample().tables, ...generated],
    listed: generatedListings({ seed, tables }),
    files: generatedFiles({ seed, tables }),
    accepts: appIds,
    now: Date.now,
  })
  return fault === null
    ? standin
    : withFaults(
        standin,
        always(fault, ({ number }) => number % every === 0),
      )
}

async function main(args: readonly string[]): Promise<void> {
  if (args.includes('--help')) return console.log(USAGE)
  const settings = readSettings(args)
  const server = await serveStandin(standinOf(settings), settings)
  const { port } = server.address() as AddressInfo
  console.log(
    `e-Stat's stand-in: http://${settings.host}:${port}/rest/3.0/app/ (application ID: ${settings.appIds[0]})`,
  )
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      server.close()
      server.closeAllConnections()
    })
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
