/** Which snapshot a moment means. */
import { describe, expect, it } from 'vitest'
import { columnNamed } from '../../../../origin/lake/columns.ts'
import { newMetadata, type Snapshot, type TableMetadata } from '../../../../origin/lake/iceberg/metadata.ts'
import { schemaOf } from '../../../../origin/lake/iceberg/schema.ts'
import { schemaOfSnapshot, snapshotAt } from '../../../../origin/lake/iceberg/time-travel.ts'
import type { LakeColumn, TableMoment } from '../../../../origin/lake/ports.ts'

const JAVA_ID = 8_195_106_785_550_123_751n
const value = columnNamed('value') as LakeColumn
const unit = columnNamed('unit') as LakeColumn
const snapshot = (id: number | bigint, at: number, schema?: number): Snapshot => ({
  'snapshot-id': id,
  'sequence-number': 1,
  'timestamp-ms': at,
  'manifest-list': '/l',
  summary: { operation: 'append' },
  ...(schema === undefined ? {} : { 'schema-id': schema }),
})
const EMPTY = newMetadata({ uuid: 'u', location: '/l/t', columns: [value], now: 0 })
const snapshots = [snapshot(1, 100, 0), snapshot(JAVA_ID, 200), snapshot(3, 300, 1)]
/** 1, then 3, then back to 1. */
const TABLE: TableMetadata = {
  ...EMPTY,
  schemas: [schemaOf(0, [value]), schemaOf(1, [value, unit])],
  'current-schema-id': 1,
  snapshots,
  'current-snapshot-id': 1,
  'snapshot-log': [
    { 'timestamp-ms': 100, 'snapshot-id': 1 },
    { 'timestamp-ms': 300, 'snapshot-id': 3 },
    { 'timestamp-ms': 400, 'snapshot-id': 1 },
  ],
  refs: { main: { type: 'branch', 'snapshot-id': 1 }, audit: { type: 'tag', 'snapshot-id': JAVA_ID } },
}
const idAt = (at?: TableMoment) => snapshotAt(TABLE, at)?.['snapshot-id']

describe('a moment', () => {
  it('is now where nothing is said, and nothing in a table without snapshots', () => {
    expect(idAt()).toBe(1)
    expect(snapshotAt(EMPTY)).toBeNull()
  })

  it('may be a snapshot id, of 64 bits as well, or a tag', () => {
    expect(idAt({ snapshotId: '3' })).toBe(3)
    expect(idAt({ snapshotId: String(JAVA_ID) })).toBe(JAVA_ID)
    expect(idAt({ ref: 'audit' })).toBe(JAVA_ID)
  })

  it('may be a time, and a rollback is part of history', () => {
    expect([100, 299, 300, 399, 400, 1e12].map((time) => idAt({ time }))).toEqual([1, 1, 3, 3, 1, 1])
  })

  it.each([
    { at: { time: 99 }, words: 'no snapshot as old as 1970-01-01T00:00:00.099Z' },
    { at: { snapshotId: '2' }, words: 'no snapshot 2' },
    { at: { snapshotId: 'first' }, words: 'no snapshot first' },
    { at: { ref: 'gone' }, words: 'no snapshot called gone' },
  ])('that the table does not know is an error that names the oldest: $words', ({ at, words }) => {
    expect(() => snapshotAt(TABLE, at)).toThrow(
      expect.objectContaining({
        code: 'NOT_FOUND',
        message: expect.stringContaining(words),
        hint: expect.stringContaining('is 1, of 1970-01-01T00:00:00.100Z'),
      }),
    )
  })
})

it('a snapshot has the columns that it was written with; today’s are those of the table', () => {
  const columns = (at: number) => schemaOfSnapshot(TABLE, snapshots[at] as Snapshot).fields.map(({ name }) => name)
  expect(columns(2)).toEqual(['value', 'unit'])
  expect(columns(1)).toEqual(['value', 'unit'])
  expect(columns(0)).toEqual(['value', 'unit']) // current: the table may have grown since its last load
  const older = { ...TABLE, 'current-snapshot-id': 3 }
  expect(schemaOfSnapshot(older, snapshots[0] as Snapshot).fields.map(({ name }) => name)).toEqual(['value'])
})
