/** Entry of the origin: reads the environment, builds the adapters, serves until it is told to stop. */
import { randomUUID } from 'node:crypto'
import { serve } from '@hono/node-server'
import { ConfigError, OriginConfig, parseConfig } from '../shared/config.ts'
import { SERVER_INFO } from '../shared/server-info.ts'
import { createOrigin } from './app.ts'
import { authenticator } from './authenticate.ts'
import { healthOf } from './health.ts'
import { homePorts } from './home.ts'
import { upkeepLoop } from './jobs/upkeep.ts'
import { describeError, type Log, logger } from './log.ts'
import { createMcpEndpoint } from './mcp.ts'
import { storeProbe } from './store-probe.ts'
import { TOOLS } from './tools/registry.ts'

/** The server's own Response is the faster one on Node; WebAssembly, which reads SQL, takes none but the runtime's elsewhere. */
const OWN_RESPONSE = !('Deno' in globalThis || 'Bun' in globalThis)
/** Requests under way get this long to end after SIGTERM, milliseconds. */
const DRAIN_MS = 4_000

async function start(config: OriginConfig, log: Log): Promise<void> {
  const now = (): number => Date.now()
  const report = (error: unknown, where: string): void => log('error', 'failed', { where, ...describeError(error) })
  const ports = await homePorts(config, {
    appId: config.ESTAT_APP_ID ?? null,
    ...(config.ESTAT_BASE_URL === undefined ? {} : { baseUrl: config.ESTAT_BASE_URL }),
    pace: { concurrency: config.ESTAT_CONCURRENCY, gapMs: config.ESTAT_GAP_MS },
    leaseMs: config.ESTAT_JOB_LEASE_SECONDS * 1000,
    jobDays: config.ESTAT_JOB_DAYS,
    duckdbInChild: true,
    links: {
      signingKey: config.LINK_SIGNING_KEY ?? null,
      publicUrl: config.PUBLIC_URL ?? null,
      newId: randomUUID,
    },
    report,
    now,
  })
  const upkeep = upkeepLoop({ store: ports.store, tables: ports.tables, jobs: ports.jobs, now, report })
  if (config.ESTAT_JOBS === 'background') {
    ports.runner.start()
    upkeep.start()
  }
  if (config.ESTAT_CATALOGUE === 'background') ports.liveCatalogue?.start()
  const limits = { fetchRows: config.ESTAT_CALL_ROWS, millis: config.ESTAT_CALL_SECONDS * 1000 }
  const calls = { tools: TOOLS, ports, limits, now, newId: newFetchId }
  const condition = storeProbe({ store: ports.store, now })
  const mcp = createMcpEndpoint({ ...calls, report })
  const app = createOrigin({
    ...calls,
    mcp,
    report,
    authenticate: authenticator({ edgeKeys: config.ORIGIN_PUBLIC_KEYS, adminKeys: config.ORIGIN_ADMIN_KEYS, now }),
    health: () =>
      healthOf({
        condition,
        stats: ports.stats,
        catalogue: ports.catalogue,
        version: SERVER_INFO.version,
        now,
      }),
  })
  const server = serve(
    { fetch: app.fetch, port: config.PORT, hostname: config.HOST, overrideGlobalObjects: OWN_RESPONSE },
    ({ port }) => log('info', 'listening', { port, source: ports.stats.origin }),
  )
  server.on('error', (error: NodeJS.ErrnoException) => {
    const taken = error.code === 'EADDRINUSE'
    process.stderr.write(
      taken ? `Port ${config.PORT} is taken. Choose another with PORT.\n` : `Cannot listen: ${error.code}\n`,
    )
    process.exit(1)
  })
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => {
      log('info', 'stopping', { signal })
      void mcp.close()
      void ports.liveCatalogue?.stop()
      // Leases are handed back, so that another instance need not wait for their end.
      const jobsEnded = Promise.all([ports.runner.stop(), upkeep.stop()])
      server.close(() => void jobsEnded.finally(() => process.exit(0)))
      setTimeout(() => process.exit(0), DRAIN_MS).unref()
    })
}

/** Sortable by time, unique in any number of processes: `20261120T103000Z-1b9d6bcd`. */
function newFetchId(): string {
  const time = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '')
  return `${time}-${randomUUID().slice(0, 8)}`
}

try {
  const config = parseConfig(OriginConfig, process.env)
  const write = (line: string): void => void process.stdout.write(line)
  await start(config, logger({ level: config.LOG_LEVEL, now: () => Date.now(), write }))
} catch (error) {
  if (!(error instanceof ConfigError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
