/** What stands behind the wire: something that runs a statement. */

export interface Executed {
  /** With Trino's type names; empty where the statement gives no rows. */
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  /**
   * Values as Trino's own client protocol has them in JSON: numbers, booleans, null, text for bigint beyond 2^53,
   * decimals, dates and times (`2020-10-01 09:05:00.000 UTC`), arrays.
   */
  readonly rows: readonly (readonly unknown[])[]
  readonly bytes: number
}

/** @throws StatementError for what the statement's author did wrong; anything else is a failure of the service. */
export type Execute = (sql: string, database: string, signal: AbortSignal) => Promise<Executed>

/** `StateChangeReason` of a failed query: Trino's error name and sentence. */
export class StatementError extends Error {}
