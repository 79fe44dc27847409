/** A table as the rest of the product sees it. */
import { fault } from '../../../shared/fault.ts'
import type { LakeFile, LakeTable } from '../ports.ts'
import { datasetOf } from './data-file.ts'
import { DELETED, type ManifestEntry, type ManifestFile } from './manifest.ts'
import { type Snapshot, type TableMetadata, currentSnapshot } from './metadata.ts'
import { columnsOf } from './schema.ts'
import { schemaOfSnapshot } from './time-travel.ts'

/** Where a table lies: its metadata says `location`, and the store knows it under `prefix`. */
export interface TablePlace {
  readonly tenant: string
  readonly name: string
  /** `<tenant>/iceberg/<name>`. */
  readonly prefix: string
}

export const placeOf = (tenant: string, name: string): TablePlace => ({
  tenant,
  name,
  prefix: `${tenant}/iceberg/${name}`,
})

/**
 * Where a data file of a table lies.
 * @param name Unique: no two loads may write the same file.
 */
export const dataFileKey = ({ prefix }: Pick<TablePlace, 'prefix'>, datasetId: string, name: string): string =>
  `${prefix}/data/dataset_id=${datasetId}/${name}.parquet`

/**
 * Where a load that is to be committed as `staged` writes its file, so that it need not be copied.
 * @param name Unique to the load, e.g. its fetch id and a number: written again after a crash, it is the same file.
 */
export const stagedKey = (tenant: string, table: string, datasetId: string, name: string): string =>
  dataFileKey(placeOf(tenant, table), datasetId, name)

/**
 * The key of a path that metadata or manifests name. What counts is the part below the table's own location, so that
 * a data folder that was moved (or a bucket that was copied) still loads.
 * @throws Fault DATA_TRANSFORM_ERROR where the path lies outside the table.
 */
export function keyOf(path: string, metadata: TableMetadata, { prefix }: TablePlace): string {
  const base = `${metadata.location.replace(/\/$/, '')}/`
  if (!path.startsWith(base)) throw fault('DATA_TRANSFORM_ERROR', 'A file of the table lies outside the table.')
  return `${prefix}/${path.slice(base.length)}`
}

/** Rows in the live files of a snapshot. */
export const rowsIn = (manifests: readonly ManifestFile[]): number =>
  manifests.reduce((sum, line) => sum + Number(line.added_rows_count) + Number(line.existing_rows_count), 0)

/**
 * @param manifests The snapshot's, and all entries of them.
 * @param snapshot The one to show: the current one, or an earlier one with the columns that it had.
 */
export function tableView(
  metadata: TableMetadata,
  manifests: readonly ManifestFile[],
  entries: readonly ManifestEntry[],
  place: TablePlace,
  snapshot: Snapshot | null = currentSnapshot(metadata),
): LakeTable {
  return {
    tenant: place.tenant,
    name: place.name,
    uuid: metadata['table-uuid'],
    columns: columnsOf(schemaOfSnapshot(metadata, snapshot)),
    rows: rowsIn(manifests),
    snapshotId: idText(snapshot?.['snapshot-id']),
    snapshots: (metadata.snapshots ?? []).map((snapshot) => ({
      id: String(snapshot['snapshot-id']),
      parentId: idText(snapshot['parent-snapshot-id']),
      at: snapshot['timestamp-ms'],
      operation: snapshot.summary.operation,
      totalRows: Number(snapshot.summary['total-records'] ?? 0),
    })),
    files: entries.filter(({ status }) => status !== DELETED).map((entry) => lakeFile(entry, metadata, place)),
    properties: metadata.properties ?? {},
  }
}

const lakeFile = ({ data_file: file }: ManifestEntry, metadata: TableMetadata, place: TablePlace): LakeFile => ({
  key: keyOf(file.file_path, metadata, place),
  rows: Number(file.record_count),
  bytes: Number(file.file_size_in_bytes),
  datasetId: datasetOf(file),
})

const idText = (id: unknown): string | null => (typeof id === 'number' || typeof id === 'bigint' ? String(id) : null)
