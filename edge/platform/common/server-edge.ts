/** The edge as the servers of Node, Bun and Deno run it, and a Lambda: what they share, so that each entry is short. */
import type { EdgeServerConfig } from '../../../shared/config.ts'
import { awsCredentials } from '../../../shared/aws/credentials.ts'
import { holding } from '../../../shared/holding.ts'
import type { Metrics } from '../../../shared/metrics.ts'
import type { Report } from '../../env.ts'
import { counting, requestLog, together } from '../../observers.ts'
import { edgeOf } from '../edge-of.ts'
import { type Log, reporter } from './log.ts'
import { clientAddressOf, type Peer } from './peer.ts'
import { type Environment, storesOf } from './stores.ts'
import { backgroundTasks } from './tasks.ts'

export interface ServerEdge {
  fetch(request: Request, peer: Peer): Promise<Response>
  /** Resolves when nothing goes on behind the answers. */
  settled(): Promise<void>
  readonly report: Report
}

export interface ServerEdgeOptions {
  readonly config: EdgeServerConfig
  /** Who signs requests to AWS is found there. */
  readonly env: Environment
  readonly log: Log
  /** Takes a line of the log, without its end. */
  readonly writeLine: (line: string) => void
  /** Counts each request. */
  readonly metrics: Metrics
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Whether a request came by TLS; by its URL where absent. */
  readonly cameByTls?: (request: Request) => boolean
}

const UNKNOWN: Peer = { address: null }

export function serverEdge({ config, env, log, writeLine, metrics, now, cameByTls }: ServerEdgeOptions): ServerEdge {
  const report = reporter(log)
  const send = holding((request) => fetch(request))
  const peers = new WeakMap<Request, Peer>()
  const tasks = backgroundTasks((error) => report(error, 'background'))
  const rule = { header: config.CLIENT_ADDRESS_HEADER, trustedHops: config.TRUSTED_HOPS }
  const app = edgeOf(config, {
    ...storesOf({ config, env, now, report }),
    clientAddress: (request) => clientAddressOf(request.headers, peers.get(request) ?? UNKNOWN, rule),
    send,
    sendToIssuer: send,
    credentials: () => awsCredentials({ env, send, now }),
    now,
    background: (_c, task) => tasks.add(task),
    report,
    seen: together(requestLog(now, writeLine), counting(metrics)),
    metrics,
    ...(cameByTls ? { cameByTls } : {}),
  })
  return {
    async fetch(request, peer) {
      peers.set(request, peer)
      return app.fetch(request)
    },
    settled: () => tasks.settled(),
    report,
  }
}
