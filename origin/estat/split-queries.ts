/** One selection as requests that e-Stat takes, and the rows back in e-Stat's order. */
import type { AxisId, Narrowing, Observation, TableMeta } from './model.ts'

/** Codes that one cdX takes (manual, getStatsData). */
export const MAX_CODES = 100

export interface SplitQueries {
  /** Disjoint; together exactly the selection. Each is the `narrow` of one StatsQuery. */
  readonly queries: readonly (readonly Narrowing[])[]
  /** True where the rows of the queries, one after the other, are in row order; otherwise sort with `rowOrder`. */
  readonly ordered: boolean
}

/** Splits lists of more than 100 codes; a list of all the codes of its axis is left out, as it selects nothing. */
export function splitQueries(meta: TableMeta, narrow: readonly Narrowing[]): SplitQueries {
  const parts = narrow.filter((part) => !isWhole(meta, part)).map(chunks)
  const queries = parts.reduce<readonly (readonly Narrowing[])[]>(
    (heads, tails) => heads.flatMap((head) => tails.map((tail) => [...head, tail])),
    [[]],
  )
  return { queries, ordered: queries.length === 1 || onlyAxisThatVaries(meta, narrow, parts) }
}

/** Only worth it where the list is too long: a short one says plainly what was asked. */
const isWhole = (meta: TableMeta, { axis, codes }: Narrowing): boolean =>
  codes !== undefined && codes.length > MAX_CODES && codes.length === itemCount(meta, axis)

const itemCount = (meta: TableMeta, axis: AxisId): number => meta.axes.find(({ id }) => id === axis)?.items.length ?? 0

function chunks(part: Narrowing): readonly Narrowing[] {
  const { codes } = part
  if (codes === undefined || codes.length <= MAX_CODES) return [part]
  const count = Math.ceil(codes.length / MAX_CODES)
  return Array.from({ length: count }, (_, index) => ({
    ...part,
    codes: codes.slice(index * MAX_CODES, (index + 1) * MAX_CODES),
  }))
}

/** Rows are ordered by the axes in turn, so pieces of one axis follow each other only where no axis before it varies. */
function onlyAxisThatVaries(
  meta: TableMeta,
  narrow: readonly Narrowing[],
  parts: readonly (readonly Narrowing[])[],
): boolean {
  const split = parts.filter(({ length }) => length > 1).map(([first]) => first?.axis)
  const before = meta.axes.slice(
    0,
    meta.axes.findIndex(({ id }) => id === split[0]),
  )
  return split.length === 1 && before.every(({ id, items }) => items.length === 1 || codesOf(narrow, id) === 1)
}

const codesOf = (narrow: readonly Narrowing[], axis: AxisId): number | undefined =>
  narrow.find((part) => part.axis === axis)?.codes?.length

/**
 * Compares two rows by e-Stat's order: the position of their codes in the metadata, axis by axis
 * (reference/estat-api.md, 3.5). A code that the metadata lacks comes last.
 */
export function rowOrder(meta: TableMeta): (a: Observation, b: Observation) => number {
  const ranks = meta.axes.map(({ id, items }) => ({ id, rank: new Map(items.map(({ code }, index) => [code, index])) }))
  return (a, b) => {
    for (const { id, rank } of ranks) {
      const order = rankOf(rank, a.codes[id]) - rankOf(rank, b.codes[id])
      if (order !== 0) return order
    }
    return 0
  }
}

const rankOf = (rank: ReadonlyMap<string, number>, code: string | undefined): number =>
  code === undefined ? -1 : (rank.get(code) ?? rank.size)
