/** What is known of one function. */
export interface SqlFunction {
  /** `aggregate` may take DISTINCT, ORDER BY, FILTER and OVER; `window` must have OVER. */
  readonly kind: 'aggregate' | 'window' | 'scalar'
  readonly minArgs: number
  readonly maxArgs: number
  /** The function or macro (`duckdb-macros.ts`, named `trino_*`) that DuckDB calls with the same arguments. */
  readonly duckdb: string
  /** Arguments, from 0, that are functions themselves (`x -> x + 1`). */
  readonly lambdas?: readonly number[]
  /** Arguments, from 0, that must be written out, with what they may be. */
  readonly literals?: Readonly<Record<number, LiteralRule>>
}

/**
 * A written-out number up to `max`, or one of some words; where words differ, DuckDB's own spelling. `pattern`: a regular
 * expression within the bounds of `pattern.ts`, which may also come from a column.
 */
export type LiteralRule = { readonly max: number } | { readonly words: readonly string[] } | 'text' | 'pattern'

type Row = readonly [name: string, args: number | readonly [min: number, max: number], duckdb?: string]

/** Reads a compact list: name, arguments (a number or a range), and DuckDB's name where it differs. */
export const listed = (
  kind: SqlFunction['kind'],
  rows: readonly Row[],
  more: Readonly<Record<string, Pick<SqlFunction, 'lambdas' | 'literals'>>> = {},
): readonly (readonly [string, SqlFunction])[] =>
  rows.map(([name, args, duckdb = name]) => {
    const [minArgs, maxArgs] = typeof args === 'number' ? [args, args] : args
    return [name, { kind, minArgs, maxArgs, duckdb, ...more[name] }]
  })
