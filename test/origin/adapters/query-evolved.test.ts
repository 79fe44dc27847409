/** SQL over tables whose columns changed: files of every age are read by field id, with nulls for what they lack. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { queryDuckdb } from '../../../origin/adapters/query-duckdb.ts'
import { parseJson, printJson } from '../../../origin/lake/iceberg/json.ts'
import type { TableMetadata } from '../../../origin/lake/iceberg/metadata.ts'
import type { LakeTable, ParquetFile, TableMoment } from '../../../origin/lake/ports.ts'
import { calm, type Lake, openLake } from '../lake/support/lake.ts'
import { cellFile } from '../lake/support/parquet-file.ts'

const [A, B] = ['0000000001', '0000000002'] as const
let lake: Lake
let a: ParquetFile
beforeAll(async () => {
  lake = await openLake()
  a = await cellFile(lake, A, [{ area: '1', $: '10' }])
})
afterAll(() => lake.close())

const commit = (name: string, kind: 'replace' | 'merge' | 'append', file: ParquetFile) =>
  lake.tables.commit(
    'estat',
    name,
    { kind, datasetId: file.datasetId, files: [file], properties: {} },
    { create: true, now: Date.now(), signal: calm },
  )

async function rows(name: string, sql: string, at?: TableMoment) {
  const table = (await lake.tables.load('estat', name, at)) as LakeTable
  const engine = queryDuckdb({ store: lake.store, tempDir: `${lake.dataDir}/tmp` })
  const request = { sql, tables: { [name]: table }, database: 'estat', maxRows: 100, offset: 0 }
  return (await engine.query(request, calm)).rows
}

it('a dataset with one more axis joins a table: older rows are null there, and an earlier state has no such column', async () => {
  const { snapshotId } = await commit('grown', 'append', a)
  await commit('grown', 'append', await cellFile(lake, B, [{ cat01: 'x', area: '2', $: '20' }]))
  expect(await rows('grown', 'SELECT dataset_id, cat01_code, area_code, value FROM grown ORDER BY dataset_id')).toEqual(
    [
      [A, null, '1', 10],
      [B, 'x', '2', 20],
    ],
  )
  expect(await rows('grown', 'SELECT area_code FROM grown', { snapshotId })).toEqual([['1']])
  await expect(rows('grown', 'SELECT cat01_code FROM grown', { snapshotId })).rejects.toMatchObject({
    code: 'QUERY_REJECTED',
  })
})

it('a column that another engine widened and one that it renamed are read from old files and new ones, also after a merge', async () => {
  await commit('changed', 'append', a)
  const key = 'estat/iceberg/changed/metadata/v1.metadata.json'
  const metadata = parseJson(new TextDecoder().decode((await lake.store.get(key)) ?? new Uint8Array())) as TableMetadata
  const [schema] = metadata.schemas
  const fields = schema?.fields.map((field) => {
    if (field.name === 'value') return { ...field, name: 'figure' }
    return field.name === 'area_level' ? { ...field, type: 'long' } : field
  })
  const changed = { ...metadata, schemas: [schema, { ...schema, 'schema-id': 1, fields }], 'current-schema-id': 1 }
  await lake.store.put(key, new TextEncoder().encode(printJson(changed)))
  const sql = 'SELECT area_code, figure, area_level FROM changed ORDER BY area_code'
  expect(await rows('changed', sql)).toEqual([['1', 10, 1]])
  await commit(
    'changed',
    'append',
    await cellFile(lake, A, [
      { area: '2', $: '20' },
      { area: '3', $: '30' },
    ]),
  )
  const { table } = await commit('changed', 'merge', await cellFile(lake, A, [{ area: '2', $: '-' }]))
  expect(await rows('changed', sql)).toEqual([
    ['1', 10, 1],
    ['2', null, 1],
    ['3', 30, 1],
  ])
  expect(table.columns.find(({ name }) => name === 'area_level')?.type).toBe('long')
  expect(table.files.map((file) => file.rows).toSorted((x, y) => x - y)).toEqual([1, 1, 1])
})
