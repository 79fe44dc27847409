/** How a flight ended, in a form that travels between instances. */
import * as z from 'zod'
import { type Fault, FAULTS, type FaultReply, fault, faultReply } from '../../shared/fault.ts'
import type { Outcome } from './executed.ts'

/** The outcome, or the failure that kept the origin from answering at all. */
export type Flown = { readonly outcome: Outcome } | { readonly fault: FaultReply['error'] }

const Written = z.union([
  z.object({ outcome: z.custom<Outcome>((outcome) => typeof (outcome as Outcome | null)?.ok === 'boolean') }),
  z.object({
    fault: z.custom<FaultReply['error']>(
      (error) =>
        z.object({ code: z.enum(Object.keys(FAULTS)), message: z.string(), hint: z.string() }).safeParse(error).success,
    ),
  }),
])

/** What is no Fault becomes INTERNAL_ERROR: its own message never travels. */
export const failed = (error: unknown): Flown => ({ fault: faultReply(error, null).error })

/** What one of us wrote; null for anything else, as an older or newer instance may write it. */
export function readFlown(written: unknown): Flown | null {
  const parsed = Written.safeParse(written)
  return parsed.success ? parsed.data : null
}

/** @throws Fault where the flight ended with one. */
export function outcomeOf(flown: Flown): Outcome {
  if ('outcome' in flown) return flown.outcome
  throw faultOf(flown.fault)
}

const faultOf = ({ code, message, hint, candidates, retry_after_seconds: seconds }: FaultReply['error']): Fault =>
  fault(code, message, {
    hint,
    ...(candidates === undefined ? {} : { candidates }),
    ...(seconds === undefined ? {} : { retryAfterSeconds: seconds }),
  })
