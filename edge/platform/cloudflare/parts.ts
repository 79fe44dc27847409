/** What Cloudflare Workers has for the edge's ports. */
import { memoryCache } from '../../adapters/cache-memory.ts'
import { workersCache } from '../../adapters/cache-workers.ts'
import { type CallerLimit, durableObjectCounter } from '../../adapters/counter-durable-object.ts'
import { durableObjectFlights, type FlightObject } from '../../adapters/flights-durable-object.ts'
import { kvRecords } from '../../adapters/records-kv.ts'
import { analyticsObserver } from '../../adapters/observer-workers.ts'
import { isLoopback } from '../../domain/hosts.ts'
import { urlParts } from '../../domain/url-parts.ts'
import { requestLog, together } from '../../observers.ts'
import type { PlatformParts } from '../edge-of.ts'

export interface Env extends Readonly<Record<string, unknown>> {
  readonly KEYS: KVNamespace
  readonly LIMITER: DurableObjectNamespace<CallerLimit>
  readonly FLIGHTS: DurableObjectNamespace<FlightObject<Env>>
  /** Where an operator graphs requests; none where it is not bound. */
  readonly METRICS?: AnalyticsEngineDataset
}

export function workerParts(env: Env): PlatformParts {
  return {
    records: kvRecords(env.KEYS),
    counter: durableObjectCounter(env.LIMITER),
    cache: workersCache({ cache: caches.default, front: memoryCache({ now }), now }),
    flights: (run) => durableObjectFlights({ flights: env.FLIGHTS, run, report }),
    clientAddress,
    send,
    now,
    background: (c, task) => c.executionCtx.waitUntil(task),
    report,
    seen: together(requestLog(now, write), ...(env.METRICS ? [analyticsObserver(env.METRICS)] : [])),
  }
}

export const now = (): number => Date.now()
export const send = (request: Request): Promise<Response> => fetch(request)

/**
 * Cloudflare writes CF-Connecting-IP itself, over anything a client sends. Only `wrangler dev` lets a client's own
 * through: there the host is loopback, which Cloudflare never serves, and the client is this machine.
 */
function clientAddress(request: Request): string | null {
  if (isLoopback(urlParts(request.url).hostname)) return '127.0.0.1'
  return request.headers.get('cf-connecting-ip')
}

/** Names and messages are our own or the runtime's; none of them holds a value of the environment. */
export function report(error: unknown, where: string): void {
  const { name, message } = error instanceof Error ? error : { name: typeof error, message: '' }
  // oxlint-disable-next-line no-console -- the log of a Worker
  console.error(JSON.stringify({ level: 'error', where, name, message }))
}

/** Workers Logs keeps what a Worker writes to its console. */
// oxlint-disable-next-line no-console -- the log of a Worker
const write = (line: string): void => console.log(line)
