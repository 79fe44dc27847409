/**
 * RateCounter as one Durable Object for each caller: one place in the world where its spendings are counted, so the
 * limit holds over all instances of the edge.
 */
import { DurableObject } from 'cloudflare:workers'
import {
  packSpendings,
  type SlidingLog,
  type Spending,
  slidingLog,
  unpackSpendings,
  type Verdict,
} from '../domain/sliding-log.ts'
import type { Ask, RateCounter } from '../ports.ts'

/**
 * Spendings are written before they are answered: an object that is evicted or moved comes back with all of them. All
 * are one small value, so that what was spent costs one row written, whatever becomes of it later; a refusal costs
 * none.
 */
export class CallerLimit extends DurableObject {
  private log: SlidingLog | null = null
  private cleanAt = 0

  spend(ask: Ask): Verdict {
    const now = this.now()
    this.log ??= slidingLog(this.load())
    const verdict = this.log.spend({ ...ask, now })
    if (verdict.allowed) {
      // Not awaited: the object's output gate holds the answer until it is stored.
      this.ctx.storage.kv.put(SPENDINGS, packSpendings(this.log.spendings()))
      this.cleanLater(now, ask)
    }
    return verdict
  }

  /** A caller who stays away leaves nothing behind. */
  override async alarm(): Promise<void> {
    this.log ??= slidingLog(this.load())
    if (!this.log.isIdle(this.now(), LONGEST_WINDOW_MS)) return this.ctx.storage.setAlarm(this.now() + CLEAN_EVERY_MS)
    this.log = null
    this.cleanAt = 0
    return this.ctx.storage.deleteAll()
  }

  /** Milliseconds since the epoch. */
  protected now(): number {
    return Date.now()
  }

  private load(): readonly Spending[] {
    return unpackSpendings(this.ctx.storage.kv.get<string>(SPENDINGS) ?? '')
  }

  private cleanLater(now: number, { windowMs }: Ask): void {
    if (now < this.cleanAt) return
    this.cleanAt = now + Math.max(CLEAN_EVERY_MS, windowMs)
    void this.ctx.storage.setAlarm(this.cleanAt)
  }
}

const SPENDINGS = 'spendings'
/** No window is longer; older spendings never count. */
const LONGEST_WINDOW_MS = 60_000
const CLEAN_EVERY_MS = 5 * LONGEST_WINDOW_MS

/** @param limits The binding of `CallerLimit`. */
export const durableObjectCounter = (limits: DurableObjectNamespace<CallerLimit>): RateCounter => ({
  async spend(caller, ask) {
    return limits.get(limits.idFromName(caller)).spend(ask)
  },
})
