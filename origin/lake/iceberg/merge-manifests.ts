/**
 * Small manifests become one: every commit leaves one of its own, and a reader opens them all. When there are too many,
 * the next commit writes their live entries together (Iceberg documentation, "commit.manifest-merge").
 */
import { type ManifestEntry, type ManifestFile, DELETED, EXISTING, isLive } from './manifest.ts'
import type { TableMetadata } from './metadata.ts'
import { positiveProperty } from './table-property.ts'

/** Fewer than Iceberg's own 100: a manifest of ours describes one load, and each costs a reader one request. */
const MIN_COUNT = 32
const TARGET_BYTES = 8 * 1024 * 1024

/**
 * The manifests that are due to be written together; none where they are few.
 * @param kept Those that the commit would leave as they are.
 */
export function manifestsToMerge(metadata: TableMetadata, kept: readonly ManifestFile[]): readonly ManifestFile[] {
  if (metadata.properties?.['commit.manifest-merge.enabled'] === 'false') return []
  const target = BigInt(positiveProperty(metadata, 'commit.manifest.target-size-bytes', TARGET_BYTES))
  const small = kept.filter((line) => isLive(line) && line.manifest_length < target)
  return small.length >= positiveProperty(metadata, 'commit.manifest.min-count-to-merge', MIN_COUNT) ? small : []
}

/** Groups of manifests, in their order, that are each about as long as one should be. */
export function mergeGroups(
  metadata: TableMetadata,
  due: readonly ManifestFile[],
): readonly (readonly ManifestFile[])[] {
  const target = positiveProperty(metadata, 'commit.manifest.target-size-bytes', TARGET_BYTES)
  const groups: ManifestFile[][] = []
  let room = 0
  for (const line of due) {
    const last = groups.at(-1)
    const length = Number(line.manifest_length)
    if (last === undefined || length > room) {
      groups.push([line])
      room = target - length
    } else {
      last.push(line)
      room -= length
    }
  }
  return groups
}

/** Live entries as a later snapshot lists them: their sequence numbers and snapshots stay, deletions are forgotten. */
export const existing = (entries: readonly ManifestEntry[]): readonly ManifestEntry[] =>
  entries.filter(({ status }) => status !== DELETED).map((entry) => ({ ...entry, status: EXISTING }))
