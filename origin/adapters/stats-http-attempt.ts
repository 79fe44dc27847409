/** One attempt at one question: the answer's envelope, or why there is none. */
import { type Answer, decodeEnvelope } from '../estat/decode-answer.ts'
import { untilAborted } from './stats-http-abort.ts'
import type { ReadBody } from './stats-http-body.ts'
import { retryAfterMs } from './stats-http-retry.ts'

/** Real `fetch`, or the stand-in's function. */
export type Send = (request: Request) => Promise<Response>

/** An answer of e-Stat, and what its reader made of its body beside that. */
export interface Received<Body> extends Answer {
  readonly body: Body
}

/** A failure that may pass. */
export interface Failure {
  readonly code: 'ESTAT_UNAVAILABLE' | 'TIMEOUT_ERROR'
  /** Our own words. */
  readonly words: string
  /** As the server asks; 0 where it does not. */
  readonly retryAfterMs: number
}

export type Outcome<Body> = { readonly received: Received<Body> } | { readonly failure: Failure }

/**
 * e-Stat answers in its own words whatever the HTTP status: 403, 400 and 500 carry a body that says why
 * (reference/estat-api.md, 4). A failure is: no connection, silence, 408, 429, 5xx, a body that is no answer of e-Stat
 * (a maintenance page, a firewall's, JSON cut short), and STATUS 200 to 299, errors of its server.
 *
 * @param millis For the answer and the reading of its body.
 * @throws Fault as `signal` says.
 */
export async function attemptOnce<Body>(
  request: Request,
  { send, now }: { readonly send: Send; readonly now: () => number },
  read: ReadBody<Body>,
  signal: AbortSignal,
  millis: number,
): Promise<Outcome<Body>> {
  const limit = new AbortController()
  const timer = setTimeout(() => limit.abort(), millis)
  const either = AbortSignal.any([signal, limit.signal])
  let words = 'e-Stat could not be reached.'
  try {
    const response = await untilAborted(send(new Request(request, { signal: either })), either)
    words = 'The connection to e-Stat broke off.'
    return judged(response, await untilAborted(read(response, either), either), now())
  } catch (error) {
    if (signal.aborted) throw error
    if (limit.signal.aborted) return failure('TIMEOUT_ERROR', 'e-Stat did not answer in time.')
    return failure('ESTAT_UNAVAILABLE', words)
  } finally {
    clearTimeout(timer)
  }
}

const failure = (code: Failure['code'], words: string, wait = 0): { readonly failure: Failure } => ({
  failure: { code, words, retryAfterMs: wait },
})

function judged<Body>(
  { status, headers }: Response,
  read: { readonly json: unknown; readonly body: Body } | null,
  now: number,
): Outcome<Body> {
  const answer = read === null ? null : decodeEnvelope(read.json)
  if (read !== null && answer !== null && (answer.status < 200 || answer.status > 299))
    return { received: { ...answer, body: read.body } }
  const words =
    status === 429
      ? 'e-Stat asks for fewer requests.'
      : answer === null
        ? `e-Stat answered with something that is not data (HTTP ${status}).`
        : `e-Stat reports an error of its server (status ${answer.status}).`
  return failure('ESTAT_UNAVAILABLE', words, retryAfterMs(headers.get('retry-after'), now))
}
