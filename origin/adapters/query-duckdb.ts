/**
 * QueryEngine by DuckDB: Trino's text in, rows out, over the table's own Parquet files on this machine.
 *
 * Every query gets an instance of its own (13 ms), which can open the files of its tables and nothing else, and which
 * runs one SELECT. What one query did cannot reach the next. Two walls stand before it besides: `lake/sql/guard.ts`,
 * and that the text is read into a closed tree here as well, so that a text which skipped the guard cannot run.
 */
import { randomUUID } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fault } from '../../shared/fault.ts'
import type { LakeFile, QueryAnswer, QueryEngine, QueryRequest } from '../lake/ports.ts'
import { toDuckDb } from '../lake/sql/duckdb-dialect.ts'
import { macroStatements } from '../lake/sql/duckdb-macros.ts'
import { pageOf } from '../lake/sql/page.ts'
import { readSql } from '../lake/sql/read.ts'
import { tablesOf } from '../lake/sql/tables.ts'
import { tieBreakers } from '../lake/sql/ties.ts'
import { typesOf } from '../lake/sql/typing.ts'
import type { ObjectStore } from '../ports.ts'
import { duckGate, type DuckGate } from './duckdb-gate.ts'
import { abortFault, interruptible, openDuck } from './duckdb.ts'
import { trinoType } from './query-duckdb-cells.ts'
import { queryFault } from './query-duckdb-faults.ts'
import { runSelect } from './query-duckdb-select.ts'
import { viewStatements } from './query-duckdb-views.ts'

export interface QueryDuckdbOptions {
  readonly store: Pick<ObjectStore, 'localPath'>
  /** Folder under which a query may spill; its own folder there is removed when it ends. */
  readonly tempDir: string
  /** Shared with whatever else runs DuckDB in this process; one of its own where absent. */
  readonly gate?: DuckGate
  readonly memoryMb?: number
  readonly threads?: number
  /** Time cap of one query, in milliseconds, its wait at the gate included. */
  readonly millis?: number
}

/**
 * Order first: a page must start where the last one ended. `integer_division` stays off: it would turn a double
 * divided by zero into null; `duckdb-dialect.ts` knows which divisions are of integers.
 */
const SETTINGS = { integer_division: 'false', preserve_insertion_order: 'true' } as const

export function queryDuckdb(options: QueryDuckdbOptions): QueryEngine {
  const { millis = 20_000, gate = duckGate() } = options
  return {
    async query(request, signal) {
      const capped = AbortSignal.any([signal, AbortSignal.timeout(millis)])
      if (capped.aborted) throw abortFault(capped)
      const sql = await translate(request)
      const paths = await localPaths(options.store, request)
      return gate(capped, () => run(options, request, { sql, paths }, capped))
    },
  }
}

/** One row more than asked for tells whether there are more. */
async function translate(request: QueryRequest): Promise<string> {
  checkPage(request)
  const query = await readSql(request.sql)
  tablesOf(query, { tables: Object.keys(request.tables), database: request.database })
  const { types, widths } = typesOf(query, request.tables)
  return toDuckDb(pageOf(query, request.offset, request.maxRows + 1), types, tieBreakers(query, widths))
}

const filesOf = ({ tables }: QueryRequest): readonly LakeFile[] => Object.values(tables).flatMap(({ files }) => files)

/** By key, the path of every file that the query may open. */
async function localPaths(store: QueryDuckdbOptions['store'], request: QueryRequest): Promise<Paths> {
  const paths = new Map<string, string>()
  for (const { key } of filesOf(request)) paths.set(key, await store.localPath(key))
  return paths
}
type Paths = ReadonlyMap<string, string>

function checkPage({ maxRows, offset }: QueryRequest): void {
  if (!Number.isSafeInteger(maxRows) || maxRows < 1) throw fault('INVALID_PARAMETER', 'max_rows must be 1 or more.')
  if (!Number.isSafeInteger(offset) || offset < 0) throw fault('INVALID_PARAMETER', 'The offset must be 0 or more.')
}

async function run(
  options: QueryDuckdbOptions,
  request: QueryRequest,
  { sql, paths }: { readonly sql: string; readonly paths: Paths },
  signal: AbortSignal,
): Promise<QueryAnswer> {
  const folder = join(options.tempDir, `query-${randomUUID()}`)
  await mkdir(folder, { recursive: true })
  const duck = await openDuck({
    memoryMb: options.memoryMb ?? 256,
    threads: options.threads ?? 2,
    tempDir: folder,
    files: [...paths.values()],
    settings: SETTINGS,
  })
  try {
    const pathOf = (key: string): string => paths.get(key) ?? ''
    const views = viewStatements(request.tables, request.database, pathOf)
    for (const statement of [...macroStatements(sql), ...views]) await duck.connection.run(statement)
    const { rows, more, types, names } = await interruptible(duck.connection, signal, () =>
      runSelect(duck.connection, sql, request.maxRows),
    )
    return {
      columns: names.map((name, at) => ({ name, type: trinoType(types[at]) })),
      rows,
      more,
      bytesScanned: filesOf(request).reduce((sum, file) => sum + file.bytes, 0),
      costUsd: 0,
      engine: 'duckdb',
    }
  } catch (error) {
    throw queryFault(error)
  } finally {
    duck.close()
    await rm(folder, { recursive: true, force: true })
  }
}
