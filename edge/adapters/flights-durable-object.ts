/**
 * Flights as one Durable Object for each key. workerd lets no request wait for a promise of another, and a request's
 * own fetches end with its client (developers.cloudflare.com/workers/runtime-apis/bindings, "I/O objects"): so the
 * object asks the origin. Within one object all requests share one context, and there is one object in the world.
 */
import { DurableObject } from 'cloudflare:workers'
import { fault } from '../../shared/fault.ts'
import { failed, type Flown, outcomeOf, readFlown } from '../domain/flown.ts'
import type { Report } from '../env.ts'
import type { Run } from '../execute.ts'
import type { Flights, Landed, Order } from '../ports.ts'
import { led } from '../shared-flights.ts'
import { memoryFlights } from './flights-memory.ts'

interface Wish {
  readonly order: Order
  /** False for an order that flies to its end whether anybody waits or not. */
  readonly waits: boolean
}

/** Nothing is stored: an object that is moved loses a flight, and each who waited for it flies alone. */
export abstract class FlightObject<Env> extends DurableObject<Env> {
  /** As the Worker's settings have it. */
  protected abstract readonly run: Run

  private readonly flights = memoryFlights({
    run: (order, signal) => this.run(order, signal),
    now: () => Date.now(),
  })

  override async fetch(request: Request): Promise<Response> {
    const { order, waits } = await request.json<Wish>()
    const landed = await this.flights
      .join('', order, waits ? request.signal : null)
      .catch((error: unknown) => ({ ...failed(error), role: 'joined' }))
    return Response.json(landed)
  }
}

export interface DurableObjectFlightsOptions<Env> {
  /** The binding of the class that extends `FlightObject`. */
  readonly flights: DurableObjectNamespace<FlightObject<Env>>
  /** Flies an order alone, where its object cannot. */
  readonly run: Run
  readonly report: Report
}

/** The origin is given less; an object that is silent for longer is lost. */
const PATIENCE_MS = 55_000

export function durableObjectFlights<Env>({ flights, run, report }: DurableObjectFlightsOptions<Env>): Flights {
  async function ask(key: string, wish: Wish, signal: AbortSignal): Promise<Flown & Pick<Landed, 'role'>> {
    const stub = flights.get(flights.idFromName(key))
    const response = await stub.fetch('https://flight.invalid/', {
      method: 'POST',
      body: JSON.stringify(wish),
      signal,
    })
    const answered = await response.json<Pick<Landed, 'role'>>()
    const flown = readFlown(answered)
    if (!flown) throw new Error('the flight answered in another form')
    return { ...flown, role: answered.role }
  }

  return {
    async join(key, order, signal) {
      const late = AbortSignal.timeout(PATIENCE_MS)
      const until = signal ? AbortSignal.any([signal, late]) : late
      let landed: Flown & Pick<Landed, 'role'>
      try {
        landed = await ask(key, { order, waits: signal !== null }, until)
      } catch (error) {
        if (signal?.aborted) throw fault('CANCELLED', 'The caller left.', { cause: error })
        report(error, 'flights')
        if (late.aborted) throw fault('TIMEOUT_ERROR', 'The origin did not answer in time.', { cause: error })
        return led(await run(order, signal))
      }
      return { outcome: outcomeOf(landed), role: landed.role }
    },
  }
}
