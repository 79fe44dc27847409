/** Small helpers of the tour: checking, reading packed rows, printing figures. */

/** A step fell short. The message is for people. */
export class TourFailure extends Error {
  override readonly name = 'TourFailure'
}

export function check(holds: boolean, expectation: string): void {
  if (!holds) throw new TourFailure(expectation)
}

type Row = Readonly<Record<string, unknown>>

/** Packed rows as objects: constant columns come from `fixed`. */
export function rowsOf(result: Record<string, unknown>): readonly Row[] {
  const { columns, rows, fixed } = result as {
    columns?: readonly (string | { name: string })[]
    rows?: readonly (readonly unknown[])[]
    fixed?: Row
  }
  const names = (columns ?? []).map((column) => (typeof column === 'string' ? column : column.name))
  return (rows ?? []).map((row) => ({ ...fixed, ...Object.fromEntries(names.map((name, at) => [name, row[at]])) }))
}

export const firstRows = (rows: readonly Row[], count: number): readonly Row[] => rows.slice(0, count)
export const column = (rows: readonly Row[], name: string): readonly unknown[] => rows.map((row) => row[name])

/** Any value of an answer for people: figures with thousands separators, `-` for nothing. */
export function show(value: unknown): string {
  if (typeof value === 'number') return value.toLocaleString('en')
  if (typeof value === 'string') return value
  return value === null || value === undefined ? '-' : JSON.stringify(value)
}

export const millis = (reply: { readonly millis: number } | null): string => `${(reply?.millis ?? 0).toFixed(1)} ms`

export const oneLine = (text: string): string => text.replace(/\s+/g, ' ').slice(0, 300)
