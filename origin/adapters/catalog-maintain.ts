/**
 * A table's upkeep: snapshots expire, then what only they named is deleted, and what nothing names any more.
 *
 * Safe beside readers and writers: the metadata without the old snapshots is committed first, like any change, and only
 * then are files deleted, told from the metadata as it is after that. A writer builds on the current snapshot, which
 * stays; what it has written and not yet committed is younger than an orphan; a reader of a snapshot that expires began
 * at least 24 hours ago. A process that is killed in between leaves orphans, which the next upkeep finds.
 */
import type { Snapshot, TableMetadata } from '../lake/iceberg/metadata.ts'
import { loggedNames, neededPaths, orphansAmong, pathsOf, type SnapshotTree } from '../lake/iceberg/garbage.ts'
import type { ManifestEntry } from '../lake/iceberg/manifest.ts'
import { mayCollect, planExpiry } from '../lake/iceberg/retention.ts'
import { keyOf, type TablePlace } from '../lake/iceberg/table-view.ts'
import type { Upkeep } from '../lake/ports.ts'
import type { ObjectInfo } from '../ports.ts'
import { abortFault } from './abort-fault.ts'
import { type CommitLoop, commitLoop } from './catalog-commit.ts'
import type { TableReader } from './catalog-reader.ts'

const NOTHING: Upkeep = { snapshotsExpired: 0, objectsDeleted: 0, bytesFreed: 0 }
/** A table that nobody touched for so long had its orphans deleted before: its manifests are not read every day. */
const QUIET_MS = 30 * 24 * 60 * 60 * 1000
/** Objects deleted at once. */
const AT_ONCE = 16

/** @throws Fault as `commitLoop`; where a retained snapshot cannot be read, nothing is deleted. */
export async function maintainTable(tools: CommitLoop, now: number): Promise<Upkeep> {
  const { reader, store } = tools
  // Listed before the metadata is read: what a writer commits in between is not on the list.
  const objects = await store.list(`${reader.place.prefix}/`)
  const expiry = await expireSnapshots(tools, now)
  const state = await reader.current()
  if (state === null || !mayCollect(state.metadata)) return NOTHING
  if (expiry.snapshots === 0 && objects.every(({ modified }) => now - modified > QUIET_MS)) return NOTHING
  const { metadata, pointed } = state
  const trees = await treesOf(reader, metadata, metadata.snapshots ?? [])
  const needed = new Set([
    pointed.key,
    ...loggedNames(metadata).map((name) => `${reader.place.prefix}/metadata/${name}`),
    ...keysOf(neededPaths(metadata, trees), metadata, reader.place),
  ])
  const expired = new Set(keysOf(expiry.paths, metadata, reader.place).filter((key) => !needed.has(key)))
  const orphans = orphansAmong(objects, needed, now).filter(({ key }) => !expired.has(key))
  const doomed = [...objects.filter(({ key }) => expired.has(key)), ...orphans]
  await deleteAll(tools, doomed)
  return {
    snapshotsExpired: expiry.snapshots,
    objectsDeleted: doomed.length,
    bytesFreed: doomed.reduce((sum, { size }) => sum + size, 0),
  }
}

/** Commits the metadata without what is due. @returns how many snapshots, and every path that they named. */
async function expireSnapshots(
  tools: CommitLoop,
  now: number,
): Promise<{ readonly snapshots: number; readonly paths: ReadonlySet<string> }> {
  const done = await commitLoop(tools, async (base) => {
    const plan = base === null ? null : planExpiry(base.metadata, base.pointed.location, now)
    if (base === null || plan === null) return null
    return { metadata: plan.metadata, written: [], before: base.metadata, expired: plan.expired }
  })
  if (done === null) return { snapshots: 0, paths: new Set() }
  const paths = new Set<string>()
  for (const snapshot of done.expired) {
    // What cannot be read (a killed upkeep has deleted a part of it) is found as orphans instead.
    const [tree] = await treesOf(tools.reader, done.before, [snapshot]).catch(() => [])
    for (const path of tree === undefined ? [] : pathsOf(tree)) paths.add(path)
  }
  return { snapshots: done.expired.length, paths }
}

/** Snapshots with all that they name; a manifest that several share is read once. */
async function treesOf(
  reader: TableReader,
  metadata: TableMetadata,
  snapshots: readonly Snapshot[],
): Promise<readonly SnapshotTree[]> {
  const read = new Map<string, readonly ManifestEntry[]>()
  const trees: SnapshotTree[] = []
  for (const snapshot of snapshots) {
    const manifests = await reader.manifests(metadata, snapshot)
    const unread = manifests.filter(({ manifest_path: path }) => !read.has(path))
    for (const [path, entries] of await reader.entries(metadata, unread)) read.set(path, entries)
    trees.push({ snapshot, manifests, entries: manifests.flatMap(({ manifest_path: path }) => read.get(path) ?? []) })
  }
  return trees
}

/** The keys of those paths that lie in the table's own folder; what lies elsewhere is not ours to judge. */
const keysOf = (paths: Iterable<string>, metadata: TableMetadata, place: TablePlace): readonly string[] =>
  [...paths].flatMap((path) => {
    try {
      return [keyOf(path, metadata, place)]
    } catch {
      return []
    }
  })

/** Metadata files go one after another, oldest first, so that those left never have a gap. */
async function deleteAll({ store, signal }: CommitLoop, objects: readonly ObjectInfo[]): Promise<void> {
  const isVersion = ({ key }: ObjectInfo): boolean => key.endsWith('.metadata.json')
  const others = objects.filter((object) => !isVersion(object))
  for (let at = 0; at < others.length; at += AT_ONCE) {
    if (signal.aborted) throw abortFault(signal)
    await Promise.all(others.slice(at, at + AT_ONCE).map(({ key }) => store.delete(key)))
  }
  for (const { key } of objects.filter(isVersion)) {
    if (signal.aborted) throw abortFault(signal)
    await store.delete(key)
  }
}
