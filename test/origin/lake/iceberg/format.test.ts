/**
 * The files of a table against the Iceberg specification (version 2), decoded by icebird's Avro reader, which shares
 * no code with the encoder. Field ids and "required" are copied from the specification's tables.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { avroMetadata, avroRead } from 'icebird'
import { columnNamed } from '../../../../origin/lake/columns.ts'
import type { LakeTable, ParquetFile } from '../../../../origin/lake/ports.ts'
import { calm, type Lake, openLake } from '../support/lake.ts'
import { smallFile } from '../support/parquet-file.ts'

type Json = Record<string, unknown>
interface AvroField {
  readonly name: string
  readonly type: unknown
  readonly 'field-id'?: number
}

const [A, B] = ['0000000001', '0000000002'] as const
const NOW = Date.UTC(2026, 10, 20)
let lake: Lake
let a: ParquetFile
let table: LakeTable
let metadata: Json & { location: string; snapshots: Json[]; schemas: Json[] }

/** Two loads of one dataset and one of another between them, with one more axis. */
beforeAll(async () => {
  lake = await openLake()
  a = await smallFile(lake, A, ['1', '-', '3.5'])
  const b = await smallFile(lake, B, ['7'], ['cat01', 'cat02'])
  const load = (file: ParquetFile, now: number) =>
    lake.tables.commit(
      'estat',
      't',
      { kind: 'replace', datasetId: file.datasetId, files: [file], properties: {} },
      { create: true, now, signal: calm },
    )
  await load(a, NOW)
  await load(b, NOW + 1000)
  table = (await load(a, NOW + 2000)).table
  metadata = JSON.parse(await text('v3.metadata.json')) as typeof metadata
})
afterAll(() => lake.close())

const bytesOf = async (name: string) => (await lake.store.get(`estat/iceberg/t/metadata/${name}`)) as Uint8Array
const text = async (name: string) => new TextDecoder().decode(await bytesOf(name))

/** Header and records of an Avro file named by its full path. */
async function avro(path: string): Promise<{ header: Json; fields: readonly AvroField[]; records: readonly Json[] }> {
  expect(path.startsWith(`${metadata.location}/metadata/`)).toBe(true)
  const bytes = await bytesOf(path.slice(path.lastIndexOf('/') + 1))
  const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 }
  const { metadata: header, syncMarker } = avroMetadata(reader)
  const records = avroRead({ reader, metadata: header, syncMarker }) as readonly Json[]
  return { header, fields: (header['avro.schema'] as { fields: readonly AvroField[] }).fields, records }
}
const listOf = (snapshot: number) => avro(String(metadata.snapshots[snapshot]?.['manifest-list']))
const idsOf = (fields: readonly AvroField[]) => Object.fromEntries(fields.map(({ name, 'field-id': id }) => [name, id]))
const isRequired = ({ type }: AvroField) => !(Array.isArray(type) && type.includes('null'))

const fieldsIn = (type: unknown) => (type as { fields: readonly AvroField[] }).fields
/** X of the union [null, X]. */
const optionOf = (type: unknown) => (type as readonly unknown[])[1]

