/**
 * What one commit writes, decided without touching anything: the manifests, the manifest list, the next metadata.
 * The catalogue carries the plan out and tries again with a new plan on fresh metadata when another writer was first.
 */
import { fault } from '../../../shared/fault.ts'
import type { ParquetFile, TableChange } from '../ports.ts'
import { dataFileOf } from './data-file.ts'
import { ADDED, DELETED, EXISTING, type ManifestEntry, type ManifestFile } from './manifest.ts'
import { lineOf, type NewManifest } from './manifest-line.ts'
import { type TableMetadata, currentSnapshot } from './metadata.ts'
import { nextMetadata } from './next-metadata.ts'

/** A data file that is in its place already. */
export interface PlacedFile {
  readonly file: ParquetFile
  /** `file_path` in the manifest. */
  readonly path: string
}

export interface CommitIds {
  /** Above 0 and below 2^53, so that every JSON reader agrees on it. */
  readonly snapshotId: number
  /** Unique to this attempt: part of the names of manifests. */
  readonly uuid: string
}

export interface ChangeInput {
  /** The table as it is, or `newMetadata` for one that is not there yet. */
  readonly metadata: TableMetadata
  /** Where `metadata` was read from; null for a new table. */
  readonly metadataFile: string | null
  /** The current snapshot's manifest list. */
  readonly manifests: readonly ManifestFile[]
  /** Entries of every manifest that `manifestsToRead` asked for, by path. */
  readonly entries: ReadonlyMap<string, readonly ManifestEntry[]>
  readonly change: TableChange
  /** The change's files in their places, in its order. */
  readonly placed: readonly PlacedFile[]
  readonly ids: CommitIds
  /** Milliseconds since the epoch. */
  readonly now: number
}

export interface ChangePlan {
  readonly newManifests: readonly NewManifest[]
  /** Manifests of the old snapshot that stay as they are. */
  readonly keptManifests: readonly ManifestFile[]
  readonly listPath: string
  readonly listHeader: Readonly<Record<string, string>>
  readonly metadata: TableMetadata
}

/** The manifests that may hold files which `change` takes out: told by their partition bounds, so the rest stays unread. */
export function manifestsToRead(manifests: readonly ManifestFile[], change: TableChange): readonly ManifestFile[] {
  if (change.kind === 'append') return []
  const id = Buffer.from(change.datasetId)
  return manifests.filter(({ partitions }) => {
    const bounds = partitions?.[0]
    if (!bounds?.lower_bound || !bounds.upper_bound) return true
    return Buffer.compare(id, bounds.lower_bound) >= 0 && Buffer.compare(id, bounds.upper_bound) <= 0
  })
}

/**
 * One snapshot. `replace` marks every file of the dataset deleted and adds the new ones; `append` only adds.
 * @throws Fault INVALID_PARAMETER where a file is of another dataset than the one replaced; DATA_TRANSFORM_ERROR where a column clashes.
 */
export function planChange(input: ChangeInput): ChangePlan {
  const { metadata, change, ids, placed } = input
  assertFiles(change, input.metadataFile === null)
  const sequence = metadata['last-sequence-number'] + 1
  const location = `${metadata.location}/metadata`
  const rewritten = rewrittenManifests(input)
  const added = placed.map(({ file, path }): ManifestEntry => {
    return {
      status: ADDED,
      snapshot_id: BigInt(ids.snapshotId),
      sequence_number: null,
      file_sequence_number: null,
      data_file: dataFileOf(file, path),
    }
  })
  const groups = [...rewritten.values(), ...(added.length > 0 ? [added] : [])]
  const newManifests = groups.map((entries, at) => ({
    entries,
    line: lineOf(entries, `${location}/${ids.uuid}-m${at}.avro`, metadata['default-spec-id'], sequence, ids.snapshotId),
  }))
  const listPath = `${location}/snap-${ids.snapshotId}-1-${ids.uuid}.avro`
  return {
    newManifests,
    keptManifests: input.manifests.filter((manifest) => isLive(manifest) && !rewritten.has(manifest.manifest_path)),
    listPath,
    listHeader: {
      'snapshot-id': String(ids.snapshotId),
      'parent-snapshot-id': String(currentSnapshot(metadata)?.['snapshot-id'] ?? 'null'),
      'sequence-number': String(sequence),
    },
    metadata: nextMetadata(
      input,
      sequence,
      listPath,
      newManifests.flatMap(({ entries }) => entries),
    ),
  }
}

function assertFiles(change: TableChange, isNew: boolean): void {
  if (change.kind === 'replace' && change.files.some(({ datasetId }) => datasetId !== change.datasetId))
    throw fault(
      'INVALID_PARAMETER',
      `A file does not hold rows of dataset ${change.datasetId}, which is to be replaced.`,
    )
  if (change.files.length === 0 && (change.kind === 'append' || isNew))
    throw fault('INVALID_PARAMETER', 'There is no file to load.')
}

/** A manifest without live files only tells of deletions that an older snapshot made. */
const isLive = (line: ManifestFile): boolean => line.added_files_count + line.existing_files_count > 0

/**
 * Manifests that lose files, by path, as the new snapshot lists them: what stays keeps its sequence numbers,
 * what goes is marked deleted by this snapshot, and what was deleted earlier is no longer mentioned.
 */
function rewrittenManifests({
  manifests,
  entries,
  change,
  ids,
}: ChangeInput): ReadonlyMap<string, readonly ManifestEntry[]> {
  const rewritten = new Map<string, readonly ManifestEntry[]>()
  for (const { manifest_path: path } of manifestsToRead(manifests, change)) {
    const live = (entries.get(path) ?? []).filter(({ status }) => status !== DELETED)
    const goes = ({ data_file: file }: ManifestEntry) =>
      change.kind === 'replace' && file.partition.dataset_id === change.datasetId
    if (!live.some(goes)) continue
    const marked = live.map((entry) =>
      goes(entry) ? { ...entry, status: DELETED, snapshot_id: BigInt(ids.snapshotId) } : { ...entry, status: EXISTING },
    )
    rewritten.set(path, marked)
  }
  return rewritten
}
