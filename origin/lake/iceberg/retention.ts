/**
 * Which snapshots a table keeps (specification, "Snapshot Retention Policy"), and its metadata without the others.
 *
 * A snapshot's age counts from when it stopped being the current one, not from its commit: whoever began to read it
 * while it was current has the whole time to finish, and time travel reaches every state of that time.
 */
import { type Long, sameId } from './json.ts'
import { type Snapshot, type SnapshotRef, type TableMetadata, currentSnapshot } from './metadata.ts'
import { metadataLog } from './next-metadata.ts'
import { positiveProperty } from './table-property.ts'

/** PRODUCT.md: a snapshot is kept for 24 hours. Iceberg's own default is five days. */
export const SNAPSHOT_AGE_MS = 24 * 60 * 60 * 1000
/** Whatever their age, so that a monthly load can still be compared with those before it. Iceberg's own default is one. */
const LEAST_SNAPSHOTS = 10

export interface ExpiryPlan {
  /** The next metadata. */
  readonly metadata: TableMetadata
  /** Snapshots that it no longer has. */
  readonly expired: readonly Snapshot[]
}

/**
 * @param metadataFile Where `metadata` was read from.
 * @returns null where nothing is due: telling that costs no look at anything but the metadata.
 */
export function planExpiry(metadata: TableMetadata, metadataFile: string, now: number): ExpiryPlan | null {
  if (!mayCollect(metadata)) return null
  const refs = Object.entries(metadata.refs ?? {}).filter(([name, ref]) => !isRefOver(metadata, name, ref, now))
  const kept = keptIds(metadata, new Map(refs), now)
  const stays = ({ 'snapshot-id': id }: { readonly 'snapshot-id': Long }): boolean => kept.has(BigInt(id))
  const snapshots = metadata.snapshots ?? []
  const expired = snapshots.filter((snapshot) => !stays(snapshot))
  if (expired.length === 0) return null
  const log = metadata['snapshot-log'] ?? []
  const statistics = (name: 'statistics' | 'partition-statistics') =>
    metadata[name] === undefined ? {} : { [name]: metadata[name].filter(stays) }
  return {
    expired,
    metadata: {
      ...metadata,
      ...statistics('statistics'),
      ...statistics('partition-statistics'),
      'last-updated-ms': Math.max(now, metadata['last-updated-ms']),
      refs: Object.fromEntries(refs),
      snapshots: snapshots.filter(stays),
      // History before a snapshot that is gone is no longer whole (specification, "snapshot-log").
      'snapshot-log': log.slice(log.findLastIndex((line) => !stays(line)) + 1),
      'metadata-log': metadataLog(metadata, metadataFile),
    },
  }
}

/** Iceberg's "gc.enabled": a table whose files others refer to (a shallow clone, a migrated one) says false. */
export const mayCollect = ({ properties }: TableMetadata): boolean => properties?.['gc.enabled'] !== 'false'

function keptIds(metadata: TableMetadata, refs: ReadonlyMap<string, SnapshotRef>, now: number): ReadonlySet<bigint> {
  const byId = new Map((metadata.snapshots ?? []).map((snapshot) => [BigInt(snapshot['snapshot-id']), snapshot]))
  const ends = endsOf(metadata)
  const age = positiveProperty(metadata, 'history.expire.max-snapshot-age-ms', SNAPSHOT_AGE_MS)
  const isYoung = (snapshot: Snapshot, most: number): boolean =>
    now - (ends.get(BigInt(snapshot['snapshot-id'])) ?? snapshot['timestamp-ms']) < most
  const current = currentSnapshot(metadata)
  const kept = new Set<bigint>()
  const keepLine = (head: Long, ref: SnapshotRef | null): void => {
    const least = ref?.['min-snapshots-to-keep'] ?? leastSnapshots(metadata)
    const most = ref?.['max-snapshot-age-ms'] ?? age
    let count = 0
    for (let at = byId.get(BigInt(head)); at !== undefined; at = parentOf(at, byId)) {
      if (count >= least && !isYoung(at, most)) break
      kept.add(BigInt(at['snapshot-id']))
      count += 1
    }
  }
  for (const ref of refs.values())
    if (ref.type === 'branch') keepLine(ref['snapshot-id'], ref)
    else kept.add(BigInt(ref['snapshot-id']))
  if (current !== null) keepLine(current['snapshot-id'], refs.get('main') ?? null)
  // What no reference leads to: rolled back, or staged by another engine.
  for (const [id, snapshot] of byId) if (isYoung(snapshot, age)) kept.add(id)
  return kept
}

const leastSnapshots = (metadata: TableMetadata): number =>
  positiveProperty(metadata, 'history.expire.min-snapshots-to-keep', LEAST_SNAPSHOTS)

const parentOf = (snapshot: Snapshot, byId: ReadonlyMap<bigint, Snapshot>): Snapshot | undefined => {
  const parent = snapshot['parent-snapshot-id']
  return parent === undefined || parent === null ? undefined : byId.get(BigInt(parent))
}

/** When each snapshot stopped being current: at the next line of the log. The current one has not; it is kept anyway. */
function endsOf({ 'snapshot-log': log = [], ...metadata }: TableMetadata): ReadonlyMap<bigint, number> {
  const ends = new Map<bigint, number>()
  for (const [at, { 'snapshot-id': id }] of log.entries()) {
    const next = log[at + 1]
    if (next !== undefined) ends.set(BigInt(id), next['timestamp-ms'])
    else if (!sameId(id, metadata['current-snapshot-id'])) ends.set(BigInt(id), metadata['last-updated-ms'])
  }
  return ends
}

/** A tag or branch with a time of its own; `main` never ends. */
function isRefOver(metadata: TableMetadata, name: string, ref: SnapshotRef, now: number): boolean {
  const most = ref['max-ref-age-ms']
  if (name === 'main' || most === undefined) return false
  const snapshot = metadata.snapshots?.find((known) => sameId(known['snapshot-id'], ref['snapshot-id']))
  return snapshot === undefined || now - snapshot['timestamp-ms'] > most
}
