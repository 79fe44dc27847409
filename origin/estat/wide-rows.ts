/**
 * `layout: "wide"`: one axis spread into columns, as people read a table. A row still is of one measure and one unit,
 * and a cell that is no number shows e-Stat's symbol as text; null is a cell that e-Stat does not hold.
 */
import { fault } from '../../shared/fault.ts'
import { measureAxes } from './measure.ts'
import type { Axis, ClassItem, Observation, SymbolNote, TableMeta } from './model.ts'
import { shownFigure } from './observation.ts'
import {
  annotationLegend,
  axisColumns,
  type Cell,
  type Column,
  layOut,
  type PackedRows,
  type PackOptions,
  symbolsOf,
} from './rows.ts'

/** More columns than these are no table that anybody reads. */
export const MAX_SPREAD = 400

export interface WideRows extends PackedRows {
  /** Wide rows in all. */
  readonly matched: number
  readonly spread: {
    readonly axis: string
    readonly name: string
    /** In the order of their columns. */
    readonly codes: readonly string[]
    readonly columns: readonly string[]
  }
}

/**
 * The axis that becomes columns: time where it varies, else the one with most codes in these rows. Never one that says
 * what is measured: its columns would hold different units.
 *
 * @throws Fault INVALID_PARAMETER where nothing but the measure varies, or there would be more than `MAX_SPREAD` columns.
 */
export function spreadAxis(meta: TableMeta, rows: readonly Observation[]): Axis {
  const measures = measureAxes(meta)
  const variety = ({ id }: Axis): number => new Set(rows.map(({ codes }) => codes[id])).size
  const may = meta.axes.filter((axis) => !measures.includes(axis) && variety(axis) > 1)
  const axis = may.find(({ id }) => id === 'time') ?? may.toSorted((a, b) => variety(b) - variety(a))[0]
  if (axis === undefined && rows.length < 2)
    throw fault('INVALID_PARAMETER', 'A single figure has no axis to spread into columns.', {
      hint: 'Use layout "long", or select several periods or areas.',
    })
  if (axis === undefined)
    throw fault('INVALID_PARAMETER', 'These rows differ only in what is measured: there is no axis to spread.', {
      hint: 'Use layout "long": columns of different measures would mix units.',
    })
  if (variety(axis) <= MAX_SPREAD) return axis
  throw fault('INVALID_PARAMETER', `${axis.id} would become ${variety(axis)} columns; ${MAX_SPREAD} are the most.`, {
    hint: 'Narrow that axis, or use layout "long".',
  })
}

/**
 * @param rows The whole selection in e-Stat's order; the wide rows follow the first of each.
 * @param window Which of the wide rows to give, by position. The columns are the same for every window.
 * @throws Fault as `spreadAxis` says.
 */
export function wideRows(
  meta: TableMeta,
  rows: readonly Observation[],
  notes: readonly SymbolNote[],
  { names, annotations = {}, lang = 'J' }: PackOptions,
  window: { readonly start: number; readonly end: number } = { start: 0, end: rows.length },
): WideRows {
  const axis = spreadAxis(meta, rows)
  const used = new Set(rows.map(({ codes }) => codes[axis.id]))
  const items = axis.items.filter(({ code }) => used.has(code))
  const all = groupRows(meta, axis, rows)
  const groups = all.slice(window.start, window.end)
  const shown = groups.flatMap(({ byCode }) => [...byCode.values()])
  const firsts = groups.map(({ first }) => first)
  const keys = meta.axes.filter(({ id }) => id !== axis.id).map((one) => axisColumns(one, firsts, names))
  const unit: Column = { name: 'unit', cells: firsts.map((row) => row.unit) }
  const columns = headings(items, names, [...keys.flatMap((key) => key.columns.map(({ name }) => name)), unit.name])
  const figures = items.map(({ code }, index): Column => {
    const cells = groups.map(({ byCode }) => cellOf(byCode.get(code)))
    return { name: columns[index] ?? code, cells, figure: true }
  })
  return {
    ...layOut([...keys.flatMap((key) => key.columns), unit, ...figures, ...noteColumn(items, groups)], groups.length),
    legend: Object.fromEntries([...keys.flatMap(({ legend }) => legend), ...annotationLegend(shown, annotations)]),
    symbols: symbolsOf(shown, notes, lang),
    matched: all.length,
    spread: { axis: axis.id, name: axis.name, codes: items.map(({ code }) => code), columns },
  }
}

interface Group {
  readonly first: Observation
  readonly byCode: ReadonlyMap<string, Observation>
}

/** One group for all codes of the other axes and the unit. */
function groupRows({ axes }: TableMeta, spread: Axis, rows: readonly Observation[]): readonly Group[] {
  const others = axes.filter(({ id }) => id !== spread.id)
  const groups = new Map<string, { first: Observation; byCode: Map<string, Observation> }>()
  for (const row of rows) {
    const key = JSON.stringify([row.unit, ...others.map(({ id }) => row.codes[id])])
    const group = groups.get(key) ?? { first: row, byCode: new Map() }
    group.byCode.set(row.codes[spread.id] ?? '', row)
    groups.set(key, group)
  }
  return [...groups.values()]
}

const cellOf = (row: Observation | undefined): Cell => (row === undefined ? null : (shownFigure(row) ?? row.symbol))

/** Names; a name that is not one code's alone with its code, as wide files have it: 府中市 (13206). */
function headings(items: readonly ClassItem[], names: boolean, taken: readonly string[]): readonly string[] {
  if (!names) return items.map(({ code }) => code)
  const count = new Map<string, number>()
  for (const name of [...taken, ...items.map(({ name }) => name)]) count.set(name, (count.get(name) ?? 0) + 1)
  return items.map(({ code, name }) => (count.get(name) === 1 ? name : `${name} (${code})`))
}

/** Annotations of a row's cells, each with its code on the spread axis: `2020000000: 1`. */
function noteColumn(items: readonly ClassItem[], groups: readonly Group[]): readonly Column[] {
  const cells = groups.map(({ byCode }): Cell => {
    const notes = items.flatMap(({ code }) => {
      const note = byCode.get(code)?.annotation ?? null
      return note === null ? [] : [`${code}: ${note}`]
    })
    return notes.length === 0 ? null : notes.join('; ')
  })
  return cells.some((cell) => cell !== null) ? [{ name: 'annotation', cells }] : []
}
