/** Which snapshots expire and which objects nothing needs any more, told from metadata alone. */
import { describe, expect, it } from 'vitest'
import { columnNamed } from '../../../../origin/lake/columns.ts'
import { ORPHAN_AGE_MS, orphansAmong } from '../../../../origin/lake/iceberg/garbage.ts'
import { newMetadata, type SnapshotRef, type TableMetadata } from '../../../../origin/lake/iceberg/metadata.ts'
import { planExpiry } from '../../../../origin/lake/iceberg/retention.ts'
import type { LakeColumn } from '../../../../origin/lake/ports.ts'

const HOUR = 3_600_000
const FILE = '/l/t/metadata/v9.metadata.json'
const BIG = 8_195_106_785_550_123_751n

/** A table with one snapshot at each of these hours, in one line; ids are 1 and up. */
function tableOf(hours: readonly number[], more: Partial<TableMetadata> = {}, properties = KEEP_ONE): TableMetadata {
  const empty = newMetadata({ uuid: 'u', location: '/l/t', columns: [columnNamed('value') as LakeColumn], now: 0 })
  const snapshots = hours.map((hour, at) => ({
    'snapshot-id': at + 1,
    ...(at === 0 ? {} : { 'parent-snapshot-id': at }),
    'sequence-number': at + 1,
    'timestamp-ms': hour * HOUR,
    'manifest-list': `/l/t/metadata/snap-${at + 1}.avro`,
    summary: { operation: 'append' },
    'schema-id': 0,
  }))
  return {
    ...empty,
    properties,
    'last-updated-ms': (hours.at(-1) ?? 0) * HOUR,
    'current-snapshot-id': hours.length,
    snapshots,
    'snapshot-log': snapshots.map((snapshot) => ({
      'timestamp-ms': snapshot['timestamp-ms'],
      'snapshot-id': snapshot['snapshot-id'],
    })),
    refs: { main: { type: 'branch', 'snapshot-id': hours.length } },
    ...more,
  }
}
const KEEP_ONE: Readonly<Record<string, string>> = { 'history.expire.min-snapshots-to-keep': '1' }
const keptAt = (table: TableMetadata, hour: number) =>
  (planExpiry(table, FILE, hour * HOUR)?.metadata ?? table).snapshots?.map((snapshot) => snapshot['snapshot-id'])
const ref = (id: number, more: Partial<SnapshotRef> = {}): SnapshotRef => ({ type: 'tag', 'snapshot-id': id, ...more })

describe('a snapshot', () => {
  it('goes 24 hours after it stopped being current, however old it was then', () => {
    const table = tableOf([0, 100, 101])
    expect(keptAt(table, 123.9)).toEqual([1, 2, 3])
    expect(keptAt(table, 124.1)).toEqual([2, 3])
    expect(keptAt(table, 125.1)).toEqual([3])
  })

  it('that is current stays for ever', () => {
    expect(planExpiry(tableOf([0]), FILE, 1e9 * HOUR)).toBeNull()
    expect(planExpiry(tableOf([]), FILE, 1e9 * HOUR)).toBeNull()
  })

  it('stays in a table whose files are not to be collected', () => {
    expect(keptAt(tableOf([0, 1, 2], {}, { ...KEEP_ONE, 'gc.enabled': 'false' }), 1000)).toEqual([1, 2, 3])
  })

  it('is one of ten at least, where the table does not say otherwise', () => {
    const table = tableOf(
      Array.from({ length: 15 }, (_, at) => at),
      {},
      { 'write.format.default': 'parquet' },
    )
    expect(keptAt(table, 1000)).toEqual([6, 7, 8, 9, 10, 11, 12, 13, 14, 15])
  })

  it('goes as the table and its branches say', () => {
    const properties = { 'history.expire.max-snapshot-age-ms': String(2 * HOUR), ...KEEP_ONE }
    expect(keptAt(tableOf([0, 1, 2, 3], {}, properties), 4.5)).toEqual([3, 4])
    const main: SnapshotRef = { type: 'branch', 'snapshot-id': 4, 'min-snapshots-to-keep': 3 }
    expect(keptAt(tableOf([0, 1, 2, 3], { refs: { main } }), 1000)).toEqual([2, 3, 4])
  })

  it('that a tag or another branch names stays, with its line of ancestors where it is a branch', () => {
    const refs = { ...tableOf([0, 1, 2, 3]).refs, audit: ref(1) }
    expect(keptAt(tableOf([0, 1, 2, 3], { refs }), 1000)).toEqual([1, 4])
    const branch = { ...refs, audit: ref(3, { type: 'branch', 'min-snapshots-to-keep': 2 }) }
    expect(keptAt(tableOf([0, 1, 2, 3], { refs: branch }), 1000)).toEqual([2, 3, 4])
  })

  it('goes when the tag that named it has lived its time', () => {
    const refs = { ...tableOf([0, 1]).refs, old: ref(1, { 'max-ref-age-ms': 50 * HOUR }) }
    expect(keptAt(tableOf([0, 1], { refs }), 49)).toEqual([1, 2])
    const plan = planExpiry(tableOf([0, 1], { refs }), FILE, 51 * HOUR)
    expect(plan?.metadata.refs).toEqual({ main: { type: 'branch', 'snapshot-id': 2 } })
    expect(plan?.expired.map((snapshot) => snapshot['snapshot-id'])).toEqual([1])
  })

  it('that was rolled back goes 24 hours after the rollback', () => {
    const table = tableOf([0, 1, 2])
    const log = [...(table['snapshot-log'] ?? []), { 'timestamp-ms': 50 * HOUR, 'snapshot-id': 1 }]
    const back = { 'current-snapshot-id': 1, 'snapshot-log': log, refs: { main: ref(1, { type: 'branch' }) } }
    expect(keptAt({ ...table, ...back }, 73)).toEqual([1, 3])
    expect(keptAt({ ...table, ...back }, 75)).toEqual([1])
  })

  it('keeps a 64-bit id of another engine', () => {
    const table = tableOf([0, 1])
    const [first, second] = table.snapshots as readonly [
      NonNullable<TableMetadata['snapshots']>[number],
      NonNullable<TableMetadata['snapshots']>[number],
    ]
    const big = { ...second, 'snapshot-id': BIG }
    const java = {
      ...table,
      'current-snapshot-id': BIG,
      snapshots: [first, big],
      refs: { main: { type: 'branch', 'snapshot-id': BIG } },
    }
    expect(keptAt(java, 1000)).toEqual([BIG])
  })
})

