import { FAULTS, Fault } from '../shared/fault.ts'

/**
 * Whether a failure belongs in the operator's log: what we did wrong or what we depend on did. That e-Stat refuses the
 * ID that a caller brought is the caller's own matter, although it is answered with 502 like any refusal of e-Stat's.
 *
 * @param appId `X-Estat-App-Id` as it was sent; null where the server's own ID was used.
 */
export const isOurs = (error: unknown, appId: string | null): boolean =>
  !(error instanceof Fault) ||
  (FAULTS[error.code].status >= 500 && !(error.code === 'ESTAT_API_ERROR' && appId !== null))
