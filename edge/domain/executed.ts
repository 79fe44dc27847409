/** What the origin answers to `POST /execute`. */
import * as z from 'zod'
import type { FaultReply } from '../../shared/fault.ts'
import type { Answer, Failure } from './framing.ts'

const Executed = z.discriminatedUnion('success', [
  z.object({ success: z.literal(true), result: z.record(z.string(), z.unknown()), text: z.string() }),
  z.object({
    success: z.literal(false),
    // The code is one of our own table; what is checked here is that the parts a reader needs are there.
    error: z.custom<FaultReply['error']>(
      (error) => z.object({ code: z.string(), message: z.string(), hint: z.string() }).safeParse(error).success,
    ),
    text: z.string(),
  }),
])

export type Outcome =
  | { readonly ok: true; readonly answer: Answer }
  | { readonly ok: false; readonly failure: Failure; readonly status: number }

/** Null for a body that is neither an answer nor a failure. */
export function readExecuted(status: number, body: unknown): Outcome | null {
  const parsed = Executed.safeParse(body)
  if (!parsed.success) return null
  const { data } = parsed
  if (data.success) return { ok: true, answer: { result: data.result, text: data.text } }
  return { ok: false, failure: { error: data.error, text: data.text }, status }
}