describe('table metadata', () => {
  it('has every field that version 2 requires', () => {
    expect(metadata).toMatchObject({
      'format-version': 2,
      'table-uuid': expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      location: `${lake.dataDir}/lake/estat/iceberg/t`,
      'last-sequence-number': 3,
      'last-updated-ms': NOW + 2000,
      'last-column-id': 999,
      'current-schema-id': 1,
      'default-spec-id': 0,
      'partition-specs': [
        { 'spec-id': 0, fields: [{ name: 'dataset_id', transform: 'identity', 'source-id': 1, 'field-id': 1000 }] },
      ],
      'last-partition-id': 1000,
      'default-sort-order-id': 0,
      'sort-orders': [{ 'order-id': 0, fields: [] }],
    })
  })

  it('keeps both schemas, with unique ids that the files carry', () => {
    const fieldsOf = (at: number) =>
      metadata.schemas[at]?.['fields'] as readonly { id: number; name: string; required: boolean; type: string }[]
    expect(metadata.schemas.map((schema) => [schema['schema-id'], schema['type']])).toEqual([
      [0, 'struct'],
      [1, 'struct'],
    ])
    expect(fieldsOf(0).map(({ id, name, type }) => [id, name, type])).toEqual(
      a.columns.map(({ fieldId, name, type }) => [fieldId, name, type]),
    )
    expect(fieldsOf(1).slice(0, fieldsOf(0).length)).toEqual(fieldsOf(0))
    const ids = fieldsOf(1).map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids).toContain(columnNamed('cat02_code')?.fieldId)
    expect(fieldsOf(1).every(({ required }) => !required)).toBe(true)
  })

  it('chains its snapshots, and logs snapshots and metadata files', async () => {
    const ids = metadata.snapshots.map((snapshot) => snapshot['snapshot-id'])
    expect(metadata.snapshots.map((snapshot) => snapshot['parent-snapshot-id'])).toEqual([undefined, ids[0], ids[1]])
    expect(metadata.snapshots.map((snapshot) => snapshot['sequence-number'])).toEqual([1, 2, 3])
    expect(metadata.snapshots.map((snapshot) => snapshot['schema-id'])).toEqual([0, 1, 1])
    expect(ids.every((id) => Number.isSafeInteger(id) && Number(id) > 0)).toBe(true)
    expect(metadata['current-snapshot-id']).toBe(ids[2])
    expect(metadata['refs']).toEqual({ main: { 'snapshot-id': ids[2], type: 'branch' } })
    expect(metadata['snapshot-log']).toEqual(
      ids.map((id, at) => ({ 'snapshot-id': id, 'timestamp-ms': NOW + at * 1000 })),
    )
    expect(metadata['metadata-log']).toEqual(
      [1, 2].map((version) => ({
        'timestamp-ms': NOW + (version - 1) * 1000,
        'metadata-file': `${metadata.location}/metadata/v${version}.metadata.json`,
      })),
    )
    expect(await text('version-hint.text')).toBe('3')
  })

  it('sums up the last snapshot', () => {
    expect(metadata.snapshots[2]?.['summary']).toEqual({
      operation: 'overwrite',
      'added-data-files': '1',
      'added-records': '3',
      'added-files-size': String(a.bytes),
      'deleted-data-files': '1',
      'deleted-records': '3',
      'removed-files-size': String(a.bytes),
      'changed-partition-count': '1',
      'total-records': '4',
      'total-files-size': String(table.files.reduce((sum, { bytes }) => sum + bytes, 0)),
      'total-data-files': '2',
      'total-delete-files': '0',
      'total-position-deletes': '0',
      'total-equality-deletes': '0',
    })
  })
})

describe('the manifest list', () => {
  /** Specification, "Manifest Lists": name to field id; those required in version 2. */
  const REQUIRED = {
    manifest_path: 500, manifest_length: 501, partition_spec_id: 502, content: 517, sequence_number: 515, min_sequence_number: 516,
    added_snapshot_id: 503, added_files_count: 504, existing_files_count: 505, deleted_files_count: 506,
    added_rows_count: 512, existing_rows_count: 513, deleted_rows_count: 514,
  } // biome-ignore format: as the specification lists them

  it('has the required fields under their ids', async () => {
    const { fields } = await listOf(2)
    expect(idsOf(fields)).toEqual({ ...REQUIRED, partitions: 507, key_metadata: 519 })
    expect(fields.filter(isRequired).map(({ name }) => name)).toEqual(Object.keys(REQUIRED))
  })

  it('counts files, rows and sequence numbers', async () => {
    const { records } = await listOf(2)
    const counts = records.map((line) => ({
      sequence: [line['sequence_number'], line['min_sequence_number']],
      files: [line['added_files_count'], line['existing_files_count'], line['deleted_files_count']],
      rows: [line['added_rows_count'], line['existing_rows_count'], line['deleted_rows_count']],
    }))
    expect(counts).toEqual([
      { sequence: [2n, 2n], files: [1, 0, 0], rows: [1n, 0n, 0n] },
      { sequence: [3n, 3n], files: [0, 0, 1], rows: [0n, 0n, 3n] },
      { sequence: [3n, 3n], files: [1, 0, 0], rows: [3n, 0n, 0n] },
    ])
    for (const line of records) {
      expect([line['content'], line['partition_spec_id']]).toEqual([0, 0])
      const name = String(line['manifest_path']).split('/').at(-1) as string
      expect(line['manifest_length']).toBe(BigInt((await bytesOf(name)).length))
    }
  })

  it('bounds the partition of each manifest', async () => {
    const { records } = await listOf(2)
    const decode = (bytes: unknown) => new TextDecoder().decode(bytes as Uint8Array)
    const bounds = records.map(({ partitions }) => {
      const [summary] = partitions as readonly [Json]
      return [summary['contains_null'], decode(summary['lower_bound']), decode(summary['upper_bound'])]
    })
    expect(bounds).toEqual([
      [false, B, B],
      [false, A, A],
      [false, A, A],
    ])
  })
})

