/** Which objects of a table nothing needs any more. Pure: told from what the metadata names and what the store lists. */
import type { ManifestEntry, ManifestFile } from './manifest.ts'
import { DELETED } from './manifest.ts'
import type { Snapshot, TableMetadata } from './metadata.ts'

/** What a commit under way has written is younger; so is what a process that was killed may still be asked about. */
export const ORPHAN_AGE_MS = 72 * 60 * 60 * 1000

/** A snapshot with everything that it names. */
export interface SnapshotTree {
  readonly snapshot: Snapshot
  readonly manifests: readonly ManifestFile[]
  /** Entries of all its manifests. */
  readonly entries: readonly ManifestEntry[]
}

/** Paths of everything below a snapshot: manifest list, manifests, the files that are live in it. */
export function* pathsOf({ snapshot, manifests, entries }: SnapshotTree): Generator<string> {
  yield snapshot['manifest-list']
  for (const { manifest_path: path } of manifests) yield path
  for (const { status, data_file: file } of entries) if (status !== DELETED) yield file.file_path
}

/** Paths that a table needs: its snapshots', and the statistics that its metadata names. */
export function neededPaths(metadata: TableMetadata, trees: readonly SnapshotTree[]): ReadonlySet<string> {
  const statistics = [...(metadata.statistics ?? []), ...(metadata['partition-statistics'] ?? [])]
  return new Set([
    ...trees.flatMap((tree) => [...pathsOf(tree)]),
    ...statistics.flatMap(({ 'statistics-path': path }) => path ?? []),
  ])
}

/** Names of the metadata files that the log still tells of: known by name alone, since a table's folder may be moved. */
export const loggedNames = ({ 'metadata-log': log = [] }: TableMetadata): readonly string[] =>
  log.map((line) => line['metadata-file'].slice(line['metadata-file'].lastIndexOf('/') + 1))

/** An object as the store lists it. */
interface Listed {
  readonly key: string
  readonly size: number
  readonly modified: number
}

/**
 * Objects that nothing names and that are old enough to be nobody's work in progress, oldest first: a metadata file
 * then never goes before an older one, so that the numbers of those left have no gap below the newest.
 * @param needed Keys that stay.
 */
export const orphansAmong = <T extends Listed>(
  objects: readonly T[],
  needed: ReadonlySet<string>,
  now: number,
): readonly T[] =>
  objects
    .filter(({ key, modified }) => !needed.has(key) && now - modified > ORPHAN_AGE_MS && !key.endsWith(HINT))
    .toSorted((a, b) => a.modified - b.modified || versionOf(a.key) - versionOf(b.key))

/** Which version of the table is the newest: a file that is written again and again under one name. */
const HINT = '/version-hint.text'

const versionOf = (key: string): number => Number(/\/v(\d+)\.metadata\.json$/.exec(key)?.[1] ?? 0)
