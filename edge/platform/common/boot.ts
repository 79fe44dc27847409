/** How every edge that listens by itself begins and ends. */
import { readFileSync } from 'node:fs'
import { ConfigError, EdgeServerConfig, parseConfig } from '../../../shared/config.ts'
import { metricsRegistry } from '../../../shared/metrics.ts'
import { emfFlush } from './emf.ts'
import { lineLog } from './log.ts'
import { type ServerEdge, serverEdge } from './server-edge.ts'

/** PEM. */
export interface Certificate {
  readonly cert: string
  readonly key: string
}

export interface Listening {
  readonly port: number
  /** No new connection from now on; resolves when the last answer has ended. */
  close(): Promise<void>
}

export interface Listener {
  readonly edge: ServerEdge
  readonly host: string
  readonly port: number
  /** Reads the certificate as it is now; null where the edge speaks plain HTTP. */
  readonly certificate: (() => Certificate) | null
  /** Told of what goes wrong while it serves. */
  readonly report: (error: unknown, where: string) => void
}

/** Requests under way get this long to end after SIGTERM, milliseconds. */
const DRAIN_MS = 10_000
/** What is counted is told this often. */
const FLUSH_MS = 60_000

/**
 * Reads the environment, listens, and serves until SIGTERM or SIGINT: then no new connection, what is under way may
 * end, and the process does. A wrong setting is told in plain words, with exit code 1.
 */
export async function boot(listen: (listener: Listener) => Promise<Listening>): Promise<void> {
  try {
    await serve(listen)
  } catch (error) {
    process.stderr.write(`${sayFailure(error)}\n`)
    process.exit(1)
  }
}

async function serve(listen: (listener: Listener) => Promise<Listening>): Promise<void> {
  const config = parseConfig(EdgeServerConfig, process.env)
  const now = (): number => Date.now()
  const writeLine = (line: string): void => void process.stdout.write(`${line}\n`)
  const log = lineLog(writeLine, now)
  const metrics = metricsRegistry()
  const flush = config.EDGE_METRICS === 'emf' ? emfFlush({ metrics, writeLine, now }) : () => undefined
  const edge = serverEdge({ config, env: process.env, log, writeLine, metrics, now })
  const { EDGE_HOST: host, EDGE_PORT: port, TLS_CERT_FILE: cert, TLS_KEY_FILE: key } = config
  const certificate = cert && key ? () => readCertificate(cert, key) : null
  const listening = await listen({ edge, host, port, certificate, report: edge.report })
  log('info', 'listening', { port: listening.port, tls: certificate !== null, store: config.EDGE_STORE })

  setInterval(flush, FLUSH_MS).unref()
  let stopping = false
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => {
      if (stopping) return
      stopping = true
      log('info', 'stopping', { signal })
      const end = (): never => {
        flush()
        process.exit(0)
      }
      setTimeout(end, DRAIN_MS)
      void Promise.allSettled([listening.close(), edge.settled()]).then(end)
    })
}

/** @throws ConfigError that names the settings: neither path nor content is repeated. */
function readCertificate(cert: string, key: string): Certificate {
  const read = (path: string, name: string): string => {
    try {
      return readFileSync(path, 'utf8')
    } catch {
      throw new ConfigError([`${name}: the file cannot be read`])
    }
  }
  return { cert: read(cert, 'TLS_CERT_FILE'), key: read(key, 'TLS_KEY_FILE') }
}

function sayFailure(error: unknown): string {
  if (error instanceof ConfigError) return error.message
  const { code, name, message } = error as { readonly code?: string; readonly name: string; readonly message: string }
  if (code === 'EADDRINUSE' || name === 'AddrInUse') return 'The port is taken. Choose another with EDGE_PORT.'
  return `The edge cannot start: ${message}`
}
