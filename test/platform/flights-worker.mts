/** `durableObjectFlights` over HTTP, before an origin that the test holds in its hand. */
import { durableObjectFlights, FlightObject } from '../../edge/adapters/flights-durable-object.ts'
import { failed, outcomeOf, readFlown } from '../../edge/domain/flown.ts'
import type { Run } from '../../edge/execute.ts'
import type { Order } from '../../edge/ports.ts'
import { fault } from '../../shared/fault.ts'

interface Env {
  readonly TOWER: string
  readonly FLIGHTS: DurableObjectNamespace<Flight>
  /** "1": as where the binding is missing. */
  readonly BROKEN: string
}

const runOf =
  (tower: string): Run =>
  async (order, signal) => {
    const response = await fetch(tower, { method: 'POST', body: JSON.stringify(order), signal })
    const flown = readFlown(await response.json())
    if (!flown) throw fault('ESTAT_UNAVAILABLE', 'The tower answered in another form.')
    return outcomeOf(flown)
  }

export class Flight extends FlightObject<Env> {
  protected override readonly run = runOf(this.env.TOWER)
}

export default {
  async fetch(request, env) {
    if (request.method !== 'POST') return new Response('flights')
    const { key, order, waits } = await request.json<{ key: string; order: Order; waits: boolean }>()
    const flights = durableObjectFlights({
      flights: env.BROKEN === '1' ? (undefined as unknown as Env['FLIGHTS']) : env.FLIGHTS,
      run: runOf(env.TOWER),
      report: () => {},
    })
    const landed = await flights
      .join(key, order, waits ? request.signal : null)
      .catch((error: unknown) => failed(error))
    return Response.json(landed)
  },
} satisfies ExportedHandler<Env>
