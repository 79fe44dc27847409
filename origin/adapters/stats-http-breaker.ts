/**
 * A circuit breaker: e-Stat that fails again and again is left alone for a while, then asked once, and by everybody
 * again as soon as it answers. Closed, open, half-open (one probe).
 */

export interface BreakerOptions {
  /** Failures in a row that open it. */
  readonly threshold: number
  /** Milliseconds it stays open. */
  readonly openMs: number
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/** `unknown`: given up by the asker, which tells nothing of e-Stat. */
export type Ending = 'answered' | 'failed' | 'unknown'

export interface Breaker {
  /** Leave to ask once; how it ended must be told. Null where e-Stat is left alone now. */
  admit(): ((ending: Ending) => void) | null
  /** Milliseconds until it is worth asking again; 0 where `admit` would let pass. */
  waitMs(): number
  condition(): 'ok' | 'failing'
}

/** While a probe is under way, nobody knows how long: ask again after this. */
const PROBE_WAIT_MS = 1000

export function circuitBreaker({ threshold, openMs, now }: BreakerOptions): Breaker {
  let failures = 0
  let openUntil: number | null = null
  let probing = false

  function end(ending: Ending, isProbe: boolean): void {
    if (isProbe) probing = false
    if (ending === 'unknown') return
    failures = ending === 'answered' ? 0 : failures + 1
    if (ending === 'answered') openUntil = null
    else if (isProbe || (openUntil === null && failures >= threshold)) openUntil = now() + openMs
  }

  return {
    admit() {
      if (openUntil === null) return (ending) => end(ending, false)
      if (probing || now() < openUntil) return null
      probing = true
      return (ending) => end(ending, true)
    },
    waitMs: () => (openUntil === null ? 0 : Math.max(openUntil - now(), probing ? PROBE_WAIT_MS : 0)),
    condition: () => (openUntil === null ? 'ok' : 'failing'),
  }
}

/** For a question that must neither be kept from e-Stat by others' failures nor count against them. */
export const ALWAYS_CLOSED: Breaker = { admit: () => () => {}, waitMs: () => 0, condition: () => 'ok' }
