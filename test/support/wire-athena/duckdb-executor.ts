/**
 * Runs Athena's text on DuckDB: by the product's own dialect, so it proves the way there and back, and not what a Trino
 * makes of the text. That is for `test/interop`, which puts a real Trino in its place.
 */
import {
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
} from '@duckdb/node-api'
import { type Duck, interruptible, openDuck } from '../../../origin/adapters/duckdb.ts'
import { trinoType } from '../../../origin/adapters/query-duckdb-cells.ts'
import { queryFault } from '../../../origin/adapters/query-duckdb-faults.ts'
import { footerSql, footersOf, viewStatements } from '../../../origin/adapters/query-duckdb-views.ts'
import type { LakeTable } from '../../../origin/lake/ports.ts'
import { toDuckDb } from '../../../origin/lake/sql/duckdb-dialect.ts'
import { macroStatements } from '../../../origin/lake/sql/duckdb-macros.ts'
import { readSql } from '../../../origin/lake/sql/read.ts'
import { typesOf } from '../../../origin/lake/sql/typing.ts'
import { Fault } from '../../../shared/fault.ts'
import { type Execute, type Executed, StatementError } from './executor.ts'
import { jsonText, statementText } from './statement-text.ts'

export interface DuckdbExecutorOptions {
  /** A table as it was at a snapshot (decimal text) or, with null, as it is; null where there is no such table or state. */
  readonly tables: (database: string, name: string, snapshotId: string | null) => Promise<LakeTable | null>
  readonly localPath: (key: string) => Promise<string>
  readonly tempDir: string
}

export interface DuckdbExecutor {
  readonly execute: Execute
  close(): void
}

export function duckdbExecutor(options: DuckdbExecutorOptions): DuckdbExecutor {
  const opened = new Map<string, Promise<Duck>>()
  return {
    async execute(sql, database, signal) {
      const { text, pins, json } = statementText(sql)
      const tables = await pinned(options, database, pins)
      const duck = await (opened.get(keyOf(tables)) ?? open(tables, database))
      return run(duck, await translated(text, tables), { json, bytes: bytesOf(tables), signal })
    },
    close: () => void Promise.all([...opened.values()].map(async (duck) => (await duck).close())),
  }

  function open(tables: readonly LakeTable[], database: string): Promise<Duck> {
    const opening = openTables(options, tables, database)
    opened.set(keyOf(tables), opening)
    return opening
  }
}

const keyOf = (tables: readonly LakeTable[]): string => JSON.stringify(tables.map(({ name, files }) => [name, files]))
const bytesOf = (tables: readonly LakeTable[]): number =>
  tables.flatMap(({ files }) => files).reduce((sum, { bytes }) => sum + bytes, 0)

async function pinned(
  { tables }: DuckdbExecutorOptions,
  database: string,
  pins: ReadonlyMap<string, string | null>,
): Promise<readonly LakeTable[]> {
  const found = [...pins].map(async ([name, snapshotId]) => {
    const table = await tables(database, name, snapshotId)
    if (table === null)
      throw new StatementError(`INVALID_ARGUMENTS: Iceberg snapshot ID does not exists: ${snapshotId}`)
    return table
  })
  return Promise.all(found)
}

async function openTables(
  { localPath, tempDir }: DuckdbExecutorOptions,
  tables: readonly LakeTable[],
  database: string,
) {
  const viewed = await Promise.all(
    tables.map(async ({ name, columns, files }) => ({
      name,
      columns,
      paths: await Promise.all(files.map(({ key }) => localPath(key))),
    })),
  )
  const files = viewed.flatMap(({ paths }) => paths)
  const duck = await openDuck({
    memoryMb: 256, threads: 2, tempDir, files,
    settings: { integer_division: 'false', preserve_insertion_order: 'false' },
  }) // biome-ignore format: one call
  const signal = new AbortController().signal
  const footers = footersOf(files.length === 0 ? [] : await duck.rows(footerSql(files), signal))
  for (const statement of viewStatements(viewed, database, footers)) await duck.connection.run(statement)
  return duck
}

