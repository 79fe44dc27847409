/** Tables that another engine touched: what survives, and what is refused. */
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { icebergCatalog } from '../../../../origin/adapters/catalog-iceberg.ts'
import { filePointer } from '../../../../origin/adapters/catalog-pointer-files.ts'
import { decodeAvro, encodeAvro } from '../../../../origin/lake/iceberg/avro.ts'
import { parseJson, printJson } from '../../../../origin/lake/iceberg/json.ts'
import { MANIFEST_FILE_SCHEMA } from '../../../../origin/lake/iceberg/manifest-schema.ts'
import type { TableMetadata } from '../../../../origin/lake/iceberg/metadata.ts'
import type { ParquetFile, TableChange } from '../../../../origin/lake/ports.ts'
import { calm, type Lake, openLake } from '../support/lake.ts'
import { smallFile } from '../support/parquet-file.ts'

const JAVA_ID = 8_195_106_785_550_123_751n
const SYNC = new Uint8Array(16).fill(7)
let lake: Lake
let file: ParquetFile
let count = 0
beforeAll(async () => {
  lake = await openLake()
  file = await smallFile(lake, '0000000001', ['1', '2'])
})
afterAll(() => lake.close())

const options = { create: true, now: 1_000, signal: calm }
const change = (): TableChange => ({ kind: 'replace', datasetId: file.datasetId, files: [file], properties: {} })

const readObject = async (key: string) => (await lake.store.get(key)) ?? new Uint8Array()

/** A table of ours with its metadata edited as another engine might have. */
async function edited(edit: (metadata: TableMetadata) => unknown): Promise<string> {
  count += 1
  const name = `t${count}`
  await lake.tables.commit('estat', name, change(), options)
  const key = `estat/iceberg/${name}/metadata/v1.metadata.json`
  const metadata = parseJson(new TextDecoder().decode(await readObject(key))) as TableMetadata
  await lake.store.put(key, new TextEncoder().encode(printJson(edit(metadata))))
  return name
}
const snapshotOf = ({ snapshots }: TableMetadata) => snapshots?.[0] as NonNullable<TableMetadata['snapshots']>[number]
const metadataOf = async (name: string, version: number) =>
  new TextDecoder().decode(await readObject(`estat/iceberg/${name}/metadata/v${version}.metadata.json`))

describe('what survives', () => {
  it('64-bit snapshot ids, through a commit of ours', async () => {
    const name = await edited((metadata) => ({
      ...metadata,
      'current-snapshot-id': JAVA_ID,
      snapshots: [{ ...snapshotOf(metadata), 'snapshot-id': JAVA_ID }],
    }))
    const { table } = await lake.tables.commit('estat', name, change(), options)
    expect(table.snapshots.map(({ parentId }) => parentId)).toEqual([null, String(JAVA_ID)])
    expect(await metadataOf(name, 2)).toContain(`"parent-snapshot-id":${JAVA_ID}`)
  })

  it('fields, properties, refs and statistics that we know nothing of', async () => {
    const name = await edited((metadata) => ({
      ...metadata,
      statistics: [{ 'snapshot-id': JAVA_ID }],
      properties: { ...metadata.properties, 'write.target-file-size-bytes': '1' },
      refs: { ...metadata.refs, audit: { 'snapshot-id': JAVA_ID, type: 'tag' } },
    }))
    await lake.tables.commit('estat', name, change(), options)
    const after = parseJson(await metadataOf(name, 2)) as TableMetadata & { statistics: unknown }
    expect(after.statistics).toEqual([{ 'snapshot-id': JAVA_ID }])
    expect(after.properties).toMatchObject({ 'write.target-file-size-bytes': '1' })
    expect(after.refs).toMatchObject({ audit: { 'snapshot-id': JAVA_ID, type: 'tag' }, main: { type: 'branch' } })
  })

  it('a column that was renamed, and one that was added', async () => {
    const name = await edited((metadata) => {
      const [schema] = metadata.schemas as readonly [TableMetadata['schemas'][number]]
      const fields = schema.fields.map((field) => (field.name === 'value' ? { ...field, name: 'figure' } : field))
      const added = { id: 1000, name: 'remark', required: false, type: 'string' }
      return { ...metadata, 'last-column-id': 1000, schemas: [{ ...schema, fields: [...fields, added] }] }
    })
    const { table } = await lake.tables.commit('estat', name, change(), options)
    expect(table.columns.find(({ fieldId }) => fieldId === 4)?.name).toBe('figure')
    expect(table.columns.find(({ fieldId }) => fieldId === 1000)?.name).toBe('remark')
  })

  it('manifest lists under the older names of their fields', async () => {
    const name = await edited((metadata) => metadata)
    const path = snapshotOf(parseJson(await metadataOf(name, 1)) as TableMetadata)['manifest-list']
    const key = `estat/iceberg/${name}/metadata/${path.split('/').at(-1)}`
    const { records } = await decodeAvro(await readObject(key))
    const older = (old: string) => old.replace(/^(added|existing|deleted)_files_count$/, '$1_data_files_count')
    const schema = {
      ...MANIFEST_FILE_SCHEMA,
      fields: MANIFEST_FILE_SCHEMA.fields.map((field) => ({ ...field, name: older(field.name) })),
    }
    const renamed = records.map((line) =>
      Object.fromEntries(Object.entries(line as object).map(([old, value]) => [older(old), value])),
    )
    await lake.store.put(key, await encodeAvro(schema, renamed, {}, SYNC))
    expect(await lake.tables.load('estat', name)).toMatchObject({ rows: 2, files: [{ rows: 2 }] })
  })
})

