/** The tables of a query as views over their Parquet files. */
import type { LakeColumn } from '../lake/ports.ts'
import { type DuckRow, SQL_TYPES, sqlList, sqlName, sqlText } from './duckdb.ts'

/** A table to query: its columns now, and the local paths of its files. */
export interface ViewedTable {
  readonly name: string
  readonly columns: readonly LakeColumn[]
  readonly paths: readonly string[]
}

/** What each file's footer says of its columns: answers `footerSql`. */
export type Footers = ReadonlyMap<string, readonly DuckRow[]>

/** Reads the footers of files: path, and the name, field id and type of each column. */
export const footerSql = (paths: readonly string[]): string =>
  `SELECT file_name, name, field_id, duckdb_type FROM parquet_schema(${sqlList(paths)}) WHERE column_id > 0`

/** By path. @param rows What `footerSql` gave. */
export const footersOf = (rows: readonly DuckRow[]): Footers => Map.groupBy(rows, (row) => String(row['file_name']))

/** Each table under its name alone and under the database's. */
export function viewStatements(tables: readonly ViewedTable[], database: string, footers: Footers): readonly string[] {
  const views = tables.flatMap((table) => [
    `CREATE VIEW main.${sqlName(table.name)} AS ${selectFrom(table, footers)}`,
    ...(database === 'main'
      ? []
      : [`CREATE VIEW ${sqlName(database)}.${sqlName(table.name)} AS SELECT * FROM main.${sqlName(table.name)}`]),
  ])
  return [`CREATE SCHEMA IF NOT EXISTS ${sqlName(database)}`, ...views]
}

/**
 * Columns are found by field id, as Iceberg does it (specification v2, "Column Projection"): one that an older file
 * lacks is null. DuckDB can map them itself (`schema = MAP ...`) but then reads a string column nearly twice as slowly; so
 * files that call their columns as the table does are read by name, and files that lack the same ones together.
 */
function selectFrom({ columns, paths }: ViewedTable, footers: Footers): string {
  if (paths.length === 0) {
    const empty = columns.map((column) => `${nullOf(column)} AS ${sqlName(column.name)}`)
    return `SELECT ${empty.join(', ')} WHERE false`
  }
  const groups = Map.groupBy(paths, (path) => selectionOf(columns, footers.get(path) ?? []) ?? BY_FIELD_ID)
  return [...groups]
    .map(([selection, files]) =>
      selection === BY_FIELD_ID
        ? `SELECT * FROM read_parquet(${sqlList(files)}, ${HIVE_OFF}, schema = MAP {${fieldIdMap(columns)}})`
        : `SELECT ${selection} FROM read_parquet(${sqlList(files)}, ${HIVE_OFF})`,
    )
    .join(' UNION ALL ')
}

const BY_FIELD_ID = ''
/** A folder called `dataset_id=...` is a place and no column: the file has the column. */
const HIVE_OFF = 'hive_partitioning = false'

/** The columns of a file by name; null where a name or a type is not the table's, so that field ids have to be asked. */
function selectionOf(columns: readonly LakeColumn[], footer: readonly DuckRow[]): string | null {
  const parts: string[] = []
  for (const column of columns) {
    const found = footer.find((row) => row['field_id'] !== null && Number(row['field_id']) === column.fieldId)
    const stored = found?.['duckdb_type'] === 'TIMESTAMP WITH TIME ZONE' ? 'TIMESTAMPTZ' : found?.['duckdb_type']
    if (found !== undefined && (found['name'] !== column.name || stored !== SQL_TYPES[column.type])) return null
    parts.push(found === undefined ? `${nullOf(column)} AS ${sqlName(column.name)}` : sqlName(column.name))
  }
  return parts.length === 0 ? null : parts.join(', ')
}

const nullOf = ({ type }: LakeColumn): string => `CAST(NULL AS ${SQL_TYPES[type]})`

/** The inside of `schema = MAP {...}`: columns by field id, under the table's names and types. */
export const fieldIdMap = (columns: readonly LakeColumn[]): string =>
  columns
    .map(
      ({ fieldId, name, type }) =>
        `${fieldId}: {name: ${sqlText(name)}, type: ${sqlText(SQL_TYPES[type])}, default_value: NULL}`,
    )
    .join(', ')
