/**
 * The sliding log: every spending of the last window is remembered, so the limit holds in any interval of a window's
 * length, not only between the marks of a clock. No clock of its own: `now` is an argument.
 */

export interface Spending {
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly cost: number
}

export interface Verdict {
  readonly allowed: boolean
  /** What was spent: `cost` or, where more was asked for, up to `upTo`; 0 where refused. */
  readonly spent: number
  /** What is left to spend now, 0 or more. */
  readonly remaining: number
  /** Whole seconds, 1 or more, until something more is left; for a refused one, until it would be allowed. */
  readonly resetSeconds: number
}

export interface Moment {
  readonly now: number
  readonly cost: number
  readonly limit: number
  readonly windowMs: number
  /** As in `Ask`; `cost` where absent. */
  readonly upTo?: number
}

export interface SlidingLog {
  /** Spends and remembers, or refuses and forgets. A cost above the limit is always refused. */
  spend(moment: Moment): Verdict
  /** What was spent so long ago that it does not count any more is dropped; true where nothing is left. */
  isIdle(now: number, windowMs: number): boolean
}

/** @param past Earlier spendings, oldest first, when a counter comes back from its store. */
export function slidingLog(past: readonly Spending[] = []): SlidingLog {
  const log: Spending[] = [...past]
  let used = log.reduce((sum, { cost }) => sum + cost, 0)

  function forget(now: number, windowMs: number): void {
    // One exactly a window old still counts: an interval includes both of its ends.
    const alive = log.findIndex(({ at }) => at >= now - windowMs)
    if (alive === 0) return
    const gone = log.splice(0, alive === -1 ? log.length : alive)
    for (const { cost } of gone) used -= cost
  }

  return {
    spend({ now, cost, limit, windowMs, upTo = cost }) {
      // A clock that steps back must not make old spendings look young or order break.
      const at = Math.max(now, log.at(-1)?.at ?? 0)
      forget(at, windowMs)
      const allowed = used + cost <= limit
      const spent = allowed ? Math.max(cost, Math.min(upTo, limit - used)) : 0
      if (allowed) {
        log.push({ at, cost: spent })
        used += spent
      }
      const excess = allowed ? 1 : used + cost - limit
      return {
        allowed,
        spent,
        remaining: Math.max(0, limit - used),
        resetSeconds: secondsUntilFreed(log, excess, at, windowMs),
      }
    },
    isIdle(now, windowMs) {
      forget(now, windowMs)
      return log.length === 0
    },
  }
}

/** When at least `wanted` of what was spent has left the window. */
function secondsUntilFreed(log: readonly Spending[], wanted: number, now: number, windowMs: number): number {
  let freed = 0
  for (const { at, cost } of log) {
    freed += cost
    if (freed >= wanted) return Math.max(1, Math.ceil((at + windowMs + 1 - now) / 1000))
  }
  return Math.max(1, Math.ceil(windowMs / 1000))
}
