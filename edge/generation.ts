import { boundedMemory } from './domain/bounded-memory.ts'
import { beginGeneration, generationRecord, type PurgeScope } from '../shared/cache-generation.ts'
import type { Report } from './env.ts'
import type { Records } from './ports.ts'
import { within } from './within.ts'

/** What a cached answer is about, as far as it can be purged on its own. */
export interface Answered {
  readonly tool: string
  /** statsDataId, where the arguments name one. */
  readonly dataset?: string | undefined
}

export interface Generations {
  /** A part of the cache key. Never rejects; asks the store at most every 15 s. */
  readonly current: (answered: Answered) => Promise<string>
  /**
   * From now on here, and within a minute everywhere, nothing that was kept in `scope` is answered.
   *
   * @returns The new generation. Rejects where the store does not answer: then nothing was purged.
   */
  readonly bump: (scope?: PurgeScope) => Promise<string>
}

export interface GenerationsOptions {
  /** Without a memory of its own in front: what is known here is kept longer than other records. */
  readonly records: Records
  /** CACHE_GENERATION: the operator's own, changed with a deploy. */
  readonly configured: string
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** A fresh UUID. */
  readonly newId: () => string
  readonly report: Report
  /** How long the store may take to be read. */
  readonly timeoutMs?: number
}

const FRESH_MS = 15_000
/** While one call reads again, the others go on with what is known for this much longer. */
const RENEWAL_MS = 5_000
/** A store that failed is left alone for this long. */
const ASK_AGAIN_MS = 5_000
/** Tools are few; datasets are not. */
const MAX_KNOWN = 5_000

interface Known {
  readonly value: string
  readonly at: number
  /** Until when another call is left to read it again. */
  renewedUntil: number
}

/**
 * The cache's generation from records. While the store does not answer, the one known goes on: nobody can purge through
 * that store either. An instance that never knew one keeps answers for itself alone until it does: what others kept
 * may have been purged.
 */
export function generations(options: GenerationsOptions): Generations {
  const { records, configured, now, newId, report, timeoutMs = 1_000 } = options
  const known = boundedMemory<Known>(MAX_KNOWN)
  let alone: string | undefined
  let downUntil = Number.NEGATIVE_INFINITY

  function remember(name: string, value: string): string {
    known.set(name, { value, at: now(), renewedUntil: 0 })
    return value
  }

  function lastKnown(before: Known | undefined): string {
    if (before) return before.value
    alone ??= `alone-${newId()}`
    return alone
  }

  /** At once where it is fresh, as it nearly always is. */
  function read(name: string): string | Promise<string> {
    const before = known.get(name)
    return before && now() - before.at < FRESH_MS ? before.value : readAgain(name, before)
  }

  async function readAgain(name: string, before: Known | undefined): Promise<string> {
    const age = before ? now() - before.at : Number.POSITIVE_INFINITY
    if (now() < downUntil) return lastKnown(before)
    if (before && now() < before.renewedUntil && age < FRESH_MS + RENEWAL_MS) return before.value
    if (before) before.renewedUntil = now() + RENEWAL_MS
    try {
      return remember(name, (await within(timeoutMs, records.get(name))) ?? '')
    } catch (error) {
      report(error, 'cache generation')
      downUntil = now() + ASK_AGAIN_MS
      return lastKnown(before)
    }
  }

  return {
    async current({ tool, dataset }) {
      const scopes: PurgeScope[] = [{}, { tool }, ...(dataset === undefined ? [] : [{ dataset }])]
      const parts = scopes.map((scope) => read(generationRecord(scope)))
      const all = parts.every(isText) ? parts : await Promise.all(parts.map(async (part) => part))
      return [configured, ...all].join('.')
    },
    async bump(scope = {}) {
      const generation = await beginGeneration(records, scope, { now: now(), id: newId() })
      return remember(generationRecord(scope), generation)
    },
  }
}

const isText = (part: string | Promise<string>): part is string => typeof part === 'string'
