/** The tables of a query as views over their Parquet files. */
import type { LakeTable } from '../lake/ports.ts'
import { SQL_TYPES, sqlList, sqlName, sqlText } from './duckdb.ts'

/**
 * Each table under its name alone and under the database's. Columns are found by field id, as Iceberg does it
 * (specification v2, "Column Projection"): one that an older file lacks is null.
 * @param pathOf The local path of an object.
 */
export function viewStatements(
  tables: Readonly<Record<string, LakeTable>>,
  database: string,
  pathOf: (key: string) => string,
): readonly string[] {
  const views = Object.entries(tables).flatMap(([name, table]) => [
    `CREATE VIEW main.${sqlName(name)} AS ${selectFrom(table, pathOf)}`,
    ...(database === 'main'
      ? []
      : [`CREATE VIEW ${sqlName(database)}.${sqlName(name)} AS SELECT * FROM main.${sqlName(name)}`]),
  ])
  return [`CREATE SCHEMA IF NOT EXISTS ${sqlName(database)}`, ...views]
}

function selectFrom({ columns, files }: LakeTable, pathOf: (key: string) => string): string {
  if (files.length === 0) {
    const empty = columns.map((column) => `CAST(NULL AS ${SQL_TYPES[column.type]}) AS ${sqlName(column.name)}`)
    return `SELECT ${empty.join(', ')} WHERE false`
  }
  const schema = columns.map(
    ({ fieldId, name, type }) =>
      `${fieldId}: {name: ${sqlText(name)}, type: ${sqlText(SQL_TYPES[type])}, default_value: NULL}`,
  )
  const paths = files.map((file) => pathOf(file.key))
  return `SELECT * FROM read_parquet(${sqlList(paths)}, schema = MAP {${schema.join(', ')}})`
}
