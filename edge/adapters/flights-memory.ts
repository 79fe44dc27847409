import type { Run } from '../execute.ts'
import type { Flights } from '../ports.ts'
import { led, sharedFlights } from '../shared-flights.ts'

export interface MemoryFlightsOptions {
  readonly run: Run
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/** Single flight within one process. */
export const memoryFlights = ({ run, now }: MemoryFlightsOptions): Flights =>
  sharedFlights({ fly: async (_key, order, signal) => led(await run(order, signal)), now })
