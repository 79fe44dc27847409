/**
 * Whether a server that does not answer is asked again: after several failures in a row nobody is made to wait for it,
 * and one request now and then finds out whether it is back. No clock of its own: `now` is an argument, milliseconds.
 */
export interface Circuit {
  /** 0: go. Else how many milliseconds until it is worth asking again. */
  admit(now: number): number
  /** It answered, whatever it said. */
  answered(): void
  /** It could not be reached, or not in time. */
  failed(now: number): void
}

/** In a row. One call that is too slow, or one connection that broke, says nothing of the next. */
const FAILURES = 5
/** Then nobody asks for this long but one, and again. */
const OPEN_MS = 5_000

export function circuit(): Circuit {
  let failures = 0
  let openUntil = 0

  return {
    admit(now) {
      if (failures < FAILURES) return 0
      if (now < openUntil) return openUntil - now
      // This one tries for all. Where it is never heard of again, as when its client leaves, another does.
      openUntil = now + OPEN_MS
      return 0
    },
    answered() {
      failures = 0
    },
    failed(now) {
      failures += 1
      if (failures >= FAILURES) openUntil = now + OPEN_MS
    },
  }
}
