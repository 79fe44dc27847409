import { fault } from '../shared/fault.ts'
import { isKeepable, type Outcome } from './domain/executed.ts'
import type { Flights, Landed, Order } from './ports.ts'

export interface SharedFlightsOptions {
  /**
   * Flies one order. `signal` aborts when nobody here waits any more; what it then answers reaches nobody.
   *
   * @throws Fault, which all who wait are told.
   */
  readonly fly: (key: string, order: Order, signal: AbortSignal) => Promise<Landed>
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

interface Flight {
  readonly landing: Promise<Landed>
  readonly everybodyLeft: AbortController
  /** Those who wait, and one more for each who never leaves. */
  waiting: number
  /** Whether one of them was told that its order flew. */
  claimed: boolean
  /** Null while it is in the air. */
  landedAt: number | null
}

/**
 * What has landed answers for this long those who looked into the cache just before it was there. Only what may be kept.
 */
export const HOLD_MS = 5_000
/** Landed flights that are held at most. */
const MAX_HELD = 500

/**
 * Single flight among those who can share a promise: one process, one Durable Object. Callers are counted; the last one
 * that leaves ends the flight.
 */
export function sharedFlights({ fly, now }: SharedFlightsOptions): Flights {
  const flights = new Map<string, Flight>()

  function takeOff(key: string, order: Order): Flight {
    const everybodyLeft = new AbortController()
    const landing = fly(key, order, everybodyLeft.signal)
    const flight: Flight = { landing, everybodyLeft, waiting: 0, claimed: false, landedAt: null }
    flights.set(key, flight)
    // A failure is for those who wait; where nobody does, it is nobody's.
    landing.then(
      ({ outcome }) => (isKeepable(outcome) ? hold(key, flight) : forget(key, flight)),
      () => forget(key, flight),
    )
    return flight
  }

  /** Moves to the end, so that the first ones are those to be dropped. */
  function hold(key: string, flight: Flight): void {
    flight.landedAt = now()
    if (!forget(key, flight)) return
    flights.set(key, flight)
    const held = [...flights].filter(([, { landedAt }]) => landedAt !== null)
    for (const [at, [oldKey, old]] of held.entries())
      if (!isHere(old) || at < held.length - MAX_HELD) flights.delete(oldKey)
  }

  function forget(key: string, flight: Flight): boolean {
    return flights.get(key) === flight && flights.delete(key)
  }

  const isHere = ({ landedAt }: Flight): boolean => landedAt === null || now() < landedAt + HOLD_MS

  function leave(key: string, flight: Flight): void {
    flight.waiting -= 1
    if (flight.waiting > 0 || flight.landedAt !== null) return
    forget(key, flight)
    flight.everybodyLeft.abort(fault('CANCELLED', 'Everybody who waited has left.'))
  }

  return {
    async join(key, order, signal) {
      if (signal?.aborted) throw left()
      const found = flights.get(key)
      const flight = found && isHere(found) ? found : takeOff(key, order)
      flight.waiting += 1
      const { outcome, role } = await unlessLeft(flight.landing, signal, () => leave(key, flight))
      const leads = role === 'led' && !flight.claimed
      flight.claimed ||= leads
      return { outcome, role: leads ? 'led' : 'joined' }
    },
  }
}

/** The landing, or CANCELLED at once when `signal` aborts. */
function unlessLeft(landing: Promise<Landed>, signal: AbortSignal | null, leave: () => void): Promise<Landed> {
  if (!signal) return landing
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      leave()
      reject(left())
    }
    signal.addEventListener('abort', abort, { once: true })
    landing.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

const left = () => fault('CANCELLED', 'The caller left.')

/** A flight of this order's own, where it can be shared with nobody. */
export const led = (outcome: Outcome): Landed => ({ outcome, role: 'led' })
