/**
 * TableCatalog whose rows Athena writes: for accounts where nothing but Athena may commit (`LAKE_WRITER=athena`). Reading
 * goes by `reads`, the Glue catalogue. What is loaded is staged under a prefix of its own and named by an external table,
 * from which one CREATE TABLE AS, INSERT or MERGE takes it; both go again however that ends.
 *
 * Slower and dearer than our own commit: seconds, and every replace reads what it replaces. The properties that cite the
 * sources lie beside the table, since Athena keeps none that it does not know.
 */
import { randomUUID } from 'node:crypto'
import { fault } from '../../shared/fault.ts'
import { AXIS_IDS, uniqueColumns } from '../lake/columns.ts'
import type { CommitResult, LakeColumn, LakeTable, TableCatalog, TableChange } from '../lake/ports.ts'
import {
  addColumns,
  batchesOf,
  createDatabase,
  createExternal,
  createFrom,
  dropExternal,
  insertFrom,
  mergeFrom,
  optimize,
  type TableName,
  vacuum,
} from '../lake/sql/athena-load.ts'
import { placeOf } from '../lake/iceberg/table-view.ts'
import type { ObjectStore } from '../ports.ts'
import { abortFault } from './abort-fault.ts'
import { athenaProperties } from './catalog-athena-properties.ts'
import { deleteQuietly } from './catalog-files.ts'
import { type AthenaPlace, runStatement } from './query-athena-run.ts'

export interface AthenaCatalogOptions {
  readonly reads: TableCatalog
  readonly at: AthenaPlace
  readonly store: ObjectStore
  readonly databaseOf: (tenant: string) => string
}

type CommitOptions = Parameters<TableCatalog['commit']>[3]

/** What is tidied up after a load gets this long, whatever ended the load. */
const TIDY_MS = 30_000

