/**
 * The turn of one job in this process. A page is short, so a fetch ends its turn between two of them; a CSV file is one
 * long step, so it rests in the middle while others have theirs: what it has written stays, and its lease is renewed.
 */

/** What a job may ask of its turn. */
export interface JobTurn {
  /** True once no further page is to be begun. */
  readonly over: () => boolean
  /** Asked in the middle of a long step: returns at once, or after a rest. @throws What `signal` was aborted with. */
  readonly breathe: (signal: AbortSignal) => Promise<void>
}

export interface GivenTurn extends JobTurn {
  /** On with it. @param giveWay Milliseconds since the epoch: others wait from then on. @param until No page is begun after. */
  go(giveWay: number, until?: number): void
  /** Others wait: it ends at `at`, or before. */
  giveWayAt(at: number): void
  /** Goes on at least until then, where nobody else waits. */
  lastUntil(at: number): void
  readonly resting: () => boolean
  /** Resolves once it rests. */
  readonly rested: () => Promise<void>
}

const NEVER = Number.POSITIVE_INFINITY

/** @param onRest Called at the beginning of each rest. */
export function jobTurn(now: () => number, onRest: () => void): GivenTurn {
  let giveWay = NEVER
  let end = NEVER
  let rest = Promise.withResolvers<void>()
  let wake: (() => void) | null = null
  return {
    over: () => now() >= Math.min(giveWay, end),
    async breathe(signal) {
      signal.throwIfAborted()
      if (now() < giveWay) return
      const woken = Promise.withResolvers<void>()
      const goOn = (): void => woken.resolve()
      wake = goOn
      signal.addEventListener('abort', goOn, { once: true })
      onRest()
      rest.resolve()
      await woken.promise
      wake = null
      signal.removeEventListener('abort', goOn)
      signal.throwIfAborted()
    },
    go(at, until = NEVER) {
      giveWay = at
      end = until
      rest = Promise.withResolvers()
      wake?.()
    },
    giveWayAt(at) {
      giveWay = Math.min(giveWay, at)
    },
    lastUntil(at) {
      end = Math.max(end, at)
    },
    resting: () => wake !== null,
    rested: () => rest.promise,
  }
}
