import { KNOWN_HEADER, VALIDATOR_HEADER } from '../shared/cacheable/index.ts'
import { Fault, fault } from '../shared/fault.ts'
import { type Outcome, readExecuted } from './domain/executed.ts'
import type { Order } from './ports.ts'
import type { Upstream } from './upstream.ts'

/**
 * Carries out one order at the origin.
 *
 * @param signal Aborts when nobody waits for it any more; null where nobody does from the start.
 * @throws Fault as `Upstream` does; ESTAT_UNAVAILABLE for an answer that is none.
 */
export type Run = (order: Order, signal: AbortSignal | null) => Promise<Outcome>

/**
 * Orders as calls of the origin's `POST /execute`. Of the client's own headers none passes: the answer may be shared.
 *
 * @param own Headers of an order that is shared with nobody.
 */
export function executor(ask: Upstream, own: Readonly<Record<string, string>> = {}): Run {
  return async function execute({ tool, args, known, caller, requestId, trace }, signal) {
    const headers = new Headers({ ...own, accept: 'application/json', 'content-type': 'application/json' })
    if (known) headers.set(KNOWN_HEADER, known.validator)
    const body = new TextEncoder().encode(JSON.stringify({ tool_name: tool, arguments: args }))
    const response = await ask({ method: 'POST', path: '/execute', headers, body, caller, requestId, trace, signal })
    if (known && response.status === 304) return stillHolds(known)
    const answered = await response.json().catch(onlyWrongForm(signal))
    const outcome = readExecuted(response.status, answered, {
      cacheControl: response.headers.get('cache-control'),
      validator: response.headers.get(VALIDATOR_HEADER),
    })
    if (!outcome) throw fault('ESTAT_UNAVAILABLE', 'The origin answered in a form that the edge does not know.')
    return outcome
  }
}

/** The answer at hand is the answer: all who share the flight get it whole. */
const stillHolds = ({ result, text, validator }: NonNullable<Order['known']>): Outcome => ({
  ok: true,
  answer: { result, text },
  storable: true,
  validator,
})

/** A body that is no JSON is null; one that was cut off says why. @throws Fault TIMEOUT_ERROR; CANCELLED. */
const onlyWrongForm = (signal: AbortSignal | null) => (error: unknown) => {
  if (error instanceof Fault) throw error
  if (signal?.aborted) throw fault('CANCELLED', 'The caller left.', { cause: error })
  return null
}