/** The text already has its page and its whole order. */
async function translated(text: string, tables: readonly LakeTable[]): Promise<string> {
  try {
    const query = await readSql(text)
    const { types } = typesOf(query, Object.fromEntries(tables.map((table) => [table.name, table])))
    return toDuckDb(query, types, () => 0)
  } catch (error) {
    if (error instanceof Fault) throw new StatementError(`SYNTAX_ERROR: line 1:1: ${error.message}`)
    throw error
  }
}

interface Running {
  readonly json: ReadonlySet<string>
  readonly bytes: number
  readonly signal: AbortSignal
}

async function run({ connection }: Duck, sql: string, { json, bytes, signal }: Running): Promise<Executed> {
  try {
    for (const macro of macroStatements(sql)) await connection.run(macro.replace('CREATE ', 'CREATE OR REPLACE '))
    const reader = await interruptible(connection, signal, () => connection.runAndReadAll(sql))
    const columns = reader.columnNames().map((name, at) => ({ name, type: trinoType(reader.columnType(at)) }))
    const asJson = columns.map(({ name, type }) => json.has(name) && type.startsWith('array'))
    const rows = reader
      .getRows()
      .map((row) =>
        row.map((value, at) => (asJson[at] === true && value !== null ? jsonText(plain(value)) : plain(value))),
      )
    return {
      columns: columns.map((column, at) => (asJson[at] === true ? { ...column, type: 'varchar' } : column)),
      rows,
      bytes,
    }
  } catch (error) {
    throw new StatementError(trinoReason(error))
  }
}

/** As Trino's client protocol has it in JSON. */
function plain(value: unknown): unknown {
  if (value instanceof DuckDBListValue) return value.items.map(plain)
  if (value instanceof DuckDBDateValue) return value.toString()
  if (value instanceof DuckDBTimestampTZValue) return `${timeText(value.micros)} UTC`
  if (value instanceof DuckDBTimestampValue) return timeText(value.micros).slice(0, -3)
  return value instanceof DuckDBDecimalValue ? value.toString() : value
}

const timeText = (micros: bigint): string => {
  const rest = ((micros % 1000n) + 1000n) % 1000n
  const iso = new Date(Number((micros - rest) / 1000n)).toISOString()
  return `${iso.slice(0, -1).replace('T', ' ')}${String(rest).padStart(3, '0')}`
}

/** Trino's error names and sentences (its StandardErrorCode), for what DuckDB says. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [/Division by zero/, 'DIVISION_BY_ZERO: Division by zero'],
  [/More than one table has a column "([^"]*)"/, "AMBIGUOUS_NAME: line 1:8: Column '$1' is ambiguous"],
  [/column "([^"]*)" is neither grouped/, "EXPRESSION_NOT_AGGREGATE: line 1:8: '$1' must be an aggregate expression or appear in GROUP BY clause"],
  [/stands in WHERE/, 'EXPRESSION_NOT_SCALAR: line 1:8: WHERE clause cannot contain aggregations, window functions or grouping operations: [sum(value)]'],
  [/more than one row/, 'SUBQUERY_MULTIPLE_ROWS: Scalar sub-query has returned multiple rows'],
  [/could not be read/, "INVALID_CAST_ARGUMENT: Cannot cast '全国' to INT"],
  [/does not fit/, 'NUMERIC_VALUE_OUT_OF_RANGE: bigint addition overflow'],
  [/regular expression/, 'INVALID_FUNCTION_ARGUMENT: Invalid regular expression'],
  [/type that it does not take/, 'TYPE_MISMATCH: line 1:8: Unexpected parameters (double) for function upper'],
] // biome-ignore format: a table

function trinoReason(error: unknown): string {
  const { message } = queryFault(error)
  const found = REASONS.find(([said]) => said.test(message))
  return found === undefined
    ? `GENERIC_INTERNAL_ERROR: ${message}`
    : (found[0].exec(message)?.[0] ?? '').replace(found[0], found[1])
}
