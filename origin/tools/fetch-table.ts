/** The rows of an answer in one of their forms: as e-Stat has them, spread wide, with figures of our own. */
import { rolesFromRows } from '../estat/arithmetic-roles.ts'
import { type DerivedColumn, derive } from '../estat/derive.ts'
import type { DeriveKind } from '../estat/derive-measure.ts'
import { periodPairs, selectedPeriods, withBases } from '../estat/derive-periods.ts'
import type { Narrowing, Observation, TableMeta } from '../estat/model.ts'
import { decodeObservation } from '../estat/observation.ts'
import { rolesOf } from '../estat/roles.ts'
import { type Column, type PackedRows, packRows, periodOfRows } from '../estat/rows.ts'
import { splitQueries } from '../estat/split-queries.ts'
import { type WideRows, wideRows } from '../estat/wide-rows.ts'
import type { Lang } from '../estat/words.ts'
import { readRows } from '../jobs/read-rows.ts'
import { needWhole, readWhole, type WholeSelection } from '../jobs/whole-selection.ts'
import type { Ask, StatsSource } from '../ports.ts'

export interface TableRequest {
  readonly meta: TableMeta
  readonly queries: readonly (readonly Narrowing[])[]
  /** The selection as one narrowing for each axis; needed for `derive`. */
  readonly narrow?: readonly Narrowing[]
  /** False where the queries' rows, one after the other, are not in e-Stat's order. */
  readonly ordered?: boolean
  readonly layout?: 'long' | 'wide'
  readonly derive?: readonly DeriveKind[]
  readonly names: boolean
  /** Of our words; Japanese where absent. */
  readonly lang?: Lang
}

export interface FetchedTable {
  /** Rows of e-Stat that match. */
  readonly records: number
  /** Rows in this form. */
  readonly matched: number
  /** Rows that were read from `start` on: `pack` takes up to as many. */
  readonly held: number
  readonly rowOrder: 'estat' | 'by_query'
  readonly derived: readonly DerivedColumn[]
  /** Every row of the selection, where all were read; null where only some were. */
  readonly whole: readonly Observation[] | null
  pack(count: number): {
    readonly packed: PackedRows & Partial<Pick<WideRows, 'spread'>>
    readonly period: string | null
  }
}

/** @param window 0-based, in rows of the form asked for. @throws Fault as its parts say. */
export async function fetchTable(
  stats: StatsSource,
  request: TableRequest,
  window: { readonly start: number; readonly limit: number },
  ask: Ask,
): Promise<FetchedTable> {
  const { meta, queries, derive: kinds = [] } = request
  if (request.layout === 'wide')
    return wide(request, await needWhole(stats, meta, queries, ask, 'layout "wide"'), window)
  if (kinds.length > 0) return withDerived(stats, request, kinds, window, ask)
  const whole = request.ordered === false ? await readWhole(stats, meta, queries, ask) : null
  if (whole !== null) return long(request, whole.rows, whole, window, [])
  const part = await readRows(stats, meta.info.id, queries, window, ask)
  const rows = part.values.map(decodeObservation)
  return {
    records: part.matched,
    matched: part.matched,
    held: rows.length,
    rowOrder: request.ordered === false ? 'by_query' : 'estat',
    derived: [],
    whole: rows.length === part.matched ? rows : null,
    pack: (count) => packed(request, rows.slice(0, count), part, []),
  }
}

type Notes = Pick<WholeSelection, 'notes'> & Partial<Pick<WholeSelection, 'annotations'>>

function packed(
  { meta, names, lang = 'J' }: TableRequest,
  rows: readonly Observation[],
  { notes, annotations = {} }: Notes,
  extra: readonly Column[],
) {
  return { packed: packRows(meta, rows, notes, { names, annotations, extra, lang }), period: periodOfRows(meta, rows) }
}

function long(
  request: TableRequest,
  rows: readonly Observation[],
  notes: Notes,
  { start, limit }: { readonly start: number; readonly limit: number },
  columns: readonly Column[],
): FetchedTable {
  const held = rows.slice(start, start + limit)
  const cut = (count: number): readonly Column[] =>
    columns.map((column) => ({ ...column, cells: column.cells.slice(start, start + count) }))
  return {
    records: rows.length,
    matched: rows.length,
    held: held.length,
    rowOrder: 'estat',
    derived: [],
    whole: rows,
    pack: (count) => packed(request, held.slice(0, count), notes, cut(Math.min(count, held.length))),
  }
}

function wide(
  { meta, names, lang = 'J' }: TableRequest,
  whole: WholeSelection,
  { start, limit }: { readonly start: number; readonly limit: number },
): FetchedTable {
  const { rows, notes, annotations } = whole
  const at = (count: number): WideRows =>
    wideRows(meta, rows, notes, { names, annotations, lang }, { start, end: start + count })
  const { matched } = at(0)
  return {
    records: rows.length,
    matched,
    held: Math.max(0, Math.min(limit, matched - start)),
    rowOrder: 'estat',
    derived: [],
    whole: rows,
    pack: (count) => ({ packed: at(count), period: periodOfRows(meta, rows) }),
  }
}

/** The selection is read together with the periods it is held against, which the answer then leaves out. */
async function withDerived(
  stats: StatsSource,
  request: TableRequest,
  kinds: readonly DeriveKind[],
  window: { readonly start: number; readonly limit: number },
  ask: Ask,
): Promise<FetchedTable> {
  const { meta, narrow = [] } = request
  const selected = selectedPeriods(meta, narrow)
  const pairs = periodPairs(meta, selected, kinds)
  const { queries } = splitQueries(
    meta,
    withBases(
      narrow,
      [...pairs.values()].flatMap((pair) => [...pair.values()]),
    ),
  )
  const whole = await needWhole(stats, meta, queries, ask, 'derive')
  const chosen = whole.rows.filter(({ codes }) => codes['time'] === undefined || selected.has(codes['time']))
  const roles = rolesFromRows(meta, whole.rows, rolesOf(meta))
  const { columns, derived } = derive(meta, whole.rows, chosen, { kinds, pairs, roles, lang: ask.lang })
  return { ...long(request, chosen, whole, window, columns), derived }
}
