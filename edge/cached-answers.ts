import type { StaleReason } from '../shared/stale.ts'
import { cacheKey, partitionOf } from './domain/cache-key.ts'
import type { CallPlan } from './domain/call-plan.ts'
import type { Outcome } from './domain/executed.ts'
import { type CachePolicy, freshnessOf, spread } from './domain/freshness.ts'
import { markStale } from './domain/stale.ts'
import type { Report } from './env.ts'
import type { Answered, Generations } from './generation.ts'
import { type KeptResultsOptions, keptResults } from './kept-results.ts'
import type { Flights, KeptResult, Landed, Order } from './ports.ts'
import type { Part } from './timings.ts'

export interface CachedAnswersOptions extends KeptResultsOptions {
  readonly flights: Flights
  /** Part of every key of a tool: another one finds nothing of what was kept under this one. */
  readonly generationOf: Generations['current']
  readonly report: Report
  /** With an old answer in hand, how long the origin may take until that is served, milliseconds. */
  readonly staleAfterMs: number
}

export interface Asking {
  readonly plan: Omit<CallPlan, 'form'>
  readonly from: Pick<Order, 'caller' | 'requestId' | 'trace'>
  /** Aborts when the caller leaves. */
  readonly signal: AbortSignal
  /** Work that may outlive the reply. */
  readonly background: (task: Promise<void>) => void
  /** Counts what a part took. */
  readonly time: <T>(part: Part, task: Promise<T>) => Promise<T>
}

/** How the cache took part (PRODUCT.md section 5): `COALESCED` waited for the call of another. */
export type CacheState = 'HIT' | 'MISS' | 'STALE' | 'COALESCED'

export interface Served {
  readonly outcome: Outcome
  readonly state: CacheState
  /** Seconds since it was kept; null where it comes from the origin. */
  readonly age: number | null
  /** How long this entry may be served. */
  readonly policy: CachePolicy
}

/** A refresh that a platform ended without a word is tried again after this time. */
const REFRESH_MS = 60_000

/**
 * The answer to a plan: fresh, then stale while a newer one is fetched, then stale only where the origin fails. Whoever
 * has to ask the origin joins the flight of all who ask the same, refreshes too.
 *
 * @throws Fault as `Flights.join` does, where nothing may be served in its place.
 */
export function cachedAnswers(options: CachedAnswersOptions): (asking: Asking) => Promise<Served> {
  const { flights, generationOf, now, report, staleAfterMs } = options
  const results = keptResults(options)
  const refreshing = new Map<string, number>()

  /** One at a time for each key in this instance, behind the reply. */
  async function refresh(key: string, order: Order, policy: CachePolicy): Promise<void> {
    if (now() - (refreshing.get(key) ?? Number.NEGATIVE_INFINITY) < REFRESH_MS) return
    refreshing.set(key, now())
    try {
      await results.keep(key, await flights.join(key, order, null), policy)
    } catch (error) {
      report(error, 'revalidation')
    } finally {
      refreshing.delete(key)
    }
  }

  return async function answer({ plan, from, signal, background, time }) {
    const { tool, version, args, policy: whole } = plan
    const partition = partitionOf(whole.partition ?? 'public', from.caller.tenant)
    const key = await cacheKey({ tool, version, args, partition, generation: await generationOf(about(tool, args)) })
    const policy = spread(whole, key)
    const { caller, requestId, trace } = from
    const kept = await time('cache', results.find(key))
    const order = { tool, args, caller, requestId, trace, ...knownFrom(kept) }
    const age = kept ? Math.max(0, Math.floor((now() - kept.storedAt) / 1000)) : 0
    const freshness = kept ? freshnessOf(age, policy) : 'gone'
    const stale = (old: KeptResult, reason: StaleReason): Served => ({
      outcome: answered(markStale(old, age, reason)),
      state: 'STALE',
      age,
      policy,
    })

    if (kept && freshness === 'fresh') return { outcome: answered(kept), state: 'HIT', age, policy }
    if (kept && freshness === 'revalidate') {
      background(refresh(key, order, whole))
      return stale(kept, 'revalidating')
    }
    const fallback = freshness === 'if-error' ? kept : null
    let landed: Landed
    try {
      const until = fallback ? AbortSignal.any([signal, AbortSignal.timeout(staleAfterMs)]) : signal
      landed = await time('origin', flights.join(key, order, until))
    } catch (error) {
      if (!fallback || signal.aborted) throw error
      return stale(fallback, 'origin_unavailable')
    }
    const { outcome, role } = landed
    if (!outcome.ok && outcome.status >= 500 && fallback) return stale(fallback, 'origin_unavailable')
    background(results.keep(key, landed, whole))
    return { outcome, state: role === 'led' ? 'MISS' : 'COALESCED', age: null, policy }
  }
}

const answered = ({ result, text }: Pick<KeptResult, 'result' | 'text'>): Outcome => ({
  ok: true,
  answer: { result, text },
  storable: true,
})

/** What the origin may find to hold still. */
function knownFrom(kept: KeptResult | null): Pick<Order, 'known'> {
  if (kept?.validator === undefined) return {}
  const { result, text, validator } = kept
  return { known: { result, text, validator } }
}

/** What the answer can be purged by. */
const about = (tool: string, { dataset_id: dataset }: CallPlan['args']): Answered =>
  typeof dataset === 'string' ? { tool, dataset } : { tool }
