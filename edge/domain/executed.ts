/** What the origin answers to `POST /execute`. */
import * as z from 'zod'
import type { FaultReply } from '../../shared/fault.ts'
import { mayKeep } from './freshness.ts'
import type { Answer, Failure } from './framing.ts'

const Body = z.discriminatedUnion('success', [
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

export interface Executed {
  readonly ok: true
  readonly answer: Answer
  /** False: no cache may keep it. */
  readonly storable: boolean
  /** By which the origin tells whether it holds still. */
  readonly validator?: string
}

export type Outcome = Executed | { readonly ok: false; readonly failure: Failure; readonly status: number }

/** Whether an outcome may answer anyone but those who wait for it: errors and partial answers never may. */
export const isKeepable = (outcome: Outcome): outcome is Executed =>
  outcome.ok && outcome.storable && mayKeep(outcome.answer.result)

/** Headers of the response. */
export interface ExecutedHeaders {
  /** With `no-store` the origin says that another answer is soon to come. */
  readonly cacheControl: string | null
  readonly validator: string | null
}

/** @returns Null for a body that is neither an answer nor a failure. */
export function readExecuted(
  status: number,
  body: unknown,
  { cacheControl, validator }: ExecutedHeaders,
): Outcome | null {
  const parsed = Body.safeParse(body)
  if (!parsed.success) return null
  const { data } = parsed
  if (data.success)
    return {
      ok: true,
      answer: { result: data.result, text: data.text },
      storable: !saysNoStore(cacheControl),
      ...(validator === null ? {} : { validator }),
    }
  return { ok: false, failure: { error: data.error, text: data.text }, status }
}

/** RFC 9111, 5.2.2.5: a directive of its own, in any case. */
const saysNoStore = (cacheControl: string | null): boolean =>
  (cacheControl ?? '').split(',').some((directive) => directive.trim().toLowerCase() === 'no-store')
