/** What the ministry changed: two fetches of one table, loaded one after the other, through the front door. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Send } from '../../../origin/adapters/stats-http-attempt.ts'
import { statsHttp } from '../../../origin/adapters/stats-http.ts'
import { loadSample } from '../../../origin/sample/load-sample.ts'
import { packRows } from '../../../origin/standin/packed-rows.ts'
import { createStandin } from '../../../origin/standin/standin.ts'
import type { StandinRow, StandinTable } from '../../../origin/standin/table.ts'
import { execute, openOrigin, type TestOrigin } from '../support/origin.ts'

const COFFEE = '0003280145'

const rowsOf = (table: StandinTable): readonly StandinRow[] =>
  [
    ...table.rows.scan(
      table.axes.map(() => null),
      1,
      table.rows.total,
    ),
  ].map(({ positions, text, annotation }) => ({
    positions: Array.from(positions),
    text,
    annotation,
  }))

const first = loadSample().tables.find(({ id }) => id === COFFEE)
if (first === undefined) throw new Error('the sample lacks the coffee table')
const rows = rowsOf(first)
/** One figure corrected, one now withheld, one row gone. */
const revised: StandinTable = {
  ...first,
  rows: packRows(
    first.axes.length,
    rows.flatMap((row, at) => {
      if (at === 2) return []
      return [at === 0 ? { ...row, text: '12345' } : at === 1 ? { ...row, text: '***' } : row]
    }),
  ),
}

let origin: TestOrigin
let table: StandinTable = first
beforeAll(async () => {
  const now = (): number => Date.now()
  const standins = new Map([first, revised].map((one) => [one, createStandin({ tables: [one], accepts: ['t'], now })]))
  const send: Send = async (request) => (standins.get(table) as Send)(request)
  const stats = statsHttp({ send, appId: 't', origin: 'live', now })
  origin = await openOrigin({ ports: { stats } })
})
afterAll(() => origin.close())

async function load(more: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const made = await execute(origin, 'transform_to_parquet', { dataset_id: COFFEE })
  const args = { table_name: 'coffee', s3_parquet_path: made.result['s3_parquet_path'], ...more }
  return String((await execute(origin, 'load_to_iceberg', args)).result['snapshot_id'])
}

it('needs two states', async () => {
  expect((await execute(origin, 'compare_revisions', { table_name: 'coffee' })).error?.code).toBe('NOT_FOUND')
  await load()
  const { error } = await execute(origin, 'compare_revisions', { table_name: 'coffee' })
  expect(error).toMatchObject({ code: 'NO_DATA', hint: expect.stringContaining('load_to_iceberg') as string })
})

it('tells cells added, removed and changed, with both values', async () => {
  const { snapshots } = (await execute(origin, 'lake_tables', { table_name: 'coffee' })).result['table'] as {
    snapshots: { snapshot_id: string }[]
  }
  table = revised
  const second = await load()
  const { result, text } = await execute(origin, 'compare_revisions', { table_name: 'coffee' })
  expect(result).toMatchObject({ added: 0, removed: 1, changed: 2, unchanged: 24, warnings: [], next_cursor: null })
  expect(result['from']).toMatchObject({ snapshot_id: snapshots[0]?.snapshot_id, rows: 27 })
  expect(result['to']).toMatchObject({ snapshot_id: second, rows: 26 })
  const columns = result['columns'] as string[]
  const cells = (result['rows'] as unknown[][]).map((row) =>
    Object.fromEntries(columns.map((name, at) => [name, row[at]])),
  )
  const value = (at: number): number => Number(rows[at]?.text)
  expect(
    cells.map(({ change, value_before, value_after, symbol_after }) => ({
      change,
      value_before,
      value_after,
      symbol_after,
    })),
  ).toEqual(
    expect.arrayContaining([
      { change: 'changed', value_before: value(0), value_after: 12345, symbol_after: null },
      { change: 'changed', value_before: value(1), value_after: null, symbol_after: '***' },
      { change: 'removed', value_before: value(2), value_after: null, symbol_after: null },
    ]),
  )
  expect(text).toContain('削除 1、変更 2、変更なし 24（セル数）')

  const back = await execute(origin, 'compare_revisions', {
    table_name: 'coffee',
    from_snapshot: second,
    to_snapshot: snapshots[0]?.snapshot_id,
    max_rows: 2,
  })
  expect(back.result).toMatchObject({
    added: 1,
    removed: 0,
    changed: 2,
    counts: { matched: 3, returned: 2, truncated: true },
  })
  const rest = await execute(origin, 'compare_revisions', {
    table_name: 'coffee',
    from_snapshot: second,
    to_snapshot: snapshots[0]?.snapshot_id,
    max_rows: 2,
    cursor: back.result['next_cursor'],
  })
  expect(rest.result).toMatchObject({ counts: { returned: 1, truncated: false }, next_cursor: null })
})

it('finds nothing where nothing changed, and says which states there are', async () => {
  await load()
  const { result } = await execute(origin, 'compare_revisions', { table_name: 'coffee' })
  expect(result).toMatchObject({ added: 0, removed: 0, changed: 0, unchanged: 26, rows: [] })
  const early = await execute(origin, 'compare_revisions', { table_name: 'coffee', from_snapshot: '2020-01-01' })
  expect(early.error).toMatchObject({ code: 'NOT_FOUND', hint: expect.stringContaining('oldest') as string })
})

it('keeps datasets apart', async () => {
  const only = { table_name: 'coffee', dataset_id: '0003005798' }
  expect((await execute(origin, 'compare_revisions', only)).result).toMatchObject({
    added: 0,
    changed: 0,
    unchanged: 0,
  })
})

it('rows appended beside the same cells are no new cells', async () => {
  const table_name = 'coffee_appended'
  await load({ table_name })
  await load({ table_name, mode: 'append' })
  const { result } = await execute(origin, 'compare_revisions', { table_name })
  expect(result).toMatchObject({ added: 0, removed: 0, changed: 26, unchanged: 0 })
  expect(result['warnings']).toEqual([expect.stringContaining('重複して登録されたセルが26個')])
  const only = await execute(origin, 'compare_revisions', { table_name, dataset_id: COFFEE })
  expect(only.result).toMatchObject({ added: 0, removed: 0, changed: 26, unchanged: 0 })
})

it('takes a time without a zone for one in Japan', async () => {
  const japan = (ms: number): string => new Date(ms + 9 * 3_600_000).toISOString().slice(0, 19)
  const at = async (from_snapshot: string) =>
    (await execute(origin, 'compare_revisions', { table_name: 'coffee', from_snapshot })).error?.code ?? 'found'
  expect(await at(japan(Date.now()))).toBe('found')
  expect(await at(japan(Date.now()).replace('T', ' '))).toBe('found')
  expect(await at(`${japan(Date.now() - 3_600_000)}+09:00`)).toBe('NOT_FOUND')
  expect(await at(japan(Date.now() - 3_600_000))).toBe('NOT_FOUND')
  expect(await at('2026-13-45')).toBe('INVALID_PARAMETER')
})
