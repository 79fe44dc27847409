/**
 * TableCatalog over an ObjectStore, laid out as Iceberg's file system tables are: `metadata/v<N>.metadata.json`,
 * the highest N is the table, and a commit is the exclusive creation of the next one.
 *
 * Locations inside the metadata are absolute (`root` and the key), which is what other engines on this machine read.
 * This server resolves them below the table's own location instead, so a data folder may be moved.
 */
import { fault } from '../../shared/fault.ts'
import { type ChangePlan, manifestsToRead, planChange, type PlacedFile } from '../lake/iceberg/plan-change.ts'
import { newMetadata, type TableMetadata } from '../lake/iceberg/metadata.ts'
import { sameId } from '../lake/iceberg/json.ts'
import { keyOf, placeOf, rowsIn, type TablePlace } from '../lake/iceberg/table-view.ts'
import type { CommitResult, LakeTable, TableCatalog, TableChange } from '../lake/ports.ts'
import type { ObjectStore } from '../ports.ts'
import { assertTableName } from '../lake/table-name.ts'
import { type Entropy, systemEntropy } from './catalog-entropy.ts'
import { copyDataFiles, deleteQuietly, writePlan } from './catalog-files.ts'
import { tableFiles, type TableFiles, type TableVersion } from './catalog-versions.ts'
import { abortFault } from './abort-fault.ts'

export interface LocalCatalogOptions {
  readonly store: ObjectStore
  /** What other engines put before a key to find the object: the bucket's absolute folder, or `s3://<bucket>`. */
  readonly root: string
  readonly entropy?: Entropy
}

type CommitOptions = Parameters<TableCatalog['commit']>[3]

/** Enough for 160 commits by 8 writers on one table, each of which loses a few races. */
const MAX_ATTEMPTS = 100

export function localCatalog({ store, root, entropy = systemEntropy }: LocalCatalogOptions): TableCatalog {
  const filesOf = (tenant: string, name: string): TableFiles => {
    assertTableName(tenant, name)
    return tableFiles(store, placeOf(tenant, name))
  }

  return {
    async list(tenant) {
      assertTableName(tenant, 'any')
      const objects = await store.list(`${tenant}/iceberg/`)
      const names = objects.flatMap(
        ({ key }) => /^[^/]+\/iceberg\/([^/]+)\/metadata\/v\d+\.metadata\.json$/.exec(key)?.[1] ?? [],
      )
      return [...new Set(names)].toSorted()
    },

    async load(tenant, name) {
      const files = filesOf(tenant, name)
      const version = await files.current()
      return version === null ? null : files.view(version.metadata)
    },

    async commit(tenant, name, change, options) {
      const files = filesOf(tenant, name)
      if (!options.create && (await files.current()) === null)
        throw fault('NOT_FOUND', `There is no table ${name} in your lake.`, {
          hint: 'Call again with create_if_not_exists true.',
        })
      const place = placeOf(tenant, name)
      const copied = await copyDataFiles(store, place, change.files, entropy, options.signal)
      const done = await commitFiles({ store, root, entropy, files, place, change, options, copied }).catch(
        async (error: unknown) => {
          // Copies that a table may name by now stay.
          if (error instanceof UnknownOutcome) throw error.cause
          await deleteQuietly(store, copied)
          throw error
        },
      )
      return resultOf(done, change, await files.view(done.metadata))
    },
  }
}

interface Commit extends Required<LocalCatalogOptions> {
  readonly files: TableFiles
  readonly place: TablePlace
  readonly change: TableChange
  readonly options: CommitOptions
  /** Keys of the copies, in the order of `change.files`. */
  readonly copied: readonly string[]
}

/** The next metadata file may or may not be there: nothing that it names must be deleted. */
class UnknownOutcome extends Error {
  override readonly name = 'UnknownOutcome'
}

interface Committed {
  readonly metadata: TableMetadata
  readonly created: boolean
  readonly rowsBefore: number
}

async function commitFiles(commit: Commit): Promise<Committed> {
  const { files, place, options, entropy, store } = commit
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    if (options.signal.aborted) throw abortFault(options.signal)
    const base = await files.current()
    if (base === null && !options.create) throw fault('NOT_FOUND', `There is no table ${place.name} in your lake.`)
    const { plan, rowsBefore } = await planOn(base, commit)
    const { metadata } = plan
    const written = await writePlan(store, plan, (path) => keyOf(path, metadata, place), entropy)
    if (await landed(files, (base?.version ?? 0) + 1, metadata)) return { metadata, created: base === null, rowsBefore }
    await deleteQuietly(store, written)
    await entropy.pause(attempt)
  }
  throw fault('TIMEOUT_ERROR', `Other writers kept changing table ${place.name}.`, { hint: 'Call again in a minute.' })
}

const resultOf = (
  { metadata, created, rowsBefore }: Committed,
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

async function planOn(base: TableVersion | null, commit: Commit): Promise<{ plan: ChangePlan; rowsBefore: number }> {
  const { root, entropy, files, place, change, options, copied } = commit
  const metadata = base?.metadata ?? newTable(commit)
  const manifests = base === null ? [] : await files.manifests(metadata)
  const entries = await files.entries(metadata, manifestsToRead(manifests, change))
  const placed = change.files.map((file, at): PlacedFile => {
    return { file, path: `${metadata.location}/${(copied[at] as string).slice(place.prefix.length + 1)}` }
  })
  const plan = planChange({
    metadata,
    metadataFile: base === null ? null : `${root}/${base.key}`,
    manifests,
    entries,
    change,
    placed,
    ids: { snapshotId: entropy.snapshotId(), uuid: entropy.uuid() },
    now: options.now,
  })
  return { plan, rowsBefore: rowsIn(manifests) }
}

const newTable = ({ root, entropy, place, change, options }: Commit): TableMetadata =>
  newMetadata({
    uuid: entropy.uuid(),
    location: `${root}/${place.prefix}`,
    columns: uniqueColumns(change),
    now: options.now,
  })

const uniqueColumns = ({ files }: TableChange): LakeTable['columns'] => [
  ...new Map(files.flatMap(({ columns }) => columns).map((column) => [column.fieldId, column])).values(),
]

/**
 * Creates the metadata file; false where another writer was first.
 * A failed write is looked up before anyone tries again: the file may be there all the same.
 */
async function landed(files: TableFiles, version: number, metadata: TableMetadata): Promise<boolean> {
  try {
    return await files.create(version, metadata)
  } catch (error) {
    const found = await files.read(version).catch(() => undefined)
    if (found === undefined) throw new UnknownOutcome('the commit may have landed', { cause: error })
    if (found === null) throw error
    return (
      found.metadata.snapshots?.some((known) => sameId(known['snapshot-id'], metadata['current-snapshot-id'])) ?? false
    )
  }
}
