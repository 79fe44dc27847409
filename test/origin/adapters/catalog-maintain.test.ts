/** Upkeep on a real folder: what goes, what stays, and who may be reading or writing meanwhile. */
import { utimes } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LakeTable, ParquetFile, TableChange } from '../../../origin/lake/ports.ts'
import { interrupted } from '../lake/support/interrupted.ts'
import { calm, type Lake, openLake } from '../lake/support/lake.ts'
import { smallFile } from '../lake/support/parquet-file.ts'

const HOUR = 3_600_000
let lake: Lake
let small: ParquetFile
let large: ParquetFile
beforeAll(async () => {
  lake = await openLake()
  small = await smallFile(lake, '0000000001', ['1', '2'])
  large = await smallFile(lake, '0000000001', ['1', '2', '3'])
})
afterAll(() => lake.close())

/** Commits of these tests happen at this hour and later; files are as old as the test run. */
const START = Math.ceil(Date.now() / HOUR) * HOUR
const at = (hour: number) => ({ create: true, now: START + hour * HOUR, signal: calm })
const replace = (file: ParquetFile, properties: Readonly<Record<string, string>> = {}): TableChange => ({
  kind: 'replace',
  datasetId: file.datasetId,
  files: [file],
  properties,
})
const KEEP_ONE = { 'history.expire.min-snapshots-to-keep': '1' }
const keysOf = async (name: string) => (await lake.store.list(`estat/iceberg/${name}/`)).map(({ key }) => key)
const kinds = (keys: readonly string[]) =>
  ['parquet', 'avro', 'metadata.json'].map((end) => keys.filter((key) => key.endsWith(`.${end}`)).length)

/** A table with a replace at each of these hours. */
async function tableOf(name: string, hours: readonly number[]): Promise<void> {
  for (const hour of hours)
    await lake.tables.commit('estat', name, replace(hour % 2 === 0 ? small : large, KEEP_ONE), at(hour))
}
const rowsOf = async (table: LakeTable | null) =>
  (
    await lake.read(
      (table?.files ?? []).map(({ key }) => key),
      'count(*)::int AS n',
    )
  )[0]?.['n']

describe('the upkeep of a table', () => {
  it('leaves one of which nothing is due as it is, and does not mind one that is not there', async () => {
    await tableOf('fresh', [0, 1])
    const before = await keysOf('fresh')
    const nothing = { snapshotsExpired: 0, objectsDeleted: 0, bytesFreed: 0 }
    expect(await lake.tables.maintain('estat', 'fresh', at(20))).toEqual(nothing)
    expect(await keysOf('fresh')).toEqual(before)
    expect(await lake.tables.maintain('estat', 'absent', at(20))).toEqual(nothing)
  })

  it('expires what was superseded a day ago, with the files that only it named', async () => {
    await tableOf('aging', [0, 1, 40])
    expect(kinds(await keysOf('aging'))).toEqual([3, 3 + 5, 3])
    const done = await lake.tables.maintain('estat', 'aging', at(42))
    expect(done).toMatchObject({ snapshotsExpired: 1 })
    expect(done.bytesFreed).toBeGreaterThan(small.bytes)
    const [parquet, , versions] = kinds(await keysOf('aging'))
    expect([parquet, versions]).toEqual([2, 4])
    const table = (await lake.tables.load('estat', 'aging')) as LakeTable
    expect(table.snapshots.map(({ totalRows }) => totalRows)).toEqual([3, 2])
    expect(await rowsOf(table)).toBe(2)
    expect(await rowsOf(await lake.tables.load('estat', 'aging', { time: START + 20 * HOUR }))).toBe(3)
    await expect(lake.tables.load('estat', 'aging', { time: START })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await lake.tables.commit('estat', 'aging', replace(large), at(43))).toMatchObject({
      rowsBefore: 2,
      rowsAfter: 3,
    })
  })

  it('deletes orphans of 72 hours, old metadata files that the log forgot among them, and nothing younger', async () => {
    const short = { ...KEEP_ONE, 'write.metadata.previous-versions-max': '2' }
    for (const hour of [0, 1, 2, 3, 4]) await lake.tables.commit('estat', 'dusty', replace(small, short), at(hour))
    const orphan = 'estat/iceberg/dusty/data/left-behind.parquet'
    const young = 'estat/iceberg/dusty/data/being-loaded.parquet'
    await lake.store.put(orphan, new Uint8Array(10))
    await lake.tables.maintain('estat', 'dusty', at(71))
    expect((await keysOf('dusty')).filter((key) => /v\d+\.metadata\.json$/.test(key))).toHaveLength(6)
    expect(await keysOf('dusty')).toContain(orphan)
    await lake.store.put(young, new Uint8Array(10))
    const later = START + 80 * HOUR
    await utimes(await lake.store.localPath(young), later / 1000, later / 1000)
    await lake.tables.maintain('estat', 'dusty', at(80))
    const keys = await keysOf('dusty')
    expect(keys.filter((key) => /v\d+\.metadata\.json$/.test(key)).map((key) => key.split('/').at(-1))).toEqual([
      'v4.metadata.json',
      'v5.metadata.json',
      'v6.metadata.json',
    ])
    expect(keys).not.toContain(orphan)
    expect(keys).toContain(young)
    expect(await rowsOf(await lake.tables.load('estat', 'dusty'))).toBe(2)
  })

  it('reads no manifest of a table that nobody touched for a month', async () => {
    await tableOf('quiet', [0])
    const calls: string[] = []
    const watched = interrupted(
      lake,
      (method, key) => {
        calls.push(`${method} ${key.split('.').at(-1)}`)
        return false
      },
      async () => undefined,
    )
    await watched.maintain('estat', 'quiet', at(31 * 24))
    expect(calls.filter((call) => call === 'get avro')).toEqual([])
    expect(calls.length).toBeLessThan(10)
  })

  it('leaves a table alone whose files others refer to', async () => {
    await tableOf('cloned', [0, 1])
    await lake.tables.commit('estat', 'cloned', replace(small, { 'gc.enabled': 'false' }), at(2))
    const before = await keysOf('cloned')
    expect(await lake.tables.maintain('estat', 'cloned', at(1000))).toMatchObject({ objectsDeleted: 0 })
    expect(await keysOf('cloned')).toEqual(before)
  })

  it('is done by a commit itself once twenty snapshots are due', async () => {
    await tableOf(
      'busy',
      Array.from({ length: 21 }, (_, hour) => hour / 100),
    )
    expect((await lake.tables.load('estat', 'busy'))?.snapshots).toHaveLength(21)
    await lake.tables.commit('estat', 'busy', replace(large), at(50))
    expect((await lake.tables.load('estat', 'busy'))?.snapshots).toHaveLength(2)
    expect(kinds(await keysOf('busy'))[0]).toBe(2)
  })
})

