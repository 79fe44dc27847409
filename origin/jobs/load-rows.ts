/**
 * The lake step of a job: its rows as a Parquet file in the table's own folder, then one atomic commit.
 *
 * A process may die between any two steps. The file's key goes into the job's record once the file is whole, and only a
 * file that is recorded is ever committed: who takes the job over goes on with it, and one that froze and wakes late has
 * written another file, that nobody names. What was committed is known by its file, also where a newer load has taken
 * its place since: it is not committed again. (Where Athena writes, files of the table are its own: there the load is
 * repeated, which gives the same table.)
 */
import { fault } from '../../shared/fault.ts'
import { stagedKey } from '../lake/iceberg/table-view.ts'
import type { CommitResult, LakeTable, ParquetFile, ParquetWriter, SnapshotInfo, TableCatalog } from '../lake/ports.ts'
import type { ObjectStore } from '../ports.ts'
import type { Held } from './held-job.ts'
import { staged } from './job.ts'
import type { LakeResult, LakeWork } from './lake-work.ts'
import { joinedProperties } from './lineage.ts'
import type { FetchManifest } from './manifest.ts'
import type { JobTurn } from './turn.ts'
import { writeParquet } from './write-parquet.ts'

/** What a job needs for a table. */
export interface LakePorts {
  readonly parquet: ParquetWriter
  readonly tables: TableCatalog
}

export interface LoadPorts extends LakePorts {
  readonly store: ObjectStore
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/** @throws Fault as `writeParquet` and `TableCatalog.commit` say; LeaseLost. */
export async function loadRows(
  ports: LoadPorts,
  held: Held,
  { table, dataType, mode }: LakeWork,
  manifest: FetchManifest,
  turn: Pick<JobTurn, 'breathe'>,
): Promise<LakeResult> {
  const { tables, now } = ports
  const { tenant } = held.job
  const { file, isOlder } = await fileOf(ports, held, { table, dataType }, manifest, turn)
  const before = await tables.load(tenant, table)
  const landed = isOlder && before !== null ? await loadOf(ports, before, file) : null
  if (landed !== null) return landed
  const change = {
    kind: mode,
    datasetId: manifest.dataset_id,
    files: [file],
    properties: joinedProperties(file, mode === 'merge' ? before : null),
    staged: true,
  }
  await held.check()
  const commit = tables.commit(tenant, table, change, { create: true, now: now(), signal: held.signal })
  return resultOf(table, await aside(commit, held.signal, turn))
}

/** The file that the record names, or one written now. @returns `isOlder`: it may have been committed before. */
async function fileOf(
  ports: LoadPorts,
  held: Held,
  { table, dataType }: Pick<LakeWork, 'table' | 'dataType'>,
  manifest: FetchManifest,
  turn: Pick<JobTurn, 'breathe'>,
): Promise<{ readonly file: ParquetFile; readonly isOlder: boolean }> {
  const { store, parquet, tables, now } = ports
  const { lease, tenant, staged: recorded } = held.job
  if (recorded !== undefined) {
    // What no snapshot names is deleted after days. Whether it had been loaded before cannot be told then.
    if ((await store.head(recorded)) === null) throw restedTooLong()
    return { file: await parquet.inspect(recorded, held.signal), isOlder: true }
  }
  // No two holders write the same file: one holder's lease ends after every earlier one's.
  const name = `${manifest.fetch_id}-${(lease?.until ?? now()).toString(36)}`
  const key =
    tables.copiesStaged === true
      ? `${tenant}/parquet/${manifest.dataset_id}/${name}.parquet`
      : stagedKey(tenant, table, manifest.dataset_id, name)
  await held.check()
  const file = await aside(writeParquet(ports, manifest, { dataType, key }, held.signal), held.signal, turn)
  try {
    await held.update((job) => staged(job, key, now()))
  } catch (error) {
    await store.delete(key).catch(() => {})
    throw error
  }
  return { file, isOlder: false }
}

const restedTooLong = () =>
  fault('DATA_TRANSFORM_ERROR', 'The job rested for days, and its Parquet file was tidied up.', {
    hint: 'Call ingest_dataset again.',
  })

/**
 * The load that brought this file into the table, where there was one. Snapshots from before the file cannot name it.
 *
 * @returns null where no snapshot that is kept has it.
 */
async function loadOf(
  { store, tables }: LoadPorts,
  { tenant, name, snapshots }: LakeTable,
  file: ParquetFile,
): Promise<LakeResult | null> {
  const written = (await store.head(file.key))?.modified ?? 0
  for (const snapshot of snapshots.filter(({ at }) => at >= written - CLOCKS_MS)) {
    const then = await tables.load(tenant, name, { snapshotId: snapshot.id })
    if (then?.files.some(({ key }) => key === file.key)) return resultOfSnapshot(name, snapshot, snapshots, file)
  }
  return null
}

/** What clocks of two machines may differ by. */
const CLOCKS_MS = 600_000

function resultOfSnapshot(
  table: string,
  { id, parentId, totalRows }: SnapshotInfo,
  snapshots: readonly SnapshotInfo[],
  { rows }: ParquetFile,
): LakeResult {
  const rowsBefore = snapshots.find((other) => other.id === parentId)?.totalRows ?? 0
  return { table, created: parentId === null, rowsBefore, rowsLoaded: rows, rowsAfter: totalRows, snapshotId: id }
}

const resultOf = (
  table: string,
  { created, rowsBefore, rowsLoaded, rowsAfter, snapshotId }: CommitResult,
): LakeResult => ({ table, created, rowsBefore, rowsLoaded, rowsAfter, snapshotId })

/** How often work that DuckDB does is asked whether others wait. */
const LOOK_MS = 250

/**
 * Waits for work that another process does, DuckDB's, and meanwhile lets other jobs have their turns. It ends before
 * this does: what is aborted is aborted by the signal that it has as well.
 */
async function aside<T>(work: Promise<T>, signal: AbortSignal, { breathe }: Pick<JobTurn, 'breathe'>): Promise<T> {
  let ended = false
  const end = work.then(
    () => void (ended = true),
    () => void (ended = true),
  )
  for (;;) {
    await Promise.race([end, pause(LOOK_MS)])
    if (ended) return work
    await breathe(signal).catch(() => end)
  }
}

const pause = (millis: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, millis))
