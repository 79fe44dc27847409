/**
 * Nothing is lost on the way: whatever a recording holds of a cell (codes, names, value, symbol, unit) is found again
 * in the answer, the CSV, the Parquet file and the SQL result. Expected cells come from the minimal reader of
 * `test/recordings.ts`; without the recordings, from the bundled sample through e-Stat's wire form.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { describe, expect, it } from 'vitest'
import type { QueryAnswer } from '../../origin/lake/ports.ts'
import { guardSql } from '../../origin/lake/sql/guard.ts'
import { statsHttp } from '../../origin/adapters/stats-http.ts'
import { loadSample } from '../../origin/sample/load-sample.ts'
import { createStandin } from '../../origin/standin/standin.ts'
import type { StandinTable } from '../../origin/standin/table.ts'
import { execute, openOrigin, type TestOrigin } from '../origin/support/origin.ts'
import { readCells, recordingsPresent, VALUE_RECORDINGS, valueRecordings } from '../recordings.ts'
import { tableOfRecording } from '../standin/table-of-recording.ts'
import { parseCsv } from './parse-csv.ts'

/** One cell as a surface gives it back, and as a recording holds it: a part that was not recorded is absent. */
interface Cell {
  readonly codes?: Readonly<Record<string, string>>
  readonly names?: Readonly<Record<string, string>>
  readonly value: number | null
  readonly symbol: string | null
  readonly unit: string | null
}
type Row = Readonly<Record<string, unknown>>

const text = (value: unknown): string => (typeof value === 'string' ? value : '')
/** What of a cell is compared: as much as the recording holds. */
function keyOf({ codes, names, value, symbol, unit }: Cell, like: Cell): string {
  const parts = (given: Cell['codes'], wanted: Cell['codes']) =>
    wanted &&
    Object.keys(wanted)
      .toSorted()
      .map((axis) => `${axis}=${given?.[axis] ?? ''}`)
  // A missing value whose symbol was not recorded is an empty cell everywhere.
  const mark = value === null ? (symbol ?? '') : null
  return JSON.stringify([parts(codes, like.codes), parts(names, like.names), value, mark, unit])
}

/** Every recorded cell, each as often as it was recorded, and no other. */
function expectSame(found: readonly Cell[], recorded: readonly Cell[]): void {
  const [like] = recorded
  if (like === undefined) throw new Error('a recording without cells')
  expect(found.length).toBe(recorded.length)
  const sorted = (cells: readonly Cell[]) => cells.map((cell) => keyOf(cell, like)).toSorted()
  const [ours, theirs] = [sorted(found), sorted(recorded)]
  expect(ours.filter((key, at) => key !== theirs[at]).slice(0, 3)).toEqual([])
}

const cellOf = (row: Row, axes: readonly string[], nameOf: (axis: string) => unknown): Cell => ({
  codes: Object.fromEntries(axes.map((axis) => [axis, text(row[`${axis}_code`])])),
  names: Object.fromEntries(axes.map((axis) => [axis, text(nameOf(axis))])),
  value: row['value'] === null || row['value'] === undefined || row['value'] === '' ? null : Number(row['value']),
  symbol: row['value'] === null || row['value'] === undefined || row['value'] === '' ? text(row['symbol']) : null,
  unit: text(row['unit']) || null,
})

interface Served {
  readonly origin: TestOrigin
  readonly id: string
  readonly axes: readonly string[]
}

async function serve(table: StandinTable): Promise<Served> {
  const now = (): number => Date.now()
  const send = createStandin({ tables: [table], accepts: ['test'], now })
  const stats = statsHttp({ send, appId: 'test', origin: 'live', now })
  return { origin: await openOrigin({ ports: { stats } }), id: table.id, axes: table.axes.map(({ id }) => id) }
}

async function ask({ origin }: Served, tool: string, args: object): Promise<Record<string, unknown>> {
  const answer = await execute(origin, tool, args)
  if (!answer.success) throw new Error(answer.text)
  return answer.result
}

/** All pages of an answer with packed rows. */
async function pagesOf(served: Served, tool: string, args: object): Promise<readonly Record<string, unknown>[]> {
  const pages: Record<string, unknown>[] = []
  for (let cursor: unknown = undefined; cursor !== null; cursor = pages.at(-1)?.['next_cursor'])
    pages.push(await ask(served, tool, { ...args, ...(cursor === undefined ? {} : { cursor }) }))
  return pages
}

async function fromAnswer(served: Served): Promise<readonly Cell[]> {
  const args = { dataset_id: served.id, save_to_s3: false, max_rows: 5000 }
  return (await pagesOf(served, 'fetch_dataset_auto', args)).flatMap((page) => {
    const { columns, rows, fixed, legend } = page as {
      columns: string[]
      rows: unknown[][]
      fixed: Row
      legend: Record<string, Record<string, string>>
    }
    return rows.map((cells) => {
      const row: Row = { ...fixed, ...Object.fromEntries(columns.map((name, at) => [name, cells[at]])) }
      return cellOf(
        row,
        served.axes,
        (axis) => row[`${axis}_name`] ?? legend[`${axis}_code`]?.[text(row[`${axis}_code`])],
      )
    })
  })
}

