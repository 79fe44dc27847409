import { mkdir, readdir, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { parquetMetadata } from 'hyparquet'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { duckFault } from '../../../origin/adapters/duckdb-faults.ts'
import { parquetDuckdb } from '../../../origin/adapters/parquet-duckdb.ts'
import { columnNamed } from '../../../origin/lake/columns.ts'
import type { ParquetFile, ParquetJob } from '../../../origin/lake/ports.ts'
import { calm, type Lake, openLake } from '../lake/support/lake.ts'
import { smallDisk } from '../lake/support/small-disk.ts'
import { axis, bodyOf, jobOf, keepPages, metaOf } from '../lake/support/page.ts'

let lake: Lake
beforeAll(async () => {
  lake = await openLake()
})
afterAll(() => lake.close())

const ID = '0009999999'
const AREA_TIME = [
  axis('area', '地域', ['00000', '13000']),
  axis('time', '時間軸', ['2020000000', '2015100000', '2024000406']),
]

async function write(
  bodies: readonly string[],
  axes = AREA_TIME,
  more: Partial<ParquetJob> = {},
): Promise<ParquetFile> {
  const pages = await keepPages(lake.store, ID, bodies)
  return lake.parquet.write(jobOf(metaOf(ID, axes), pages, more), calm)
}
const rowsOf = async ({ key }: ParquetFile, select = '*') => lake.read([key], select)
/** Nothing of a job stays in the folder for work in progress. */
const leftovers = () => readdir(join(lake.dataDir, 'tmp'))

describe('a page as Parquet', () => {
  it('carries its own source in key-value metadata, through a merge too', async () => {
    const properties = { 'estat.source': JSON.stringify({ title: "人口「A」の'表'", unit: '10億円' }) }
    const body = (code: string) => bodyOf({ '@area': code, '@time': '2020000000', $: '1' })
    const file = await write([body('00000'), body('13000')], AREA_TIME, { properties })
    expect([file.rows, file.properties]).toEqual([2, properties])
    expect((await lake.parquet.inspect(file.key, calm)).properties).toEqual(properties)
  })

  it('gives every cell its value, names, dates, unit and origin', async () => {
    const value = { '@area': '13000', '@time': '2024000406', '@unit': '10億円', $: '102.5' }
    const roles = { area: { '13000': 'part' } } as const
    const file = await write([bodyOf(value)], AREA_TIME, { roles })
    expect(await rowsOf(file)).toEqual([
      {
        area_code: '13000',
        area_name: '13000 の名',
        area_level: 1,
        area_parent_code: null,
        area_role: 'part',
        time_code: '2024000406',
        time_name: '2024000406 の名',
        time_level: 1,
        time_parent_code: null,
        time_role: 'unknown',
        time_start: new Date('2024-04-01'),
        time_end: new Date('2024-06-30'),
        time_kind: 'quarter',
        value: 102.5,
        value_text: null,
        symbol: null,
        symbol_meaning: null,
        unit: '10億円',
        unit_scale: 1e9,
        annotation: null,
        dataset_id: ID,
        fetch_id: 'f1',
        retrieved_at: new Date('2026-11-20T10:00:00.123Z'),
        year: 2024,
        quarter: 2,
        month: null,
        region_code: '13000',
        region_name: '13000 の名',
      },
    ])
    expect(await leftovers()).toEqual([])
  })

  it('takes plain decimal numbers alone for numbers, exactly', async () => {
    const numbers = [
      '0',
      '-0.3',
      '126146099',
      '0.1',
      '9007199254740993',
      '12345678901234567890.123',
      '007',
      '0.0',
      '1.50',
    ]
    const symbols = [
      '-',
      '***',
      'X',
      '…',
      '－',
      '',
      ' 5 ',
      '1e5',
      '1_000',
      'nan',
      'inf',
      '1,234',
      '+5',
      '.5',
      '5.',
      '５',
      'NA',
      '0x10',
      '1\n',
    ]
    const cells = [...numbers, ...symbols].map((text) => ({ '@area': '13000', '@time': '2020000000', $: text }))
    const rows = await rowsOf(await write([bodyOf(cells)]), 'value, value_text, symbol')
    const found = new Map(rows.map((row) => [row['symbol'] ?? row['value_text'] ?? String(row['value']), row]))
    for (const text of numbers)
      expect(found.get(text), text).toEqual({
        value: Number(text),
        value_text: String(Number(text)) === text ? null : text,
        symbol: null,
      })
    for (const text of symbols) expect(found.get(text), text).toEqual({ value: null, value_text: text, symbol: text })
  })

  it('reads the same double as JavaScript from any decimal', async () => {
    const decimal = fc.stringMatching(/^-?[0-9]{1,25}(\.[0-9]{1,25})?$/)
    const texts = fc.sample(decimal, { numRuns: 2000, seed: 20201001 })
    const cells = texts.map((text, at) => ({ '@cat01': String(at), $: text }))
    const rows = await rowsOf(
      await write([bodyOf(cells)], [axis('cat01', '分類', [])]),
      'cat01_code, value, value_text, symbol',
    )
    expect(rows).toHaveLength(texts.length)
    for (const { cat01_code: code, value, value_text: text, symbol } of rows) {
      const sent = texts[Number(code)] as string
      expect([value, symbol, text ?? String(value)]).toEqual([Number(sent), null, sent])
    }
  })

  it('adds the columns of a domain, by the names of the axes', async () => {
    const axes = [
      axis('tab', '表章項目', ['10']),
      axis('cat01', '国籍', ['1']),
      axis('cat02', '男女別', ['2']),
      axis('cat03', '配偶関係', ['3']),
    ]
    const cell = { '@tab': '10', '@cat01': '1', '@cat02': '2', '@cat03': '3', $: '5' }
    const file = await write([bodyOf(cell)], axes, { dataType: 'population' })
    expect(await rowsOf(file, 'indicator, sex, category')).toEqual([
      { indicator: '10 の名', sex: '2 の名', category: '1 の名 / 3 の名' },
    ])
  })

  it('says what a symbol means, and leaves a zero a zero', async () => {
    const notes = [
      { symbol: '-', meaning: 'データが得られないもの' },
      { symbol: '0', meaning: '単位に満たないもの' },
    ]
    const cells = ['-', '0', '***'].map((text) => ({ '@area': '13000', '@time': '2020000000', $: text }))
    const rows = await rowsOf(await write([bodyOf(cells)], AREA_TIME, { notes }), 'value, symbol, symbol_meaning')
    expect(new Set(rows)).toEqual(
      new Set([
        { value: null, symbol: '-', symbol_meaning: 'データが得られないもの' },
        { value: 0, symbol: null, symbol_meaning: null },
        { value: null, symbol: '***', symbol_meaning: null },
      ]),
    )
  })

  it('explains annotations where the page does', async () => {
    const cells = ['1', '2'].map((code) => ({ '@area': code, '@time': '2020000000', '@annotation': code, $: code }))
    const body = bodyOf(cells, { annotation: { '@annotation': '1', $: '速報値' } })
    expect(await rowsOf(await write([body]), 'annotation')).toEqual([{ annotation: '速報値' }, { annotation: '2' }])
  })

  it('carries quotes, Japanese, backslashes and leading zeros through', async () => {
    const codes = ['00001', `a'b"c`, '\\u0041', '東京都\t府中市', '#H04102', '𠮷野']
    const cells = codes.map((code) => ({ '@cat01': code, '@unit': `人'"`, $: `'${code}` }))
    const rows = await rowsOf(
      await write([bodyOf(cells)], [axis('cat01', '分類', codes)]),
      'cat01_code, cat01_name, unit, symbol',
    )
    const expected = codes.map((code) => ({
      cat01_code: code,
      cat01_name: `${code} の名`,
      unit: `人'"`,
      symbol: `'${code}`,
    }))
    expect(new Set(rows)).toEqual(new Set(expected))
  })

  it('holds a table without tab, area and time', async () => {
    const file = await write([bodyOf([{ '@cat01': '1', $: '5' }])], [axis('cat01', '項目', ['1'])])
    expect(await rowsOf(file, 'cat01_code, time_start, time_kind, value')).toEqual([
      { cat01_code: '1', time_start: null, time_kind: null, value: 5 },
    ])
    expect(file.columns.some(({ name }) => name.startsWith('tab_') || name.startsWith('area_'))).toBe(false)
  })

  it('holds fifteen classification axes', async () => {
    const ids = Array.from({ length: 15 }, (_, at) => `cat${String(at + 1).padStart(2, '0')}`)
    const cell = Object.fromEntries([...ids.map((id) => [`@${id}`, `${id}x`]), ['$', '1']])
    const [row] = await rowsOf(
      await write(
        [bodyOf([cell])],
        ids.map((id) => axis(id, id, [`${id}x`])),
      ),
    )
    for (const id of ids) expect(row).toMatchObject({ [`${id}_code`]: `${id}x`, [`${id}_name`]: `${id}x の名` })
  })

  it('keeps a row whose code the metadata lacks', async () => {
    const file = await write([bodyOf([{ '@area': '99999', '@time': '2020000000', $: '1' }])])
    expect(await rowsOf(file, 'area_code, area_name, area_role')).toEqual([
      { area_code: '99999', area_name: null, area_role: 'unknown' },
    ])
  })

  it('keeps the order of codes where an axis has more codes than the table rows', async () => {
    const codes = Array.from({ length: 3000 }, (_, at) => String(at).padStart(5, '0'))
    const sent = codes.filter((_, at) => at % 7 === 3).toReversed()
    const file = await write([bodyOf(sent.map((code) => ({ '@area': code, $: '1' })))], [axis('area', '地域', codes)])
    const rows = await rowsOf(file, 'area_code')
    expect(rows.map(({ area_code: code }) => code)).toEqual(sent.toReversed())
  })

  it('puts several pages into one file, sorted by code within a page', async () => {
    const page = (area: string, from: number) =>
      bodyOf(
        ['2024000406', '2015100000', '2020000000'].map((time) => ({ '@area': area, '@time': time, $: '1' })),
        { from },
      )
    const file = await write([page('13000', 1), bodyOf(undefined), page('00000', 4)])
    expect(file.rows).toBe(6)
    const rows = await rowsOf(file, 'area_code || time_code AS codes')
    const times = ['2015100000', '2020000000', '2024000406']
    expect(rows.map(({ codes }) => codes)).toEqual([
      ...times.map((time) => `13000${time}`),
      ...times.map((time) => `00000${time}`),
    ])
  })
})

describe('a page that cannot be right', () => {
  const cell = { '@area': '13000', '@time': '2020000000', $: '1' }
  const said = (from: number, to: number) =>
    bodyOf([cell]).replace('"FROM_NUMBER":1,"TO_NUMBER":1', `"FROM_NUMBER":${from},"TO_NUMBER":${to}`)

  it.each([
    ['holds fewer rows than it says', [said(1, 2)], 'DATA_TRANSFORM_ERROR'],
    ['breaks off', [bodyOf([cell]).slice(0, -9)], 'DATA_TRANSFORM_ERROR'],
    ['is no JSON inside', [bodyOf([cell]).replace('"13000"', '13000"')], 'DATA_TRANSFORM_ERROR'],
    ['has an axis that the metadata lacks', [bodyOf([{ ...cell, '@cat07': '1' }])], 'DATA_TRANSFORM_ERROR'],
    ['has no rows at all', [bodyOf(undefined)], 'NO_DATA'],
  ])('%s: nothing is written', async (_, bodies, code) => {
    const job = jobOf(metaOf(ID, AREA_TIME), await keepPages(lake.store, ID, bodies))
    await expect(lake.parquet.write(job, calm)).rejects.toMatchObject({ code })
    expect(await lake.store.head(job.key)).toBeNull()
    expect(await leftovers()).toEqual([])
  })

  it('is missing: nothing is written', async () => {
    const job = jobOf(metaOf(ID, AREA_TIME), ['raw/0009999999/none/page-00001.json.gz'])
    await expect(lake.parquet.write(job, calm)).rejects.toMatchObject({ code: 'DATA_TRANSFORM_ERROR' })
    expect(await leftovers()).toEqual([])
  })

  it('stops when the caller goes', async () => {
    const job = jobOf(metaOf(ID, AREA_TIME), await keepPages(lake.store, ID, [bodyOf([cell])]))
    await expect(lake.parquet.write(job, AbortSignal.abort())).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(await lake.store.head(job.key)).toBeNull()
    expect(await leftovers()).toEqual([])
  })
})

describe('the folder for work in progress', () => {
  const cells = (count: number) =>
    Array.from({ length: count }, (_, at) => ({ '@area': '13000', '@time': '2020000000', $: String(at) }))

  it('may be full: the caller is told, and nothing stays', async () => {
    const tempDir = join(lake.dataDir, 'small')
    const disk = await smallDisk(tempDir)
    if (disk === null)
      process.stderr.write('parquet-duckdb: no tmpfs may be mounted here; the full disk is not tried\n')
    const job = jobOf(metaOf(ID, AREA_TIME), await keepPages(lake.store, ID, [bodyOf(cells(30_000))]))
    const failure = await parquetDuckdb({ store: lake.store, tempDir })
      .write(job, calm)
      .catch((error: unknown) => error)
    const left = await readdir(tempDir)
    disk?.unmount()
    const full = { code: 'INTERNAL_ERROR', message: expect.stringContaining('full') }
    expect(failure).toMatchObject(disk === null ? { rows: 30_000 } : full)
    expect(left).toEqual([])
    expect((await lake.store.head(job.key)) === null).toBe(disk !== null)
  })

  it('is cleared of what a process left that was killed long ago', async () => {
    const tempDir = join(lake.dataDir, 'swept')
    for (const name of ['parquet-old', 'parquet-new', 'other']) await mkdir(join(tempDir, name), { recursive: true })
    for (const name of ['parquet-old', 'other']) await utimes(join(tempDir, name), new Date(0), new Date(0))
    await parquetDuckdb({ store: lake.store, tempDir }).write(
      jobOf(metaOf(ID, AREA_TIME), await keepPages(lake.store, ID, [bodyOf(cells(1))])),
      calm,
    )
    expect((await readdir(tempDir)).toSorted()).toEqual(['other', 'parquet-new'])
  })

  it.each([
    ['Invalid Input Error: Malformed JSON in file "/srv/x"', 'DATA_TRANSFORM_ERROR'],
    ['Out of Memory Error: could not allocate block', 'TOO_LARGE'],
    ['IO Error: Could not write file "/srv/x": No space left on device', 'INTERNAL_ERROR'],
    ['IO Error: Cannot open file "/srv/x": Permission denied', 'INTERNAL_ERROR'],
  ])('says %s in words of ours', (message, code) => {
    const failure = duckFault(new Error(message))
    expect(failure).toMatchObject({ code, message: expect.not.stringContaining('/srv') })
  })
})

describe('the file', () => {
  let file: ParquetFile
  let bytes: ArrayBuffer
  beforeAll(async () => {
    const cells = Array.from({ length: 300 }, (_, at) => ({
      '@area': at % 2 === 0 ? '13000' : '00000',
      '@time': '2020000000',
      $: at === 7 ? '-' : String(at - 100),
    }))
    file = await write([bodyOf(cells)])
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
