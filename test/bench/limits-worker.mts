/** Nothing but the counter, on workerd: with and without leases. */
import { CallerLimit, durableObjectCounter } from '../../edge/adapters/counter-durable-object.ts'
import { leasedCounter } from '../../edge/leased-counter.ts'
import type { RateCounter } from '../../edge/ports.ts'

export { CallerLimit }

interface Env {
  readonly LIMITER: DurableObjectNamespace<CallerLimit>
}

const WINDOW_MS = 60_000
let counters: Readonly<Record<string, RateCounter>> | undefined

export default {
  async fetch(request, env) {
    const counter = durableObjectCounter(env.LIMITER)
    counters ??= { direct: counter, leased: leasedCounter({ counter, now: () => Date.now() }) }
    const { pathname, searchParams } = new URL(request.url)
    const used = counters[pathname.slice(1)]
    if (!used) return Response.json({ allowed: true })
    const limit = Number(searchParams.get('limit'))
    return Response.json(await used.spend(searchParams.get('caller') ?? '', { cost: 1, limit, windowMs: WINDOW_MS }))
  },
} satisfies ExportedHandler<Env>
