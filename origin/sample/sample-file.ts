/** The form in which one table's figures are bundled (`data/<statsDataId>.json`), and how a table is made from it. */
import { fault } from '../../shared/fault.ts'
import type { Extent } from '../estat/model.ts'
import { packRows } from '../standin/packed-rows.ts'
import { elementFromJson } from '../standin/read-json.ts'
import type { StandinAxis, StandinRow, StandinTable } from '../standin/table.ts'
import { childNamed, textOf } from '../standin/tree.ts'

/** `[code, name, level, unit, parentCode]`; what is missing at the end is null or not there. */
export type SampleItem = readonly [code: string, name: string, level: string, ...(string | null)[]]

export interface SampleAxis {
  readonly id: string
  readonly name: string
  readonly description: string | null
  readonly items: readonly SampleItem[]
}

export interface SampleFile {
  readonly source: {
    /** Names of the recorded answers that the figures were taken from. */
    readonly recordings: readonly string[]
    /** ISO 8601, a date or a moment with zone, as recorded; null where the recording does not say. */
    readonly retrieved: string | null
    /** What a reader must know: what was assigned, relabelled or not recorded. */
    readonly remarks: readonly string[]
  }
  /** Null for a complete table. */
  readonly extent: Extent | null
  /** TABLE_INF as e-Stat's JSON has it. What was not recorded is absent. */
  readonly table_inf: unknown
  readonly axes: readonly SampleAxis[]
  /** NOTE: symbol and meaning. */
  readonly notes: readonly (readonly [symbol: string, meaning: string])[]
  /** Ids of all axes but the last, then codes of the last axis. */
  readonly columns: readonly string[]
  /** Codes and texts under `columns`: null where there is no cell, "" where a cell has no value. */
  readonly rows: readonly (readonly (string | null)[])[]
}

/** @throws Fault DATA_TRANSFORM_ERROR for a row with a code that its axis lacks. */
export function tableFromSample(file: SampleFile): StandinTable {
  const info = elementFromJson('TABLE_INF', file.table_inf)
  const area = childNamed(info, 'COLLECT_AREA')
  const axes = file.axes.map(axisFrom)
  return {
    id: info.attributes['id'] ?? '',
    info,
    collectAreas: area === null ? [] : [textOf(area)],
    axes,
    notes: file.notes.map(([symbol, meaning]) => ({ symbol, meaning })),
    annotations: [],
    rows: packRows(axes.length, rowsFrom(file, axes)),
  }
}

const axisFrom = ({ id, name, description, items }: SampleAxis): StandinAxis => ({
  id,
  name,
  description,
  explanations: [],
  items: items.map(([code, name, level, unit = null, parentCode = null]) => ({
    code,
    name,
    level,
    unit,
    parentCode,
    addInf: null,
  })),
})

function rowsFrom({ columns, rows }: SampleFile, axes: readonly StandinAxis[]): StandinRow[] {
  const places = axes.map(({ items }) => new Map(items.map(({ code }, position) => [code, position])))
  const place = (axis: number, code: string | null | undefined): number => {
    const position = places[axis]?.get(code ?? '')
    if (position === undefined) throw fault('DATA_TRANSFORM_ERROR', 'A bundled row has a code that its axis lacks.')
    return position
  }
  const lead = axes.length - 1
  const across = columns.slice(lead).map((code) => place(lead, code))
  return rows.flatMap((row) => {
    const fixed = row.slice(0, lead).map((code, axis) => place(axis, code))
    return across.flatMap((position, column) => {
      const text = row[lead + column] ?? null
      return text === null ? [] : [{ positions: [...fixed, position], text, annotation: null }]
    })
  })
}
