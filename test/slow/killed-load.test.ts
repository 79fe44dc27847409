/** SIGKILL of the origin in the middle of a load: the old table is whole, and the next load succeeds (promise 6). */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { callTool, type OriginProcess, startOrigin } from '../e2e/origin-process.ts'

const TABLE = 'd_0000020201'
const ROWS = 15_313
const KILLS = 6

let origin: OriginProcess
beforeAll(async () => {
  origin = await startOrigin()
})
afterAll(() => origin.close())

const call = (tool: string, args: object): Promise<Record<string, unknown>> => callTool(origin, tool, args)

const custom = (custom_query: string) => ({ table_name: TABLE, analysis_type: 'custom', custom_query })
/** Rows, distinct cells and sum: half a table, or a doubled one, has others. */
async function stateOfTable(): Promise<unknown> {
  const sql = `SELECT count(*), count(DISTINCT concat(area_code, time_code)), sum(value) FROM ${TABLE}`
  return (await call('analyze_with_athena', custom(sql)))['rows']
}

it('keeps the table whole at any moment of the kill', async () => {
  const parquet = await call('transform_to_parquet', { dataset_id: '0000020201' })
  const load = { table_name: TABLE, s3_parquet_path: parquet['s3_parquet_path'] }
  const started = performance.now()
  await call('load_to_iceberg', load)
  const whole = performance.now() - started
  const before = await stateOfTable()
  expect(before).toEqual([[ROWS, ROWS, expect.any(Number)]])

  let cut = 0
  for (let at = 0; at < KILLS; at++) {
    const dying = call('load_to_iceberg', load).then(
      () => 'done',
      () => 'cut',
    )
    await new Promise((resolve) => setTimeout(resolve, (whole * (at + 0.5)) / KILLS))
    await origin.kill('SIGKILL')
    if ((await dying) === 'cut') cut++
    await origin.restart()
    expect(await stateOfTable()).toEqual(before)
  }
  expect(cut).toBeGreaterThan(0)

  expect(await call('load_to_iceberg', load)).toMatchObject({ rows_loaded: ROWS, rows_after: ROWS })
  expect(await stateOfTable()).toEqual(before)
})

it('ends within its time on SIGTERM', async () => {
  const started = performance.now()
  await origin.kill('SIGTERM')
  expect(performance.now() - started).toBeLessThan(5000)
  expect(origin.log()).toContain('"event":"stopping"')
})
