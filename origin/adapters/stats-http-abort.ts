/** Waiting that ends with its signal. No rejection here carries a cause: it might hold a URL, and so the ID. */
import { Fault, fault } from '../../shared/fault.ts'

/** Why a question to e-Stat was given up: the caller's own reason where it is one of ours, e.g. a budget used up. */
export function abortFault({ reason }: AbortSignal): Fault {
  if (reason instanceof Fault) return reason
  return isTimeout(reason)
    ? fault('TIMEOUT_ERROR', 'e-Stat did not answer in time.')
    : fault('CANCELLED', 'The call was cancelled.')
}

/** True where the time ran out, false where somebody left. */
export const isTimeout = (reason: unknown): boolean =>
  reason instanceof Fault ? reason.code === 'TIMEOUT_ERROR' : reason instanceof Error && reason.name === 'TimeoutError'

/** The promise's result, or `abortFault` as soon as the signal aborts: what is waited for need not listen to it. */
export async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const onAbort = (): void => reject(abortFault(signal))
  if (signal.aborted) onAbort()
  else signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([aborted, promise])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

/** @throws Fault `abortFault`, and leaves no timer behind. */
export async function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, milliseconds)
  try {
    await untilAborted(promise, signal)
  } finally {
    clearTimeout(timer)
  }
}
