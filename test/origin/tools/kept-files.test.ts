/** What a caller keeps: names that are taken, parts that are said to be parts, tenants that share nothing. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tenantName } from '../../../shared/keys.ts'
import { keyOf } from '../../../origin/tools/lake-path.ts'
import { execute, openOrigin, type TestOrigin } from '../support/origin.ts'

let origin: TestOrigin
beforeAll(async () => {
  origin = await openOrigin()
})
afterAll(() => origin.close())

describe('save_dataset_as_csv', () => {
  const coffee = { dataset_id: '0003280145' }

  it('never takes another file’s place', async () => {
    const name = { output_filename: '表.csv' }
    const first = await execute(origin, 'save_dataset_as_csv', { ...coffee, ...name })
    expect(first.result).toMatchObject({ rows: 27, s3_path: 's3://estat-lake/estat/csv/表.csv' })
    const fetches = async () => (await origin.ports.store.list('raw/')).length
    const before = await fetches()
    const second = await execute(origin, 'save_dataset_as_csv', { dataset_id: '0003005798', ...name })
    expect(second.error).toMatchObject({ code: 'INVALID_PARAMETER', hint: expect.stringContaining('output_filename') })
    expect(await fetches(), 'a refused call fetches nothing').toBe(before)
    const bytes = await origin.ports.store.get('estat/csv/表.csv')
    expect(bytes?.length).toBe(first.result['bytes'])
    expect(new TextDecoder().decode(bytes ?? undefined)).toContain('ブラジル')
  })

  it('writes one fetch again under the same name', async () => {
    const { result } = await execute(origin, 'fetch_dataset_auto', coffee)
    const args = { ...coffee, s3_json_path: result['s3_json_path'] }
    const [one, two] = [
      await execute(origin, 'save_dataset_as_csv', args),
      await execute(origin, 'save_dataset_as_csv', args),
    ]
    expect(two.result['s3_path']).toBe(one.result['s3_path'])
    const exact = await execute(origin, 'save_dataset_as_csv', { ...args, raw: true })
    expect(exact.result['s3_path']).not.toBe(one.result['s3_path'])
  })
})

it('a part that was loaded is said to be a part', async () => {
  const filters = { area: 'ブラジル' }
  const fetched = await execute(origin, 'fetch_dataset_filtered', { dataset_id: '0003280145', filters })
  const parquet = await execute(origin, 'transform_to_parquet', { s3_json_path: fetched.result['s3_json_path'] })
  const load = { table_name: 'part', s3_parquet_path: parquet.result['s3_parquet_path'] }
  const loaded = await execute(origin, 'load_to_iceberg', load)
  expect(loaded.text).toContain('ここに登録されているのは統計表の一部です（area: 41000 ブラジル）。')
  const asked = await execute(origin, 'analyze_with_athena', { table_name: 'part' })
  expect(asked.text).toContain('ここに登録されているのは統計表の一部です（area: 41000 ブラジル）。')
})

describe('load_to_iceberg with mode "merge"', () => {
  const fetched = async (filters: object) => {
    const { result } = await execute(origin, 'fetch_dataset_filtered', { dataset_id: '0003280145', filters })
    const parquet = await execute(origin, 'transform_to_parquet', { s3_json_path: result['s3_json_path'] })
    return { table_name: 'merged', s3_parquet_path: parquet.result['s3_parquet_path'], mode: 'merge' }
  }

  it('replaces cells that are loaded again, keeps the others, and says of both what they are', async () => {
    const brazil = await fetched({ area: 'ブラジル' })
    const first = await execute(origin, 'load_to_iceberg', brazil)
    const rows = Number(first.result['rows_loaded'])
    expect(first.result).toMatchObject({ mode: 'merge', created: true, rows_before: 0, rows_after: rows })
    const again = await execute(origin, 'load_to_iceberg', brazil)
    expect(again.result).toMatchObject({ rows_before: rows, rows_loaded: rows, rows_after: rows })
    const amounts = await execute(origin, 'load_to_iceberg', await fetched({ area: 'ブラジル', cat01: '数量' }))
    expect(amounts.result).toMatchObject({ rows_before: rows, rows_after: rows })
    expect(Number(amounts.result['rows_loaded'])).toBeLessThan(rows)
    // Together they are as narrow as both were: by area, and not by what is measured.
    expect(amounts.text).toContain('ここに登録されているのは統計表の一部です（area: 41000 ブラジル）。')
    const other = await fetched({ area: 'コロンビア' })
    const both = await execute(origin, 'load_to_iceberg', other)
    expect(both.result).toMatchObject({ rows_after: rows + Number(both.result['rows_loaded']) })
    expect(both.text).toMatch(/一部です（area: 41000 ブラジル; \d+ コロンビア）/)
  })
})

describe('a table that two fetches made', () => {
  const load = async (table_name: string, filters: object, more: object = {}) => {
    const tool = Object.keys(filters).length === 0 ? 'fetch_dataset_auto' : 'fetch_dataset_filtered'
    const args = { dataset_id: '0003280145', ...(tool === 'fetch_dataset_auto' ? {} : { filters }) }
    const { result } = await execute(origin, tool, args)
    const path = String(result['s3_json_path'])
    const key = path.replace('s3://estat-lake/', '')
    const manifest = JSON.parse(new TextDecoder().decode((await origin.ports.store.get(key)) ?? undefined)) as object
    await origin.ports.store.put(key, new TextEncoder().encode(JSON.stringify({ ...manifest, ...more })))
    const parquet = await execute(origin, 'transform_to_parquet', { s3_json_path: path })
    const file = { table_name, s3_parquet_path: parquet.result['s3_parquet_path'] }
    return (await execute(origin, 'load_to_iceberg', { ...file, mode: 'merge' })).text
  }

  it('is a part, also where they were narrowed on different axes', async () => {
    await load('cross', { area: 'ブラジル' })
    const cross = '統計表の一部です（area: 41000 ブラジル / cat01: 0110 数量）。'
    expect(await load('cross', { cat01: '数量' })).toContain(cross)
    expect(await load('cross', { cat01: '数量' }), 'and once more').toContain(cross)
    expect(await load('cross', {}), 'until the whole comes').not.toContain('一部です')
  })

  it('says that a fetch was cut short, until the whole comes', async () => {
    const cut = '取得は途中までです（該当する5,000セルのうち27セル）。'
    expect(await load('short', {}, { matched: 5000 })).toContain(cut)
    expect(await load('short', { area: 'ブラジル' })).toContain(cut)
    expect(await load('short', {})).not.toContain('途中まで')
  })
})

describe('keyOf', () => {
  const key = (path: string) => keyOf(path, { bucket: 'b' }, 'ours', 'path')

  it.each([
    ['s3://b/ours/csv/a.csv', 'ours/csv/a.csv'],
    ['ours/parquet/x/y.parquet', 'ours/parquet/x/y.parquet'],
    ['s3://b/raw/0003280145/f1/manifest.json', 'raw/0003280145/f1/manifest.json'],
    ['s3://b/raw/0003280145/f1/page-00001.json.gz', 'raw/0003280145/f1/page-00001.json.gz'],
  ])('%s is readable', (path, expected) => expect(key(path)).toBe(expected))

  it.each(['s3://b/raw/parquet/0003410379/a.parquet', 's3://b/theirs/csv/a.csv', 'jobs/theirs/1.json', 'oursx/csv/a'])(
    '%s is as if it were not there',
    (path) => expect(() => key(path)).toThrow(expect.objectContaining({ code: 'NOT_FOUND' })),
  )

  it.each(['/etc/passwd', '../ours/a', 's3://c/ours/a', 'file:///a', 'ours/../theirs/a', 'ours//a', 'ours\\a', 'a\0'])(
    '%j is no path in this lake',
    (path) => expect(() => key(path)).toThrow(expect.objectContaining({ code: 'INVALID_PARAMETER' })),
  )
})

it('no tenant is called like what everybody shares, or like a schema of the engine', () => {
  for (const name of ['raw', 'jobs', 'cache', 'temp', 'main', 'information_schema', 'pg_catalog'])
    expect([name, tenantName.safeParse(name).success]).toEqual([name, false])
  expect(tenantName.safeParse('estat').success).toBe(true)
})

it('a fetch that was cut short says so in its CSV', async () => {
  const fetched = await execute(origin, 'fetch_dataset_auto', { dataset_id: '0003280145' })
  const path = String(fetched.result['s3_json_path'])
  const key = path.replace('s3://estat-lake/', '')
  const manifest = JSON.parse(new TextDecoder().decode((await origin.ports.store.get(key)) ?? undefined)) as object
  await origin.ports.store.put(key, new TextEncoder().encode(JSON.stringify({ ...manifest, matched: 1_000 })))
  const { result, text } = await execute(origin, 'save_dataset_as_csv', {
    dataset_id: '0003280145',
    s3_json_path: path,
  })
  expect(result).toMatchObject({ cells: 27, matched: 1000 })
  expect(text).toContain('全体ではありません。該当する1,000セルのうち27セルが入っています。')
})
