/** From the first connection to the last: listens, and ends without cutting an answer short. */
import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Log } from '../common/log.ts'
import { DRAIN_MS, type ServerEdge } from '../common/server-edge.ts'

/** @throws Error of the system where it cannot listen. */
export async function listen(server: Server, port: number, host: string): Promise<number> {
  server.listen(port, host)
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** On SIGTERM and SIGINT: no new connection, what is under way may end, then the process does. */
export function endOnSignals(server: Server, edge: ServerEdge, log: Log): void {
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => {
      log('info', 'stopping', { signal })
      const ended = once(server, 'close')
      server.close()
      // A connection that answers its last request now would be kept alive.
      setInterval(() => server.closeIdleConnections(), 50).unref()
      void Promise.all([ended, edge.settled()]).finally(() => process.exit(0))
      setTimeout(() => process.exit(0), DRAIN_MS)
    })
}