describe('metadata without the expired', () => {
  it('has history, statistics and log that fit', () => {
    const statistics = [1, 2, 3].map((id) => ({ 'snapshot-id': id, 'statistics-path': `/l/t/metadata/${id}.puffin` }))
    const table = tableOf([0, 1, 2], { statistics })
    const plan = planExpiry(table, FILE, 25.5 * HOUR)
    expect(plan?.metadata.statistics).toEqual(statistics.slice(1))
    expect(plan?.metadata['snapshot-log']).toEqual(table['snapshot-log']?.slice(1))
    expect(plan?.metadata['metadata-log']).toEqual([{ 'timestamp-ms': 2 * HOUR, 'metadata-file': FILE }])
    expect(plan?.metadata['last-updated-ms']).toBe(25.5 * HOUR)
    expect(plan?.metadata['current-snapshot-id']).toBe(3)
  })

  it('remembers as many metadata files as the table says', () => {
    const properties = { ...KEEP_ONE, 'write.metadata.previous-versions-max': '2' }
    const log = [1, 2, 3].map((n) => ({ 'timestamp-ms': n, 'metadata-file': `v${n}` }))
    const plan = planExpiry(tableOf([0, 1], { 'metadata-log': log }, properties), FILE, 1000 * HOUR)
    expect(plan?.metadata['metadata-log']?.map((line) => line['metadata-file'])).toEqual(['v3', FILE])
  })
})

describe('an orphan', () => {
  const object = (key: string, ageHours: number) => ({ key, size: 1, modified: 1e6 * HOUR - ageHours * HOUR })
  const found = (...objects: readonly ReturnType<typeof object>[]) =>
    orphansAmong(objects, new Set(['needed']), 1e6 * HOUR).map(({ key }) => key)

  it('is older than 72 hours, and nothing names it', () => {
    expect(ORPHAN_AGE_MS).toBe(72 * HOUR)
    expect(found(object('young', 71), object('old', 73), object('needed', 100))).toEqual(['old'])
  })

  it('is never the hint to the newest version', () => {
    expect(found(object('estat/iceberg/t/metadata/version-hint.text', 1000))).toEqual([])
  })

  it('goes oldest first, and metadata files in the order of their numbers', () => {
    const file = (n: number, age: number) => object(`t/metadata/v${n}.metadata.json`, age)
    expect(found(file(10, 80), file(9, 80), file(11, 75), file(2, 90))).toEqual(
      [2, 9, 10, 11].map((n) => `t/metadata/v${n}.metadata.json`),
    )
  })
})
