/**
 * QueryEngine by DuckDB: Trino's text in, rows out, over the table's own Parquet files on this machine.
 *
 * The text is read into a closed tree here as well, so that one which skipped `lake/sql/guard.ts` cannot run; what comes
 * out of it runs in an instance that is locked down (`query-duckdb-run.ts`), here or in a process of its own.
 */
import { fault } from '../../shared/fault.ts'
import type { LakeFile, QueryEngine, QueryRequest } from '../lake/ports.ts'
import { toDuckDb } from '../lake/sql/duckdb-dialect.ts'
import { pageOf } from '../lake/sql/page.ts'
import { readSql } from '../lake/sql/read.ts'
import { tablesOf } from '../lake/sql/tables.ts'
import { tieBreakers } from '../lake/sql/ties.ts'
import { typesOf } from '../lake/sql/typing.ts'
import type { ObjectStore } from '../ports.ts'
import { duckGate, type DuckGate } from './duckdb-gate.ts'
import { abortFault } from './abort-fault.ts'
import { duckWork, QUERY_SIZE, WRITE_SIZE } from './duckdb-work.ts'
import type { SelectRunner } from './query-duckdb-run.ts'
import type { ViewedTable } from './query-duckdb-views.ts'

export interface QueryDuckdbOptions {
  readonly store: Pick<ObjectStore, 'localPath'>
  /** Folder under which a query may spill. */
  readonly tempDir: string
  /** Shared with whatever else runs DuckDB in this process; one of its own where absent. */
  readonly gate?: DuckGate
  /** Where it runs; in this process where absent. */
  readonly runner?: Pick<SelectRunner, 'select'>
  readonly memoryMb?: number
  readonly threads?: number
  /** Time cap of one query, in milliseconds, its wait at the gate included. */
  readonly millis?: number
}

export function queryDuckdb(options: QueryDuckdbOptions): QueryEngine {
  const { store, tempDir, millis = 20_000, gate = duckGate() } = options
  const { memoryMb = QUERY_SIZE.memoryMb, threads = QUERY_SIZE.threads } = options
  const runner = options.runner ?? duckWork({ tempDir, write: WRITE_SIZE, query: { memoryMb, threads } })
  return {
    async query(request, signal) {
      const capped = AbortSignal.any([signal, AbortSignal.timeout(millis)])
      if (capped.aborted) throw abortFault(capped)
      const { database, maxRows } = request
      const work = { sql: await translate(request), tables: await viewed(store, request), database, maxRows }
      const answer = await gate(capped, () => runner.select(work, capped))
      const bytesScanned = filesOf(request).reduce((sum, file) => sum + file.bytes, 0)
      return { ...answer, bytesScanned, costUsd: 0, engine: 'duckdb' }
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

/** Each table with the local path of every file that the query may open. */
async function viewed(store: QueryDuckdbOptions['store'], { tables }: QueryRequest): Promise<readonly ViewedTable[]> {
  return Promise.all(
    Object.entries(tables).map(async ([name, { columns, files }]) => {
      const paths: string[] = []
      for (const { key } of files) paths.push(await store.localPath(key))
      return { name, columns, paths }
    }),
  )
}

function checkPage({ maxRows, offset }: QueryRequest): void {
  if (!Number.isSafeInteger(maxRows) || maxRows < 1) throw fault('INVALID_PARAMETER', 'max_rows must be 1 or more.')
  if (!Number.isSafeInteger(offset) || offset < 0) throw fault('INVALID_PARAMETER', 'The offset must be 0 or more.')
}
