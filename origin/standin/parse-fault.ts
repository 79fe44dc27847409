/** Faults by name, as a person or a client writes them: `maintenance-200`, `latency:2000`, `http:502`. */
import type { InjectedFault } from './faults.ts'

type Parser = (number: number) => InjectedFault

const PARSERS: Readonly<Record<string, { readonly otherwise: number; readonly from: Parser }>> = {
  latency: { otherwise: 1000, from: (ms) => ({ kind: 'latency', ms }) },
  silence: { otherwise: 0, from: () => ({ kind: 'silence' }) },
  http: { otherwise: 500, from: (status) => ({ kind: 'http', status }) },
  status: { otherwise: 200, from: (status) => ({ kind: 'status', status }) },
  'too-many': { otherwise: 1, from: (retryAfterSeconds) => ({ kind: 'too-many', retryAfterSeconds }) },
  'maintenance-200': { otherwise: 0, from: () => ({ kind: 'maintenance', status: 200 }) },
  'maintenance-503': { otherwise: 0, from: () => ({ kind: 'maintenance', status: 503 }) },
  waf: { otherwise: 0, from: () => ({ kind: 'waf' }) },
  truncated: { otherwise: 50, from: (percent) => ({ kind: 'truncated', share: percent / 100 }) },
  'broken-off': { otherwise: 50, from: (percent) => ({ kind: 'broken-off', share: percent / 100 }) },
  reset: { otherwise: 0, from: () => ({ kind: 'reset' }) },
}

/** All names, with the number that each takes where it is left out. */
export const FAULT_NAMES: readonly string[] = Object.keys(PARSERS)

/** @param text `<name>` or `<name>:<whole number>`: milliseconds, a status, seconds, or percent of the bytes. @returns Null where it is no fault. */
export function parseFault(text: string): InjectedFault | null {
  const [, name = '', number] = /^([a-z]+(?:-[a-z0-9]+)*)(?::(\d{1,6}))?$/.exec(text) ?? []
  const parser = PARSERS[name]
  if (parser === undefined) return null
  const fault = parser.from(number === undefined ? parser.otherwise : Number(number))
  return isPossible(fault) ? fault : null
}

/** What HTTP has no response for is no fault. */
function isPossible(fault: InjectedFault): boolean {
  if (fault.kind === 'http') return fault.status === 408 || (fault.status >= 500 && fault.status <= 599)
  if (fault.kind === 'status') return fault.status >= 200 && fault.status <= 299
  return !('share' in fault) || fault.share < 1
}
