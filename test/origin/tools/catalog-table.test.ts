/** `estat.catalog`, asked with SQL through the front door. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { execute, openOrigin, type TestOrigin } from '../support/origin.ts'

const COFFEE = '0003280145'
const POPULATION = '0000020201'

let origin: TestOrigin
beforeAll(async () => {
  origin = await openOrigin()
})
afterAll(() => origin.close())

const ask = (custom_query: string, more: object = {}) =>
  execute(origin, 'analyze_with_athena', { table_name: 'catalog', analysis_type: 'custom', custom_query, ...more })

it('says so where the lake is empty', async () => {
  const { error } = await ask('SELECT * FROM estat.catalog')
  expect(error).toMatchObject({ code: 'QUERY_REJECTED', hint: expect.stringContaining('load_to_iceberg') as string })
})

it('has a row for each dataset of each table', async () => {
  for (const [table_name, dataset_id] of [
    ['coffee', COFFEE],
    ['both', COFFEE],
    ['both', POPULATION],
  ]) {
    const made = await execute(origin, 'transform_to_parquet', { dataset_id })
    const args = { table_name, s3_parquet_path: made.result['s3_parquet_path'] }
    expect((await execute(origin, 'load_to_iceberg', args)).success).toBe(true)
  }
  const { result } = await ask(
    'SELECT table_name, dataset_id, "rows", statistics_name FROM estat.catalog ORDER BY 1, 2',
  )
  expect(result['rows']).toEqual([
    ['both', POPULATION, 15_313, expect.stringContaining('社会・人口統計体系') as string],
    ['both', COFFEE, 27, expect.any(String) as string],
    ['coffee', COFFEE, 27, expect.any(String) as string],
  ])
  expect(result['sql']).not.toContain(POPULATION)
})

it.each([
  ['without its schema', 'SELECT count(*) FROM catalog', [[3]]],
  ['by a name of its own', "SELECT c.title IS NULL FROM Estat.Catalog c WHERE c.table_name = 'coffee'", [[false]]],
  ['by its own name', "SELECT catalog.dataset_id FROM catalog WHERE catalog.table_name = 'coffee'", [[COFFEE]]],
  [
    'inside a subquery',
    'SELECT count(*) FROM coffee WHERE dataset_id IN (SELECT dataset_id FROM estat.catalog)',
    [[27]],
  ],
  [
    'joined with a table',
    "SELECT max(c.table_name), count(*) FROM coffee f JOIN catalog c ON f.dataset_id = c.dataset_id AND c.table_name = 'coffee'",
    [['coffee', 27]],
  ],
  [
    'beside a WITH that is called so',
    'WITH catalog AS (SELECT 1 AS one) SELECT count(*), sum(one) FROM catalog',
    [[1, 1]],
  ],
  [
    'behind a WITH that is called so, by its schema',
    'WITH catalog AS (SELECT 1 AS one) SELECT count(*) FROM estat.catalog',
    [[3]],
  ],
])('answers %s', async (_how, sql, rows) => {
  expect((await ask(sql)).result?.['rows']).toEqual(rows)
})

it('pages', async () => {
  const first = await ask('SELECT table_name, dataset_id FROM catalog', { max_rows: 2 })
  expect(first.result['counts']).toEqual({ returned: 2, truncated: true })
  const { next_cursor: cursor } = first.result
  const rest = await ask('SELECT table_name, dataset_id FROM catalog', { max_rows: 2, cursor })
  expect(rest.result['counts']).toEqual({ returned: 1, truncated: false })
})

it('keeps its name for itself', async () => {
  const made = await execute(origin, 'transform_to_parquet', { dataset_id: COFFEE })
  const args = { table_name: 'catalog', s3_parquet_path: made.result['s3_parquet_path'] }
  expect((await execute(origin, 'load_to_iceberg', args)).error).toMatchObject({
    code: 'INVALID_PARAMETER',
    hint: expect.stringContaining('another name') as string,
  })
})
