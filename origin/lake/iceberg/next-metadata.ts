/** The table metadata after a commit: one snapshot more, and the schema grown where a file brings new columns. */
import type { ManifestEntry } from './manifest.ts'
import { type TableMetadata, currentSchema, currentSnapshot } from './metadata.ts'
import { positiveProperty } from './table-property.ts'
import type { ChangeInput } from './plan-change.ts'
import { evolve } from './schema.ts'
import { summaryOf } from './summary.ts'

/** Metadata files that the log remembers where the table does not say (Iceberg's own default). */
const METADATA_LOG_LENGTH = 100

/** @param entries Of the manifests that the snapshot writes. */
export function nextMetadata(
  {
    metadata,
    metadataFile,
    change,
    ids,
    now,
  }: Pick<ChangeInput, 'metadata' | 'metadataFile' | 'change' | 'ids' | 'now'>,
  sequence: number,
  listPath: string,
  entries: readonly ManifestEntry[],
): TableMetadata {
  const parent = currentSnapshot(metadata)
  const nextSchemaId = Math.max(...metadata.schemas.map((schema) => schema['schema-id'])) + 1
  const old = currentSchema(metadata)
  const schema = evolve(
    old,
    change.files.flatMap(({ columns }) => columns),
    nextSchemaId,
  )
  // A clock that went back must not make history run backwards.
  const at = Math.max(now, metadata['last-updated-ms'])
  const snapshot = {
    'snapshot-id': ids.snapshotId,
    ...(parent === null ? {} : { 'parent-snapshot-id': parent['snapshot-id'] }),
    'sequence-number': sequence,
    'timestamp-ms': at,
    'manifest-list': listPath,
    summary: summaryOf(parent, entries),
    'schema-id': schema['schema-id'],
  }
  return {
    ...metadata,
    'last-sequence-number': sequence,
    'last-updated-ms': at,
    'last-column-id': Math.max(metadata['last-column-id'], ...schema.fields.map(({ id }) => id)),
    schemas: schema === old ? metadata.schemas : [...metadata.schemas, schema],
    'current-schema-id': schema['schema-id'],
    properties: { ...metadata.properties, ...change.properties },
    'current-snapshot-id': ids.snapshotId,
    snapshots: [...(metadata.snapshots ?? []), snapshot],
    'snapshot-log': [...(metadata['snapshot-log'] ?? []), { 'timestamp-ms': at, 'snapshot-id': ids.snapshotId }],
    'metadata-log': metadataLog(metadata, metadataFile),
    // How long `main` keeps its history is not ours to change.
    refs: { ...metadata.refs, main: { ...metadata.refs?.['main'], 'snapshot-id': ids.snapshotId, type: 'branch' } },
  }
}

/** The log of the next metadata: it ends with the file that `metadata` was read from, and forgets what is beyond its length. */
export function metadataLog(
  metadata: TableMetadata,
  metadataFile: string | null,
): NonNullable<TableMetadata['metadata-log']> {
  const log = metadata['metadata-log'] ?? []
  if (metadataFile === null) return log
  const most = positiveProperty(metadata, 'write.metadata.previous-versions-max', METADATA_LOG_LENGTH)
  return [...log, { 'timestamp-ms': metadata['last-updated-ms'], 'metadata-file': metadataFile }].slice(-most)
}
