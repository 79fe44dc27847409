/** Which columns one dataset gives, and where each comes from. Pure; the Parquet writer turns it into SQL. */
import type { Axis, AxisId, TableMeta } from '../estat/model.ts'
import { AXIS_IDS, AXIS_PARTS, type AxisPart, columnNamed } from './columns.ts'
import { domainSources } from './domain-columns.ts'
import type { DataType, LakeColumn } from './ports.ts'

export type TimePart = 'start' | 'end' | 'kind' | 'year' | 'quarter' | 'month'
export type CellPart = 'value' | 'value_text' | 'symbol' | 'symbol_meaning' | 'unit' | 'unit_scale' | 'annotation'
export type FetchPart = 'dataset_id' | 'fetch_id' | 'retrieved_at'

export type ColumnSource =
  | { readonly from: 'axis'; readonly axis: AxisId; readonly part: AxisPart }
  /** Read from the period that the code of axis `time` names; null in a table without that axis. */
  | { readonly from: 'time'; readonly part: TimePart }
  | { readonly from: 'cell'; readonly part: CellPart }
  /** The same in every row of a file. */
  | { readonly from: 'fetch'; readonly part: FetchPart }
  /** The names of several axes, joined. */
  | { readonly from: 'names'; readonly axes: readonly AxisId[] }

export interface PlannedColumn {
  readonly column: LakeColumn
  readonly source: ColumnSource
}

/**
 * The columns of a dataset in their order in the file: each axis that it has, the period, the cell, where the row
 * is from, then what `dataType` adds. The period's columns are there in every table, so that every table can be asked for its span.
 */
export function planColumns(meta: TableMeta, dataType: DataType): readonly PlannedColumn[] {
  const axes = axesInOrder(meta)
  return [
    ...axes.flatMap(({ id }) => AXIS_PARTS.map((part) => planned(`${id}_${part}`, { from: 'axis', axis: id, part }))),
    ...(['start', 'end', 'kind'] as const).map((part) => planned(`time_${part}`, { from: 'time', part })),
    ...CELL_PARTS.map((part) => planned(part, { from: 'cell', part })),
    ...FETCH_PARTS.map((part) => planned(part, { from: 'fetch', part })),
    ...domainSources(meta, axes, dataType).map(([name, source]) => planned(name, source)),
  ]
}

/** The columns alone. */
export const columnsFor = (meta: TableMeta, dataType: DataType): readonly LakeColumn[] =>
  planColumns(meta, dataType).map(({ column }) => column)

/** The table's axes in e-Stat's order, each once. */
export const axesInOrder = (meta: TableMeta): readonly Axis[] =>
  AXIS_IDS.flatMap((id) => meta.axes.find((axis) => axis.id === id) ?? [])

const CELL_PARTS: readonly CellPart[] = [
  'value',
  'value_text',
  'symbol',
  'symbol_meaning',
  'unit',
  'unit_scale',
  'annotation',
]
const FETCH_PARTS: readonly FetchPart[] = ['dataset_id', 'fetch_id', 'retrieved_at']

function planned(name: string, source: ColumnSource): PlannedColumn {
  const column = columnNamed(name)
  if (column === null) throw new TypeError(`no lake column is called ${name}`)
  return { column, source }
}
