/** One try of a change on the table as it is: read what the plan needs, plan, write what the next metadata names. */
import { DELETED, type ManifestEntry } from '../lake/iceberg/manifest.ts'
import { newMetadata, type TableMetadata } from '../lake/iceberg/metadata.ts'
import {
  assertChangeable,
  manifestsOf,
  manifestsToRead,
  planChange,
  type PlacedFile,
} from '../lake/iceberg/plan-change.ts'
import { keyOf, rowsIn } from '../lake/iceberg/table-view.ts'
import { uniqueColumns } from '../lake/columns.ts'
import type { TableChange } from '../lake/ports.ts'
import type { ObjectStore } from '../ports.ts'
import type { Attempt } from './catalog-commit.ts'
import type { Entropy } from './catalog-entropy.ts'
import { writePlan } from './catalog-files.ts'
import type { RestMaker } from './catalog-merge.ts'
import type { TableReader, TableState } from './catalog-reader.ts'

export interface Change {
  readonly store: ObjectStore
  readonly reader: TableReader
  readonly entropy: Entropy
  /** What other engines put before a key to find the object. */
  readonly root: string
  readonly change: TableChange
  /** Keys of the change's files in the table, in its order. */
  readonly placed: readonly string[]
  /** For a merge. */
  readonly rests: RestMaker | null
  readonly now: number
}

export interface ChangeAttempt extends Attempt {
  readonly created: boolean
  readonly rowsBefore: number
  /** What a merge left of the files it touched. */
  readonly rests: ReadonlyMap<string, PlacedFile | null> | null
}

/** @returns null where a staged load is in the table already: its process was killed after the commit. */
export async function attemptOn(base: TableState | null, work: Change): Promise<ChangeAttempt | null> {
  const { store, entropy, reader, change, now } = work
  const metadata = base?.metadata ?? newTable(work)
  const manifests = base === null ? [] : await reader.manifests(metadata)
  // Before anything is made of its files.
  assertChangeable(metadata, manifests)
  const holding = change.staged === true || change.kind === 'merge' ? manifestsOf(manifests, datasetsOf(change)) : []
  const toRead = new Set([...manifestsToRead(manifests, change, metadata), ...holding])
  const entries = await reader.entries(metadata, [...toRead])
  const placed = placedFiles(work, metadata)
  if (change.staged === true && haveLanded(placed, entries)) return null
  const rests = work.rests === null ? null : await work.rests.on(metadata, [...entries.values()].flat())
  const plan = planChange({
    metadata,
    metadataFile: base?.pointed.location ?? null,
    manifests,
    entries,
    change,
    placed,
    ...(rests === null ? {} : { rests }),
    ids: { snapshotId: entropy.snapshotId(), uuid: entropy.uuid() },
    now,
  })
  const written = await writePlan(store, plan, (path) => keyOf(path, plan.metadata, reader.place), entropy)
  return { metadata: plan.metadata, written, created: base === null, rowsBefore: rowsIn(manifests), rests }
}

const datasetsOf = ({ files }: TableChange): readonly string[] => files.map(({ datasetId }) => datasetId)

const placedFiles = ({ change, placed, reader }: Change, { location }: TableMetadata): readonly PlacedFile[] =>
  change.files.map((file, at) => ({
    file,
    path: `${location}/${(placed[at] as string).slice(reader.place.prefix.length + 1)}`,
  }))

function haveLanded(placed: readonly PlacedFile[], entries: ReadonlyMap<string, readonly ManifestEntry[]>): boolean {
  const all = [...entries.values()].flat().filter(({ status }) => status !== DELETED)
  const live = new Set(all.map(({ data_file: file }) => file.file_path))
  return placed.length > 0 && placed.every(({ path }) => live.has(path))
}

const newTable = ({ root, entropy, reader, change, now }: Change): TableMetadata =>
  newMetadata({
    uuid: entropy.uuid(),
    location: `${root}/${reader.place.prefix}`,
    columns: uniqueColumns(change.files),
    now,
  })
