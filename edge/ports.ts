/**
 * What the edge may ask of its platform, in our words. Interfaces only: `adapters/` has the versions of each,
 * `platform/` chooses.
 */
import type { KeyRecord } from '../shared/keys.ts'
import type { Caller } from '../shared/server-info.ts'
import type { Outcome } from './domain/executed.ts'
import type { Verdict } from './domain/sliding-log.ts'
import type { TraceContext } from './domain/trace-context.ts'

export type { Records } from '../shared/records.ts'

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
  /** Spend up to this much where there is room, for the asker to use without asking; `cost` where absent. */
  readonly upTo?: number
  /**
   * How much later than now what is spent beyond `cost` may be used, milliseconds: it then counts that much longer. 0
   * where absent.
   */
  readonly holdMs?: number
}

/** Spending, counted for each caller. */
export interface RateCounter {
  /**
   * Spends `cost`, and more up to `upTo` as far as there is room, or refuses and spends nothing. Exact under
   * concurrency: in any interval of `windowMs` no caller spends more than `limit`. Rejects where the store does not
   * answer.
   */
  spend(caller: string, ask: Ask): Promise<Verdict>
}

/** The domain result of one call, before it is framed for a protocol revision. */
export interface KeptResult {
  readonly result: Readonly<Record<string, unknown>>
  /** The text twin. */
  readonly text: string
  /** When it was stored, or last found to hold still, milliseconds since the epoch. */
  readonly storedAt: number
  /** The origin's own, by which it tells whether this holds still (`shared/cacheable/index.ts`). */
  readonly validator?: string
}

/** Results by cache key. It may forget anything at any time; it never answers what was not put. */
export interface ResultCache {
  get(key: string): Promise<KeptResult | null>
  /** @param keepSeconds Not answered any more after this time, 1 or more. */
  put(key: string, kept: KeptResult, keepSeconds: number): Promise<void>
  /**
   * Remembers in this instance what another one puts for all. Absent where an instance has no memory of its own beside
   * what it shares.
   */
  note?(key: string, kept: KeptResult, keepSeconds: number): Promise<void>
}

/** One call of a tool for the origin, in a form that travels between instances. */
export interface Order {
  readonly tool: string
  /** Validated and normalised. */
  readonly args: Readonly<Record<string, unknown>>
  /** The answer at hand, which may hold still. */
  readonly known?: Pick<KeptResult, 'result' | 'text'> & { readonly validator: string }
  /** Whoever asked first: the origin is told of this one. */
  readonly caller: Caller
  readonly requestId: string
  readonly trace: TraceContext
}

export interface Landed {
  readonly outcome: Outcome
  /**
   * `led`: the order of this caller flew, and keeping its result is this caller's part. `joined`: another's did. Of
   * all who share a flight at least one is told `led` as long as one of them is there to hear it.
   */
  readonly role: 'led' | 'joined'
}

/** Single flight: one order under way for each key, over all requests and all instances. */
export interface Flights {
  /**
   * The outcome of the flight of `key` that is in the air, or of a new one with this order. A caller that leaves does
   * not end a flight that others wait for; the last one does, down to the origin.
   *
   * @param signal Aborts when the caller leaves; null for what nobody waits for, which flies to its end.
   * @throws Fault as the origin's answer has it, the same for all who share the flight; CANCELLED where `signal`
   *   aborted. Where the platform's own part fails, the order flies alone: the answer matters more than its price.
   */
  join(key: string, order: Order, signal: AbortSignal | null): Promise<Landed>
}

export interface FileAsk {
  /** Object key without bucket: `estat/csv/name.csv`. */
  readonly key: string
  readonly method: 'GET' | 'HEAD'
  /** The conditional and range headers of RFC 9110 that the client sent: range, if-range, if-none-match, ... */
  readonly headers: Headers
  readonly caller: Caller
  readonly requestId: string
  readonly trace: TraceContext
  readonly signal: AbortSignal
}

/** Kept files, as streams. */
export interface FileSource {
  /**
   * Status 200, 206, 304, 412 or 416 with the headers that belong to it (etag, last-modified, content-range,
   * content-length, accept-ranges) and the bytes as a stream.
   *
   * @throws Fault NOT_FOUND; ESTAT_UNAVAILABLE where the store does not answer.
   */
  open(ask: FileAsk): Promise<Response>
}
