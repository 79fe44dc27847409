/** The rows of a finished query, page after page. */
import { type AthenaClient, type ColumnInfo, GetQueryResultsCommand, type Row } from '@aws-sdk/client-athena'
import { fault } from '../../shared/fault.ts'
import type { Cell, QueryColumn } from '../lake/ports.ts'
import { cellOf, jsonCell, typeOf } from './query-athena-cells.ts'
import { bytesOf } from './query-duckdb-cells.ts'

export interface AthenaRows {
  readonly columns: readonly QueryColumn[]
  readonly rows: readonly (readonly Cell[])[]
  /** True where the result has rows beyond these. */
  readonly more: boolean
}

/** Rows that one request may ask for, the header of the first included (API Reference, "GetQueryResults"). */
const PAGE = 1000
/** Bytes of cells that one answer holds: as `query-duckdb-select.ts`. */
const MAX_RESULT_BYTES = 4 * 1024 * 1024

/**
 * @param id A query that has succeeded.
 * @param json Places of the columns that come as JSON text (`toAthena`).
 * @throws Fault TOO_LARGE for a cell or a row that no answer could hold; QUERY_REJECTED for a column whose text does not
 *   say what it holds.
 */
export async function readRows(
  client: AthenaClient,
  { id, maxRows, json }: { readonly id: string; readonly maxRows: number; readonly json: ReadonlySet<number> },
  signal: AbortSignal,
): Promise<AthenaRows> {
  const rows: (readonly Cell[])[] = []
  let left = MAX_RESULT_BYTES
  let columns: readonly QueryColumn[] = []
  for await (const { row, shape } of rowsOf(client, id, signal)) {
    columns = shape
    if (row === null) continue
    const cells = shape.map(({ type }, at) => {
      const text = row.Data?.[at]?.VarCharValue
      return json.has(at) ? jsonCell(text) : cellOf(text, type)
    })
    left -= cells.reduce((sum: number, cell) => sum + bytesOf(cell), 0)
    if (rows.length >= maxRows || (left < 0 && rows.length > 0))
      return { columns: shown(columns, json), rows, more: true }
    if (left < 0)
      throw fault('TOO_LARGE', 'One row of the result is too long.', { hint: 'Select fewer columns or aggregate.' })
    rows.push(cells)
  }
  return { columns: shown(columns, json), rows, more: false }
}

const shown = (columns: readonly QueryColumn[], json: ReadonlySet<number>): readonly QueryColumn[] =>
  columns.map((column, at) => (json.has(at) ? { name: column.name, type: 'array' } : column))

/** The first page of a SELECT begins with the names of its columns (API Reference, "GetQueryResults"). */
const isHeading = (row: Row | undefined, shape: readonly QueryColumn[]): boolean =>
  shape.every(({ name }, at) => row?.Data?.[at]?.VarCharValue === name)

/** Every row once, and the columns even where there is none. */
async function* rowsOf(client: AthenaClient, id: string, signal: AbortSignal) {
  let next: string | undefined
  let shape: readonly QueryColumn[] | null = null
  do {
    const page = await client.send(
      new GetQueryResultsCommand({
        QueryExecutionId: id,
        MaxResults: PAGE,
        ...(next === undefined ? {} : { NextToken: next }),
      }),
      { abortSignal: signal },
    )
    const found: readonly Row[] = page.ResultSet?.Rows ?? []
    const isFirst = shape === null
    shape ??= columnsOf(page.ResultSet?.ResultSetMetadata?.ColumnInfo ?? [])
    if (isFirst) yield { row: null, shape }
    for (const row of isFirst && isHeading(found[0], shape) ? found.slice(1) : found) yield { row, shape }
    next = page.NextToken
  } while (next !== undefined)
}

const columnsOf = (infos: readonly ColumnInfo[]): readonly QueryColumn[] =>
  infos.map((info) => ({ name: info.Label ?? info.Name ?? '', type: typeOf(info) }))
