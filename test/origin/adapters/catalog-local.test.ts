import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { localCatalog } from '../../../origin/adapters/catalog-local.ts'
import { localStore } from '../../../origin/adapters/store-local.ts'
import type { LakeTable, ParquetFile, TableChange } from '../../../origin/lake/ports.ts'
import { calm, type Lake, openLake } from '../lake/support/lake.ts'
import { smallFile } from '../lake/support/parquet-file.ts'

const [A, B] = ['0000000001', '0000000002'] as const
let lake: Lake
let a: ParquetFile
let a2: ParquetFile
let b: ParquetFile
beforeAll(async () => {
  lake = await openLake()
  a = await smallFile(lake, A, ['1', '2', '-'])
  a2 = await smallFile(lake, A, ['10', '20'])
  b = await smallFile(lake, B, ['7'], ['tab', 'area'])
})
afterAll(() => lake.close())

const options = { create: true, now: Date.UTC(2026, 10, 20), signal: calm }
const replace = (...files: readonly [ParquetFile, ...ParquetFile[]]): TableChange => ({
  kind: 'replace',
  datasetId: files[0].datasetId,
  files,
  properties: {},
})
const append = (...files: readonly ParquetFile[]): TableChange => ({ kind: 'append', files, properties: {} })
const load = async (name: string) => (await lake.tables.load('estat', name)) as LakeTable
const valuesOf = async (table: LakeTable) => {
  const rows = await lake.read(
    table.files.map(({ key }) => key),
    'value',
  )
  return rows.map(({ value }) => value as number | null).toSorted((x, y) => (x ?? -1) - (y ?? -1))
}

