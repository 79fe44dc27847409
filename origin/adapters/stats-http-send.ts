/** One question to e-Stat until it is answered: its turn, the circuit breaker, attempts, and the caller's deadline. */
import { type Fault, fault } from '../../shared/fault.ts'
import type { Ask } from '../ports.ts'
import { isTimeout, sleep } from './stats-http-abort.ts'
import { attemptOnce, type Failure, type Outcome, type Received, type Send } from './stats-http-attempt.ts'
import type { ReadBody } from './stats-http-body.ts'
import type { Breaker, Ending } from './stats-http-breaker.ts'
import type { Pacer } from './stats-http-pace.ts'
import { LEAST_MS, LONGEST_WAIT_MS, type RetryPolicy, waitBefore } from './stats-http-retry.ts'

export interface SendOptions {
  readonly send: Send
  readonly pacer: Pacer
  readonly retry: RetryPolicy
  /** Milliseconds for one attempt and the reading of its body. */
  readonly attemptMs: number
  /** Milliseconds since the epoch: the clock of `Ask.deadline`. */
  readonly now: () => number
  /** From 0 to below 1. */
  readonly random: () => number
}

/** Silence for this long is e-Stat's failure, also where its asker had no more time; less tells nothing. */
const SILENCE_MS = 10_000

/** `late`: no attempt could end in time. `open`: the circuit breaker lets nobody pass. */
type Step<Body> = Outcome<Body> | { readonly stop: 'late' | 'open' }

/**
 * Asks until e-Stat answers in its own words. A STATUS that is final is an answer; what is asked again,
 * `attemptOnce` says. No attempt is begun that could not end before the deadline.
 *
 * @param request Called once for each attempt, as `read` is for each answer.
 * @throws Fault ESTAT_UNAVAILABLE, TIMEOUT_ERROR, CANCELLED, and what `request` throws. None has a cause: it would hold the URL, and so the ID.
 */
export async function ask<Body>(
  request: () => Request,
  read: ReadBody<Body>,
  options: SendOptions,
  breaker: Breaker,
  terms: Pick<Ask, 'signal' | 'deadline'>,
): Promise<Received<Body>> {
  const { retry, now, pacer } = options
  const { signal } = terms
  const left = (): number => (terms.deadline ?? Number.POSITIVE_INFINITY) - now() // a flight's deadline moves
  let last: Failure | null = null
  for (let tried = 0; ; tried++) {
    // Nobody queues for nothing: whether e-Stat is left alone now is known before the turn comes.
    const step: Step<Body> =
      breaker.waitMs() > 0
        ? { stop: 'open' }
        : await pacer.run(() => attempt(request, read, options, breaker, signal, left()), signal)
    if ('received' in step) return step.received
    if ('stop' in step) throw step.stop === 'open' ? leftAlone(last, tried, breaker) : tooLate(last, tried)
    last = step.failure
    if (tried + 1 === retry.attempts) throw told(last, tried + 1, '')
    const wait = waitBefore(retry, tried + 1, last.retryAfterMs, options.random)
    if (wait > Math.min(left() - LEAST_MS, LONGEST_WAIT_MS)) throw tooLate(last, tried + 1)
    await sleep(wait, signal)
  }
}

async function attempt<Body>(
  request: () => Request,
  read: ReadBody<Body>,
  options: SendOptions,
  breaker: Breaker,
  signal: AbortSignal,
  left: number,
): Promise<Step<Body>> {
  if (left < LEAST_MS) return { stop: 'late' }
  const built = request()
  const end = breaker.admit()
  if (end === null) return { stop: 'open' }
  const began = options.now()
  const wasLong = (): boolean => options.now() - began >= Math.min(SILENCE_MS, options.attemptMs)
  let ending: Ending = 'unknown'
  try {
    const outcome = await attemptOnce(built, options, read, signal, Math.min(options.attemptMs, left))
    if ('received' in outcome) ending = 'answered'
    else if (outcome.failure.code !== 'TIMEOUT_ERROR' || wasLong()) ending = 'failed'
    return outcome
  } catch (error) {
    if (isTimeout(signal.reason) && wasLong()) ending = 'failed'
    throw error
  } finally {
    end(ending)
    options.pacer.asked?.(ending, options.now() - began)
  }
}

/** The last failure, and how often e-Stat was asked. */
function told({ code, words, retryAfterMs: wait }: Failure, tried: number, more: string): Fault {
  const seconds = Math.ceil(wait / 1000)
  return fault(
    code,
    `${words}${tried > 1 ? ` It was asked ${tried} times.` : ''}${more}`,
    seconds > 0 ? { retryAfterSeconds: seconds } : {},
  )
}

const tooLate = (last: Failure | null, tried: number): Fault =>
  last === null
    ? fault('TIMEOUT_ERROR', 'e-Stat was not asked: no time was left when the turn came.')
    : told(last, tried, ' No time was left to ask again.')

function leftAlone(last: Failure | null, tried: number, breaker: Breaker): Fault {
  if (last !== null) return told(last, tried, ' It fails again and again and is left alone for a while.')
  return fault('ESTAT_UNAVAILABLE', 'e-Stat failed again and again and is left alone for a while.', {
    retryAfterSeconds: Math.max(1, Math.ceil(breaker.waitMs() / 1000)),
  })
}
