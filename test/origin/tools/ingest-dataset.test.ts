/** ingest_dataset through the front door: from e-Stat into a table in one call, where it is small. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { execute, type TestOrigin } from '../support/origin.ts'
import { ID, type IngestScene, openIngest, ROWS } from './ingest-scene.ts'

const COFFEE = '0003280145'

let origin: TestOrigin
let call: IngestScene['call']
let process: IngestScene['process']
let tableOf: IngestScene['tableOf']
let sql: IngestScene['sql']
beforeAll(async () => {
  ;({ origin, call, process, tableOf, sql } = await openIngest())
})
afterAll(() => origin.close())

describe('a small dataset', () => {
  it('is loaded when the call answers, and loaded twice is the same table', async () => {
    const first = await execute(origin, 'ingest_dataset', { dataset_id: COFFEE })
    expect(first.result).toMatchObject({
      table_name: `d_${COFFEE}`,
      state: 'done',
      matched: 27,
      created: true,
      rows_before: 0,
      rows_loaded: 27,
      rows_after: 27,
      source: { dataset_id: COFFEE, citation: expect.stringContaining('出典') },
    })
    expect(first.text).toContain('0行から27行になりました')
    const [before] = [await sql(`d_${COFFEE}`, `SELECT area_code, cat01_code, value FROM d_${COFFEE} ORDER BY 1, 2`)]
    const again = await execute(origin, 'ingest_dataset', { dataset_id: COFFEE, lang: 'E' })
    expect(again.result).toMatchObject({ created: false, rows_before: 27, rows_loaded: 27, rows_after: 27 })
    expect(again.text).toMatch(/27 rows before, 27 loaded, 27 after/)
    expect(await sql(`d_${COFFEE}`, `SELECT area_code, cat01_code, value FROM d_${COFFEE} ORDER BY 1, 2`)).toEqual(
      before,
    )
    expect((await tableOf(`d_${COFFEE}`))?.snapshots).toHaveLength(2)
  })

  it('equals what the three steps make of it', async () => {
    const made = await execute(origin, 'transform_to_parquet', { dataset_id: COFFEE, data_type: 'trade' })
    const load = { table_name: 'steps', s3_parquet_path: made.result['s3_parquet_path'] }
    await execute(origin, 'load_to_iceberg', load)
    await execute(origin, 'ingest_dataset', { dataset_id: COFFEE, data_type: 'trade', table_name: 'at_once' })
    const [steps, atOnce] = [await tableOf('steps'), await tableOf('at_once')]
    expect(atOnce?.columns).toEqual(steps?.columns)
    const names = (atOnce?.columns ?? [])
      .map(({ name }) => name)
      .filter((name) => !/^(fetch_id|retrieved_at)$/.test(name))
    const all = (table: string): Promise<unknown> =>
      sql(table, `SELECT ${names.join(', ')} FROM ${table} ORDER BY area_code, cat01_code`)
    expect(await all('at_once')).toEqual(await all('steps'))
  })

  it('keeps only what filters select, says so in the source, and merges the rest in', async () => {
    const args = { dataset_id: COFFEE, table_name: 'parts' }
    const part = await execute(origin, 'ingest_dataset', { ...args, filters: { area: 'ブラジル' } })
    expect(part.result).toMatchObject({ rows_after: 4, filters: { area: '41000 ブラジル' } })
    const { result: shown } = await execute(origin, 'lake_tables', { table_name: 'parts' })
    expect(JSON.stringify(shown)).toContain('一部です（area: 41000 ブラジル）')
    const both = { ...args, mode: 'merge', filters: { area: ['ブラジル', 'ベトナム'] } }
    const merged = await execute(origin, 'ingest_dataset', both)
    expect(merged.result).toMatchObject({ rows_before: 4, rows_loaded: 8, rows_after: 8 })
    const whole = await execute(origin, 'ingest_dataset', { ...args, mode: 'merge' })
    expect(whole.result).toMatchObject({ rows_before: 8, rows_loaded: 27, rows_after: 27 })
    const cells = 'SELECT count(*), count(DISTINCT area_code || cat01_code) FROM parts'
    expect(await sql('parts', cells)).toEqual([[27, 27]])
  })

  it('is its tenant’s alone', async () => {
    const args = { dataset_id: ID, table_name: 'mine' }
    const ports = process('a')
    const mine = await call(ports, 'ingest_dataset', args, { tenant: 'one' })
    await call(ports, 'ingest_dataset', { ...args, filters: { area: '000001' } }, { tenant: 'two' })
    expect([(await tableOf('mine', 'one'))?.rows, (await tableOf('mine', 'two'))?.rows]).toEqual([ROWS, 1])
    expect(await tableOf('mine')).toBeNull()
    const theirs = call(ports, 'get_job', { job_id: mine['job_id'] }, { tenant: 'two' })
    await expect(theirs).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('tells how far it is, and get_job shows the table', async () => {
    const ports = process('a')
    const { told, ...begun } = await call(ports, 'ingest_dataset', { dataset_id: ID, table_name: 'told' })
    expect(told.at(-1)).toBe('committed')
    const { text, ...shown } = await call(ports, 'get_job', { job_id: begun['job_id'], lang: 'E' })
    const lake = { step: 'committed', rows_before: 0, rows_loaded: ROWS, rows_after: ROWS, created: true }
    expect(shown['job']).toMatchObject({ state: 'done', tool: 'ingest_dataset', lake, csv: null })
    expect(text).toMatch(/0 rows before, 1,500 loaded, 1,500 after/)
  })
})
