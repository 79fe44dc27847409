/**
 * Athena's statements on a real Trino over moto's S3 and Glue: what stands behind the wire-level Athena here. Queries and
 * MERGE run as they are; what Athena spells in its own way (DDL of Hive, OPTIMIZE) is said in Trino's. Trino has no table
 * over bare Parquet in this set-up, so one is filled by hand.
 */
import { DuckDBInstance } from '@duckdb/node-api'
import type { ObjectStore } from '../../origin/ports.ts'
import { type Execute, type Executed, StatementError } from '../support/wire-athena/executor.ts'
import { trino } from './judges/trino.ts'

const NOTHING: Executed = { columns: [], rows: [], bytes: 0 }
/** Hive's type names in Trino's Iceberg. */
const TYPES: Readonly<Record<string, string>> = { string: 'varchar', int: 'integer', timestamp: 'timestamp(6)' }

export function trinoExecutor(url: string, store: ObjectStore): { readonly execute: Execute; close(): void } {
  return {
    async execute(sql, database, signal) {
      const ask = async (text: string): Promise<Executed> => {
        const { columns, rows, bytesRead } = await trino(url, database)
          .query(text, signal)
          .catch((error: unknown) => {
            throw new StatementError(error instanceof Error ? error.message : 'failed')
          })
        return { columns, rows, bytes: bytesRead }
      }
      if (sql.startsWith('CREATE EXTERNAL TABLE')) {
        for (const text of await filled(sql, store)) await ask(text)
        return NOTHING
      }
      const text = spelled(sql, store.bucket)
      return text === null ? NOTHING : ask(text)
    },
    close: () => {},
  }
}

function spelled(sql: string, bucket: string): string | null {
  if (/^ALTER TABLE \S+ SET TBLPROPERTIES/.test(sql)) return null
  const database = /^CREATE DATABASE IF NOT EXISTS `([^`]+)`/.exec(sql)?.[1]
  if (database !== undefined)
    return `CREATE SCHEMA IF NOT EXISTS "${database}" WITH (location = 's3://${bucket}/schemas/${database}/')`
  const [, table, where = ''] = /^OPTIMIZE (\S+) REWRITE DATA USING BIN_PACK(.*)$/.exec(sql) ?? []
  if (table !== undefined) return `ALTER TABLE ${table} EXECUTE optimize${where}`
  const [, target, added = ''] = /^ALTER TABLE (\S+) ADD COLUMNS \((.*)\)$/.exec(sql) ?? []
  if (target !== undefined) {
    const [, name, type = ''] = /^`([^`]+)` (\w+)$/.exec(added) ?? []
    if (name === undefined) throw new StatementError(`NOT_SUPPORTED: one column at a time here: ${added}`)
    return `ALTER TABLE ${target.replaceAll('`', '"')} ADD COLUMN "${name}" ${TYPES[type] ?? type}`
  }
  if (sql.startsWith('DROP TABLE')) return sql.replaceAll('`', '"')
  // Athena's options, of which Trino knows three.
  return sql.replace(
    / WITH \(table_type = 'ICEBERG'.*?(location = '[^']+'), (partitioning = ARRAY\[[^\]]+\]), (format = 'PARQUET').*?\) AS SELECT/,
    ' WITH ($1, $2, $3) AS SELECT',
  )
}

/** The external table as one of Iceberg, with the rows of its Parquet files. */
async function filled(sql: string, store: ObjectStore): Promise<readonly string[]> {
  const [, table = '', columns = '', prefix = ''] =
    new RegExp(
      `^CREATE EXTERNAL TABLE (\\S+) \\((.*)\\) STORED AS PARQUET LOCATION 's3://${store.bucket}/([^']+)'$`,
    ).exec(sql) ?? []
  const shape = Array.from(columns.matchAll(/`([^`]+)` (\w+)/g), ([, name = '', type = '']) => ({
    name,
    type: TYPES[type] ?? type,
  }))
  const paths = await Promise.all((await store.list(prefix)).map(({ key }) => store.localPath(key)))
  const instance = await DuckDBInstance.create()
  const connection = await instance.connect()
  await connection.run("SET TimeZone = 'UTC'")
  const texts = shape.map(({ name, type }) =>
    type === 'timestamp(6)' ? `CAST(CAST("${name}" AS TIMESTAMP) AS VARCHAR)` : `CAST("${name}" AS VARCHAR)`,
  )
  const reader = await connection.runAndReadAll(
    `SELECT ${texts.join(', ')} FROM read_parquet([${paths.map((path) => `'${path}'`).join(', ')}], union_by_name = true)`,
  )
  connection.closeSync()
  instance.closeSync()
  const rows = reader
    .getRows()
    .map((row) => `(${row.map((cell, at) => literal(cell, shape[at]?.type ?? 'varchar')).join(', ')})`)
  const name = table.replaceAll('`', '"')
  const made = `CREATE TABLE ${name} (${shape.map((column) => `"${column.name}" ${column.type}`).join(', ')})`
  const inserts = Array.from(
    { length: Math.ceil(rows.length / 500) },
    (_, at) => `INSERT INTO ${name} VALUES ${rows.slice(at * 500, at * 500 + 500).join(', ')}`,
  )
  return [made, ...inserts]
}

/** @param cell A text of DuckDB's. */
const literal = (cell: unknown, type: string): string =>
  typeof cell === 'string' ? `CAST('${cell.replaceAll("'", "''")}' AS ${type})` : `CAST(NULL AS ${type})`