describe('beside others', () => {
  it('a commit that lands while snapshots expire is kept, and they expire on top of it', async () => {
    await tableOf('raced', [0, 1, 40])
    const slow = interrupted(
      lake,
      (method, key) => method === 'put' && key.endsWith('v4.metadata.json'),
      () => lake.tables.commit('estat', 'raced', replace(large), at(41)),
    )
    expect(await slow.maintain('estat', 'raced', at(42))).toMatchObject({ snapshotsExpired: 1 })
    const table = await lake.tables.load('estat', 'raced')
    expect(table?.snapshots.map(({ totalRows }) => totalRows)).toEqual([3, 2, 3])
    expect(await rowsOf(table)).toBe(3)
  })

  it('a load that plans while snapshots expire lands on top of it', async () => {
    await tableOf('loading', [0, 1, 40])
    const slow = interrupted(
      lake,
      (method, key) => method === 'put' && key.endsWith('v4.metadata.json'),
      () => lake.tables.maintain('estat', 'loading', at(42)),
    )
    expect(await slow.commit('estat', 'loading', replace(large), at(42))).toMatchObject({ rowsBefore: 2, rowsAfter: 3 })
    const table = await lake.tables.load('estat', 'loading')
    expect(table?.snapshots).toHaveLength(3)
    expect(await rowsOf(table)).toBe(3)
  })

  it('a reader of what was current a moment ago still finds its files', async () => {
    await tableOf('read', [0, 60])
    const table = await lake.tables.load('estat', 'read')
    await lake.tables.commit('estat', 'read', replace(large), at(61))
    await lake.tables.maintain('estat', 'read', at(62))
    expect(await rowsOf(table)).toBe(2)
  })

  it('deletes nothing where a snapshot that stays cannot be read', async () => {
    await tableOf('broken', [0, 1, 40])
    const before = await keysOf('broken')
    const list = before.filter((key) => /snap-/.test(key))
    const table = await lake.tables.load('estat', 'broken')
    const current = list.find((key) => key.includes(`snap-${table?.snapshotId}-`)) ?? ''
    await lake.store.delete(current)
    await expect(lake.tables.maintain('estat', 'broken', at(200))).rejects.toMatchObject({
      code: 'DATA_TRANSFORM_ERROR',
    })
    expect((await keysOf('broken')).filter((key) => !key.endsWith('.json'))).toEqual(
      before.filter((key) => key !== current && !key.endsWith('.json')),
    )
  })
})
