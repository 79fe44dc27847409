/** The last wall before the engine: a text runs only when DuckDB itself calls it one SELECT. */
import { type DuckDBConnection, type DuckDBType, type DuckDBValue, StatementType } from '@duckdb/node-api'
import { fault } from '../../shared/fault.ts'

export interface SelectResult {
  readonly names: readonly string[]
  readonly types: readonly DuckDBType[]
  readonly reader: readonly (readonly DuckDBValue[])[]
}

/**
 * `COPY ... TO` may overwrite a file that an instance is allowed to read, whatever its locks say: so a statement is
 * prepared, its type looked at, and only then run (DuckDB documentation, "Securing DuckDB").
 * @throws Fault QUERY_REJECTED where the text is more than one statement, or no SELECT.
 */
export async function runSelect(connection: DuckDBConnection, sql: string): Promise<SelectResult> {
  const statements = await connection.extractStatements(sql)
  if (statements.count !== 1) throw notOneSelect()
  const statement = await statements.prepare(0)
  try {
    if (statement.statementType !== StatementType.SELECT) throw notOneSelect()
    const reader = await statement.runAndReadAll()
    return { names: reader.columnNames(), types: reader.columnTypes(), reader: reader.getRows() }
  } finally {
    statement.destroySync()
  }
}

const notOneSelect = (): Error => fault('QUERY_REJECTED', 'The query was not run: it is not one SELECT.')
