/**
 * What one commit writes, decided without touching anything: the manifests, the manifest list, the next metadata.
 * The catalogue carries the plan out and tries again with a new plan on fresh metadata when another writer was first.
 */
import { fault } from '../../../shared/fault.ts'
import type { ParquetFile, TableChange } from '../ports.ts'
import { dataFileOf, datasetOf } from './data-file.ts'
import { ADDED, DELETED, EXISTING, isLive, type DataFile, type ManifestEntry, type ManifestFile } from './manifest.ts'
import { lineOf, type NewManifest } from './manifest-line.ts'
import { existing, manifestsToMerge, mergeGroups } from './merge-manifests.ts'
import { type TableMetadata, assertWritable, currentSnapshot } from './metadata.ts'
import { nextMetadata } from './next-metadata.ts'
import { assertNoDeletes } from './row-deletes.ts'

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
  /**
   * What a merge leaves of the files it touches, by `file_path`: the file that holds the rows whose keys are not loaded
   * anew, or null where there are none. A file that is not named stays as it is.
   */
  readonly rests?: ReadonlyMap<string, PlacedFile | null>
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

/** The manifests whose entries a plan needs: those that may lose files, and those that are due to be merged. */
export const manifestsToRead = (
  manifests: readonly ManifestFile[],
  change: TableChange,
  metadata: TableMetadata,
): readonly ManifestFile[] => [
  ...new Set([...manifestsTouched(manifests, change), ...manifestsToMerge(metadata, manifests)]),
]

/** The manifests that may hold files which `change` takes out: told by their partition bounds, so the rest stays unread. */
export function manifestsTouched(manifests: readonly ManifestFile[], change: TableChange): readonly ManifestFile[] {
  return change.kind === 'append' ? [] : manifestsOf(manifests, [change.datasetId])
}

/** Those that may hold files of one of the datasets. */
export function manifestsOf(
  manifests: readonly ManifestFile[],
  datasetIds: readonly string[],
): readonly ManifestFile[] {
  const ids = datasetIds.map((id) => Buffer.from(id))
  return manifests.filter(({ partitions }) => {
    const { lower_bound: least = null, upper_bound: most = null } = partitions?.[0] ?? {}
    if (least === null || most === null) return true
    return ids.some((id) => Buffer.compare(id, least) >= 0 && Buffer.compare(id, most) <= 0)
  })
}

/**
 * One snapshot. `replace` marks every file of the dataset deleted and adds the new ones; `merge` does so with the files
 * that `rests` names, whose remaining rows it adds as well; `append` only adds.
 * @throws Fault INVALID_PARAMETER where a file is of another dataset than the one loaded; DATA_TRANSFORM_ERROR where a
 *   column clashes, or where another engine partitioned the table in a way that is not ours or deleted single rows.
 */
export function planChange(input: ChangeInput): ChangePlan {
  const { metadata, change, ids, placed } = input
  if (change.kind === 'merge' && input.rests === undefined) throw new TypeError('a merge needs what it leaves')
  assertFiles(change, input.metadataFile === null)
  assertChangeable(metadata, input.manifests)
  const sequence = metadata['last-sequence-number'] + 1
  const location = `${metadata.location}/metadata`
  const rewritten = rewrittenManifests(input)
  const rests = [...(input.rests?.values() ?? [])].filter((rest) => rest !== null)
  const added = [...placed, ...rests].map(({ file, path }): ManifestEntry => {
    return {
      status: ADDED,
      snapshot_id: BigInt(ids.snapshotId),
      sequence_number: null,
      file_sequence_number: null,
      data_file: dataFileOf(file, path),
    }
  })
  const merged = mergedManifests(input, rewritten)
  const groups = [...merged.values(), ...rewritten.values(), ...(added.length > 0 ? [added] : [])]
  const gone = new Set([...rewritten.keys(), ...[...merged.keys()].flat()].map(({ manifest_path: path }) => path))
  const newManifests = groups.map((entries, at) => ({
    entries,
    line: lineOf(entries, `${location}/${ids.uuid}-m${at}.avro`, metadata['default-spec-id'], sequence, ids.snapshotId),
  }))
  const listPath = `${location}/snap-${ids.snapshotId}-1-${ids.uuid}.avro`
  return {
    newManifests,
    keptManifests: input.manifests.filter((manifest) => isLive(manifest) && !gone.has(manifest.manifest_path)),
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

/** @throws Fault DATA_TRANSFORM_ERROR for a table that we cannot write right: partitioned by another engine, or with single rows deleted. */
export function assertChangeable(metadata: TableMetadata, manifests: readonly ManifestFile[]): void {
  assertWritable(metadata, manifests)
  assertNoDeletes(manifests, currentSnapshot(metadata))
}

function assertFiles(change: TableChange, isNew: boolean): void {
  if (change.kind !== 'append' && change.files.some(({ datasetId }) => datasetId !== change.datasetId))
    throw fault(
      'INVALID_PARAMETER',
      `A file does not hold rows of dataset ${change.datasetId}, which is to be ${change.kind}d.`,
    )
  if (change.files.length === 0 && (change.kind !== 'replace' || isNew))
    throw fault('INVALID_PARAMETER', 'There is no file to load.')
}

/**
 * Manifests that lose files, as the new snapshot lists them: what stays keeps its sequence numbers, what goes is marked
 * deleted by this snapshot, and what was deleted earlier is no longer mentioned.
 */
function rewrittenManifests(input: ChangeInput): ReadonlyMap<ManifestFile, readonly ManifestEntry[]> {
  const { manifests, change, ids } = input
  const rewritten = new Map<ManifestFile, readonly ManifestEntry[]>()
  const goes = leaving(input)
  for (const line of manifestsTouched(manifests, change)) {
    const live = entriesOf(input, line).filter(({ status }) => status !== DELETED)
    if (!live.some(({ data_file: file }) => goes(file))) continue
    const marked = live.map((entry) =>
      goes(entry.data_file)
        ? { ...entry, status: DELETED, snapshot_id: BigInt(ids.snapshotId) }
        : { ...entry, status: EXISTING },
    )
    rewritten.set(line, marked)
  }
  return rewritten
}

/** Which data files the change takes out. */
function leaving({ change, rests }: ChangeInput): (file: DataFile) => boolean {
  if (change.kind === 'replace') return (file) => datasetOf(file) === change.datasetId
  return ({ file_path: path }) => rests?.has(path) ?? false
}

/** Manifests that become one, and its entries. What is rewritten anyway is left alone this time. */
function mergedManifests(
  input: ChangeInput,
  rewritten: ReadonlyMap<ManifestFile, unknown>,
): ReadonlyMap<readonly ManifestFile[], readonly ManifestEntry[]> {
  const { metadata, manifests } = input
  const due = manifestsToMerge(metadata, manifests).filter((line) => !rewritten.has(line))
  const groups = mergeGroups(metadata, due).filter((group) => group.length > 1)
  return new Map(groups.map((group) => [group, group.flatMap((line) => existing(entriesOf(input, line)))]))
}

const entriesOf = ({ entries }: ChangeInput, { manifest_path: path }: ManifestFile): readonly ManifestEntry[] =>
  entries.get(path) ?? []
