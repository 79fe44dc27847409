/**
 * Questions to the lists of e-Stat (getStatsList, getDataCatalog): in their turn, retried, behind circuit breakers of
 * their own. The lists are slow when the figures are not (reference/estat-api.md, 5), so neither speaks for the other.
 */
import type { Answer } from '../estat/decode-answer.ts'
import type { Ask } from '../ports.ts'
import type { Send } from './stats-http-attempt.ts'
import { readJson } from './stats-http-body.ts'
import { ALWAYS_CLOSED, circuitBreaker } from './stats-http-breaker.ts'
import { type Pacer, pacer, UNPACED } from './stats-http-pace.ts'
import { noAppId, refusal } from './stats-http-refusal.ts'
import { ESTAT_BASE_URL, REQUEST_HEADERS } from './stats-http-request.ts'
import { RETRY, type RetryPolicy } from './stats-http-retry.ts'
import { ask as askEstat } from './stats-http-send.ts'

export interface ListsOptions {
  /** Real `fetch`, or the stand-in's function. */
  readonly send: Send
  /** Scheme and host; e-Stat's own where absent. */
  readonly baseUrl?: string
  /** Null: only callers who bring their own are answered. */
  readonly appId: string | null
  /** Milliseconds since the epoch: the clock of `Ask.deadline`. */
  readonly now: () => number
  /** Shared by whatever else asks e-Stat; absent: no pace. */
  readonly pacer?: Pacer
  /** `RETRY` where absent. */
  readonly retry?: RetryPolicy
  /** Milliseconds for one attempt, of who has time and of who waits for it with a deadline. */
  readonly attemptMs?: number
  readonly hastyMs?: number
  /** From 0 to below 1; `Math.random` where absent. */
  readonly random?: () => number
}

/** Failures in a row, and how long e-Stat is left alone then. */
const BREAKER = { threshold: 3, openMs: 60_000 }
type Terms = Omit<Ask, 'lang'>

/**
 * @returns An asker whose answers may have a final STATUS of 101 and up.
 * @throws Fault from it: ESTAT_UNAVAILABLE, TIMEOUT_ERROR, CANCELLED, ESTAT_API_ERROR where the application ID is refused.
 */
export function listsAsker(
  operation: string,
  options: ListsOptions & { readonly attemptMs: number; readonly hastyMs: number },
): (parameters: Record<string, string>, terms: Terms) => Promise<Answer> {
  const { baseUrl = ESTAT_BASE_URL, appId, now } = options
  const sending = {
    send: options.send,
    pacer: options.pacer ?? pacer(UNPACED),
    retry: options.retry ?? RETRY,
    attemptMs: options.attemptMs,
    now,
    random: options.random ?? Math.random,
  }
  // A build that has two minutes for a page may be served where a person who waits is not.
  const patient = circuitBreaker({ ...BREAKER, now })
  const hasty = circuitBreaker({ ...BREAKER, now })

  return async (parameters, terms) => {
    const id = terms.appId ?? appId
    if (id === null) throw noAppId()
    const url = new URL(`/rest/3.0/app/json/${operation}`, baseUrl)
    url.search = new URLSearchParams({ appId: id.trim(), ...parameters }).toString()
    const request = (): Request => new Request(url, { headers: REQUEST_HEADERS })
    const waits = terms.deadline !== undefined
    // A caller's own ID has the same pace, and no part in the circuit breakers: its failures are its own.
    const breaker = terms.appId !== undefined ? ALWAYS_CLOSED : waits ? hasty : patient
    const attemptMs = waits ? options.hastyMs : options.attemptMs
    const answer = await askEstat(request, readJson, { ...sending, attemptMs }, breaker, terms)
    if (answer.status === 100) throw refusal(100, '', { origin: 'live' }, { lang: 'J', ...terms })
    return answer
  }
}
