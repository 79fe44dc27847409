/**
 * TableCatalog over an ObjectStore and a pointer: data, manifests and metadata are objects under
 * `<tenant>/iceberg/<table>/`, and the pointer says which metadata file is the table.
 *
 * Locations inside the metadata are absolute (`root` and the key), which is what other engines read. This server
 * resolves them below the table's own location instead, so a data folder may be moved.
 */
import { fault } from '../../shared/fault.ts'
import type { TableMetadata } from '../lake/iceberg/metadata.ts'
import { planExpiry } from '../lake/iceberg/retention.ts'
import { placeOf } from '../lake/iceberg/table-view.ts'
import { assertTableName } from '../lake/table-name.ts'
import { uniqueColumns } from '../lake/columns.ts'
import type { CommitResult, LakeTable, ParquetMerger, TableCatalog, TableChange } from '../lake/ports.ts'
import type { ObjectStore } from '../ports.ts'
import { attemptOn, type Change, type ChangeAttempt } from './catalog-change.ts'
import { type CommitLoop, commitLoop, unknownFault } from './catalog-commit.ts'
import { type Entropy, systemEntropy } from './catalog-entropy.ts'
import { deleteQuietly, placeDataFiles, type Placed } from './catalog-files.ts'
import { maintainTable } from './catalog-maintain.ts'
import { restMaker } from './catalog-merge.ts'
import { type TablePointer, UnknownOutcome } from './catalog-pointer.ts'
import { type TableReader, tableReader } from './catalog-reader.ts'

export interface IcebergCatalogOptions {
  readonly store: ObjectStore
  readonly pointer: TablePointer
  /** What other engines put before a key to find the object: the bucket's absolute folder, or `s3://<bucket>`. */
  readonly root: string
  readonly entropy?: Entropy
  /** Rewrites files for merges by key; without one they cannot be asked for. */
  readonly merger?: ParquetMerger
  /** Whether the home has an engine that reads delete files: `load` then tells of them (`rowsDeleted`), and refuses none. */
  readonly tellsDeletes?: boolean
}

type CommitOptions = Parameters<TableCatalog['commit']>[3]

export function icebergCatalog(options: IcebergCatalogOptions): TableCatalog {
  const { store, pointer, entropy = systemEntropy } = options
  const readerOf = (tenant: string, name: string): TableReader => {
    assertTableName(tenant, name)
    return tableReader(store, pointer, placeOf(tenant, name), options.tellsDeletes)
  }

  return {
    async list(tenant) {
      assertTableName(tenant, 'any')
      return pointer.list(tenant)
    },

    async load(tenant, name, at) {
      const reader = readerOf(tenant, name)
      const state = await reader.current()
      return state === null ? null : reader.view(state.metadata, at)
    },

    async commit(tenant, name, change, { create, now, signal }) {
      const reader = readerOf(tenant, name)
      const tools: CommitLoop = { store, pointer, reader, entropy, signal }
      if (!create && (await reader.current()) === null) throw absent(name)
      const placed = await placeDataFiles({ ...tools, place: reader.place }, change, now)
      const done = await commitPlaced(tools, options, change, placed, { create, now, signal })
      const state = done ?? (await reader.current())
      if (state === null) throw absent(name)
      const result = resultOf(done, change, await reader.view(state.metadata))
      await tidyWhenDue(state.metadata, tools, now)
      return result
    },

    async maintain(tenant, name, { now, signal }) {
      return maintainTable({ store, pointer, reader: readerOf(tenant, name), entropy, signal }, now)
    },
  }
}

const absent = (name: string): Error =>
  fault('NOT_FOUND', `There is no table ${name} in your lake.`, {
    hint: 'Call again with create_if_not_exists true.',
  })

/** What the commit made and does not need is deleted, unless nobody knows whether it landed. @returns as `attemptOn`. */
async function commitPlaced(
  tools: CommitLoop,
  { root, merger }: IcebergCatalogOptions,
  change: TableChange,
  { keys, copies }: Placed,
  { create, now, signal }: CommitOptions,
): Promise<ChangeAttempt | null> {
  const { store, reader, entropy } = tools
  const rests =
    change.kind === 'merge'
      ? restMaker({ merger: needed(merger), change, files: keys, place: reader.place, entropy, signal })
      : null
  try {
    if (change.kind === 'merge') await needed(merger).assertUniqueKeys(keys, uniqueColumns(change.files), signal)
    const work: Change = { store, reader, entropy, root, change, placed: keys, rests, now }
    const done = await commitLoop(tools, async (base) => {
      if (base === null && !create) throw absent(reader.place.name)
      return attemptOn(base, work)
    })
    await deleteQuietly(store, [...(rests?.unused(done?.rests ?? null) ?? []), ...(done === null ? copies : [])])
    return done
  } catch (error) {
    if (error instanceof UnknownOutcome) throw unknownFault(error)
    await deleteQuietly(store, [...copies, ...(rests?.unused(null) ?? [])])
    throw error
  }
}

function needed(merger: ParquetMerger | undefined): ParquetMerger {
  if (merger === undefined) throw new TypeError('this catalogue was made without a merger')
  return merger
}

/** Snapshots that a commit finds due before it tidies up itself: fewer wait for the background loop. */
const DUE_SNAPSHOTS = 20

/** The commit is done and stays done, whatever becomes of this: the next one, or the loop, tries again. */
async function tidyWhenDue(metadata: TableMetadata, tools: CommitLoop, now: number): Promise<void> {
  const due = planExpiry(metadata, '', now)?.expired.length ?? 0
  if (due >= DUE_SNAPSHOTS) await maintainTable(tools, now).catch(() => undefined)
}

/** @param done Null where the load had landed before: then the table is as it was. */
const resultOf = (done: ChangeAttempt | null, { files }: TableChange, table: LakeTable): CommitResult => ({
  table,
  snapshotId: String(table.snapshotId),
  created: done?.created ?? false,
  rowsBefore: done?.rowsBefore ?? table.rows,
  rowsLoaded: files.reduce((sum, { rows }) => sum + rows, 0),
  rowsAfter: table.rows,
})