async function fromCsv(served: Served): Promise<readonly Cell[]> {
  const { s3_path } = await ask(served, 'save_dataset_as_csv', { dataset_id: served.id })
  const file = join(served.origin.dataDir, text(s3_path).replace('s3://', ''))
  const [header = [], ...lines] = parseCsv(await readFile(file, 'utf8'))
  return lines.map((line) => {
    const row = Object.fromEntries(header.map((name, at) => [name, line[at]]))
    // The name stands right of the code, under the axis' own name.
    return cellOf(row, served.axes, (axis) => line[header.indexOf(`${axis}_code`) + 1])
  })
}

const SELECT = (axes: readonly string[]) =>
  [...axes.flatMap((axis) => [`${axis}_code`, `${axis}_name`]), 'value', 'symbol', 'unit'].join(', ')

async function fromParquet({ origin, axes }: Served, path: string): Promise<readonly Cell[]> {
  const duck = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect()
  const file = join(origin.dataDir, path.replace('s3://', '')).replaceAll("'", "''")
  const rows = (await duck.runAndReadAll(`SELECT ${SELECT(axes)} FROM read_parquet('${file}')`)).getRowObjectsJS()
  duck.closeSync()
  return rows.map((row) => cellOf(row, axes, (axis) => row[`${axis}_name`]))
}

/** Larger results than this are read from the query engine behind the tool: the tool gives a hundred rows at a time. */
const BY_TOOL = 3000

async function fromSql(served: Served, count: number): Promise<readonly Cell[]> {
  const order = served.axes.map((axis) => `${axis}_code`).join(', ')
  const custom_query = `SELECT ${SELECT(served.axes)} FROM t ORDER BY ${order}`
  const args = { table_name: 't', analysis_type: 'custom', custom_query, max_rows: 5000 }
  const pages =
    count > BY_TOOL ? await byEngine(served, custom_query) : await pagesOf(served, 'analyze_with_athena', args)
  return pages.flatMap((page) => {
    const { columns, rows } = page as { columns: { name: string }[]; rows: unknown[][] }
    return rows.map((cells) => {
      const row: Row = Object.fromEntries(columns.map(({ name }, at) => [name, cells[at]]))
      return cellOf(row, served.axes, (axis) => row[`${axis}_name`])
    })
  })
}

/** Page by page: the engine holds 4 MB of cells at a time. */
async function byEngine({ origin }: Served, query: string): Promise<readonly Record<string, unknown>[]> {
  const table = await origin.ports.tables.load('estat', 't')
  if (table === null) throw new Error('no table')
  const { sql } = await guardSql(query, { tables: ['t'], database: 'estat' })
  const pages: QueryAnswer[] = []
  for (let more = true, offset = 0; more; ) {
    const request = { sql, tables: { t: table }, database: 'estat', maxRows: 100_000, offset }
    const page = await origin.ports.engine.query(request, new AbortController().signal)
    pages.push(page)
    offset += page.rows.length
    more = page.more
  }
  return pages.map((page) => ({ ...page }))
}

async function expectKept(table: StandinTable, recorded: readonly Cell[]): Promise<void> {
  const served = await serve(table)
  try {
    expectSame(await fromAnswer(served), recorded)
    expectSame(await fromCsv(served), recorded)
    const { s3_parquet_path } = await ask(served, 'transform_to_parquet', { dataset_id: served.id })
    expectSame(await fromParquet(served, text(s3_parquet_path)), recorded)
    await ask(served, 'load_to_iceberg', { table_name: 't', s3_parquet_path })
    expectSame(await fromSql(served, recorded.length), recorded)
  } finally {
    await served.origin.close()
  }
}

describe.runIf(recordingsPresent)(
  'every cell of a recording is in the answer, the CSV, the Parquet file and the SQL result',
  () => {
    it('of all recordings that hold values', () => expect(valueRecordings.length).toBe(VALUE_RECORDINGS))

    it.each(valueRecordings)('%s', (file) => expectKept(tableOfRecording(file), readCells(file).cells), 120_000)
  },
)

describe('every cell of a bundled table is in all four', () => {
  it.each(loadSample().tables.map((table) => [table.id, table] as const))(
    '%s',
    (_id, table) => expectKept(table, cellsOf(table)),
    120_000,
  )
})

/** Read off the stand-in's own wire form by JSON.parse alone. */
function cellsOf({ axes, rows }: StandinTable): readonly Cell[] {
  const unitOf = (positions: ArrayLike<number>): string | null =>
    axes.map(({ items }, at) => items[positions[at] ?? -1]?.unit ?? null).find((unit) => unit !== null) ?? null
  const all = axes.map(() => null)
  return Array.from(rows.scan(all, 1, rows.total), ({ positions, text: sent }) => {
    const plain = /^-?\d+(\.\d+)?$/.test(sent)
    return {
      codes: Object.fromEntries(axes.map(({ id, items }, at) => [id, items[positions[at] ?? -1]?.code ?? ''])),
      names: Object.fromEntries(axes.map(({ id, items }, at) => [id, items[positions[at] ?? -1]?.name ?? ''])),
      value: plain ? Number(sent) : null,
      symbol: plain ? null : sent,
      unit: unitOf(positions),
    }
  })
}
