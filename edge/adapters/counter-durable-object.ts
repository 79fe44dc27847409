/**
 * RateCounter as one Durable Object for each caller: one place in the world where its spendings are counted, so the
 * limit holds over all instances of the edge.
 */
import { DurableObject } from 'cloudflare:workers'
import { type SlidingLog, type Spending, slidingLog, type Verdict } from '../domain/sliding-log.ts'
import type { Ask, RateCounter } from '../ports.ts'

/** Spendings are written before they are answered: an object that is evicted or moved comes back with all of them. */
export class CallerLimit extends DurableObject {
  private log: SlidingLog | null = null
  private cleanAt = 0

  spend(ask: Ask): Verdict {
    const now = Date.now()
    this.log ??= slidingLog(this.load())
    const verdict = this.log.spend({ ...ask, now })
    if (verdict.allowed) {
      this.ctx.storage.sql.exec('INSERT INTO spending (at, cost) VALUES (?, ?)', now, verdict.spent)
      this.cleanLater(now, ask.windowMs)
    }
    return verdict
  }

  /** A caller who stays away leaves nothing behind; one who stays is cleaned now and then. */
  override async alarm(): Promise<void> {
    const { sql } = this.ctx.storage
    sql.exec('CREATE TABLE IF NOT EXISTS spending (at INTEGER NOT NULL, cost INTEGER NOT NULL)')
    sql.exec('DELETE FROM spending WHERE at < ?', Date.now() - LONGEST_WINDOW_MS)
    const left = sql.exec<{ count: number }>('SELECT count(*) AS count FROM spending').one().count
    if (left > 0) return this.ctx.storage.setAlarm(Date.now() + CLEAN_EVERY_MS)
    this.log = null
    this.cleanAt = 0
    return this.ctx.storage.deleteAll()
  }

  private load(): readonly Spending[] {
    const { sql } = this.ctx.storage
    sql.exec('CREATE TABLE IF NOT EXISTS spending (at INTEGER NOT NULL, cost INTEGER NOT NULL)')
    return sql.exec<{ at: number; cost: number }>('SELECT at, cost FROM spending ORDER BY at').toArray()
  }

  private cleanLater(now: number, windowMs: number): void {
    if (now < this.cleanAt) return
    this.cleanAt = now + Math.max(CLEAN_EVERY_MS, windowMs)
    // Not awaited: the object's output gate holds the answer until it is stored.
    void this.ctx.storage.setAlarm(this.cleanAt)
  }
}

/** No window is longer; older spendings never count. */
const LONGEST_WINDOW_MS = 60_000
const CLEAN_EVERY_MS = 5 * LONGEST_WINDOW_MS

/** @param limits The binding of `CallerLimit`. */
export const durableObjectCounter = (limits: DurableObjectNamespace<CallerLimit>): RateCounter => ({
  async spend(caller, ask) {
    return limits.get(limits.idFromName(caller)).spend(ask)
  },
})