export function athenaCatalog({ reads, at, store, databaseOf }: AthenaCatalogOptions): TableCatalog {
  const properties = athenaProperties(store)
  const root = `s3://${store.bucket}/`

  const run = async (sql: string, database: string, signal: AbortSignal): Promise<void> => {
    await runStatement(at, { sql, database, reuseMinutes: 0 }, signal)
  }

  const load: TableCatalog['load'] = async (tenant, name, moment) => {
    const table = await reads.load(tenant, name, moment)
    return table === null ? null : properties.on(table)
  }

  /** Names the change's files by an external table for as long as `work` takes. */
  async function staged(
    tenant: string,
    change: TableChange,
    signal: AbortSignal,
    work: (load: TableName) => Promise<void>,
  ) {
    const database = databaseOf(tenant)
    const id = randomUUID().replaceAll('-', '')
    const prefix = `${tenant}/athena-load/${id}/`
    const external: TableName = { database, name: `load_${id}` }
    const keys: string[] = []
    try {
      for (const [number, file] of change.files.entries()) {
        if (signal.aborted) throw abortFault(signal)
        const body = await store.stream(file.key)
        if (body === null) throw fault('NOT_FOUND', 'There is no such Parquet file in the lake.')
        const key = `${prefix}${String(number).padStart(5, '0')}.parquet`
        keys.push(key)
        await store.put(key, body)
      }
      await run(createDatabase(database), 'default', signal)
      await run(createExternal(external, uniqueColumns(change.files), `${root}${prefix}`), database, signal)
      await work(external)
    } finally {
      const tidying = AbortSignal.timeout(TIDY_MS)
      await run(dropExternal(external), database, tidying).catch(() => {})
      await deleteQuietly(store, keys)
    }
  }

  async function write(
    table: LakeTable | null,
    into: TableName,
    tenant: string,
    change: TableChange,
    signal: AbortSignal,
  ) {
    const columns = uniqueColumns(change.files)
    const datasets = [...new Set(change.files.map(({ datasetId }) => datasetId))].toSorted()
    const batches = batchesOf(datasets)
    await staged(tenant, change, signal, async (external) => {
      const send = (sql: string): Promise<void> => run(sql, into.database, signal)
      if (table === null) {
        const location = `${root}${placeOf(tenant, into.name).prefix}/`
        await send(createFrom(into, external, columns, location, batches[0] ?? null))
      } else {
        const added = columns.filter(({ name }) => !table.columns.some((column) => column.name === name))
        if (added.length > 0) await send(addColumns(into, added))
      }
      const isNew = table === null || change.kind === 'append' || !holds(table, change.datasetId)
      if (!isNew) return send(mergeOf(table, into, external, columns, change))
      for (const batch of table === null ? batches.slice(1) : batches)
        await send(insertFrom(into, external, columns, batch))
    })
  }

  return {
    // CREATE TABLE AS wants an empty folder.
    copiesStaged: true,
    list: (tenant) => reads.list(tenant),
    load,

    async commit(tenant, name, change, options) {
      const before = await load(tenant, name)
      if (before === null && !options.create)
        throw fault('NOT_FOUND', `There is no table ${name} in your lake.`, {
          hint: 'Call again with create_if_not_exists true.',
        })
      const into: TableName = { database: databaseOf(tenant), name }
      if (change.files.length === 0) throw fault('INVALID_PARAMETER', 'There is nothing to load.')
      await write(before, into, tenant, change, options.signal)
      await properties.add(tenant, name, change.properties)
      if (before !== null && change.kind !== 'append') await tidied(into, change.datasetId, options)
      const after = await load(tenant, name)
      if (after === null) throw fault('AWS_SERVICE_ERROR', 'Athena loaded the table, and Glue does not show it.')
      return resultOf(before, after, change)
    },

    async maintain(tenant, name, { signal }) {
      const before = await load(tenant, name)
      if (before === null) return { snapshotsExpired: 0, objectsDeleted: 0, bytesFreed: 0 }
      await run(vacuum({ database: databaseOf(tenant), name }), databaseOf(tenant), signal)
      const after = await load(tenant, name)
      // Athena does not tell what it deleted.
      const expired = before.snapshots.length - (after?.snapshots.length ?? 0)
      return { snapshotsExpired: Math.max(0, expired), objectsDeleted: 0, bytesFreed: 0 }
    },
  }

  /** MERGE leaves delete files, which Athena alone reads. Rows are safe by then, so a failure here is none of the load. */
  async function tidied(into: TableName, datasetId: string, { signal }: CommitOptions): Promise<void> {
    await run(optimize(into, datasetId), into.database, signal).catch(() => {})
  }
}

const holds = (table: LakeTable, datasetId: string): boolean => table.files.some((file) => file.datasetId === datasetId)

/** The codes of all axes: what tells a cell from another. */
const KEYS = new Set(AXIS_IDS.map((axis) => `${axis}_code`))
const isKey = ({ name }: LakeColumn): boolean => KEYS.has(name)

function mergeOf(
  table: LakeTable,
  into: TableName,
  load: TableName,
  columns: readonly LakeColumn[],
  change: Exclude<TableChange, { kind: 'append' }>,
): string {
  const all = uniqueColumns([table, { columns }])
  const others = table.columns.filter(({ name }) => !columns.some((column) => column.name === name))
  const { datasetId, kind } = change
  const keys = all.filter(isKey)
  return mergeFrom({
    table: into,
    load,
    columns,
    keys,
    others: others.filter((one) => !isKey(one)),
    datasetId,
    replaces: kind === 'replace',
  })
}

function resultOf(before: LakeTable | null, table: LakeTable, { files }: TableChange): CommitResult {
  return {
    table,
    snapshotId: table.snapshotId ?? '',
    created: before === null,
    rowsBefore: before?.rows ?? 0,
    rowsLoaded: files.reduce((sum, { rows }) => sum + rows, 0),
    rowsAfter: table.rows,
  }
}
