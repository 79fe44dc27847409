/**
 * What the edge may ask of its platform, in our words. Interfaces only: `adapters/` has the versions of each,
 * `platform/` chooses.
 */
import type { KeyRecord } from '../shared/keys.ts'
import type { Verdict } from './domain/sliding-log.ts'

/** API keys by id. */
export interface KeyStore {
  /**
   * The record of a key; null where there is none. What was revoked or changed is seen within a minute, everywhere.
   * Rejects where the store does not answer.
   */
  find(id: string): Promise<KeyRecord | null>
}

export interface Ask {
  /** What this request spends, 1 or more. */
  readonly cost: number
  /** What the caller may spend in a window, 1 or more. */
  readonly limit: number
  /** Length of the window in milliseconds. */
  readonly windowMs: number
}

/** Spending, counted for each caller. */
export interface RateCounter {
  /**
   * Spends `cost`, or refuses and spends nothing. Exact under concurrency: in any interval of `windowMs` no caller
   * spends more than `limit`. Rejects where the store does not answer.
   */
  spend(caller: string, ask: Ask): Promise<Verdict>
}

/** The domain result of one call, before it is framed for a protocol revision. */
export interface KeptResult {
  readonly result: Readonly<Record<string, unknown>>
  /** The text twin. */
  readonly text: string
  /** When it was stored, milliseconds since the epoch. */
  readonly storedAt: number
}

/** Results by cache key. It may forget anything at any time; it never answers what was not put. */
export interface ResultCache {
  get(key: string): Promise<KeptResult | null>
  /** @param keepSeconds Not answered any more after this time, 1 or more. */
  put(key: string, kept: KeptResult, keepSeconds: number): Promise<void>
}
