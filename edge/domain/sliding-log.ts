/**
 * The sliding log: every spending of the last window is remembered, so the limit holds in any interval of a window's
 * length, not only between the marks of a clock. No clock of its own: `now` is an argument.
 *
 * Two hundred spendings are remembered to the millisecond. Where there are more, neighbours become one that counts as
 * long as the later of them: never shorter, and at most a hundredth of a window longer.
 */

export interface Spending {
  /** Counts from when it is made until a window after this, milliseconds since the epoch. May lie ahead of now. */
  readonly at: number
  readonly cost: number
}

export interface Verdict {
  readonly allowed: boolean
  /** What was spent: `cost` or, where more was asked for, up to `upTo`; 0 where refused. */
  readonly spent: number
  /** What is left to spend now, 0 or more. */
  readonly remaining: number
  /** Milliseconds, 1 or more, until something more is left; for a refused one, until it would be allowed. */
  readonly resetMs: number
  /** The same in whole seconds, 1 or more. */
  readonly resetSeconds: number
}

export interface Moment {
  readonly now: number
  readonly cost: number
  readonly limit: number
  readonly windowMs: number
  /** As in `Ask`; `cost` where absent. */
  readonly upTo?: number
  /** As in `Ask`; 0 where absent. */
  readonly holdMs?: number
  /** How far the clocks of those who share the log may be apart: all that is spent counts this much longer. */
  readonly skewMs?: number
}

export interface SlidingLog {
  /** Spends and remembers, or refuses and forgets. A cost above the limit is always refused. */
  spend(moment: Moment): Verdict
  /** What was spent so long ago that it does not count any more is dropped; true where nothing is left. */
  isIdle(now: number, windowMs: number): boolean
  /** What counts, oldest first. */
  spendings(): readonly Spending[]
}

/** Beyond this many, neighbours become one. */
const MAX_SPENDINGS = 200

/** @param past Earlier spendings, oldest first, when a counter comes back from its store. */
export function slidingLog(past: readonly Spending[] = []): SlidingLog {
  let log: Spending[] = [...past]
  let used = log.reduce((sum, { cost }) => sum + cost, 0)
  let latest = 0

  function forget(now: number, windowMs: number): void {
    // One exactly a window old still counts: an interval includes both of its ends.
    const alive = log.findIndex(({ at }) => at >= now - windowMs)
    if (alive === 0) return
    const gone = log.splice(0, alive === -1 ? log.length : alive)
    for (const { cost } of gone) used -= cost
  }

  function remember(at: number, cost: number, windowMs: number): void {
    const place = log.findLastIndex((one) => one.at <= at)
    const same = log[place]
    if (same?.at === at) log[place] = { at, cost: same.cost + cost }
    else log.splice(place + 1, 0, { at, cost })
    used += cost
    if (log.length > MAX_SPENDINGS) log = merged(log, Math.ceil((2 * windowMs) / MAX_SPENDINGS))
  }

  return {
    spend({ now: clock, cost, limit, windowMs, upTo = cost, holdMs = 0, skewMs = 0 }) {
      // A clock that steps back must not make old spendings look young.
      const now = Math.max(clock, latest)
      latest = now
      forget(now, windowMs)
      const allowed = used + cost <= limit
      const spent = allowed ? Math.max(cost, Math.min(upTo, limit - used)) : 0
      if (allowed) remember(now + skewMs, cost, windowMs)
      if (spent > cost) remember(now + skewMs + holdMs, spent - cost, windowMs)
      const excess = allowed ? 1 : used + cost - limit
      const resetMs = untilFreed(log, excess, now, windowMs)
      return {
        allowed,
        spent,
        remaining: Math.max(0, limit - used),
        resetMs,
        resetSeconds: Math.ceil(resetMs / 1000),
      }
    },
    isIdle(now, windowMs) {
      forget(now, windowMs)
      return log.length === 0
    },
    spendings: () => log,
  }
}

/** Milliseconds until at least `wanted` of what was spent has left the window. */
function untilFreed(log: readonly Spending[], wanted: number, now: number, windowMs: number): number {
  let freed = 0
  for (const { at, cost } of log) {
    freed += cost
    if (freed >= wanted) return Math.max(1, at + windowMs + 1 - now)
  }
  return Math.max(1, windowMs)
}

/** Spendings of the same stretch of time as one, at the end of the stretch; done again it changes nothing. */
function merged(log: readonly Spending[], stretchMs: number): Spending[] {
  const costs = new Map<number, number>()
  for (const { at, cost } of log) {
    const end = Math.ceil(at / stretchMs) * stretchMs
    costs.set(end, (costs.get(end) ?? 0) + cost)
  }
  return [...costs].map(([at, cost]) => ({ at, cost }))
}

/** As one short text, for a store: about seven characters for each. */
export function packSpendings(spendings: readonly Spending[]): string {
  let before = 0
  const parts = spendings.map(({ at, cost }) => {
    const part = `${(at - before).toString(36)}.${cost.toString(36)}`
    before = at
    return part
  })
  return parts.join(' ')
}

/** @throws Error for a text that is none of `packSpendings`. */
export function unpackSpendings(text: string): readonly Spending[] {
  if (text === '') return []
  let at = 0
  return text.split(' ').map((part) => {
    const [apart, cost] = part.split('.').map((digits) => Number.parseInt(digits, 36))
    if (!Number.isSafeInteger(apart) || !Number.isSafeInteger(cost)) throw new Error('not a log of spendings')
    at += apart as number
    return { at, cost: cost as number }
  })
}
