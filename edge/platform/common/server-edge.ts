/** The edge as the servers of Node, Bun and Deno run it: what they share, so that each entry is short. */
import type { EdgeServerConfig } from '../../../shared/config.ts'
import { edgeOf } from '../edge-of.ts'
import { type Log, reporter } from './log.ts'
import { clientAddressOf, type Peer } from './peer.ts'
import { storesOf } from './stores.ts'
import { backgroundTasks } from './tasks.ts'

export interface ServerEdge {
  fetch(request: Request, peer: Peer): Promise<Response>
  /** Resolves when nothing goes on behind the answers. */
  settled(): Promise<void>
}

export interface ServerEdgeOptions {
  readonly config: EdgeServerConfig
  readonly log: Log
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

const UNKNOWN: Peer = { address: null }

/** Requests under way get this long to end when the process is told to stop, milliseconds. */
export const DRAIN_MS = 10_000

export function serverEdge({ config, log, now }: ServerEdgeOptions): ServerEdge {
  const report = reporter(log)
  const peers = new WeakMap<Request, Peer>()
  const tasks = backgroundTasks((error) => report(error, 'background'))
  const rule = { header: config.CLIENT_ADDRESS_HEADER, trustedHops: config.TRUSTED_HOPS }
  const app = edgeOf(config, {
    ...storesOf(config, now),
    clientAddress: (request) => clientAddressOf(request.headers, peers.get(request) ?? UNKNOWN, rule),
    send: (request) => fetch(request),
    now,
    background: (_c, task) => tasks.add(task),
    report,
  })
  return {
    async fetch(request, peer) {
      peers.set(request, peer)
      return app.fetch(request)
    },
    settled: () => tasks.settled(),
  }
}