describe('what is refused in words, and left alone', () => {
  it.each([
    ['format version 3', (metadata: TableMetadata) => ({ ...metadata, 'format-version': 3 }), 'format version 3'],
    [
      'a snapshot that is not there',
      (metadata: TableMetadata) => ({ ...metadata, snapshots: [] }),
      'a snapshot that it lacks',
    ],
    [
      'a manifest list elsewhere',
      (metadata: TableMetadata) => ({
        ...metadata,
        snapshots: [{ ...snapshotOf(metadata), 'manifest-list': '/etc/passwd' }],
      }),
      'outside the table',
    ],
    [
      'a path that climbs out',
      (metadata: TableMetadata) => ({
        ...metadata,
        snapshots: [{ ...snapshotOf(metadata), 'manifest-list': `${metadata.location}/../../x` }],
      }),
      'must not hold',
    ],
    ['metadata that is no JSON', () => undefined, 'damaged'],
  ])('%s', async (_, edit, words) => {
    const name = await edited((metadata) => edit(metadata) ?? metadata)
    const key = `estat/iceberg/${name}/metadata/v1.metadata.json`
    if (words === 'damaged') await lake.store.put(key, new TextEncoder().encode('{"format-'))
    const before = (await lake.store.list(`estat/iceberg/${name}/`)).map((object) => object.key)
    await expect(lake.tables.load('estat', name)).rejects.toThrow(words)
    await expect(lake.tables.commit('estat', name, change(), options)).rejects.toThrow(words)
    expect((await lake.store.list(`estat/iceberg/${name}/`)).map((object) => object.key)).toEqual(before)
  })

  it.each([
    ['another transform', { 'source-id': 11, 'field-id': 1000, name: 'y', transform: 'year' }],
    ['another name', { 'source-id': 1, 'field-id': 1000, name: 'ds', transform: 'identity' }],
  ])('loading where the partitions are of %s, though reading goes on', async (_, field) => {
    const name = await edited((metadata) => ({
      ...metadata,
      'partition-specs': [...metadata['partition-specs'], { 'spec-id': 1, fields: [field] }],
      'default-spec-id': 1,
    }))
    expect(await lake.tables.load('estat', name)).toMatchObject({ rows: 2, files: [{ datasetId: file.datasetId }] })
    await expect(lake.tables.commit('estat', name, change(), options)).rejects.toThrow('not partitioned by dataset_id')
  })

  it.each([
    ['position deletes', { 'total-position-deletes': '3', 'total-equality-deletes': '0' }],
    ['equality deletes', { 'total-position-deletes': '0', 'total-equality-deletes': '1' }],
    ['position deletes and equality deletes', { 'total-position-deletes': '3', 'total-equality-deletes': '1' }],
    ['delete files', {}],
  ])('%s', async (kind, totals) => {
    const name = await edited((metadata) => {
      const { summary, ...snapshot } = snapshotOf(metadata)
      return { ...metadata, snapshots: [{ ...snapshot, summary: { operation: summary.operation, ...totals } }] }
    })
    await withDeletes(name, 1)
    const words = `Another engine deleted single rows of this table by ${kind},`
    await expect(lake.tables.load('estat', name)).rejects.toThrow(words)
    await expect(lake.tables.commit('estat', name, change(), options)).rejects.toThrow(words)
    await expect(lake.tables.load('estat', name)).rejects.toMatchObject({ hint: expect.stringContaining('OPTIMIZE') })
  })

  it('but not deletes whose files are all gone again, as an OPTIMIZE leaves them', async () => {
    const name = await edited((metadata) => metadata)
    await withDeletes(name, 0)
    expect((await lake.tables.load('estat', name))?.rows).toBe(2)
    expect(await lake.tables.commit('estat', name, change(), options)).toMatchObject({ rowsBefore: 2, rowsAfter: 2 })
  })

  it('but tells of deletes where the home has an engine that reads them, and commits nothing over them', async () => {
    const name = await edited((metadata) => metadata)
    await withDeletes(name, 1)
    const root = join(lake.dataDir, 'lake')
    const tables = icebergCatalog({
      store: lake.store,
      pointer: filePointer({ store: lake.store, root }),
      root,
      tellsDeletes: true,
    })
    const table = await tables.load('estat', name)
    expect(table).toMatchObject({ rows: 2, rowsDeleted: true, files: [{ rows: 2 }] })
    await expect(tables.commit('estat', name, change(), options)).rejects.toThrow('deleted single rows')
  })

  /** Names the table's manifest once more in its list, as one of delete files of which so many are live. */
  async function withDeletes(name: string, live: number): Promise<void> {
    const path = snapshotOf(parseJson(await metadataOf(name, 1)) as TableMetadata)['manifest-list']
    const key = `estat/iceberg/${name}/metadata/${path.split('/').at(-1)}`
    const { records } = await decodeAvro(await readObject(key))
    const counts = { added_files_count: live, added_rows_count: BigInt(live), deleted_files_count: 1 - live }
    const deletes = records.map((line) => ({ ...(line as object), content: 1, ...counts }))
    await lake.store.put(key, await encodeAvro(MANIFEST_FILE_SCHEMA, [...records, ...deletes], {}, SYNC))
  }
})

