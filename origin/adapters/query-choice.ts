/**
 * QueryEngine of two: each query goes to DuckDB or to Athena (`lake/sql/engine-choice.ts`), and the answer says to
 * which. What DuckDB cannot say, hold or read is asked of Athena after all; a query that is wrong is wrong on both.
 */
import { Fault } from '../../shared/fault.ts'
import type { QueryEngine, QueryRequest } from '../lake/ports.ts'
import { toDuckDb } from '../lake/sql/duckdb-dialect.ts'
import { type ChoiceRules, chooseEngine } from '../lake/sql/engine-choice.ts'
import { readSql } from '../lake/sql/read.ts'
import { tablesOf } from '../lake/sql/tables.ts'
import { typesOf } from '../lake/sql/typing.ts'
import { costOf } from './query-athena-cost.ts'
import { OUT_OF_MEMORY } from './query-duckdb-faults.ts'

export interface QueryChoiceOptions {
  readonly duckdb: QueryEngine
  readonly athena: QueryEngine
  /** 268,435,456 (256 MB) where absent; 0: Athena answers whatever has rows. */
  readonly smallBytes?: number
  /** US dollars for a terabyte that Athena scans; 5 where absent. */
  readonly usdPerTb?: number
}

/** S3's price page: GET requests of the standard class, a thousand for 0.0004 dollars in the dearer regions. */
const USD_PER_GET = 0.000_000_4

export function queryChoice(options: QueryChoiceOptions): QueryEngine {
  const { duckdb, athena, smallBytes = 256 * 1024 * 1024, usdPerTb = 5 } = options
  const rules: ChoiceRules = {
    smallBytes,
    usdPerGet: USD_PER_GET,
    athenaUsd: (bytes) => costOf(bytes, false, usdPerTb),
  }
  return {
    async query(request, signal) {
      const chosen = chooseEngine(Object.values(request.tables), rules)
      if (chosen === 'athena' || !(await duckdbSays(request))) return athena.query(request, signal)
      try {
        return await duckdb.query(request, signal)
      } catch (error) {
        if (signal.aborted || !isDuckdbsOwn(error)) throw error
        return await athena.query(request, signal)
      }
    },
  }
}

/** Whether DuckDB has words for it. @throws Fault QUERY_REJECTED for what no engine would take. */
async function duckdbSays({ sql, tables, database }: QueryRequest): Promise<boolean> {
  const query = await readSql(sql)
  tablesOf(query, { tables: Object.keys(tables), database })
  const { types } = typesOf(query, tables)
  try {
    toDuckDb(query, types, () => 0)
    return true
  } catch (error) {
    if (error instanceof Fault) return false
    throw error
  }
}

/** It ran out of memory, or could not read a file: neither is the query's doing. */
const isDuckdbsOwn = (error: unknown): boolean =>
  error instanceof Fault && (error.message === OUT_OF_MEMORY || error.code === 'INTERNAL_ERROR')
