import type { Verdict } from './domain/sliding-log.ts'
import type { Report } from './env.ts'
import type { Ask, RateCounter } from './ports.ts'
import { within } from './within.ts'

export interface GuardedCounterOptions {
  /** Exact over all instances of the edge. */
  readonly counter: RateCounter
  /** In this instance alone. */
  readonly local: RateCounter
  /** How long `counter` may take, milliseconds. */
  readonly timeoutMs: number
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly report: Report
}

export interface GuardedVerdict extends Verdict {
  /** Whether this is the word of `local` alone. */
  readonly alone: boolean
}

/** After a failure the store is left alone for so long: a store that hangs costs one call its timeout, not every call. */
const REST_MS = 1_000
/** It is left alone by all once it failed so many callers in a row; what fails one of them is that one's affair. */
const SEVERAL = 3

/**
 * The store's count, and while it does not answer, this instance's own.
 *
 * What the store allows is counted here as well. So an instance never lets more than the limit through in a window,
 * whatever the store does, one that comes and goes included: over n instances that is n times the limit at the most, and
 * the limit itself as long as the store answers or the caller stays with one instance.
 */
export function guardedCounter(options: GuardedCounterOptions) {
  const { counter, local, timeoutMs, now, report } = options
  /** Since the store last answered. */
  const failing = new Set<string>()
  let restUntil = 0

  async function ofStore(caller: string, ask: Ask): Promise<Verdict | null> {
    const rests = failing.has(caller) || failing.size >= SEVERAL
    if (rests && now() < restUntil) return null
    try {
      const verdict = await within(timeoutMs, counter.spend(caller, ask))
      failing.clear()
      return verdict
    } catch (error) {
      if (failing.size < SEVERAL) failing.add(caller)
      restUntil = now() + REST_MS
      report(error, 'rate counter')
      return null
    }
  }

  return async function spend(caller: string, ask: Ask): Promise<GuardedVerdict> {
    const verdict = await ofStore(caller, ask)
    if (verdict && !verdict.allowed) return { ...verdict, alone: false }
    const own = await local.spend(caller, ask)
    return verdict && own.allowed ? { ...verdict, alone: false } : { ...own, alone: verdict === null }
  }
}
