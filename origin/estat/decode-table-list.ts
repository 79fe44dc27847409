/** getStatsList: a page of the list of tables (reference/estat-api.md, 3.3). */
import { decodeTableInfo } from './decode-table-info.ts'
import type { TableInfo } from './model.ts'
import { child, elements, wholeOf } from './wire.ts'

export interface TableList {
  /** NUMBER: e-Stat's count of listings, which repeats a table once for each COLLECT_AREA. */
  readonly total: number
  /** Listings on this page, before de-duplication. */
  readonly listings: number
  readonly nextKey: number | null
  /** Distinct by id, in order of first appearance, with every collection area of the page. */
  readonly tables: readonly TableInfo[]
}

/** Decodes GET_STATS_LIST; an answer without hits is an empty list. */
export function decodeTableList(root: unknown): TableList {
  const list = child(root, 'DATALIST_INF')
  const listed = elements(child(list, 'TABLE_INF')).map(decodeTableInfo)
  return {
    total: wholeOf(child(list, 'NUMBER')) ?? 0,
    listings: listed.length,
    nextKey: wholeOf(child(list, 'RESULT_INF', 'NEXT_KEY')),
    tables: distinctTables(listed),
  }
}

/** One entry for each id; the collection areas of all its listings together. */
export function distinctTables(listed: readonly TableInfo[]): readonly TableInfo[] {
  const byId = new Map<string, TableInfo>()
  for (const table of listed) {
    const known = byId.get(table.id)
    const areas = [...new Set([...(known?.collectArea ?? []), ...table.collectArea])]
    byId.set(table.id, { ...(known ?? table), collectArea: areas })
  }
  return [...byId.values()]
}