describe('JSON with 64-bit integers', () => {
  it('comes back as it was, whatever the size of a number', () => {
    const property = fc.property(
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      fc.string(),
      fc.double(),
      (id, text, double) => {
        const number = Number.isFinite(double) ? double : 0
        const written = `{"id":${id},"text":${JSON.stringify(text)},"list":[${id}],"double":${JSON.stringify(number)}}`
        expect(printJson(parseJson(written))).toBe(written)
      },
    )
    fc.assert(property)
  })
})

describe('Avro containers', () => {
  it('refuse what is no container, breaks off, or uses another codec', async () => {
    const whole = await encodeAvro('long', [1n, -(2n ** 63n)], {}, SYNC)
    expect((await decodeAvro(whole)).records).toEqual([1n, -(2n ** 63n)])
    const other = new TextDecoder('latin1').decode(whole).replace('deflate', 'snappy!')
    for (const bytes of [new Uint8Array(), whole.subarray(0, -3), whole.subarray(3), Buffer.from(other, 'latin1')])
      await expect(decodeAvro(bytes)).rejects.toMatchObject({ code: 'DATA_TRANSFORM_ERROR' })
  })

  it('are read with the bytes of a checksum that PyIceberg leaves after each block', async () => {
    const whole = await encodeAvro('string', ['東京'], {}, SYNC)
    const [length, body] = [whole.at(-17 - 9) as number, whole.subarray(-16 - 9, -16)]
    expect(length).toBe(body.length * 2)
    const junk = Buffer.concat([
      whole.subarray(0, -17 - 9),
      Uint8Array.of((body.length + 3) * 2),
      body,
      Uint8Array.of(1, 2, 3),
      SYNC,
    ])
    expect((await decodeAvro(junk)).records).toEqual(['東京'])
  })

  it('hold thousands of records', async () => {
    const numbers = Array.from({ length: 2500 }, (_, at) => BigInt(at) ** 5n)
    expect((await decodeAvro(await encodeAvro('long', numbers, {}, SYNC))).records).toEqual(numbers)
  })
})
