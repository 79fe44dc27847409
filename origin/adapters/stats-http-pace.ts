/**
 * How often and how many at once this process asks e-Stat: no limit is published (reference/estat-api.md, 5), so this
 * is courtesy. Whoever asks first is served first: nobody is overtaken, and a question that is asked again waits anew.
 */
import { abortFault } from './stats-http-abort.ts'
import type { Send } from './stats-http-attempt.ts'
import type { Ending } from './stats-http-breaker.ts'

export interface Pace {
  /** Questions under way at once. */
  readonly concurrency: number
  /** Milliseconds between the beginnings of two. */
  readonly gapMs: number
}

/** For a source in this process, which nobody's courtesy helps. */
export const UNPACED: Pace = { concurrency: Number.POSITIVE_INFINITY, gapMs: 0 }

export interface Pacer {
  /** Runs `work` once its turn has come. @throws Fault as the signal says where it aborts while waiting. */
  readonly run: <T>(work: () => Promise<T>, signal: AbortSignal) => Promise<T>
  /** Told of each request to e-Stat when it has ended: how, and after how many milliseconds. */
  readonly asked?: (ending: Ending, millis: number) => void
}

/**
 * The same sender, each request in its turn. The turn ends with the answer's head: for those who cannot hold it longer.
 */
export const paced =
  ({ run }: Pacer, send: Send): Send =>
  (request) =>
    run(() => send(request), request.signal)

export function pacer({ concurrency, gapMs }: Pace): Pacer {
  // A Set keeps the order of insertion: the first entry has waited longest.
  const waiting = new Set<() => void>()
  let running = 0
  let resting = false

  function next(): void {
    const [turn] = waiting
    if (turn === undefined || running >= concurrency || resting) return
    waiting.delete(turn)
    running++
    if (gapMs > 0) {
      resting = true
      setTimeout(() => {
        resting = false
        next()
      }, gapMs)
    }
    turn()
    next()
  }

  async function turn(signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw abortFault(signal)
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const leave = (): void => {
      if (waiting.delete(resolve)) reject(abortFault(signal))
    }
    signal.addEventListener('abort', leave, { once: true })
    waiting.add(resolve)
    next()
    try {
      await promise
    } finally {
      signal.removeEventListener('abort', leave)
    }
  }

  return {
    async run(work, signal) {
      await turn(signal)
      try {
        return await work()
      } finally {
        running--
        next()
      }
    },
  }
}
