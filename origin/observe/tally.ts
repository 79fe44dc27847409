/**
 * What one request has cost so far. It follows the request through everything that is awaited for it
 * (`AsyncLocalStorage`, which Node, Bun and Deno have), so that no port and no tool has to carry it.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import type { FaultCode } from '../../shared/fault.ts'

/** How a call of a tool ended. */
export type Outcome = 'ok' | FaultCode

export interface Call {
  /** `unknown` for a name that no tool has. */
  readonly tool: string
  readonly outcome: Outcome
  readonly millis: number
}

export interface Tally {
  readonly calls: Call[]
  /** Requests to e-Stat that were begun for this request; what joins another's is counted there. */
  estatRequests: number
  /** Milliseconds of those, added up: more than the request took where they ran side by side. */
  estatMillis: number
}

const storage = new AsyncLocalStorage<Tally>()

export function withTally<T>(run: (tally: Tally) => T): T {
  const tally: Tally = { calls: [], estatRequests: 0, estatMillis: 0 }
  return storage.run(tally, () => run(tally))
}

/** Undefined outside of a request: a job in the background costs nobody's request. */
export const currentTally = (): Tally | undefined => storage.getStore()
