/** What a manifest list says about a manifest, so that readers can skip it unread. */
import { compareKeys } from '../object-key.ts'
import { ADDED, DELETED, EXISTING, type ManifestEntry, type ManifestFile } from './manifest.ts'

/** A manifest to write; its length is known once it is encoded. */
export interface NewManifest {
  readonly entries: readonly ManifestEntry[]
  readonly line: Omit<ManifestFile, 'manifest_length'>
}

/** The manifest list's line about a new manifest. */
export function lineOf(
  entries: readonly ManifestEntry[],
  path: string,
  specId: number,
  sequence: number,
  snapshotId: number,
): NewManifest['line'] {
  const of = (status: number) => entries.filter((entry) => entry.status === status)
  const rows = (status: number) => of(status).reduce((sum, { data_file: file }) => sum + file.record_count, 0n)
  const ids = entries.flatMap(({ data_file: { partition } }) => partition.dataset_id ?? [])
  const sorted = ids.toSorted(compareKeys).map((id) => Buffer.from(id))
  const own = BigInt(sequence)
  const oldest = of(EXISTING).map(({ sequence_number: number }) => number ?? own)
  return {
    manifest_path: path,
    partition_spec_id: specId,
    content: 0,
    sequence_number: own,
    min_sequence_number: oldest.reduce((min, number) => (number < min ? number : min), own),
    added_snapshot_id: BigInt(snapshotId),
    added_files_count: of(ADDED).length,
    existing_files_count: of(EXISTING).length,
    deleted_files_count: of(DELETED).length,
    added_rows_count: rows(ADDED),
    existing_rows_count: rows(EXISTING),
    deleted_rows_count: rows(DELETED),
    partitions: [
      {
        contains_null: ids.length < entries.length,
        contains_nan: false,
        lower_bound: sorted[0] ?? null,
        upper_bound: sorted.at(-1) ?? null,
      },
    ],
    key_metadata: null,
  }
}
