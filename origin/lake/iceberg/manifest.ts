/** Manifests and manifest lists: their records, and the files that hold them. */
import { decodeAvro, encodeAvro } from './avro.ts'
import { MANIFEST_ENTRY_SCHEMA, MANIFEST_FILE_SCHEMA } from './manifest-schema.ts'
import { DATASET_SPEC, type TableMetadata, currentSchema } from './metadata.ts'

export type IntMap<T> = readonly { readonly key: number; readonly value: T }[] | null

/** `data_file`: of rows, or of what another engine deleted. The fields are the specification's own. */
export interface DataFile {
  /** 0 rows, 1 positions deleted, 2 keys deleted. */
  readonly content: number
  readonly file_path: string
  readonly file_format: string
  /** Ours has `dataset_id`; another engine's spec has other fields. */
  readonly partition: { readonly dataset_id?: string | null }
  readonly record_count: bigint
  readonly file_size_in_bytes: bigint
  readonly column_sizes: IntMap<bigint>
  readonly value_counts: IntMap<bigint>
  readonly null_value_counts: IntMap<bigint>
  readonly nan_value_counts: IntMap<bigint>
  readonly lower_bounds: IntMap<Uint8Array>
  readonly upper_bounds: IntMap<Uint8Array>
  readonly key_metadata: Uint8Array | null
  readonly split_offsets: readonly bigint[] | null
  readonly equality_ids: readonly number[] | null
  readonly sort_order_id: number | null
}

/** Status of a manifest entry. */
export const EXISTING = 0
export const ADDED = 1
export const DELETED = 2

export interface ManifestEntry {
  readonly status: number
  readonly snapshot_id: bigint | null
  readonly sequence_number: bigint | null
  readonly file_sequence_number: bigint | null
  readonly data_file: DataFile
}

/** One line of a manifest list. */
export interface ManifestFile {
  readonly manifest_path: string
  readonly manifest_length: bigint
  readonly partition_spec_id: number
  /** 0 data, 1 deletes. */
  readonly content: number
  readonly sequence_number: bigint
  readonly min_sequence_number: bigint
  readonly added_snapshot_id: bigint
  readonly added_files_count: number
  readonly existing_files_count: number
  readonly deleted_files_count: number
  readonly added_rows_count: bigint
  readonly existing_rows_count: bigint
  readonly deleted_rows_count: bigint
  readonly partitions:
    | readonly {
        readonly contains_null: boolean
        readonly contains_nan: boolean | null
        readonly lower_bound: Uint8Array | null
        readonly upper_bound: Uint8Array | null
      }[]
    | null
  readonly key_metadata: Uint8Array | null
}

/** @param metadata Of the snapshot that the manifest is written for. */
export const encodeManifest = (
  entries: readonly ManifestEntry[],
  metadata: TableMetadata,
  sync: Uint8Array,
): Promise<Uint8Array> => {
  const schema = currentSchema(metadata)
  const header = {
    schema: JSON.stringify(schema),
    'schema-id': String(schema['schema-id']),
    'partition-spec': JSON.stringify(DATASET_SPEC.fields),
    'partition-spec-id': String(metadata['default-spec-id']),
    'format-version': '2',
    content: 'data',
  }
  return encodeAvro(MANIFEST_ENTRY_SCHEMA, entries, header, sync)
}

const UNTOLD = {
  column_sizes: null,
  value_counts: null,
  null_value_counts: null,
  nan_value_counts: null,
  lower_bounds: null,
  upper_bounds: null,
  key_metadata: null,
  split_offsets: null,
  equality_ids: null,
  sort_order_id: null,
} as const satisfies Partial<DataFile>

/** Entries with what they inherit from the list filled in (specification, "Sequence Number Inheritance"). */
export async function decodeManifest(bytes: Uint8Array, from: ManifestFile): Promise<readonly ManifestEntry[]> {
  const { records } = await decodeAvro(bytes)
  return (records as readonly ManifestEntry[]).map((entry) => {
    const inherits = entry.status === ADDED
    return {
      ...entry,
      // Other writers leave out fields that are optional; what we write back has all of them.
      data_file: { ...UNTOLD, ...entry.data_file },
      snapshot_id: entry.snapshot_id ?? from.added_snapshot_id,
      sequence_number: entry.sequence_number ?? (inherits ? from.sequence_number : 0n),
      file_sequence_number: entry.file_sequence_number ?? (inherits ? from.sequence_number : null),
    }
  })
}

export const encodeManifestList = (
  manifests: readonly ManifestFile[],
  header: Readonly<Record<string, string>>,
  sync: Uint8Array,
): Promise<Uint8Array> => encodeAvro(MANIFEST_FILE_SCHEMA, manifests, { ...header, 'format-version': '2' }, sync)

export async function decodeManifestList(bytes: Uint8Array): Promise<readonly ManifestFile[]> {
  const { records, schema } = await decodeAvro(bytes)
  const names = namesById(schema)
  return records.map((record) => canonical(record as Record<string, unknown>, names))
}

/** A manifest without live files only tells of what an older snapshot took out. */
export const isLive = (line: ManifestFile): boolean => line.added_files_count + line.existing_files_count > 0

/** Manifests of delete files: other engines write them (Athena on every UPDATE, DELETE and MERGE). */
export const holdsDeletes = ({ content }: ManifestFile): boolean => content === 1

/** Field ids of a record's fields to the names its writer used. */
function namesById(schema: unknown): ReadonlyMap<number, string> {
  const { fields } = schema as { fields: readonly { name: string; 'field-id'?: number }[] }
  return new Map(fields.flatMap(({ name, 'field-id': id }) => (id === undefined ? [] : [[id, name] as const])))
}

/** Under the specification's names: early writers called 504 `added_data_files_count`, and fields are known by id. */
function canonical(record: Record<string, unknown>, names: ReadonlyMap<number, string>): ManifestFile {
  const entries = MANIFEST_FILE_SCHEMA.fields.map(({ name, 'field-id': id }) => [
    name,
    record[names.get(id) ?? name] ?? null,
  ])
  return Object.fromEntries(entries) as ManifestFile
}
