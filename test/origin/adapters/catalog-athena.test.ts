/** Athena as the writer: what it is told, and that the table is what a load of our own would have made. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { athenaCatalog } from '../../../origin/adapters/catalog-athena.ts'
import { athenaPlace } from '../../../origin/adapters/query-athena.ts'
import type { ParquetFile, TableCatalog } from '../../../origin/lake/ports.ts'
import { batchesOf } from '../../../origin/lake/sql/athena-load.ts'
import { type LakeExecutor, lakeExecutor } from '../../support/wire-athena/lake-executor.ts'
import { WIRE_KEYS, WIRE_REGION } from '../../support/wire-s3/server.ts'
import { type WireAwsHome, wireAwsHome } from '../../support/wire-aws-home.ts'
import { calm, type Lake, openLake } from '../lake/support/lake.ts'
import { cellFile } from '../lake/support/parquet-file.ts'

const [ONE, TWO] = ['0000000001', '0000000002']
const BUCKET = 'athena-writes'
let folder = ''
let aws: WireAwsHome
let local: Lake
let executor: LakeExecutor
let tables: TableCatalog

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'catalog-athena-'))
  local = await openLake()
  aws = await wireAwsHome({
    folder, bucket: BUCKET, databasePrefix: 'w_', executor: (lake) => (executor = lakeExecutor(lake)),
  }) // biome-ignore format: one call
  const at = athenaPlace({
    region: WIRE_REGION, endpoint: aws.athena.url, credentials: WIRE_KEYS, workgroup: 'primary',
    pauses: { first: 1, most: 20 }, maxAttempts: 1,
  }) // biome-ignore format: one call
  tables = athenaCatalog({ reads: aws.tables, at, store: aws.store, databaseOf: (tenant) => `w_${tenant}` })
})
afterAll(async () => {
  await aws.close()
  await local.close()
  await rm(folder, { recursive: true, force: true })
})

/** A file of the lake on S3: one row for each cell. */
async function file(id: string, cells: readonly Readonly<Record<string, string>>[]): Promise<ParquetFile> {
  const made = await cellFile(local, id, cells)
  const key = `estat/parquet/${crypto.randomUUID()}.parquet`
  const bytes = await local.store.get(made.key)
  await aws.store.put(key, bytes ?? new Uint8Array())
  return { ...made, key }
}
const options = { create: true, now: 1_000, signal: calm }
const properties = (text: string) => ({ 'estat.dataset': text })

/** Dataset, codes and values, as DuckDB reads the table's files. */
async function rowsOf(name: string, select = 'dataset_id, cat01_code, value'): Promise<readonly unknown[][]> {
  const table = await tables.load('estat', name)
  const paths = await Promise.all((table?.files ?? []).map(({ key }) => aws.store.localPath(key)))
  const list = `[${paths.map((path) => `'${path}'`).join(', ')}]`
  const instance = await (await import('@duckdb/node-api')).DuckDBInstance.create()
  const connection = await instance.connect()
  const reader = await connection.runAndReadAll(
    `SELECT ${select} FROM read_parquet(${list}, union_by_name = true) ORDER BY ALL`,
  )
  const rows = reader.getRowsJson() as unknown[][]
  connection.closeSync()
  instance.closeSync()
  return rows
}
const nothingLeft = async (): Promise<void> => {
  expect(executor.externals()).toEqual([])
  expect((await aws.store.list('estat/athena-load/')).map(({ key }) => key)).toEqual([])
}
const statements = (): readonly string[] =>
  aws.athena.executions().map(({ sql }) => sql.split(' ').slice(0, 2).join(' '))

