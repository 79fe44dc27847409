/**
 * Flights over all instances by a lease in DynamoDB; those of one process share a promise in front of it, as in memory.
 * For Node, Bun, Deno and Lambda, not for workerd.
 *
 * One instance takes the lease and flies; the others look again and again until it has landed. A leader that dies is
 * found out when its lease ends, and one of the waiters flies in its place. A leader whose own callers have all left
 * flies on while somebody waits elsewhere.
 */
import { Fault, fault } from '../../shared/fault.ts'
import { failed, type Flown, outcomeOf } from '../domain/flown.ts'
import type { Report } from '../env.ts'
import type { Run } from '../execute.ts'
import type { Flights, Landed, Order } from '../ports.ts'
import { led, sharedFlights } from '../shared-flights.ts'
import { pause } from '../pause.ts'
import { type FlightItemsOptions, flightItems, type Seen } from './flight-items.ts'

export interface DynamoFlightsOptions extends Pick<FlightItemsOptions, 'dynamo' | 'cache' | 'now'> {
  readonly run: Run
  /** A fresh UUID. */
  readonly newId: () => string
  readonly report: Report
  /** Milliseconds; tests have less patience. */
  readonly times?: Partial<typeof TIMES>
}

const TIMES = {
  leaseMs: 5_000,
  waitMs: 3_000,
  holdMs: 5_000,
  /** Between two looks of a waiter: from the first to the last, growing. */
  firstLookMs: 50,
  lastLookMs: 500,
  /** No flight takes longer: the origin is given less. */
  patienceMs: 55_000,
}

export function dynamoFlights(options: DynamoFlightsOptions): Flights {
  const { run, now, newId, report } = options
  const times = { ...TIMES, ...options.times }
  const { leaseMs, waitMs, firstLookMs, lastLookMs, patienceMs } = times
  const items = flightItems({ ...options, ...times })

  /** A place in a flight: at its head, among those who were told how it ended, or in one of its own. */
  async function place(key: string, signal: AbortSignal): Promise<{ holder: string } | { flown: Flown } | 'alone'> {
    const giveUpAt = now() + patienceMs
    const holder = newId()
    try {
      let seen: 'taken' | Seen = await items.take(key, holder)
      for (let lookMs = firstLookMs; ; lookMs = Math.min(lookMs * 1.5, lastLookMs)) {
        if (seen === 'taken') return { holder }
        if (seen === 'gone' || ('lost' in seen && seen.lost)) seen = await items.take(key, holder)
        else if ('flown' in seen) return seen
        else {
          seen = await items.wait(key, seen.holder)
          // The mark is set before the first pause; instances do not look all at once.
          if (seen !== 'gone' && 'holder' in seen && !seen.lost)
            await pause(lookMs * (0.7 + 0.6 * Math.random()), signal)
        }
        if (signal.aborted) throw fault('CANCELLED', 'The caller left.')
        if (now() > giveUpAt) throw fault('TIMEOUT_ERROR', 'The origin did not answer in time.')
      }
    } catch (error) {
      if (error instanceof Fault) throw error
      report(error, 'flights')
      return 'alone'
    }
  }

  /** Flies for all instances. What fails here with the table costs others their share, not this one its answer. */
  async function lead(key: string, holder: string, order: Order, signal: AbortSignal): Promise<Landed> {
    const nobodyWaits = new AbortController()
    const landed = new AbortController()
    const told = (step: Promise<unknown>): Promise<unknown> => step.catch((error: unknown) => report(error, 'flights'))

    async function signOfLife(): Promise<void> {
      for (;;) {
        await pause(leaseMs / 3, landed.signal)
        if (landed.signal.aborted) return
        await told(items.renew(key, holder))
      }
    }
    async function endWhenNobodyWaits(): Promise<void> {
      while (!landed.signal.aborted) {
        const free = await items.giveUp(key, holder).catch(() => true)
        if (free) return nobodyWaits.abort(signal.reason)
        await pause(waitMs / 3, landed.signal)
      }
    }

    void signOfLife()
    if (signal.aborted) void endWhenNobodyWaits()
    else signal.addEventListener('abort', () => void endWhenNobodyWaits())
    try {
      const outcome = await run(order, nobodyWaits.signal)
      await told(items.land(key, holder, { outcome }))
      return led(outcome)
    } catch (error) {
      if (!nobodyWaits.signal.aborted) await told(items.land(key, holder, failed(error)))
      throw error
    } finally {
      landed.abort()
    }
  }

  return sharedFlights({
    now,
    async fly(key, order, signal) {
      const found = await place(key, signal)
      if (found === 'alone') return led(await run(order, signal))
      return 'holder' in found
        ? lead(key, found.holder, order, signal)
        : { outcome: outcomeOf(found.flown), role: 'joined' }
    },
  })
}
