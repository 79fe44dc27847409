/** The SQL that turns one page into Parquet. Text only: nothing here runs. */
import type { Axis } from '../estat/model.ts'
import { AXIS_IDS } from '../lake/columns.ts'
import type { ColumnSource, PlannedColumn } from '../lake/column-plan.ts'
import { schemaOf } from '../lake/iceberg/schema.ts'
import type { LakeColumn } from '../lake/ports.ts'
import { SQL_TYPES, sqlList, sqlName, sqlText } from './duckdb.ts'

/** Rows in a row group: what keeps the writer's buffers small (reference/lake.md, section 1). */
const ROW_GROUP_ROWS = 40_960
/** A figure is an optional sign, digits and decimals. Nothing else: a cast would take "nan", "1e5" and " 5 " too. */
const NUMBER = '-?[0-9]+(\\.[0-9]+)?'
/** A figure that prints as it was written: no leading or trailing zeros to lose, and within a double's digits. */
const PLAIN_NUMBER = '0|-?[1-9][0-9]{0,14}|-?(0|[1-9][0-9]{0,5})\\.[0-9]{0,8}[1-9]'

/** What is the same in all rows of a file. */
export interface FetchConstants {
  readonly datasetId: string
  readonly fetchId: string
  /** ISO 8601 in UTC. */
  readonly retrievedAt: string
}

/** A Parquet file to write. */
export interface Target {
  readonly path: string
  /** Key-value metadata of the file. */
  readonly properties: Readonly<Record<string, string>>
}

/** Rows in a row group of cells: the writer holds one until it is full. */
const CELL_GROUP_ROWS = 16_384
/** Bytes of one row's JSON: DuckDB's buffers are of this size (16 MB where nothing is said), and a row has some 200. */
const MAX_ROW_BYTES = 1_000_000

/**
 * Copies the cut rows of one page, in order of codes, to a file of codes and values alone. Every axis e-Stat knows is
 * read, also those that the metadata lacks, so that a cell with an unexpected axis is seen and not silently cut: `stray`
 * names it. Sorting carries no more columns than that, which is half of the memory that a page takes.
 */
export function copyCellsSql(page: string, shape: 'array' | 'object', axes: readonly Axis[], cells: string): string {
  const attributes = [...AXIS_IDS.map((id) => `@${id}`), '@unit', '@annotation', '$']
  const columns = attributes.map((name) => `${sqlText(name)}: 'VARCHAR'`).join(', ')
  const format = shape === 'array' ? 'array' : 'unstructured'
  const codes = axes.map(({ id }) => `${sqlName(`@${id}`)} AS ${sqlName(id)}`)
  const missing = AXIS_IDS.filter((id) => !axes.some((axis) => axis.id === id))
  const strays = missing.map((id) => `WHEN ${sqlName(`@${id}`)} IS NOT NULL THEN ${sqlText(id)}`)
  // The page explains its annotation codes; one that it does not explain stays as it is.
  return `COPY (SELECT ${codes.map((code) => `${code}, `).join('')}"@unit" AS unit,
      coalesce(dim_annotation.text, "@annotation") AS annotation, coalesce("$", '') AS text,
      CASE WHEN regexp_full_match("$", ${sqlText(NUMBER)}) AND isfinite(TRY_CAST("$" AS DOUBLE))
        THEN TRY_CAST("$" AS DOUBLE) END AS value,
      ${strays.length === 0 ? 'CAST(NULL AS VARCHAR)' : `CASE ${strays.join(' ')} END`} AS stray
    FROM read_json(${sqlText(page)}, format = '${format}', maximum_object_size = ${MAX_ROW_BYTES}, columns = {${columns}})
    LEFT JOIN dim_annotation ON dim_annotation.code = "@annotation"
    ${axes.length === 0 ? '' : `ORDER BY ${axes.map(({ id }) => sqlName(id)).join(', ')}`})
    TO ${sqlText(cells)} (FORMAT parquet, COMPRESSION lz4_raw, ROW_GROUP_SIZE ${CELL_GROUP_ROWS})`
}

/** Rows in a file of cells, and an axis that one of them uses and the metadata lacks. */
export const countCellsSql = (cells: string): string =>
  `SELECT count(*) AS rows, any_value(stray) AS stray FROM read_parquet(${sqlText(cells)})`