describe('a table on this disk', () => {
  it('is created by its first load, and read back', async () => {
    const done = await lake.tables.commit(
      'estat',
      't1',
      { ...replace(a), properties: { 'estat.dataset': '{"title":"人口"}' } },
      options,
    )
    expect(done).toMatchObject({ created: true, rowsBefore: 0, rowsLoaded: 3, rowsAfter: 3 })
    const table = await load('t1')
    expect(table).toEqual(done.table)
    expect(table).toMatchObject({
      tenant: 'estat',
      name: 't1',
      rows: 3,
      snapshotId: done.snapshotId,
      columns: a.columns,
    })
    expect(table.properties['estat.dataset']).toBe('{"title":"人口"}')
    expect(table.snapshots).toEqual([
      { id: done.snapshotId, parentId: null, at: options.now, operation: 'append', totalRows: 3 },
    ])
    expect(table.files).toEqual([
      {
        key: expect.stringMatching(/^estat\/iceberg\/t1\/data\/dataset_id=0000000001\//),
        rows: 3,
        bytes: a.bytes,
        datasetId: A,
      },
    ])
    expect(await valuesOf(table)).toEqual([null, 1, 2])
    expect(await lake.store.head(a.key)).not.toBeNull()
  })

  it('holds the same rows after the same load, and one more snapshot', async () => {
    await lake.tables.commit('estat', 't2', replace(a), options)
    const again = await lake.tables.commit('estat', 't2', replace(a), options)
    expect(again).toMatchObject({ created: false, rowsBefore: 3, rowsLoaded: 3, rowsAfter: 3 })
    expect((await load('t2')).snapshots.map(({ operation, totalRows }) => [operation, totalRows])).toEqual([
      ['append', 3],
      ['overwrite', 3],
    ])
    expect(await valuesOf(await load('t2'))).toEqual([null, 1, 2])
  })

  it('replaces the rows of one dataset and leaves the others', async () => {
    await lake.tables.commit('estat', 't3', replace(a), options)
    await lake.tables.commit('estat', 't3', replace(b), options)
    const done = await lake.tables.commit('estat', 't3', replace(a2), options)
    expect(done).toMatchObject({ rowsBefore: 4, rowsLoaded: 2, rowsAfter: 3 })
    expect(await valuesOf(done.table)).toEqual([7, 10, 20])
    expect(done.table.files.map(({ datasetId }) => datasetId).toSorted()).toEqual([A, B])
  })

  it('replaces within a manifest that holds several datasets, and keeps what stays', async () => {
    await lake.tables.commit('estat', 't4', append(a, b, a2), options)
    const done = await lake.tables.commit('estat', 't4', replace(a2), options)
    expect(await valuesOf(done.table)).toEqual([7, 10, 20])
    const last = await lake.tables.commit('estat', 't4', replace(b), options)
    expect(await valuesOf(last.table)).toEqual([7, 10, 20])
    expect(last.table.snapshots.map(({ totalRows }) => totalRows)).toEqual([6, 3, 3])
  })

  it('appends, and doubles when the same is appended twice', async () => {
    await lake.tables.commit('estat', 't5', append(b), options)
    expect(await lake.tables.commit('estat', 't5', append(b), options)).toMatchObject({ rowsBefore: 1, rowsAfter: 2 })
  })

  it('grows by the columns of a dataset with other axes', async () => {
    await lake.tables.commit('estat', 't6', replace(a), options)
    const { table } = await lake.tables.commit('estat', 't6', replace(b), options)
    const names = table.columns.map(({ name }) => name)
    expect(names.slice(0, a.columns.length)).toEqual(a.columns.map(({ name }) => name))
    expect(names).toEqual(expect.arrayContaining(['cat01_code', 'tab_code', 'area_name', 'region_code', 'indicator']))
    expect(new Set(names).size).toBe(names.length)
    const rows = await lake.read(
      table.files.map(({ key }) => key),
      'dataset_id, cat01_code, area_code',
    )
    expect(rows).toContainEqual({ dataset_id: B, cat01_code: null, area_code: '1' })
    expect(rows).toContainEqual({ dataset_id: A, cat01_code: '1', area_code: null })
  })

  it('lists the names of one tenant', async () => {
    await lake.tables.commit('other', 'mine', replace(a), options)
    expect(await lake.tables.list('other')).toEqual(['mine'])
    expect(await lake.tables.list('estat')).not.toContain('mine')
    expect(await lake.tables.list('nobody')).toEqual([])
    expect(await lake.tables.load('estat', 'mine')).toBeNull()
  })

  it('still loads, and takes commits, after its folder was moved', async () => {
    const moved = await openLake()
    await lake.tables.commit('estat', 'moving', replace(a), options)
    await moved.store.put('estat/iceberg/.keep', new Uint8Array())
    await rename(join(lake.dataDir, 'lake/estat/iceberg/moving'), join(moved.dataDir, 'lake/estat/iceberg/moving'))
    const { key } = b
    await moved.store.put(key, (await lake.store.get(key)) as Uint8Array)
    const { table } = await moved.tables.commit('estat', 'moving', append(b), options)
    expect(table.rows).toBe(4)
    expect(
      await moved.read(
        table.files.map((file) => file.key),
        'count(*)::int AS n',
      ),
    ).toEqual([{ n: 4 }])
    await moved.close()
  })

  it('is found without its version hint, and with a wrong one', async () => {
    await lake.tables.commit('estat', 't7', replace(a), options)
    await lake.tables.commit('estat', 't7', replace(a2), options)
    const hint = 'estat/iceberg/t7/metadata/version-hint.text'
    for (const text of ['1', '99', 'nonsense', '']) {
      await lake.store.put(hint, new TextEncoder().encode(text))
      expect((await load('t7')).rows, text).toBe(2)
    }
    await lake.store.delete(hint)
    expect((await load('t7')).rows).toBe(2)
  })
})

describe('what is refused, with nothing written', () => {
  const keys = async () => (await lake.store.list('')).map(({ key }) => key)

  it.each([
    [
      'a missing table',
      () => lake.tables.commit('estat', 'none', replace(a), { ...options, create: false }),
      'NOT_FOUND',
    ],
    ['a name with a slash', () => lake.tables.commit('estat', '../x', replace(a), options), 'INVALID_PARAMETER'],
    ['a Japanese name', () => lake.tables.load('estat', '人口'), 'INVALID_PARAMETER'],
    ['a name of 129 characters', () => lake.tables.load('estat', 'x'.repeat(129)), 'INVALID_PARAMETER'],
    ['a tenant with a slash', () => lake.tables.list('a/b'), 'INVALID_PARAMETER'],
    [
      'a file that is gone',
      () => lake.tables.commit('estat', 'none', replace({ ...a, key: 'estat/parquet/gone.parquet' }), options),
      'NOT_FOUND',
    ],
    [
      'a file of another dataset',
      () => lake.tables.commit('estat', 'none', replace(a, b), options),
      'INVALID_PARAMETER',
    ],
    [
      'a new table of nothing',
      () => lake.tables.commit('estat', 'none', { ...replace(a), files: [] }, options),
      'INVALID_PARAMETER',
    ],
    ['appending nothing', () => lake.tables.commit('estat', 'none', append(), options), 'INVALID_PARAMETER'],
    [
      'a caller who left',
      () => lake.tables.commit('estat', 'none', replace(a), { ...options, signal: AbortSignal.abort() }),
      'CANCELLED',
    ],
  ])('%s', async (_, call, code) => {
    const before = await keys()
    await expect(call()).rejects.toMatchObject({ code })
    expect(await keys()).toEqual(before)
  })
})

describe('many writers', () => {
  it('make one unbroken chain of snapshots and lose no rows', async () => {
    const [writers, commits] = [8, 5]
    const writer = async () => {
      const store = localStore({ dataDir: lake.dataDir, bucket: 'lake' })
      const own = localCatalog({ store, root: join(lake.dataDir, 'lake') })
      const results = []
      for (let n = 0; n < commits; n += 1) results.push(await own.commit('estat', 'busy', append(b), options))
      return results
    }
    const all = (await Promise.all(Array.from({ length: writers }, writer))).flat()
    const { snapshots, rows, files } = await load('busy')
    expect(snapshots).toHaveLength(writers * commits)
    snapshots.forEach(({ parentId, totalRows }, at) => {
      expect(parentId).toBe(snapshots[at - 1]?.id ?? null)
      expect(totalRows).toBe(at + 1)
    })
    expect(new Set(snapshots.map(({ id }) => id))).toEqual(new Set(all.map(({ snapshotId }) => snapshotId)))
    expect(all.filter(({ created }) => created)).toHaveLength(1)
    expect([rows, files.length]).toEqual([writers * commits, writers * commits])
    // Losers of a race tidy up: what is left is what the table names.
    const manifests = (await lake.store.list('estat/iceberg/busy/metadata/')).filter(({ key }) => key.endsWith('.avro'))
    // A list and a manifest of each commit, and the one that 32 manifests became.
    expect(manifests).toHaveLength(2 * writers * commits + 1)
  })
})
