/** What is in a file of the lake, cell by cell. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ParquetFile, ParquetJob } from '../../../origin/lake/ports.ts'
import { calm, type Lake, openLake } from '../lake/support/lake.ts'
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
    const twice = bodyOf(cells, { annotation: ['速報値', '確報値'].map((text) => ({ '@annotation': '1', $: text })) })
    expect(await rowsOf(await write([twice]), 'annotation')).toEqual([{ annotation: '速報値' }, { annotation: '2' }])
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