/** The units that cells are in. */
export const unitsSql = (cells: readonly string[]): string =>
  `SELECT DISTINCT unit FROM read_parquet(${sqlList(cells)}) WHERE unit IS NOT NULL`

/** Joins files of cells, in order, with the dimension tables into one Parquet file of the lake. */
export function copyLakeSql(
  cells: readonly string[],
  planned: readonly PlannedColumn[],
  axes: readonly Axis[],
  constants: FetchConstants,
  { path, properties }: Target,
): string {
  const hasTime = axes.some(({ id }) => id === 'time')
  const columns = planned.map(
    ({ column, source }) =>
      `CAST(${sourceSql(source, constants, hasTime)} AS ${SQL_TYPES[column.type]}) AS ${sqlName(column.name)}`,
  )
  const joins = axes.map(({ id }) => `LEFT JOIN ${dimension(id)} ON ${dimension(id)}.code = c.${sqlName(id)}`)
  const select = `SELECT ${columns.join(',\n ')} FROM read_parquet(${sqlList(cells)}) c ${joins.join('\n ')}
    LEFT JOIN dim_unit ON dim_unit.unit = c.unit
    LEFT JOIN dim_symbol ON c.value IS NULL AND dim_symbol.symbol = c.text`
  return copySql(
    select,
    { path, properties },
    planned.map(({ column }) => column),
  )
}

/** The dimension table of an axis. */
export const dimension = (axis: string): string => sqlName(`dim_${axis}`)

/** Parquet v1 pages and microseconds: Athena reads neither v2 encodings nor nanoseconds reliably (reference/lake.md). */
export function copySql(select: string, { path, properties }: Target, columns: readonly LakeColumn[]): string {
  const fieldIds = columns.map(({ name, fieldId }) => `${sqlName(name)}: ${fieldId}`).join(', ')
  // `iceberg.schema` is what Iceberg's own writers put there; some readers map a file's columns by it.
  const schema = { 'iceberg.schema': JSON.stringify(schemaOf(0, columns)) }
  const pairs = Object.entries({ ...schema, ...properties }).map(([key, value]) => `${sqlName(key)}: ${sqlText(value)}`)
  return `COPY (${select}) TO ${sqlText(path)} (FORMAT parquet, COMPRESSION zstd, PARQUET_VERSION v1,
    ROW_GROUP_SIZE ${ROW_GROUP_ROWS}, FIELD_IDS {${fieldIds}}, KV_METADATA {${pairs.join(', ')}})`
}

function sourceSql(source: ColumnSource, constants: FetchConstants, hasTime: boolean): string {
  switch (source.from) {
    case 'axis':
      return source.part === 'code' ? `c.${sqlName(source.axis)}` : axisPartSql(source.axis, source.part)
    case 'time':
      return hasTime ? `${dimension('time')}.${sqlName(source.part)}` : 'NULL'
    case 'cell':
      return CELL_SQL[source.part]
    case 'fetch':
      return FETCH_SQL[source.part](constants)
    default:
      return `nullif(concat_ws(' / ', ${source.axes.map((axis) => `${dimension(axis)}.name`).join(', ')}), '')`
  }
}

/** A code that the metadata lacks has an unknown role, like one that nothing is known about. */
const axisPartSql = (axis: string, part: string): string =>
  part === 'role' ? `coalesce(${dimension(axis)}.role, 'unknown')` : `${dimension(axis)}.${sqlName(part)}`

const CELL_SQL: Readonly<Record<Extract<ColumnSource, { from: 'cell' }>['part'], string>> = {
  value: 'c.value',
  value_text: `CASE WHEN c.value IS NULL OR NOT regexp_full_match(c.text, ${sqlText(PLAIN_NUMBER)}) THEN c.text END`,
  symbol: 'CASE WHEN c.value IS NULL THEN c.text END',
  symbol_meaning: 'dim_symbol.meaning',
  unit: 'c.unit',
  unit_scale: 'dim_unit.scale',
  annotation: 'c.annotation',
}

const FETCH_SQL: Readonly<Record<Extract<ColumnSource, { from: 'fetch' }>['part'], (of: FetchConstants) => string>> = {
  dataset_id: ({ datasetId }) => sqlText(datasetId),
  fetch_id: ({ fetchId }) => sqlText(fetchId),
  retrieved_at: ({ retrievedAt }) => `TIMESTAMPTZ ${sqlText(retrievedAt)}`,
}