describe('a manifest', () => {
  /** Specification, "Manifests": data_file in version 2. */
  const DATA_FILE = {
    content: 134, file_path: 100, file_format: 101, partition: 102, record_count: 103, file_size_in_bytes: 104,
    column_sizes: 108, value_counts: 109, null_value_counts: 110, nan_value_counts: 137, lower_bounds: 125, upper_bounds: 128,
    key_metadata: 131, split_offsets: 132, equality_ids: 135, sort_order_id: 140,
  } // biome-ignore format: as the specification lists them
  const manifest = async (at: number) => avro(String((await listOf(2)).records[at]?.['manifest_path']))

  it('carries the key metadata that version 2 requires', async () => {
    const { header } = await manifest(2)
    expect(header['schema']).toEqual(metadata.schemas[1])
    expect(JSON.parse(String(header['partition-spec']))).toEqual([
      { name: 'dataset_id', transform: 'identity', 'source-id': 1, 'field-id': 1000 },
    ])
    expect(header).toMatchObject({ 'schema-id': '1', 'partition-spec-id': '0', 'format-version': '2', content: 'data' })
  })

  it('has the specified fields under their ids, down to map keys and list elements', async () => {
    const { fields } = await manifest(2)
    expect(idsOf(fields)).toEqual({
      status: 0,
      snapshot_id: 1,
      sequence_number: 3,
      file_sequence_number: 4,
      data_file: 2,
    })
    expect(fields.filter(isRequired).map(({ name }) => name)).toEqual(['status', 'data_file'])
    const file = fieldsIn(fields.at(-1)?.type)
    expect(idsOf(file)).toEqual(DATA_FILE)
    expect(file.filter(isRequired).map(({ name }) => name)).toEqual(Object.keys(DATA_FILE).slice(0, 6))
    const inner = (name: string) => optionOf(file.find((field) => field.name === name)?.type)
    const pairs = {
      column_sizes: [117, 118],
      value_counts: [119, 120],
      null_value_counts: [121, 122],
      nan_value_counts: [138, 139],
      lower_bounds: [126, 127],
      upper_bounds: [129, 130],
    }
    for (const [name, ids] of Object.entries(pairs)) {
      const { type, logicalType, items } = inner(name) as {
        type: string
        logicalType: string
        items: { fields: readonly AvroField[] }
      }
      expect([type, logicalType, ...items.fields.map((field) => field['field-id'])], name).toEqual([
        'array',
        'map',
        ...ids,
      ])
    }
    expect(inner('split_offsets')).toMatchObject({ type: 'array', items: 'long', 'element-id': 133 })
    expect(idsOf(fieldsIn(file[3]?.type))).toEqual({ dataset_id: 1000 })
  })

  it('adds files that inherit their sequence number', async () => {
    const [entry] = (await manifest(2)).records as readonly [Json & { data_file: Json }]
    expect([entry['status'], entry['sequence_number'], entry['file_sequence_number']]).toEqual([
      1,
      undefined,
      undefined,
    ])
    expect(entry['snapshot_id']).toBe(BigInt(Number(metadata['current-snapshot-id'])))
    expect(entry.data_file).toMatchObject({
      content: 0,
      file_path: `${metadata.location}/${table.files.find(({ datasetId }) => datasetId === A)?.key.slice('estat/iceberg/t/'.length)}`,
      file_format: 'PARQUET',
      partition: { dataset_id: A },
      record_count: 3n,
      file_size_in_bytes: BigInt(a.bytes),
      split_offsets: [4n],
      sort_order_id: 0,
    })
  })

  it('marks what was replaced as deleted by this snapshot, under its old sequence number', async () => {
    const [entry, ...more] = (await manifest(1)).records as readonly [Json]
    expect(more).toEqual([])
    expect([entry['status'], entry['sequence_number'], entry['file_sequence_number']]).toEqual([2, 1n, 1n])
    expect(entry['snapshot_id']).toBe(BigInt(Number(metadata['current-snapshot-id'])))
  })

  it('has the statistics of each column, as single values in binary', async () => {
    const [{ data_file: file }] = (await manifest(2)).records as unknown as readonly [
      { data_file: Record<string, readonly { key: number; value: unknown }[]> },
    ]
    const stat = (map: string, column: string) =>
      file[map]?.find(({ key }) => key === columnNamed(column)?.fieldId)?.value
    expect(file['value_counts']?.map(({ key }) => key)).toEqual(a.columns.map(({ fieldId }) => fieldId))
    expect(stat('value_counts', 'value')).toBe(3n)
    expect(stat('null_value_counts', 'value')).toBe(1n)
    const double = (bytes: unknown) => new DataView((bytes as Uint8Array).slice().buffer).getFloat64(0, true)
    expect([double(stat('lower_bounds', 'value')), double(stat('upper_bounds', 'value'))]).toEqual([1, 3.5])
    const micros = new DataView((stat('lower_bounds', 'retrieved_at') as Uint8Array).slice().buffer).getBigInt64(
      0,
      true,
    )
    expect(micros).toBe(BigInt(Date.parse('2026-11-20T10:00:00.123Z')) * 1000n)
    expect(new TextDecoder().decode(stat('upper_bounds', 'dataset_id') as Uint8Array)).toBe(A)
    expect(stat('lower_bounds', 'time_start')).toBeUndefined()
  })
})
