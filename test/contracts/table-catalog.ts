/** What every TableCatalog promises, over whatever store and pointer it stands on. Files are only moved: none is Parquet. */
import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { LAKE_COLUMNS } from '../../origin/lake/columns.ts'
import { compareKeys } from '../../origin/lake/object-key.ts'
import type { LakeTable, ParquetFile, TableCatalog, TableChange, TableMoment } from '../../origin/lake/ports.ts'
import type { ObjectStore } from '../../origin/ports.ts'

export interface CatalogLab {
  readonly store: ObjectStore
  /** A catalogue such as another process would have: it shares nothing but what is stored. */
  readonly open: () => TableCatalog
  /** Of the next swap of a table's metadata: it is done, and the answer is lost. */
  readonly loseAnswer: () => void
  /** From the next swap on, which is done, nothing answers any more; the returned function heals it. */
  readonly goSilent: () => () => void
}

const [A, B] = ['0000000001', '0000000002'] as const
const calm = new AbortController().signal
const options = { create: true, now: Date.UTC(2026, 10, 20), signal: calm }

/** An object that stands for a Parquet file of `rows` rows of one dataset. */
async function fileOf(store: ObjectStore, datasetId: string, rows: number): Promise<ParquetFile> {
  const key = `estat/parquet/${randomUUID()}.parquet`
  await store.put(key, new TextEncoder().encode(`PAR1 ${rows}`))
  return {
    key,
    bytes: 6,
    rows,
    columns: LAKE_COLUMNS.slice(0, 8),
    stats: [],
    datasetId,
    splitOffsets: [4],
    properties: {},
  }
}

const replace = (...files: readonly [ParquetFile, ...ParquetFile[]]): TableChange => ({
  kind: 'replace',
  datasetId: files[0].datasetId,
  files,
  properties: { 'estat.loaded': files[0].key },
})
const append = (...files: readonly ParquetFile[]): TableChange => ({ kind: 'append', files, properties: {} })

/** Every snapshot follows the one before, and every file that the table names is there. */
async function expectWhole(store: ObjectStore, table: LakeTable | null): Promise<LakeTable> {
  if (table === null) throw new Error('there is no table')
  table.snapshots.forEach(({ parentId }, at) => expect(parentId).toBe(table.snapshots[at - 1]?.id ?? null))
  for (const { key } of table.files) expect(await store.head(key)).not.toBeNull()
  return table
}

async function expectFiles(store: ObjectStore, table: LakeTable | null): Promise<void> {
  const kept = (await store.list('estat/iceberg/t/data/')).map(({ key }) => key)
  expect(kept).toEqual((table?.files ?? []).map(({ key }) => key).toSorted(compareKeys))
}

