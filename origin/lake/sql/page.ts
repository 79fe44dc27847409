/** Rows `offset` to `offset + rows` of a query's result, by its own LIMIT and OFFSET: `ties.ts` makes its order whole. */
import type { Query } from './tree.ts'

export function pageOf(query: Query, offset: number, rows: number): Query {
  const left = query.limit === null ? rows : Math.min(rows, Math.max(0, query.limit - offset))
  return { ...query, offset: (query.offset ?? 0) + offset, limit: left }
}
