/**
 * Tables that were kept as labels and figures, without codes. Areas and years have standard codes; the rest is
 * assigned, as `s01` and on: no code of e-Stat looks so, and one that is sent to e-Stat finds nothing.
 */
import { packRows } from '../../../origin/standin/packed-rows.ts'
import { elementFromJson } from '../../../origin/standin/read-json.ts'
import type { StandinAxis, StandinItem, StandinRow, StandinTable } from '../../../origin/standin/table.ts'
import { childNamed, textOf } from '../../../origin/standin/tree.ts'

/** A code of the sample's own, by position. */
export const assigned = (index: number): string => `s${String(index + 1).padStart(2, '0')}`

/** Labels of one field, in order of first appearance. */
export const distinct = (records: readonly (readonly string[])[], field: number): string[] => [
  ...new Set(records.map((record) => record[field] ?? '')),
]

export const item = (code: string, name: string, unit: string | null = null): StandinItem => ({
  code,
  name,
  level: '',
  unit,
  parentCode: null,
  addInf: null,
})

export const axis = (id: string, name: string, items: readonly StandinItem[]): StandinAxis => ({
  id,
  name,
  description: null,
  explanations: [],
  items,
})

/** `NA` becomes an empty cell: it was there, its symbol was not kept. */
export const rowOf = (axes: readonly StandinAxis[], names: readonly string[], value: string): StandinRow => ({
  positions: axes.map(({ items }, index) => items.findIndex(({ name }) => name === names[index])),
  text: value === 'NA' ? '' : value,
  annotation: null,
})

export function table(json: unknown, axes: readonly StandinAxis[], rows: readonly StandinRow[]): StandinTable {
  const info = elementFromJson('TABLE_INF', json)
  const collectAreas = [textOf(childNamed(info, 'COLLECT_AREA'))].filter((area) => area !== '')
  const empty = { notes: [], annotations: [] }
  return { id: info.attributes['id'] ?? '', info, collectAreas, axes, ...empty, rows: packRows(axes.length, rows) }
}

/** Years have their number and 000000. */
export const yearItem = (name: string): StandinItem => item(`${name.replace('年', '')}000000`, name)

export function missing(what: string): never {
  throw new Error(`The recordings have no ${what}.`)
}
