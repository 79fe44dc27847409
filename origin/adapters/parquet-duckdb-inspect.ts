/** What the footer of a Parquet file says, as the lake needs it. */
import { stat } from 'node:fs/promises'
import { fault } from '../../shared/fault.ts'
import { columnWithId, DATASET_ID_FIELD } from '../lake/columns.ts'
import type { ColumnStats, LakeColumn, ParquetFile } from '../lake/ports.ts'
import { type Duck, type DuckRow, SQL_TYPES, sqlName, sqlText } from './duckdb.ts'

/**
 * Reads the footer alone. `duck` must be allowed to read `path`.
 * @param known The columns it may have, by field id: the lake's own, or those of a table that another engine changed.
 * @throws Fault DATA_TRANSFORM_ERROR where the file is no Parquet, lacks our field ids, or holds rows of none or several datasets.
 */
export async function inspectParquet(
  duck: Duck,
  path: string,
  key: string,
  signal: AbortSignal,
  known: (fieldId: number) => LakeColumn | null = columnWithId,
): Promise<ParquetFile> {
  const columns = (await schemaRows(duck, path, signal)).map((row) => lakeColumn(row, known))
  const groups = await duck.rows(
    `SELECT row_group_id, any_value(row_group_num_rows) AS rows,
      min(coalesce(dictionary_page_offset, data_page_offset)) AS start
    FROM parquet_metadata(${sqlText(path)}) GROUP BY row_group_id ORDER BY row_group_id`,
    signal,
  )
  const found = await duck.rows(statsSql(path, columns), signal)
  const stats = columns.map((column) =>
    columnStats(
      column,
      found.find(({ name }) => name === column.name),
    ),
  )
  return {
    key,
    bytes: (await stat(path)).size,
    rows: groups.reduce((sum, { rows }) => sum + Number(rows), 0),
    columns,
    stats,
    datasetId: datasetOf(stats),
    splitOffsets: groups.map(({ start }) => Number(start)),
    properties: await propertiesOf(duck, path, signal),
  }
}

/** Key-value metadata is bytes in DuckDB's eyes; ours is UTF-8. */
async function propertiesOf(duck: Duck, path: string, signal: AbortSignal): Promise<Readonly<Record<string, string>>> {
  const rows = await duck.rows(
    `SELECT decode(key) AS key, decode(value) AS value FROM parquet_kv_metadata(${sqlText(path)})
    WHERE starts_with(decode(key), 'estat.')`,
    signal,
  )
  return Object.fromEntries(rows.map(({ key, value }) => [String(key), String(value)]))
}

const NOT_OURS = { hint: 'Give a file that transform_to_parquet wrote.' } as const

async function schemaRows(duck: Duck, path: string, signal: AbortSignal): Promise<readonly DuckRow[]> {
  try {
    return await duck.rows(
      `SELECT name, field_id, duckdb_type FROM parquet_schema(${sqlText(path)}) WHERE column_id > 0 ORDER BY column_id`,
      signal,
    )
  } catch (error) {
    if (signal.aborted) throw error
    throw fault('DATA_TRANSFORM_ERROR', 'The file is not a Parquet file.', { ...NOT_OURS, cause: error })
  }
}

function lakeColumn(
  { name, field_id: id, duckdb_type: type }: DuckRow,
  known: (fieldId: number) => LakeColumn | null,
): LakeColumn {
  const column = id === null ? null : known(Number(id))
  const stored = type === 'TIMESTAMP WITH TIME ZONE' ? 'TIMESTAMPTZ' : type
  if (column === null || column.name !== name || SQL_TYPES[column.type] !== stored)
    throw fault(
      'DATA_TRANSFORM_ERROR',
      'The Parquet file was not written by this lake: its columns have no ids of ours.',
      NOT_OURS,
    )
  return column
}

/**
 * Statistics over all row groups of each column. The footer gives bounds as text; they are compared as what they are.
 * A row group that holds values but no bounds (DuckDB leaves out very long texts) leaves the column without bounds.
 */
function statsSql(path: string, columns: readonly LakeColumn[]): string {
  const ofType = (type: LakeColumn['type']) => columns.filter((column) => column.type === type)
  const types = [...new Set(columns.map(({ type }) => type))]
  const unbounded = 'count_if(stats_min_value IS NULL AND coalesce(stats_null_count, 0) < num_values)'
  const selects = types.map(
    (type) => `SELECT path_in_schema AS name, sum(total_compressed_size) AS size, sum(num_values) AS n,
      sum(stats_null_count) AS nulls, ${unbounded} > 0 AS unbounded,
      ${BOUND_SQL[type]('min', 'stats_min_value')} AS lower, ${BOUND_SQL[type]('max', 'stats_max_value')} AS upper
    FROM parquet_metadata(${sqlText(path)})
    WHERE path_in_schema IN (${ofType(type)
      .map(({ name }) => sqlText(name))
      .join(', ')}) GROUP BY 1`,
  )
  return `SELECT * FROM (${selects.map((select) => `(SELECT name, size, n, nulls, unbounded, lower::VARCHAR AS lower, upper::VARCHAR AS upper FROM (${select}) ${sqlName('of_type')})`).join(' UNION ALL ')})`
}

/** Bounds as text that `boundValue` reads: days for dates, microseconds for timestamps. */
const BOUND_SQL: Readonly<Record<LakeColumn['type'], (pick: string, text: string) => string>> = {
  string: (pick, text) => `${pick}(${text})`,
  int: (pick, text) => `${pick}(CAST(${text} AS BIGINT))`,
  long: (pick, text) => `${pick}(CAST(${text} AS BIGINT))`,
  double: (pick, text) => `${pick}(CAST(${text} AS DOUBLE))`,
  boolean: (pick, text) => `${pick}(CAST(${text} AS BOOLEAN))`,
  date: (pick, text) => `date_diff('day', DATE '1970-01-01', ${pick}(CAST(${text} AS DATE)))`,
  timestamptz: (pick, text) => `epoch_us(${pick}(CAST(${text} AS TIMESTAMPTZ)))`,
}

function columnStats(column: LakeColumn, found: DuckRow | undefined): ColumnStats {
  const bounded = found !== undefined && found['unbounded'] === false
  return {
    fieldId: column.fieldId,
    sizeBytes: Number(found?.['size'] ?? 0),
    valueCount: Number(found?.['n'] ?? 0),
    nullCount: Number(found?.['nulls'] ?? 0),
    lower: bounded ? boundValue(column.type, found['lower']) : null,
    upper: bounded ? boundValue(column.type, found['upper']) : null,
  }
}

function boundValue(type: LakeColumn['type'], text: unknown): ColumnStats['lower'] {
  if (typeof text !== 'string') return null
  if (type === 'string') return text
  if (type === 'long' || type === 'timestamptz') return BigInt(text)
  return type === 'boolean' ? text === 'true' : Number(text)
}

function datasetOf(stats: readonly ColumnStats[]): string {
  const found = stats.find(({ fieldId }) => fieldId === DATASET_ID_FIELD)
  if (typeof found?.lower === 'string' && found.lower === found.upper && found.nullCount === 0) return found.lower
  throw fault('DATA_TRANSFORM_ERROR', 'The Parquet file does not hold the rows of exactly one dataset.', NOT_OURS)
}
