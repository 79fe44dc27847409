/**
 * Single flight: whoever asks for what is being asked for already waits for that answer. One who leaves does not take
 * it from the others; the last one's leaving aborts it.
 */
import type { Ask } from '../ports.ts'
import { abortFault, untilAborted } from './stats-http-abort.ts'

/** How long somebody waits. */
type Waiter = Pick<Ask, 'signal' | 'deadline'>

/** How long the flight goes on. `deadline` moves as others come and go: read it each time. */
export interface FlightTerms {
  readonly signal: AbortSignal
  readonly deadline: number
}

export interface Flights<Value> {
  /**
   * @param start Called where nothing is under way for this key. Its signal aborts with the last waiter; its deadline
   *   is the latest of the waiters', also of those who come later.
   * @throws Fault as the waiter's signal says; whatever `start` throws, to all who wait.
   */
  join(key: string, start: (flight: FlightTerms) => Promise<Value>, waiter: Waiter): Promise<Value>
}

interface Flight<Value> {
  readonly controller: AbortController
  readonly answer: Promise<Value>
  readonly waiters: Set<Waiter>
}

const latestOf = (waiters: Iterable<Waiter>): number =>
  Math.max(...[...waiters].map(({ deadline }) => deadline ?? Number.POSITIVE_INFINITY))

export function flights<Value>(): Flights<Value> {
  const underWay = new Map<string, Flight<Value>>()

  function begin(key: string, start: (flight: FlightTerms) => Promise<Value>, first: Waiter): Flight<Value> {
    const controller = new AbortController()
    const waiters = new Set([first])
    const answer = start({
      signal: controller.signal,
      get deadline() {
        return latestOf(waiters)
      },
    })
    const flight = { controller, answer, waiters }
    underWay.set(key, flight)
    return flight
  }

  function land(key: string, flight: Flight<Value>): void {
    if (underWay.get(key) === flight) underWay.delete(key)
  }

  return {
    async join(key, start, asked) {
      if (asked.signal.aborted) throw abortFault(asked.signal)
      const waiter = { ...asked } // a Set tells two waiters with one ask apart
      const known = underWay.get(key)
      const flight = known ?? begin(key, start, waiter)
      flight.waiters.add(waiter)
      try {
        return await untilAborted(flight.answer, waiter.signal)
      } finally {
        flight.waiters.delete(waiter)
        // The first who has the answer, or the last who leaves: whoever comes later asks anew.
        if (!waiter.signal.aborted || flight.waiters.size === 0) land(key, flight)
        if (flight.waiters.size === 0) flight.controller.abort(waiter.signal.reason)
      }
    },
  }
}
