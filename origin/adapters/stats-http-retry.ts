/** When a question is asked again: pure, randomness and clock are arguments. */

export interface RetryPolicy {
  /** Attempts in all. */
  readonly attempts: number
  /** Longest wait before the second attempt, milliseconds; doubled for each one after it. */
  readonly baseMs: number
  readonly capMs: number
}

/** Up to 0.5, 1 and 2 s: e-Stat's short failures pass within seconds. */
export const RETRY: RetryPolicy = { attempts: 4, baseMs: 500, capMs: 8000 }

/** Without a deadline nothing waits longer than this for a server that says when to come back. */
export const LONGEST_WAIT_MS = 60_000

/** An attempt with less time than this is not begun: e-Stat seldom answers sooner. */
export const LEAST_MS = 500

/**
 * Full jitter (any wait from none to the longest, so that clients that failed together do not come back together),
 * and never before the server said.
 *
 * @param failed Attempts that failed, 1 and up. @param random From 0 to below 1.
 */
export function waitBefore(
  { baseMs, capMs }: RetryPolicy,
  failed: number,
  retryAfterMs: number,
  random: () => number,
): number {
  return retryAfterMs + random() * Math.min(capMs, baseMs * 2 ** (failed - 1))
}

/** Retry-After (RFC 9110, 10.2.3), seconds or a date, in milliseconds from `now`; 0 where there is none. */
export function retryAfterMs(header: string | null, now: number): number {
  if (header === null) return 0
  if (/^\s*\d{1,6}\s*$/.test(header)) return Number(header) * 1000
  const until = / GMT\s*$/.test(header) ? Date.parse(header) : Number.NaN
  return Number.isNaN(until) ? 0 : Math.max(0, until - now)
}