export function tableCatalogContract(make: () => Promise<CatalogLab>): void {
  it('creates a table with its first load, and reads it back', async () => {
    const { store, open } = await make()
    const file = await fileOf(store, A, 3)
    const done = await open().commit('estat', 't', replace(file), options)
    expect(done).toMatchObject({ created: true, rowsBefore: 0, rowsLoaded: 3, rowsAfter: 3 })
    const table = await expectWhole(store, await open().load('estat', 't'))
    expect(table).toEqual(done.table)
    expect(table).toMatchObject({ tenant: 'estat', name: 't', rows: 3, snapshotId: done.snapshotId })
    expect(table.columns).toEqual(file.columns)
    expect(table.properties['estat.loaded']).toBe(file.key)
  })

  it('replaces one dataset, appends, and keeps the history', async () => {
    const { store, open } = await make()
    const catalog = open()
    for (const change of [replace(await fileOf(store, A, 3)), replace(await fileOf(store, B, 1))])
      await catalog.commit('estat', 't', change, options)
    expect(await catalog.commit('estat', 't', replace(await fileOf(store, A, 5)), options)).toMatchObject({
      created: false,
      rowsBefore: 4,
      rowsAfter: 6,
    })
    await catalog.commit('estat', 't', append(await fileOf(store, A, 10)), options)
    const table = await expectWhole(store, await open().load('estat', 't'))
    expect(table.snapshots.map(({ totalRows }) => totalRows)).toEqual([3, 4, 6, 16])
    expect(table.files.map(({ datasetId, rows }) => `${datasetId} ${rows}`).toSorted()).toEqual([
      `${A} 10`,
      `${A} 5`,
      `${B} 1`,
    ])
  })

  it('goes back to earlier states, until they expire a day after they were superseded, with what only they named', async () => {
    const { store, open } = await make()
    const hour = 3_600_000
    const start = Date.now()
    const at = (hours: number) => ({ ...options, now: start + hours * hour })
    const properties = { 'history.expire.min-snapshots-to-keep': '1' }
    const ids: string[] = []
    for (const [hours, rows] of [
      [0, 1],
      [1, 2],
      [40, 3],
    ] as const) {
      const change = { ...replace(await fileOf(store, A, rows)), properties }
      ids.push((await open().commit('estat', 't', change, at(hours))).snapshotId)
    }
    const rowsAt = async (moment: TableMoment) => (await open().load('estat', 't', moment))?.rows
    expect([await rowsAt({ snapshotId: ids[0] ?? '' }), await rowsAt({ time: at(20).now })]).toEqual([1, 2])
    const before = (await store.list('estat/iceberg/t/')).length
    expect(await open().maintain('estat', 't', at(42))).toMatchObject({ snapshotsExpired: 1 })
    expect((await store.list('estat/iceberg/t/')).length).toBeLessThan(before)
    await expect(rowsAt({ snapshotId: ids[0] ?? '' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const table = (await open().load('estat', 't')) as LakeTable
    expect(table.snapshots.map(({ id }) => id)).toEqual(ids.slice(1))
    for (const moment of ids.slice(1)) {
      const state = await open().load('estat', 't', { snapshotId: moment })
      for (const { key } of state?.files ?? []) expect(await store.head(key)).not.toBeNull()
    }
    expect(await open().commit('estat', 't', append(await fileOf(store, A, 4)), at(43))).toMatchObject({ rowsAfter: 7 })
    // What nobody named for 72 hours is gone then, and nothing else.
    await open().maintain('estat', 't', at(43 + 73))
    await expectFiles(store, await open().load('estat', 't'))
  })

  it('knows no table that was never made, and makes none where it is told not to', async () => {
    const { store, open } = await make()
    const file = await fileOf(store, A, 1)
    expect([await open().load('estat', 'none'), await open().list('estat')]).toEqual([null, []])
    await expect(open().commit('estat', 'none', replace(file), { ...options, create: false })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    expect(await store.list('estat/iceberg/')).toEqual([])
  })

  it('lists the tables of one tenant, and shows none to another', async () => {
    const { store, open } = await make()
    const file = await fileOf(store, A, 1)
    for (const name of ['c', 'a', 'b', 'd', 'e']) await open().commit('estat', name, replace(file), options)
    await open().commit('other', 'mine', replace(file), options)
    expect(await open().list('estat')).toEqual(['a', 'b', 'c', 'd', 'e'])
    expect(await open().list('other')).toEqual(['mine'])
    expect(await open().list('nobody')).toEqual([])
    expect([await open().load('estat', 'mine'), await open().load('other', 'a')]).toEqual([null, null])
  })

  it('lets racing writers make one unbroken chain, and exactly one of them the table', async () => {
    const { store, open } = await make()
    const [writers, commits] = [3, 2]
    const file = await fileOf(store, B, 1)
    const writer = async () => {
      const own = open()
      const results = []
      for (let at = 0; at < commits; at += 1) results.push(await own.commit('estat', 'busy', append(file), options))
      return results
    }
    const all = (await Promise.all(Array.from({ length: writers }, writer))).flat()
    const table = await expectWhole(store, await open().load('estat', 'busy'))
    expect([table.rows, table.snapshots.length, table.files.length]).toEqual([6, 6, 6])
    expect(new Set(table.snapshots.map(({ id }) => id))).toEqual(new Set(all.map(({ snapshotId }) => snapshotId)))
    expect(all.filter(({ created }) => created)).toHaveLength(1)
  })

  describe('a commit whose answer got lost', () => {
    it('is found to be done, and is not done again', async () => {
      const { store, open, loseAnswer } = await make()
      for (const rows of [1, 2]) {
        loseAnswer()
        const done = await open().commit('estat', 't', append(await fileOf(store, A, rows)), options)
        expect(done.created).toBe(rows === 1)
      }
      const table = await expectWhole(store, await open().load('estat', 't'))
      expect(table.snapshots.map(({ totalRows }) => totalRows)).toEqual([1, 3])
    })

    it('and that nobody can look up leaves what it names, and says what to do', async () => {
      const { store, open, goSilent } = await make()
      await open().commit('estat', 't', append(await fileOf(store, A, 1)), options)
      const file = await fileOf(store, A, 2)
      const heal = goSilent()
      const failure = await open()
        .commit('estat', 't', append(file), options)
        .catch((error: unknown) => error)
      heal()
      expect(failure).toMatchObject({ message: 'It is not known whether the load was stored.' })
      const table = await expectWhole(store, await open().load('estat', 't'))
      expect(table.snapshots.map(({ totalRows }) => totalRows)).toEqual([1, 3])
      await open().commit('estat', 't', append(file), options)
      expect((await expectWhole(store, await open().load('estat', 't'))).rows).toBe(5)
    })
  })
}