describe('TableCatalog by Athena', { timeout: 60_000 }, () => {
  it('makes a table by a SELECT, and keeps what Athena keeps no properties of', async () => {
    const first = await file(ONE, [
      { cat01: '001', $: '1' },
      { cat01: '002', $: '2' },
    ])
    const change = { kind: 'replace', datasetId: ONE, files: [first], properties: properties('one') } as const
    expect(await tables.commit('estat', 'people', change, options)).toMatchObject({
      created: true, rowsBefore: 0, rowsLoaded: 2, rowsAfter: 2,
    }) // biome-ignore format: one record
    expect(statements()).toEqual(['CREATE DATABASE', 'CREATE EXTERNAL', 'CREATE TABLE', 'DROP TABLE'])
    const table = await tables.load('estat', 'people')
    expect(table?.properties).toMatchObject(properties('one'))
    expect(table?.columns.find(({ name }) => name === 'retrieved_at')?.type).toBe('timestamptz')
    expect(await rowsOf('people')).toEqual([
      [ONE, '001', 1],
      [ONE, '002', 2],
    ])
    expect(await tables.list('estat')).toEqual(['people'])
    await nothingLeft()
  })

  it('replaces a dataset in one statement: what is new, what is changed, and what is gone', async () => {
    const next = await file(ONE, [
      { cat01: '002', $: '20' },
      { cat01: '003', $: '3' },
    ])
    const change = { kind: 'replace', datasetId: ONE, files: [next], properties: properties('two') } as const
    const before = (await tables.load('estat', 'people'))?.snapshots.length ?? 0
    const done = await tables.commit('estat', 'people', change, options)
    expect(done).toMatchObject({ created: false, rowsBefore: 2, rowsLoaded: 2, rowsAfter: 2 })
    expect(done.table.snapshots).toHaveLength(before + 1)
    expect(await rowsOf('people')).toEqual([
      [ONE, '002', 20],
      [ONE, '003', 3],
    ])
    // Again is the same.
    expect(await tables.commit('estat', 'people', change, options)).toMatchObject({ rowsBefore: 2, rowsAfter: 2 })
    await nothingLeft()
  })

  it('merges by key', async () => {
    const some = await file(ONE, [
      { cat01: '003', $: '30' },
      { cat01: '004', $: '4' },
    ])
    const change = { kind: 'merge', datasetId: ONE, files: [some], properties: {} } as const
    expect(await tables.commit('estat', 'people', change, options)).toMatchObject({ rowsBefore: 2, rowsAfter: 3 })
    expect(await rowsOf('people')).toEqual([
      [ONE, '002', 20],
      [ONE, '003', 30],
      [ONE, '004', 4],
    ])
  })

  it('gives the table an axis that another dataset has', async () => {
    const other = await file(TWO, [{ cat01: '001', cat02: '9', $: '7' }])
    const change = { kind: 'replace', datasetId: TWO, files: [other], properties: {} } as const
    expect(await tables.commit('estat', 'people', change, options)).toMatchObject({ rowsBefore: 3, rowsAfter: 4 })
    expect(statements()).toContain('ALTER TABLE')
    const wide = 'dataset_id, cat01_code, cat02_code, value'
    expect((await rowsOf('people', wide)).at(-1)).toEqual([TWO, '001', '9', 7])
    // A dataset without the axis is replaced as before.
    const again = await file(ONE, [{ cat01: '004', $: '40' }])
    const replace = { kind: 'replace', datasetId: ONE, files: [again], properties: {} } as const
    expect(await tables.commit('estat', 'people', replace, options)).toMatchObject({ rowsBefore: 4, rowsAfter: 2 })
    expect(await rowsOf('people', wide)).toEqual([
      [ONE, '004', null, 40],
      [TWO, '001', '9', 7],
    ])
  })

  it('appends, and doubles what is there', async () => {
    const more = await file(ONE, [{ cat01: '004', $: '40' }])
    const change = { kind: 'append', files: [more], properties: {} } as const
    expect(await tables.commit('estat', 'people', change, options)).toMatchObject({ rowsBefore: 2, rowsAfter: 3 })
    await nothingLeft()
  })

  it('leaves the old table and nothing else where Athena fails or the caller goes', async () => {
    const bad = await file(ONE, [{ cat01: '009', $: '9' }])
    const change = { kind: 'replace', datasetId: ONE, files: [bad], properties: properties('bad') } as const
    const before = await rowsOf('people')
    aws.athena.plan({
      on: 'StartQueryExecution',
      containing: 'MERGE INTO',
      fault: { kind: 'refuse', status: 400, code: 'AccessDeniedException' },
    })
    await expect(tables.commit('estat', 'people', change, options)).rejects.toMatchObject({ code: 'AWS_SERVICE_ERROR' })
    await nothingLeft()
    aws.athena.plan({ on: 'StartQueryExecution', containing: 'MERGE INTO', fault: { kind: 'do-late', ms: 400 } })
    const signal = AbortSignal.timeout(300)
    await expect(tables.commit('estat', 'people', change, { ...options, signal })).rejects.toMatchObject({
      code: 'TIMEOUT_ERROR',
    })
    await nothingLeft()
    expect((await tables.load('estat', 'people'))?.properties).toMatchObject(properties('two'))
    expect(await rowsOf('people')).toEqual(before)
  })

  it('refuses a table that is not there and is not to be made', async () => {
    const some = await file(ONE, [{ cat01: '001', $: '1' }])
    const change = { kind: 'append', files: [some], properties: {} } as const
    await expect(tables.commit('estat', 'other', change, { ...options, create: false })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
  })
})

it('writes at most a hundred partitions at once', () => {
  const datasets = Array.from({ length: 201 }, (_, at) => String(at))
  expect(batchesOf(datasets).map((batch) => batch.length)).toEqual([100, 100, 1])
  expect(batchesOf(datasets).flat()).toEqual(datasets)
})
