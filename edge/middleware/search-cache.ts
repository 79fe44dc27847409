import type { Context, MiddlewareHandler } from 'hono'
import { Fault, fault } from '../../shared/fault.ts'
import type { StaleReason } from '../../shared/stale.ts'
import { cacheKey, PUBLIC } from '../domain/cache-key.ts'
import { type CacheableTools, type CallPlan, planCall } from '../domain/call-plan.ts'
import { type Executed, type Outcome, readExecuted } from '../domain/executed.ts'
import { headersToOrigin } from '../domain/forward-headers.ts'
import { freshnessOf, keepSeconds, mayKeep } from '../domain/freshness.ts'
import type { Reply } from '../domain/reply.ts'
import { markStale } from '../domain/stale.ts'
import type { EdgeEnv, Report } from '../env.ts'
import type { KeptResult, ResultCache } from '../ports.ts'
import type { Upstream } from '../upstream.ts'
import { within } from '../within.ts'

export interface SearchCacheOptions extends CacheableTools {
  readonly cache: ResultCache
  /** Part of every key. */
  readonly cacheGeneration: string
  /** How long `cache` may take to find something. */
  readonly storeTimeoutMs: number
  readonly upstream: Upstream
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Work that may outlive the reply. It never rejects. */
  readonly background: (c: Context, task: Promise<void>) => void
  readonly report: Report
}

/** No refresh takes longer: the origin is given less. */
const REFRESH_MS = 60_000

/**
 * Answers calls of cacheable tools from what is kept of them: fresh, then stale while a newer one is fetched, then
 * stale only where the origin fails. What is kept is the domain result; each caller gets it in the form of its own
 * protocol revision. `X-Cache` and `Age` say where an answer came from.
 *
 * Two callers who miss at once both ask the origin: workerd cannot share a promise between requests.
 */
export function searchCache(options: SearchCacheOptions): MiddlewareHandler<EdgeEnv> {
  const { cache, cacheGeneration: generation, storeTimeoutMs, upstream, now, background, report } = options
  const refreshing = new Map<string, number>()

  const find = (key: string): Promise<KeptResult | null> =>
    within(storeTimeoutMs, cache.get(key)).catch((error: unknown) => {
      report(error, 'result cache')
      return null
    })

  async function keep(key: string, plan: CallPlan, { answer: { result, text }, storable }: Executed): Promise<void> {
    if (!storable || !mayKeep(result)) return
    const kept = { result, text, storedAt: now() }
    await cache.put(key, kept, keepSeconds(plan.policy)).catch((error: unknown) => report(error, 'result cache'))
  }

  /** One at a time for each key in this instance, behind the reply. A platform may end such work without a word. */
  async function refresh(c: Context<EdgeEnv>, key: string, plan: CallPlan): Promise<void> {
    if (now() - (refreshing.get(key) ?? Number.NEGATIVE_INFINITY) < REFRESH_MS) return
    refreshing.set(key, now())
    try {
      const outcome = await execute(upstream, c, plan, null)
      if (outcome.ok) await keep(key, plan, outcome)
    } catch (error) {
      report(error, 'revalidation')
    } finally {
      refreshing.delete(key)
    }
  }

  async function answer(c: Context<EdgeEnv>, plan: CallPlan): Promise<Response> {
    const key = await cacheKey({ ...plan, partition: PUBLIC, generation })
    const kept = await find(key)
    const age = kept ? Math.max(0, Math.floor((now() - kept.storedAt) / 1000)) : 0
    const freshness = kept ? freshnessOf(age, plan.policy) : 'gone'
    const stale = (reason: StaleReason, from: KeptResult) =>
      respond(c, plan.form.answer(markStale(from, age, reason)), 'STALE', age)

    if (kept && freshness === 'fresh') return respond(c, plan.form.answer(kept), 'HIT', age)
    if (kept && freshness === 'revalidate') {
      background(c, refresh(c, key, plan))
      return stale('revalidating', kept)
    }
    const fallback = freshness === 'if-error' ? kept : null
    try {
      const outcome = await execute(upstream, c, plan, c.req.raw.signal)
      if (outcome.ok) {
        background(c, keep(key, plan, outcome))
        return respond(c, plan.form.answer(outcome.answer), 'MISS')
      }
      if (fallback && outcome.status >= 500) return stale('origin_unavailable', fallback)
      return respond(c, plan.form.failure(outcome.failure, outcome.status), 'MISS')
    } catch (error) {
      if (fallback && !(error instanceof Fault && error.code === 'CANCELLED'))
        return stale('origin_unavailable', fallback)
      throw error
    }
  }

  return async function searchCache(c, next) {
    const { path, raw } = c.req
    const plan = planCall({ path, json: c.get('json'), headers: raw.headers }, options)
    if (plan) return answer(c, plan)
    c.header('x-cache', 'BYPASS')
    await next()
    return undefined
  }
}

function respond(
  c: Context,
  { status, body, headers }: Reply,
  cache: 'HIT' | 'MISS' | 'STALE',
  age?: number,
): Response {
  return c.newResponse(body, {
    status: status as 200,
    headers: { ...headers, 'x-cache': cache, ...(age === undefined ? {} : { age: String(age) }) },
  })
}

/** @throws Fault as `Upstream` does; ESTAT_UNAVAILABLE for an answer that is none. */
async function execute(
  ask: Upstream,
  c: Context<EdgeEnv>,
  plan: CallPlan,
  signal: AbortSignal | null,
): Promise<Outcome> {
  const headers = headersToOrigin(c.req.raw.headers)
  headers.set('accept', 'application/json')
  headers.set('content-type', 'application/json')
  const { caller, requestId, trace } = c.var
  const body = new TextEncoder().encode(JSON.stringify({ tool_name: plan.tool, arguments: plan.args }))
  const response = await ask({ method: 'POST', path: '/execute', headers, body, caller, requestId, trace, signal })
  const outcome = readExecuted(
    response.status,
    await response.json().catch(onlyWrongForm(signal)),
    response.headers.get('cache-control'),
  )
  if (!outcome) throw fault('ESTAT_UNAVAILABLE', 'The origin answered in a form that the edge does not know.')
  return outcome
}

/** A body that is no JSON is null; one that was cut off says why. @throws Fault TIMEOUT_ERROR; CANCELLED. */
const onlyWrongForm = (signal: AbortSignal | null) => (error: unknown) => {
  if (error instanceof Fault) throw error
  if (signal?.aborted) throw fault('CANCELLED', 'The caller left.', { cause: error })
  return null
}
