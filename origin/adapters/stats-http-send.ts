/** One question to e-Stat over HTTP: time limit, retries, and the answer's envelope. */
import { Fault, fault } from '../../shared/fault.ts'
import { type Answer, decodeEnvelope } from '../estat/decode-answer.ts'

/** Real `fetch`, or the stand-in's function. */
export type Send = (request: Request) => Promise<Response>

export interface SendOptions {
  readonly send: Send
  /** Milliseconds for one question with its retries and the reading of the body. */
  readonly timeoutMs: number
  /** Milliseconds before the second and the third attempt. */
  readonly backoffMs: readonly number[]
}

/** An answer of e-Stat and its body as sent. */
export interface Received extends Answer {
  readonly body: Uint8Array
}

/** Two more attempts after a failure that may pass: e-Stat's search alone takes half a minute on a bad day. */
export const BACKOFF_MS: readonly number[] = [300, 1200]
/** A server that asks for a longer wait than this is told to the caller at once. */
const MAX_WAIT_MS = 5000

type Outcome = { readonly received: Received } | { readonly failure: Fault }

/**
 * Sends a request until e-Stat answers in its own words, whatever the HTTP status: 403, 400 and 500 carry a body
 * that says why (reference/estat-api.md, 4).
 *
 * Tried again: no connection, 408, 429, 5xx, a body that is no answer of e-Stat (a maintenance page, JSON cut
 * short), and STATUS 200 to 299, errors of its server. Any other STATUS is final.
 *
 * @param request Called once for each attempt.
 * @throws Fault ESTAT_UNAVAILABLE, TIMEOUT_ERROR, CANCELLED. None has a cause: it would hold the URL, and so the ID.
 */
export async function ask(request: () => Request, options: SendOptions, signal: AbortSignal): Promise<Received> {
  const limit = AbortSignal.timeout(options.timeoutMs)
  const both = AbortSignal.any([signal, limit])
  for (let attempt = 0; ; attempt++) {
    const outcome = await attemptOnce(request, options.send, both).catch((error: unknown) => {
      if (both.aborted) throw abortFault(signal)
      throw error
    })
    if ('received' in outcome) return outcome.received
    const wait = Math.max(options.backoffMs[attempt] ?? -1, (outcome.failure.retryAfterSeconds ?? 0) * 1000)
    if (options.backoffMs[attempt] === undefined || wait > MAX_WAIT_MS) throw outcome.failure
    await untilAborted(sleep(wait), both).catch(() => {
      throw abortFault(signal)
    })
  }
}

async function attemptOnce(request: () => Request, send: Send, signal: AbortSignal): Promise<Outcome> {
  signal.throwIfAborted()
  const response = await untilAborted(send(new Request(request(), { signal })), signal).catch(() => null)
  signal.throwIfAborted()
  if (response === null) return { failure: fault('ESTAT_UNAVAILABLE', 'e-Stat could not be reached.') }
  const body = await untilAborted(response.arrayBuffer(), signal).catch(() => null)
  signal.throwIfAborted()
  if (body === null) return { failure: fault('ESTAT_UNAVAILABLE', 'The connection to e-Stat broke off.') }
  const bytes = new Uint8Array(body)
  const answer = decodeEnvelope(jsonOf(bytes))
  if (answer !== null && (answer.status < 200 || answer.status > 299)) return { received: { ...answer, body: bytes } }
  return { failure: unavailable(response, answer) }
}

function unavailable(response: Response, answer: Answer | null): Fault {
  const retryAfter = /^\d{1,5}$/.exec(response.headers.get('retry-after') ?? '')
  const words =
    response.status === 429
      ? 'e-Stat asks for fewer requests.'
      : answer === null
        ? `e-Stat answered with something that is not data (HTTP ${response.status}).`
        : `e-Stat reports an error of its server (status ${answer.status}).`
  const seconds = retryAfter === null ? 0 : Number(retryAfter[0])
  return fault('ESTAT_UNAVAILABLE', words, seconds > 0 ? { retryAfterSeconds: seconds } : {})
}

const decoder = new TextDecoder('utf-8', { fatal: true })

/** Parsed JSON; undefined where the bytes are none. */
function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(bytes))
  } catch {
    return undefined
  }
}

/** The caller's own reason where it is one of ours, e.g. a call whose budget is used up. */
function abortFault(signal: AbortSignal): Fault {
  if (!signal.aborted) return fault('TIMEOUT_ERROR', 'e-Stat did not answer in time.')
  const reason: unknown = signal.reason
  if (reason instanceof Fault) return reason
  const isTimeout = reason instanceof Error && reason.name === 'TimeoutError'
  return isTimeout
    ? fault('TIMEOUT_ERROR', 'e-Stat did not answer in time.')
    : fault('CANCELLED', 'The call was cancelled.')
}

const sleep = async (milliseconds: number): Promise<void> =>
  await new Promise((resolve) => {
    setTimeout(resolve, milliseconds)
  })

/** The promise's result, or a rejection as soon as the signal aborts: a sender need not listen to it. */
async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted()
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const onAbort = (): void => reject(new Error('aborted'))
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([promise, aborted])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
