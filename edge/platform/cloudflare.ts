/**
 * The edge on Cloudflare Workers (workerd): reads the environment, builds the adapters, serves.
 *
 * An API key is a record in Workers KV: `wrangler kv key put --remote --binding KEYS key:<id> '<record>'`. Into the KV
 * that `wrangler dev --persist-to DIR` reads, the same with `--local --persist-to DIR` (1.2 s), or through miniflare,
 * as `infra/scripts/start/put-key.ts` does before the Worker starts.
 */
import { ConfigError, EdgeConfig, parseConfig } from '../../shared/config.ts'
import { faultReply } from '../../shared/fault.ts'
import { memoryCache } from '../adapters/cache-memory.ts'
import { workersCache } from '../adapters/cache-workers.ts'
import { type CallerLimit, durableObjectCounter } from '../adapters/counter-durable-object.ts'
import { durableObjectFlights, FlightObject } from '../adapters/flights-durable-object.ts'
import { kvRecords } from '../adapters/records-kv.ts'
import { isLoopback } from '../domain/hosts.ts'
import { edgeOf, runOf } from './edge-of.ts'

export { CallerLimit } from '../adapters/counter-durable-object.ts'

interface Env extends Readonly<Record<string, unknown>> {
  readonly KEYS: KVNamespace
  readonly LIMITER: DurableObjectNamespace<CallerLimit>
  readonly FLIGHTS: DurableObjectNamespace<Flight>
}

/** Flights of this Worker, flown by its own settings. */
export class Flight extends FlightObject<Env> {
  protected override readonly run = runOf(parseConfig(EdgeConfig, this.env), { send, now, report })
}

/** One for each isolate: bindings and settings change with a deploy, and then the isolate is new. */
let edge: ReturnType<typeof build> | undefined

export default {
  async fetch(request, env, context) {
    try {
      edge ??= build(env)
      return await edge.fetch(request, env, context)
    } catch (error) {
      report(error, error instanceof ConfigError ? 'configuration' : 'worker')
      return Response.json(faultReply(error, null), { status: 500 })
    }
  },
} satisfies ExportedHandler<Env>

function build(env: Env) {
  const config = parseConfig(EdgeConfig, env)
  return edgeOf(config, {
    records: kvRecords(env.KEYS),
    counter: durableObjectCounter(env.LIMITER),
    cache: workersCache({ cache: caches.default, front: memoryCache({ now }), now }),
    flights: (run) => durableObjectFlights({ flights: env.FLIGHTS, run, report }),
    clientAddress,
    send,
    now,
    background: (c, task) => c.executionCtx.waitUntil(task),
    report,
  })
}

const now = (): number => Date.now()
const send = (request: Request): Promise<Response> => fetch(request)

/**
 * Cloudflare writes CF-Connecting-IP itself, over anything a client sends. Only `wrangler dev` lets a client's own
 * through: there the host is loopback, which Cloudflare never serves, and the client is this machine.
 */
function clientAddress(request: Request): string | null {
  if (isLoopback(new URL(request.url).hostname)) return '127.0.0.1'
  return request.headers.get('cf-connecting-ip')
}

/** Names and messages are our own or the runtime's; none of them holds a value of the environment. */
function report(error: unknown, where: string): void {
  const { name, message } = error instanceof Error ? error : { name: typeof error, message: '' }
  // oxlint-disable-next-line no-console -- the log of a Worker
  console.error(JSON.stringify({ level: 'error', where, name, message }))
}
