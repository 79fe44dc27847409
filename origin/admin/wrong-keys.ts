/**
 * Makes trying keys slow. A secret is 32 random bytes and cannot be guessed at any speed; this keeps a broken script
 * from filling the log, and somebody who tries from doing it unnoticed. A right key never waits, so nobody is locked out.
 */
import { fault } from '../../shared/fault.ts'

export interface WrongKeys {
  /** Waits; longer the more keys were wrong in the last minute. @throws Fault RATE_LIMITED where many wait already. */
  slow(): Promise<void>
}

const WINDOW_MS = 60_000
/** So many may be mistakes. */
const FREE = 2
const WAIT_MS = { first: 250, most: 4_000 }
const MOST_WAITING = 20

export function wrongKeys(now: () => number, sleep: (millis: number) => Promise<void>): WrongKeys {
  let since = 0
  let count = 0
  let waiting = 0
  return {
    async slow() {
      if (now() - since >= WINDOW_MS) {
        since = now()
        count = 0
      }
      count += 1
      if (count <= FREE) return
      if (waiting >= MOST_WAITING)
        throw fault('RATE_LIMITED', 'Too many wrong keys.', { retryAfterSeconds: WINDOW_MS / 1000 })
      waiting += 1
      try {
        await sleep(Math.min(WAIT_MS.first * 2 ** (count - FREE - 1), WAIT_MS.most))
      } finally {
        waiting -= 1
      }
    },
  }
}
