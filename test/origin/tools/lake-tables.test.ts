/** What the lake holds, through the front door. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { execute, openOrigin, type TestOrigin } from '../support/origin.ts'

const COFFEE = '0003280145'
const POPULATION = '0000020201'

let origin: TestOrigin
beforeAll(async () => {
  origin = await openOrigin()
})
afterAll(() => origin.close())

async function load(table_name: string, dataset_id: string): Promise<void> {
  const made = await execute(origin, 'transform_to_parquet', { dataset_id })
  const args = { table_name, s3_parquet_path: made.result['s3_parquet_path'] }
  expect((await execute(origin, 'load_to_iceberg', args)).success).toBe(true)
}

it('is empty before anything is loaded', async () => {
  const { result, text } = await execute(origin, 'lake_tables', {})
  expect(result).toMatchObject({ tables: [], table: null, counts: { matched: 0, returned: 0, truncated: false } })
  expect(text).toBe('テーブルはありません。')
})

it('lists tables with their datasets and rows', async () => {
  await load('coffee', COFFEE)
  await load('both', COFFEE)
  await load('both', POPULATION)
  const { result, text } = await execute(origin, 'lake_tables', {})
  const tables = result['tables'] as {
    table_name: string
    rows: number
    datasets: { dataset_id: string; rows: number }[]
  }[]
  expect(tables.map(({ table_name }) => table_name)).toEqual(['both', 'coffee'])
  expect(tables[1]).toMatchObject({ rows: 27, files: 1, datasets: [{ dataset_id: COFFEE, rows: 27 }] })
  expect(tables[0]?.datasets.map(({ dataset_id }) => dataset_id)).toEqual([POPULATION, COFFEE])
  expect(tables[0]?.datasets.reduce((sum, { rows }) => sum + rows, 0)).toBe(tables[0]?.rows)
  expect(text).toContain('coffee：27行')
  expect((await execute(origin, 'lake_tables', { lang: 'E' })).text).toContain('coffee: 27 rows')
})

it('describes one: columns, codes with roles, snapshots, sources', async () => {
  const { result } = await execute(origin, 'lake_tables', { table_name: 'both' })
  const table = result['table'] as {
    columns: { name: string; type: string; description: string }[]
    axes: { axis: string; codes: number; dictionary: { code: string; name: string; rows: number }[] }[]
    snapshots: { operation: string; rows: number }[]
    sources: { dataset_id: string }[]
  }
  expect(table.columns).toContainEqual(expect.objectContaining({ name: 'value', type: 'double' }))
  expect(table.columns.every(({ description }) => description !== '')).toBe(true)
  const area = table.axes.find(({ axis }) => axis === 'area')
  expect(area?.codes).toBeGreaterThan(area?.dictionary.length ?? 0)
  expect(area?.dictionary[0]).toMatchObject({ code: '01100', name: '北海道 札幌市' })
  expect(table.snapshots).toHaveLength(2)
  expect(table.snapshots[0]?.rows).toBeGreaterThan(table.snapshots[1]?.rows ?? Infinity)
  expect(table.sources.map(({ dataset_id }) => dataset_id)).toEqual([POPULATION, COFFEE])
})

it('pages through all codes of an axis, each once', async () => {
  const codes: string[] = []
  let total = 0
  let cursor: unknown
  do {
    const args = { table_name: 'both', axis: 'area', ...(cursor === undefined ? {} : { cursor }) }
    const { result } = await execute(origin, 'lake_tables', args)
    const [axis] = (result['table'] as { axes: { codes: number; dictionary: { code: string; name: string }[] }[] }).axes
    codes.push(...(axis?.dictionary.map(({ code, name }) => `${code} ${name}`) ?? []))
    total = axis?.codes ?? 0
    cursor = result['next_cursor']
  } while (cursor !== null)
  expect(codes).toHaveLength(total)
  expect(new Set(codes).size).toBe(total)
  expect(total).toBeGreaterThan(1000)
})

it('lists a table that cannot be read with the reason, and the others as ever', async () => {
  await load('foreign', COFFEE)
  const key = 'estat/iceberg/foreign/metadata/v1.metadata.json'
  const bytes = Buffer.from((await origin.ports.store.get(key)) ?? []).toString()
  await origin.ports.store.put(key, Buffer.from(bytes.replace('"format-version":2', '"format-version":3')))
  const { result, text } = await execute(origin, 'lake_tables', {})
  const tables = result['tables'] as { table_name: string; rows: number; problem: string | null }[]
  expect(tables.map(({ table_name, problem }) => [table_name, problem])).toEqual([
    ['both', null],
    ['coffee', null],
    ['foreign', expect.stringContaining('format version 3') as string],
  ])
  expect(text).toContain('foreign：読み取れません')
  const custom_query = "SELECT title FROM estat.catalog WHERE table_name = 'foreign'"
  const asked = { table_name: 'catalog', analysis_type: 'custom', custom_query }
  expect((await execute(origin, 'analyze_with_athena', asked)).result['rows']).toEqual([[tables[2]?.problem]])
})
