import { boundedMemory } from './domain/bounded-memory.ts'
import type { Report } from './env.ts'
import type { Records } from './ports.ts'
import { within } from './within.ts'

export interface RecentRecordsOptions {
  readonly records: Records
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly report: Report
  /** How long `records` may take for a read: less than whoever asks here waits. */
  readonly timeoutMs?: number
}

/** A change elsewhere is seen after this at the latest; with the 30 s of Workers KV that is within a minute. */
const FRESH_MS = 15_000
/**
 * What was found goes on being true for this long while the store does not answer: callers who were known stay in.
 * Only then: as long as the store answers, a revocation holds within a minute. In an outage nobody can revoke through
 * this store either; a change that another region's store did take may be missed here for this long. What was absent
 * is not believed beyond `FRESH_MS`: a new key, or a link's revocation, may be there by now.
 */
const OUTAGE_MS = 10 * 60_000
/** While one request reads again, the others go on with what is known for this much longer. */
const RENEWAL_MS = 5_000
/** A store that is down is asked this often for a name. */
const ASK_AGAIN_MS = 2_000
const TIMEOUT_MS = 1_000
/** So that a flood of invented names fills no memory, and pushes out nothing that exists. */
const MAX_FOUND = 10_000
const MAX_ABSENT = 1_000

interface Known {
  readonly text: string | null
  readonly at: number
  /** Until when another request is left to read it again. */
  renewedUntil: number
  /** Until when a store that failed is left alone. */
  downUntil: number
}

/** A short memory in front of `records`: not every request asks the store. */
export function recentRecords({ records, now, report, timeoutMs = TIMEOUT_MS }: RecentRecordsOptions): Records {
  const found = boundedMemory<Known>(MAX_FOUND)
  const absent = boundedMemory<Known>(MAX_ABSENT)

  function remember(name: string, text: string | null): void {
    const [memory, other] = text === null ? [absent, found] : [found, absent]
    other.delete(name)
    memory.set(name, { text, at: now(), renewedUntil: 0, downUntil: 0 })
  }

  async function read(name: string): Promise<string | null> {
    const text = await within(timeoutMs, records.get(name))
    remember(name, text)
    return text
  }

  return {
    async get(name) {
      const known = found.get(name) ?? absent.get(name)
      const age = known ? now() - known.at : Number.POSITIVE_INFINITY
      if (known && age < FRESH_MS) return known.text
      if (!known || known.text === null || age >= OUTAGE_MS) return read(name)
      if (now() < known.downUntil) return known.text
      if (now() < known.renewedUntil && age < FRESH_MS + RENEWAL_MS) return known.text
      known.renewedUntil = now() + RENEWAL_MS
      try {
        return await read(name)
      } catch (error) {
        report(error, 'records')
        known.downUntil = now() + ASK_AGAIN_MS
        return known.text
      }
    },
    async put(name, text, keepSeconds) {
      await records.put(name, text, keepSeconds)
      remember(name, text)
    },
    async delete(name) {
      await records.delete(name)
      remember(name, null)
    },
    list: (prefix) => records.list(prefix),
  }
}
