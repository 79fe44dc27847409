/** Why work stopped, as a failure a caller understands. */
import { Fault, fault } from '../../shared/fault.ts'

/** Why a call was aborted, as a failure: the reason itself where it is one of ours. */
export function abortFault(signal: AbortSignal): Fault {
  if (signal.reason instanceof Fault) return signal.reason
  const late = signal.reason instanceof Error && signal.reason.name === 'TimeoutError'
  return late
    ? fault('TIMEOUT_ERROR', 'The work took longer than one call may.')
    : fault('CANCELLED', 'The call was cancelled.')
}
