import { type Fault, fault } from '../../shared/fault.ts'

/** A table of which no two answers are of one version: what would mix them is not given. */
export const keepsChanging = (): Fault =>
  fault('ESTAT_UNAVAILABLE', 'The table changed each time it was read.', {
    hint: 'e-Stat is updating it now. Call again in some minutes.',
    retryAfterSeconds: 300,
  })
