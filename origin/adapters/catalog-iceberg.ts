/**
 * TableCatalog over an ObjectStore and a pointer: data, manifests and metadata are objects under
 * `<tenant>/iceberg/<table>/`, and the pointer says which metadata file is the table.
 *
 * Locations inside the metadata are absolute (`root` and the key), which is what other engines read. This server
 * resolves them below the table's own location instead, so a data folder may be moved.
 */
import { fault } from '../../shared/fault.ts'
import { type ChangePlan, manifestsToRead, planChange, type PlacedFile } from '../lake/iceberg/plan-change.ts'
import { newMetadata, type TableMetadata } from '../lake/iceberg/metadata.ts'
import { planExpiry } from '../lake/iceberg/retention.ts'
import { keyOf, placeOf, rowsIn, type TablePlace } from '../lake/iceberg/table-view.ts'
import { assertTableName } from '../lake/table-name.ts'
import type { CommitResult, LakeTable, TableCatalog, TableChange } from '../lake/ports.ts'
import type { ObjectStore } from '../ports.ts'
import { type Attempt, type CommitLoop, commitLoop, unknownFault } from './catalog-commit.ts'
import { type Entropy, systemEntropy } from './catalog-entropy.ts'
import { copyDataFiles, deleteQuietly, writePlan } from './catalog-files.ts'
import { maintainTable } from './catalog-maintain.ts'
import { type TablePointer, UnknownOutcome } from './catalog-pointer.ts'
import { type TableReader, tableReader, type TableState } from './catalog-reader.ts'

export interface IcebergCatalogOptions {
  readonly store: ObjectStore
  readonly pointer: TablePointer
  /** What other engines put before a key to find the object: the bucket's absolute folder, or `s3://<bucket>`. */
  readonly root: string
  readonly entropy?: Entropy
}

type CommitOptions = Parameters<TableCatalog['commit']>[3]

export function icebergCatalog(options: IcebergCatalogOptions): TableCatalog {
  const { store, pointer, root, entropy = systemEntropy } = options
  const readerOf = (tenant: string, name: string): TableReader => {
    assertTableName(tenant, name)
    return tableReader(store, pointer, placeOf(tenant, name))
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

    async commit(tenant, name, change, options) {
      const reader = readerOf(tenant, name)
      const absent = (): Error =>
        fault('NOT_FOUND', `There is no table ${name} in your lake.`, {
          hint: 'Call again with create_if_not_exists true.',
        })
      if (!options.create && (await reader.current()) === null) throw absent()
      const copied = await copyDataFiles(store, reader.place, change.files, entropy, options.signal)
      const commit: Commit = { store, pointer, root, entropy, reader, change, options, copied }
      const tools = { store, pointer, reader, entropy, signal: options.signal }
      const done = await commitLoop(tools, async (base) => {
        if (base === null && !options.create) throw absent()
        return attemptOn(base, commit)
      }).catch(async (error: unknown) => {
        // Copies that a table may name by now stay.
        if (error instanceof UnknownOutcome) throw unknownFault(error)
        await deleteQuietly(store, copied)
        throw error
      })
      const result = resultOf(done as ChangeAttempt, change, await reader.view((done as ChangeAttempt).metadata))
      await tidyWhenDue((done as ChangeAttempt).metadata, tools, options.now)
      return result
    },

    async maintain(tenant, name, { now, signal }) {
      const reader = readerOf(tenant, name)
      return maintainTable({ store, pointer, reader, entropy, signal }, now)
    },
  }
}

/** Snapshots that a commit finds due before it tidies up itself: fewer wait for the background loop. */
const DUE_SNAPSHOTS = 20

/** The commit is done and stays done, whatever becomes of this: the next one, or the loop, tries again. */
async function tidyWhenDue(metadata: TableMetadata, tools: CommitLoop, now: number): Promise<void> {
  const due = planExpiry(metadata, '', now)?.expired.length ?? 0
  if (due >= DUE_SNAPSHOTS) await maintainTable(tools, now).catch(() => undefined)
}

interface Commit extends Required<IcebergCatalogOptions> {
  readonly reader: TableReader
  readonly change: TableChange
  readonly options: CommitOptions
  /** Keys of the copies, in the order of `change.files`. */
  readonly copied: readonly string[]
}

interface ChangeAttempt extends Attempt {
  readonly created: boolean
  readonly rowsBefore: number
}

async function attemptOn(base: TableState | null, commit: Commit): Promise<ChangeAttempt> {
  const { store, entropy, reader } = commit
  const { plan, rowsBefore } = await planOn(base, commit)
  const { metadata } = plan
  const written = await writePlan(store, plan, (path) => keyOf(path, metadata, reader.place), entropy)
  return { metadata, written, created: base === null, rowsBefore }
}

async function planOn(base: TableState | null, commit: Commit): Promise<{ plan: ChangePlan; rowsBefore: number }> {
  const { entropy, reader, change, options, copied } = commit
  const metadata = base?.metadata ?? newTable(commit)
  const manifests = base === null ? [] : await reader.manifests(metadata)
  const plan = planChange({
    metadata,
    metadataFile: base?.pointed.location ?? null,
    manifests,
    entries: await reader.entries(metadata, manifestsToRead(manifests, change, metadata)),
    change,
    placed: placed(change, copied, metadata, reader.place),
    ids: { snapshotId: entropy.snapshotId(), uuid: entropy.uuid() },
    now: options.now,
  })
  return { plan, rowsBefore: rowsIn(manifests) }
}

const placed = (
  { files }: TableChange,
  copied: readonly string[],
  { location }: TableMetadata,
  { prefix }: TablePlace,
): readonly PlacedFile[] =>
  files.map((file, at) => ({ file, path: `${location}/${(copied[at] as string).slice(prefix.length + 1)}` }))

const newTable = ({ root, entropy, reader, change, options }: Commit): TableMetadata =>
  newMetadata({
    uuid: entropy.uuid(),
    location: `${root}/${reader.place.prefix}`,
    columns: uniqueColumns(change),
    now: options.now,
  })

const uniqueColumns = ({ files }: TableChange): LakeTable['columns'] => [
  ...new Map(files.flatMap(({ columns }) => columns).map((column) => [column.fieldId, column])).values(),
]

const resultOf = (
  { metadata, created, rowsBefore }: ChangeAttempt,
  { files }: TableChange,
  table: LakeTable,
): CommitResult => ({
  table,
  snapshotId: String(metadata['current-snapshot-id']),
  created,
  rowsBefore,
  rowsLoaded: files.reduce((sum, { rows }) => sum + rows, 0),
  rowsAfter: table.rows,
})
