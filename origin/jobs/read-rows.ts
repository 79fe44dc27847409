/** Rows shown in an answer: a window over the union of one or more queries, without keeping anything. */
import type { Narrowing, SymbolNote, TableInfo, WireValue } from '../estat/model.ts'
import type { Ask, StatsSource } from '../ports.ts'
import { PAGE_ROWS } from './plan-pages.ts'

export interface RowWindow {
  /** 0-based over the whole selection. */
  readonly start: number
  readonly limit: number
}

export interface WindowRows {
  readonly matched: number
  readonly values: readonly WireValue[]
  readonly notes: readonly SymbolNote[]
  /** Null where no row fits. */
  readonly info: TableInfo | null
}

/**
 * One query costs one request. Several are walked in order, each counted first and read where the window touches it.
 * A count has no date, so that rows come last: `stats` sees whether all that lies between is of one version.
 *
 * @throws Fault NO_DATA where a single query matches nothing, and as `StatsSource` says.
 */
export async function readRows(
  stats: StatsSource,
  id: string,
  queries: readonly (readonly Narrowing[])[],
  { start, limit }: RowWindow,
  ask: Ask,
): Promise<WindowRows> {
  const [only, ...more] = queries
  if (only !== undefined && more.length === 0) {
    const page = await stats.page({ id, narrow: only }, { start: start + 1, limit: Math.min(limit, PAGE_ROWS) }, ask)
    return { matched: page.total, values: page.values, notes: page.notes, info: page.info }
  }
  const values: WireValue[] = []
  const notes = new Map<string, SymbolNote>()
  let info: TableInfo | null = null
  let before = 0
  let counted = false
  for (const narrow of queries) {
    const query = { id, narrow }
    const total = await stats.count(query, ask)
    const from = Math.max(start - before, 0)
    const wanted = Math.min(limit - values.length, total - from, PAGE_ROWS)
    before += total
    counted = wanted <= 0
    if (counted) continue
    const page = await stats.page(query, { start: from + 1, limit: wanted }, ask)
    values.push(...page.values)
    for (const note of page.notes) notes.set(note.symbol, note)
    info = page.info
  }
  if (counted) await stats.page({ id, narrow: [] }, { start: 1, limit: 1 }, ask)
  return { matched: before, values, notes: [...notes.values()], info }
}
