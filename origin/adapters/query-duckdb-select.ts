/** The last wall before the engine: a text runs only when DuckDB itself calls it one SELECT; and no more is read than may be held. */
import { type DuckDBConnection, type DuckDBDataChunk, type DuckDBType, StatementType } from '@duckdb/node-api'
import { fault } from '../../shared/fault.ts'
import type { Cell } from '../lake/ports.ts'
import { bytesOf, readCell } from './query-duckdb-cells.ts'

export interface SelectResult {
  readonly names: readonly string[]
  readonly types: readonly DuckDBType[]
  readonly rows: readonly (readonly Cell[])[]
  /** True where the result has rows beyond these. */
  readonly more: boolean
}

/** Bytes of cells that one answer holds: some forty times what a caller is shown at once. */
const MAX_RESULT_BYTES = 4 * 1024 * 1024

/**
 * `COPY ... TO` may overwrite a file that an instance is allowed to read, whatever its locks say: so a statement is
 * prepared, its type looked at, and only then run (DuckDB documentation, "Securing DuckDB"). The result is read chunk by
 * chunk, and left after `maxRows` rows or 4 MB, whichever comes first.
 * @throws Fault QUERY_REJECTED where the text is more than one statement, or no SELECT; TOO_LARGE for a cell or a row
 *   that no answer could hold.
 */
export async function runSelect(connection: DuckDBConnection, sql: string, maxRows: number): Promise<SelectResult> {
  const statements = await connection.extractStatements(sql)
  if (statements.count !== 1) throw notOneSelect()
  const statement = await statements.prepare(0)
  try {
    if (statement.statementType !== StatementType.SELECT) throw notOneSelect()
    const result = await statement.stream()
    const page: Page = { rows: [], left: MAX_RESULT_BYTES, maxRows }
    let more = false
    while (!more) {
      const chunk = await result.fetchChunk()
      if (chunk === null || chunk.rowCount === 0) break
      more = !takeRows(chunk, page)
    }
    return { names: result.columnNames(), types: result.columnTypes(), rows: page.rows, more }
  } finally {
    statement.destroySync()
  }
}

interface Page {
  readonly rows: (readonly Cell[])[]
  left: number
  readonly maxRows: number
}

/** @returns False where a row did not fit any more. */
function takeRows(chunk: DuckDBDataChunk, page: Page): boolean {
  const vectors = Array.from({ length: chunk.columnCount }, (_, at) => chunk.getColumnVector(at))
  for (let at = 0; at < chunk.rowCount; at++) {
    if (page.rows.length >= page.maxRows) return false
    const row = vectors.map((vector) => readCell(vector, at))
    page.left -= row.reduce((sum: number, cell) => sum + bytesOf(cell), 0)
    if (page.left < 0 && page.rows.length > 0) return false
    if (page.left < 0) throw fault('TOO_LARGE', 'One row of the result is too long.', { hint: TOO_LONG })
    page.rows.push(row)
  }
  return true
}

const TOO_LONG = 'Select fewer columns or aggregate.'
const notOneSelect = (): Error => fault('QUERY_REJECTED', 'The query was not run: it is not one SELECT.')
