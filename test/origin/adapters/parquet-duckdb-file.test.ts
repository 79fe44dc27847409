/** A file of the lake as a file: its form, its footer by another reader, and what is refused as not ours. */
import { join } from 'node:path'
import { parquetMetadata } from 'hyparquet'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { columnNamed } from '../../../origin/lake/columns.ts'
import type { ParquetFile } from '../../../origin/lake/ports.ts'
import { calm, type Lake, openLake } from '../lake/support/lake.ts'
import { axis, bodyOf, jobOf, keepPages, metaOf } from '../lake/support/page.ts'

let lake: Lake
beforeAll(async () => {
  lake = await openLake()
})
afterAll(() => lake.close())

const ID = '0009999999'

describe('the file', () => {
  let file: ParquetFile
  let bytes: ArrayBuffer
  beforeAll(async () => {
    const cells = Array.from({ length: 300 }, (_, at) => ({
      '@area': at % 2 === 0 ? '13000' : '00000',
      '@time': '2020000000',
      $: at === 7 ? '-' : String(at - 100),
    }))
    const axes = [axis('area', '地域', ['00000', '13000']), axis('time', '時間軸', ['2020000000'])]
    const pages = await keepPages(lake.store, ID, [bodyOf(cells)])
    file = await lake.parquet.write(jobOf(metaOf(ID, axes), pages), calm)
    bytes = new Uint8Array((await lake.store.get(file.key)) as Uint8Array).buffer
  })

  it('is Parquet v1 with zstd, our field ids, microseconds and UTC, by a reader that is not ours', () => {
    const { version, schema, row_groups: groups } = parquetMetadata(bytes)
    expect(version).toBe(1)
    for (const { name, field_id: id } of schema.slice(1)) expect(id, name).toBe(columnNamed(name)?.fieldId)
    const retrieved = schema.find(({ name }) => name === 'retrieved_at')
    expect(retrieved).toMatchObject({
      type: 'INT64',
      logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS' },
    })
    expect(new Set(groups.flatMap(({ columns }) => columns.map(({ meta_data: data }) => data?.codec)))).toEqual(
      new Set(['ZSTD']),
    )
  })

  it('is inspected to what was written', async () => {
    expect(await lake.parquet.inspect(file.key, calm)).toEqual(file)
    expect(file).toMatchObject({ rows: 300, datasetId: ID, bytes: bytes.byteLength })
    const stats = (name: string) => file.stats.find(({ fieldId }) => fieldId === columnNamed(name)?.fieldId)
    expect(stats('value')).toMatchObject({ valueCount: 300, nullCount: 1, lower: -100, upper: 199 })
    expect(stats('area_code')).toMatchObject({ nullCount: 0, lower: '00000', upper: '13000' })
    expect(stats('time_start')).toMatchObject({ lower: 18262, upper: 18262 })
    expect(stats('year')).toMatchObject({ lower: 2020, upper: 2020 })
    expect(stats('retrieved_at')).toMatchObject({ lower: 1_795_168_800_123_000n, upper: 1_795_168_800_123_000n })
    expect(stats('annotation')).toMatchObject({ nullCount: 300, lower: null, upper: null })
  })

  it('agrees with the footer that another reader sees', () => {
    const { row_groups: groups } = parquetMetadata(bytes)
    const columns = groups.flatMap((group) => group.columns)
    const offset = ({ meta_data: data }: (typeof columns)[number]) =>
      Number(data?.dictionary_page_offset ?? data?.data_page_offset)
    expect(file.splitOffsets).toEqual(groups.map((group) => offset(group.columns[0] as (typeof columns)[number])))
    for (const { fieldId, sizeBytes } of file.stats) {
      const column = columns.find(
        ({ meta_data: data }) => columnNamed(data?.path_in_schema[0] ?? '')?.fieldId === fieldId,
      )
      expect(sizeBytes).toBe(Number(column?.meta_data?.total_compressed_size))
    }
  })

  it('is refused where it is not ours', async () => {
    const other = async (name: string, sql: string) => {
      const path = join(lake.dataDir, `${name}.parquet`)
      await lake.duck.rows(
        `COPY (${sql}) TO '${path}' (FORMAT parquet${name === 'two' ? ', FIELD_IDS {dataset_id: 1}' : ''})`,
        calm,
      )
      await lake.store.putFile(`estat/parquet/${name}.parquet`, path)
      return lake.parquet.inspect(`estat/parquet/${name}.parquet`, calm)
    }
    const refused = { code: 'DATA_TRANSFORM_ERROR' }
    await expect(other('foreign', "SELECT '0001' AS dataset_id")).rejects.toMatchObject(refused)
    await expect(other('two', "SELECT unnest(['0001', '0002']) AS dataset_id")).rejects.toMatchObject(refused)
    await lake.store.put('estat/parquet/x.parquet', new TextEncoder().encode('not Parquet'))
    await expect(lake.parquet.inspect('estat/parquet/x.parquet', calm)).rejects.toMatchObject(refused)
    await expect(lake.parquet.inspect('estat/parquet/none.parquet', calm)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})
