import { type CachePolicy, keepSeconds } from './domain/freshness.ts'
import { isKeepable } from './domain/executed.ts'
import type { Report } from './env.ts'
import type { KeptResult, Landed, ResultCache } from './ports.ts'
import { within } from './within.ts'

export interface KeptResultsOptions {
  readonly cache: ResultCache
  /** How long `cache` may take to find something. */
  readonly storeTimeoutMs: number
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly report: Report
}

/** The result cache as its users want it: it never fails and never keeps what it must not. */
export interface KeptResults {
  find(key: string): Promise<KeptResult | null>
  /** Resolves when it is kept, or is not to be. */
  keep(key: string, landed: Landed, policy: CachePolicy): Promise<void>
}

/** Characters of one result. Answers are made for models, 25,000 tokens at the most (PRODUCT.md section 1, promise 7). */
const MAX_CHARS = 1_000_000

export function keptResults({ cache, storeTimeoutMs, now, report }: KeptResultsOptions): KeptResults {
  /** Outcomes that went to the cache: all who share a flight here hold the same one. */
  const handled = new WeakSet<object>()

  return {
    find: (key) =>
      within(storeTimeoutMs, cache.get(key)).catch((error: unknown) => {
        report(error, 'result cache')
        return null
      }),

    /** One of those who share a flight stores it for all; the others' instances only take note of it. */
    async keep(key, { outcome, role }, policy) {
      if (!isKeepable(outcome)) return
      if (role === 'joined' && handled.has(outcome)) return
      handled.add(outcome)
      const { result, text } = outcome.answer
      if (text.length + JSON.stringify(result).length > MAX_CHARS) return
      const { validator } = outcome
      const kept = { result, text, storedAt: now(), ...(validator === undefined ? {} : { validator }) }
      const seconds = keepSeconds(policy)
      const done = role === 'led' ? cache.put(key, kept, seconds) : cache.note?.(key, kept, seconds)
      await done?.catch((error: unknown) => report(error, 'result cache'))
    },
  }
}
