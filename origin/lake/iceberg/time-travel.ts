/** A table as it was: by snapshot id, by time, or by the name of a branch or a tag. */
import { fault } from '../../../shared/fault.ts'
import type { TableMoment } from '../ports.ts'
import { sameId } from './json.ts'
import { type Snapshot, type TableMetadata, currentSchema, currentSnapshot } from './metadata.ts'
import type { IcebergSchema } from './schema.ts'

/**
 * The snapshot that was current at that moment, as the snapshot log tells it (a rollback is part of history).
 * @param at Absent: the current one.
 * @returns null where the table has no snapshot at all.
 * @throws Fault NOT_FOUND where the table does not have it, any more or yet; the hint names the oldest one.
 */
export function snapshotAt(metadata: TableMetadata, at?: TableMoment): Snapshot | null {
  if (at === undefined) return currentSnapshot(metadata)
  const found = metadata.snapshots?.find((snapshot) => sameId(snapshot['snapshot-id'], idAt(metadata, at)))
  if (found !== undefined) return found
  const [oldest] = (metadata.snapshots ?? []).toSorted((a, b) => a['timestamp-ms'] - b['timestamp-ms'])
  throw fault('NOT_FOUND', `The table has no snapshot ${wordsOf(at)}.`, {
    hint:
      oldest === undefined
        ? 'Nothing was loaded into it yet.'
        : `Older ones expire. The oldest that it keeps is ${oldest['snapshot-id']}, of ${new Date(oldest['timestamp-ms']).toISOString()}.`,
  })
}

function idAt({ 'snapshot-log': log = [], refs }: TableMetadata, at: TableMoment): bigint | null {
  if ('snapshotId' in at) return /^-?\d{1,19}$/.test(at.snapshotId) ? BigInt(at.snapshotId) : null
  const id =
    'ref' in at
      ? refs?.[at.ref]?.['snapshot-id']
      : log.findLast((line) => line['timestamp-ms'] <= at.time)?.['snapshot-id']
  return id === undefined ? null : BigInt(id)
}

function wordsOf(at: TableMoment): string {
  if ('snapshotId' in at) return at.snapshotId.slice(0, 30)
  return 'ref' in at ? `called ${at.ref.slice(0, 60)}` : `as old as ${new Date(at.time).toISOString()}`
}

/** The columns that a snapshot was written with; today's where it does not say (specification, "Snapshots": optional). */
export function schemaOfSnapshot(metadata: TableMetadata, snapshot: Snapshot | null): IcebergSchema {
  if (snapshot === null || snapshot === currentSnapshot(metadata)) return currentSchema(metadata)
  const id = snapshot['schema-id']
  return metadata.schemas.find((schema) => schema['schema-id'] === id) ?? currentSchema(metadata)
}
