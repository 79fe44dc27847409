/** A stand-in's table from the cells of a recording that has no classes of its own, or not all of them. */
import { packRows } from '../../origin/standin/packed-rows.ts'
import type { StandinAxis, StandinItem, StandinTable } from '../../origin/standin/table.ts'
import { leaf, branch } from '../../origin/standin/tree.ts'
import type { RecordedCell, Recording } from '../recordings.ts'

const AXIS_ORDER = ['tab', 'cat', 'area', 'time']

/**
 * Codes that were not recorded are the names; names that were not recorded are the codes. Items are in order of first
 * appearance; the unit, the same in all cells of such a recording, is carried by the first axis.
 */
export function tableFromCells({ id, cells }: Recording): StandinTable {
  const [first] = cells
  const ids = Object.keys(first?.codes ?? first?.names ?? {}).toSorted(byOrder)
  const axes = ids.map((axis, index) => axisOf(axis, cells, index === 0 ? (first?.unit ?? null) : null))
  const places = axes.map(({ items }) => new Map(items.map(({ code }, position) => [code, position])))
  const rows = cells.map((cell) => ({
    positions: ids.map((axis, index) => places[index]?.get(codeOf(cell, axis)) ?? -1),
    text: cell.text,
    annotation: null,
  }))
  const info = branch('TABLE_INF', [leaf('STATISTICS_NAME', id), leaf('TITLE', id)], { id })
  return { id, info, collectAreas: [], axes, notes: [], annotations: [], rows: packRows(axes.length, rows) }
}

const codeOf = ({ codes, names }: RecordedCell, axis: string): string => codes?.[axis] ?? names?.[axis] ?? ''

function axisOf(id: string, cells: readonly RecordedCell[], unit: string | null): StandinAxis {
  const items = new Map<string, StandinItem>()
  for (const cell of cells) {
    const code = codeOf(cell, id)
    if (!items.has(code))
      items.set(code, { code, name: cell.names?.[id] ?? code, level: '', unit, parentCode: null, addInf: null })
  }
  return { id, name: id, description: null, explanations: [], items: [...items.values()] }
}

const rank = (axis: string): number => AXIS_ORDER.findIndex((start) => axis.startsWith(start))
const byOrder = (a: string, b: string): number => rank(a) - rank(b) || (a < b ? -1 : 1)
