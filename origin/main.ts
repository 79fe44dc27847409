/** Entry of the origin: reads the environment, builds the adapters, serves until it is told to stop. */
import { randomUUID } from 'node:crypto'
import { serve } from '@hono/node-server'
import { ConfigError, OriginConfig, parseConfig } from '../shared/config.ts'
import { emfFlusher } from '../shared/metrics-flush.ts'
import { metricsRegistry } from '../shared/metrics.ts'
import { SERVER_INFO } from '../shared/server-info.ts'
import { createAdmin } from './admin/app.ts'
import { adminFrom } from './admin/from-config.ts'
import { createOrigin, ROUTES } from './app.ts'
import { authenticator } from './authenticate.ts'
import { healthOf } from './health.ts'
import { homePorts } from './home.ts'
import { upkeepLoop } from './jobs/upkeep.ts'
import { describeError, inOneGo, type Log, logger } from './log.ts'
import { createMcpEndpoint } from './mcp.ts'
import { metering } from './observe/metering.ts'
import { requestLog } from './observe/request-log.ts'
import { storeProbe } from './store-probe.ts'
import { TOOLS } from './tools/registry.ts'

/** The server's own Response is the faster one on Node; WebAssembly, which reads SQL, takes none but the runtime's elsewhere. */
const OWN_RESPONSE = !('Deno' in globalThis || 'Bun' in globalThis)
/** Requests under way get this long to end after SIGTERM, milliseconds. */
const DRAIN_MS = 4_000
/** What is counted is told this often. */
const FLUSH_MS = 60_000

async function start(config: OriginConfig, log: Log, write: (text: string) => void): Promise<void> {
  const now = (): number => Date.now()
  const report = (error: unknown, where: string): void => log('error', 'failed', { where, ...describeError(error) })
  const metrics = metricsRegistry()
  const meter = metering(metrics)
  const writeLine = (line: string): void => write(`${line}\n`)
  const flush =
    config.ORIGIN_METRICS === 'emf'
      ? emfFlusher({ namespace: 'estat-mcp/origin', metrics, writeLine, now })
      : () => undefined
  const ports = await homePorts(config, {
    metering: meter,
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
  const calls = { tools: TOOLS, ports, limits, now, newId: newFetchId, observe: meter.call }
  const condition = storeProbe({ store: ports.store, now })
  const mcp = createMcpEndpoint({ ...calls, report })
  const app = createOrigin({
    ...calls,
    mcp,
    report,
    around: requestLog({ log, metrics, now, routes: ROUTES }),
    authenticate: authenticator({
      edgeKeys: config.ORIGIN_PUBLIC_KEYS,
      adminKeys: config.ORIGIN_ADMIN_KEYS,
      now,
      refused: meter.refused,
    }),
    health: () =>
      healthOf({
        condition,
        stats: ports.stats,
        catalogue: ports.catalogue,
        version: SERVER_INFO.version,
        now,
      }),
  })
  const administration =
    config.ADMIN_PORT === undefined
      ? null
      : createAdmin(adminFrom(config, { ports, metrics, condition, env: process.env, log, report, now }))
  const server = listen(app.fetch, 'PORT', config.PORT, config.HOST, (port) =>
    log('info', 'listening', { port, source: ports.stats.origin }),
  )
  // A listener of its own: nothing that reaches the public port reaches this one.
  const adminServer =
    config.ADMIN_PORT === undefined || administration === null
      ? null
      : listen(administration.fetch, 'ADMIN_PORT', config.ADMIN_PORT, config.ADMIN_HOST, (port) =>
          log('info', 'administration listening', { port }),
        )
  setInterval(flush, FLUSH_MS).unref()
  // Before the log's own last flush.
  process.prependOnceListener('exit', flush)
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => {
      log('info', 'stopping', { signal })
      void mcp.close()
      void ports.liveCatalogue?.stop()
      // Leases are handed back, so that another instance need not wait for their end.
      const jobsEnded = Promise.all([ports.runner.stop(), upkeep.stop()])
      adminServer?.close()
      server.close(() => void jobsEnded.finally(() => process.exit(0)))
      setTimeout(() => process.exit(0), DRAIN_MS).unref()
    })
}

/** Serves, or says which setting to change and ends. */
function listen(
  fetch: (request: Request) => Response | Promise<Response>,
  setting: 'PORT' | 'ADMIN_PORT',
  port: number,
  hostname: string,
  listening: (port: number) => void,
) {
  const server = serve({ fetch, port, hostname, overrideGlobalObjects: OWN_RESPONSE }, (at) => listening(at.port))
  server.on('error', ({ code }: NodeJS.ErrnoException) => {
    process.stderr.write(
      code === 'EADDRINUSE'
        ? `Port ${port} is taken. Choose another with ${setting}.\n`
        : `Cannot listen (${setting}): ${code}\n`,
    )
    process.exit(1)
  })
  return server
}

/** Sortable by time, unique in any number of processes: `20261120T103000Z-1b9d6bcd`. */
function newFetchId(): string {
  const time = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '')
  return `${time}-${randomUUID().slice(0, 8)}`
}

try {
  const config = parseConfig(OriginConfig, process.env)
  const lines = inOneGo(
    (text) => void process.stdout.write(text),
    (flush) => void setImmediate(flush),
  )
  process.once('exit', lines.flush)
  await start(config, logger({ level: config.LOG_LEVEL, now: () => Date.now(), write: lines.write }), lines.write)
} catch (error) {
  if (!(error instanceof ConfigError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
