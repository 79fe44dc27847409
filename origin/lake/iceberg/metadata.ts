/** Table metadata (Iceberg specification, "Table Metadata Fields", version 2): its shape, a new one, and what we refuse. */
import { fault } from '../../../shared/fault.ts'
import { DATASET_ID_FIELD, LAST_RESERVED_FIELD_ID } from '../columns.ts'
import type { LakeColumn } from '../ports.ts'
import { type Long, sameId } from './json.ts'
import { type IcebergSchema, schemaOf } from './schema.ts'

export interface Snapshot {
  readonly 'snapshot-id': Long
  readonly 'parent-snapshot-id'?: Long
  readonly 'sequence-number': number
  readonly 'timestamp-ms': number
  readonly 'manifest-list': string
  readonly summary: Readonly<Record<string, string>> & { readonly operation: string }
  readonly 'schema-id'?: number
}

export interface PartitionSpec {
  readonly 'spec-id': number
  readonly fields: readonly {
    readonly 'source-id': number
    readonly 'field-id': number
    readonly name: string
    readonly transform: string
  }[]
}

/** Fields that we do not know (statistics, encryption keys of later versions) are carried along untouched. */
export interface TableMetadata {
  readonly 'format-version': number
  readonly 'table-uuid': string
  readonly location: string
  readonly 'last-sequence-number': number
  readonly 'last-updated-ms': number
  readonly 'last-column-id': number
  readonly schemas: readonly IcebergSchema[]
  readonly 'current-schema-id': number
  readonly 'partition-specs': readonly PartitionSpec[]
  readonly 'default-spec-id': number
  readonly 'last-partition-id': number
  readonly 'sort-orders': readonly unknown[]
  readonly 'default-sort-order-id': number
  readonly properties?: Readonly<Record<string, string>>
  readonly 'current-snapshot-id'?: Long | null
  readonly snapshots?: readonly Snapshot[]
  readonly 'snapshot-log'?: readonly { readonly 'timestamp-ms': number; readonly 'snapshot-id': Long }[]
  readonly 'metadata-log'?: readonly { readonly 'timestamp-ms': number; readonly 'metadata-file': string }[]
  readonly refs?: Readonly<Record<string, SnapshotRef>>
  readonly statistics?: readonly StatisticsFile[]
  readonly 'partition-statistics'?: readonly StatisticsFile[]
}

/** A branch or a tag (specification, "Snapshot References"). */
export interface SnapshotRef {
  readonly 'snapshot-id': Long
  readonly type: string
  /** How many snapshots of a branch expiry leaves at least. */
  readonly 'min-snapshots-to-keep'?: number
  /** How old a snapshot of a branch may become. */
  readonly 'max-snapshot-age-ms'?: number
  /** How old the reference itself may become; `main` stays for ever. */
  readonly 'max-ref-age-ms'?: number
}

/** A file that another engine computed about one snapshot (specification, "Table Statistics"). */
interface StatisticsFile {
  readonly 'snapshot-id': Long
  readonly 'statistics-path'?: string
}

/** Our one partition spec: a file holds the rows of one dataset, so that replacing a dataset replaces whole files. */
export const DATASET_SPEC: PartitionSpec = {
  'spec-id': 0,
  fields: [{ 'source-id': DATASET_ID_FIELD, 'field-id': 1000, name: 'dataset_id', transform: 'identity' }],
}

/** A table without snapshots; never stored as such: the first commit writes it together with its first snapshot. */
export function newMetadata(table: {
  readonly uuid: string
  readonly location: string
  readonly columns: readonly LakeColumn[]
  readonly now: number
}): TableMetadata {
  return {
    'format-version': 2,
    'table-uuid': table.uuid,
    location: table.location,
    'last-sequence-number': 0,
    'last-updated-ms': table.now,
    'last-column-id': LAST_RESERVED_FIELD_ID,
    'current-schema-id': 0,
    schemas: [schemaOf(0, table.columns)],
    'default-spec-id': 0,
    'partition-specs': [DATASET_SPEC],
    'last-partition-id': 1000,
    'default-sort-order-id': 0,
    'sort-orders': [{ 'order-id': 0, fields: [] }],
    properties: { 'write.format.default': 'parquet', 'write.parquet.compression-codec': 'zstd' },
    refs: {},
    snapshots: [],
    'snapshot-log': [],
    'metadata-log': [],
  }
}

/** The snapshot that readers see; null where the table has none. `-1` is how older writers say none. */
export function currentSnapshot(metadata: TableMetadata): Snapshot | null {
  const id = metadata['current-snapshot-id']
  return metadata.snapshots?.find((snapshot) => sameId(snapshot['snapshot-id'], id)) ?? null
}

/** @throws Fault DATA_TRANSFORM_ERROR where the metadata names a schema that it lacks. */
export function currentSchema(metadata: TableMetadata): IcebergSchema {
  const found = metadata.schemas.find((schema) => schema['schema-id'] === metadata['current-schema-id'])
  if (found === undefined) throw fault('DATA_TRANSFORM_ERROR', 'The metadata of the table is damaged.')
  return found
}

/**
 * @throws Fault DATA_TRANSFORM_ERROR for what this server cannot read right: another format version, a current snapshot
 * that is not there.
 */
export function assertReadable(metadata: TableMetadata): void {
  const version = metadata['format-version']
  if (version !== 2)
    throw fault(
      'DATA_TRANSFORM_ERROR',
      `The table has Iceberg format version ${version}; this server reads and writes version 2.`,
      {
        hint: 'Copy it into a table of version 2 in the engine that made it so, or load the dataset into a table of another name.',
      },
    )
  const id = metadata['current-snapshot-id'] ?? -1
  if (!sameId(id, -1) && currentSnapshot(metadata) === null)
    throw fault('DATA_TRANSFORM_ERROR', 'The metadata of the table names a snapshot that it lacks.')
}

/**
 * A manifest that we write describes partitions by our spec alone.
 * @param manifests Of the current snapshot.
 * @throws Fault DATA_TRANSFORM_ERROR where another engine partitioned the table, or a part of it, otherwise.
 */
export function assertWritable(
  metadata: TableMetadata,
  manifests: readonly { readonly partition_spec_id: number }[],
): void {
  const used = new Set([metadata['default-spec-id'], ...manifests.map(({ partition_spec_id: id }) => id)])
  const specOf = (id: number) => metadata['partition-specs'].find((known) => known['spec-id'] === id)
  if (![...used].every((id) => isOurs(specOf(id))))
    throw fault(
      'DATA_TRANSFORM_ERROR',
      'The table is not partitioned by dataset_id: another engine changed it, so it can be read but not loaded into.',
      { hint: 'Load the dataset into a table of another name.' },
    )
}

/** Whether partitions of that spec are our own: `dataset_id`, identity, nothing else. */
export function isOurs(spec: PartitionSpec | undefined): boolean {
  const [field, ...more] = spec?.fields ?? []
  const [ours] = DATASET_SPEC.fields
  return (
    more.length === 0 &&
    field?.transform === 'identity' &&
    field['source-id'] === ours?.['source-id'] &&
    field['field-id'] === ours['field-id'] &&
    field.name === ours.name
  )
}
