/** Names to codes, on the real lists of the bundled tables (1,917 areas) and on small ones for the odd cases. */
import { describe, expect, it } from 'vitest'
import { resolveAxis, resolveFilters } from '../../../origin/estat/filters.ts'
import type { TableMeta } from '../../../origin/estat/model.ts'
import { Fault } from '../../../shared/fault.ts'
import { axis, sampleIds, sampleMeta, table } from './tables.ts'

const MUNICIPALITIES = '0000020201'
const CENSUS = '0003410379'
const COFFEE = '0003280145'
const GDP = '0003109741'
const PRICES = '0004052037'
const LABOUR = '0003005798'

const codesIn = (meta: TableMeta, key: string, value: unknown): readonly string[] =>
  resolveFilters(meta, { [key]: value }).selections[0]?.items.map(({ code }) => code) ?? []

const codes = async (id: string, key: string, value: unknown): Promise<readonly string[]> =>
  codesIn(await sampleMeta(id), key, value)

function faultOf(run: () => unknown): Fault {
  try {
    run()
  } catch (error) {
    if (error instanceof Fault) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

const faultFor = async (id: string, filters: Record<string, unknown>): Promise<Fault> => {
  const meta = await sampleMeta(id)
  return faultOf(() => resolveFilters(meta, filters))
}

describe('a name on the 1,917 areas', () => {
  it.each([
    ['13101', '13101'],
    ['１３１０１', '13101'],
    ['東京都 千代田区', '13101'],
    ['東京都　千代田区', '13101'],
    ['東京都千代田区', '13101'],
    ['千代田区', '13101'],
    ['札幌市', '01100'],
    ['札幌', '01100'],
    ['北海道 札幌市 中央区', '01101'],
    ['札幌市 中央区', '01101'],
    ['札幌市中央区', '01101'],
    ['東京 府中', '13206'],
    ['東京都 府中', '13206'],
    ['広島県府中市', '34208'],
    ['四日市', '24202'],
    ['特別区部', '13100'],
  ])('%s is %s', async (name, code) => {
    expect(await codes(MUNICIPALITIES, 'area', name)).toEqual([code])
  })

  it.each([
    ['府中市', ['13206 東京都 府中市', '34208 広島県 府中市']],
    ['府中', ['13206 東京都 府中市', '34208 広島県 府中市', '34302 広島県 府中町']],
    ['伊達市', ['01233 北海道 伊達市', '07213 福島県 伊達市']],
  ])('%s is ambiguous', async (name, candidates) => {
    const fault = await faultFor(MUNICIPALITIES, { area: name })
    expect(fault.code).toBe('AMBIGUOUS_NAME')
    expect(fault.candidates.map(({ code, name }) => `${code} ${name}`)).toEqual(candidates)
    expect(fault.candidates.every(({ axis }) => axis === 'area')).toBe(true)
  })

  it('lists at most twenty candidates and says how many there are', async () => {
    const meta = table([
      axis('area', '地域', [
        ['13000', '東京都'],
        ...Array.from({ length: 30 }, (_, n) => [String(13101 + n), `東京都 ${n}丁目 北区`] as const),
      ]),
    ])
    const fault = faultOf(() => resolveFilters(meta, { area: '北区' }))
    expect([fault.candidates.length, fault.hint]).toEqual([20, expect.stringContaining('20 of 30')])
  })

  it('that is unknown offers the nearest, and a code without its zero the right one', async () => {
    const unknown = await faultFor(MUNICIPALITIES, { area: '千代田市' })
    expect(unknown.code).toBe('INVALID_PARAMETER')
    expect(unknown.candidates.map(({ name }) => name)).toContain('東京都 千代田区')
    const zero = await faultFor(MUNICIPALITIES, { area: 1100 })
    expect(zero.candidates[0]).toEqual({ code: '01100', name: '北海道 札幌市', axis: 'area' })
  })

  it('is not a prefecture that the table does not list', async () => {
    expect((await faultFor(MUNICIPALITIES, { area: 'Tokyo' })).code).toBe('INVALID_PARAMETER')
  })
})

describe('other names', () => {
  it.each([
    [MUNICIPALITIES, 'cat01', '総人口', ['A1101']],
    [MUNICIPALITIES, 'cat01', 'a1101', ['A1101']],
    [PRICES, 'cat01', '総合', ['0001']],
    [PRICES, 'cat01', '0001総合', ['0001']],
    [PRICES, 'area', '東京都区部', ['13100']],
    [CENSUS, 'area', '東京', ['13000']],
    [CENSUS, 'area', 'Tokyo', ['13000']],
    [CENSUS, 'area', 'Hokkaido', ['01000']],
    [CENSUS, 'area', '全国', ['00000']],
    [CENSUS, 'area', '日本', ['00000']],
    [CENSUS, 'area', 'Japan', ['00000']],
    [COFFEE, 'area', 'ブラジル', ['41000']],
    [GDP, 'cat01', '家計最終消費支出', ['13']],
    [GDP, 'cat01', '国民総所得', ['27']],
    [GDP, 'cat01', '<参考>国民総所得', ['27']],
    [GDP, 'cat01', '国内総生産（支出側）', ['11']],
    [LABOUR, 'cat03', ['女', '総数', '女'], ['0', '2']],
    [LABOUR, 'cat03', '男,女', ['1', '2']],
    [LABOUR, 'cat03', '["男"]', ['1']],
    [COFFEE, 'cat01', ['0110', '金額'], ['0110', '0120']],
  ])('%s %s %j', async (id, key, value, expected) => {
    expect(await codes(id, key, value)).toEqual(expected)
  })

  it('of a country is no prefecture: 41000 is ブラジル here', async () => {
    expect((await faultFor(COFFEE, { area: '佐賀県' })).code).toBe('INVALID_PARAMETER')
    expect((await faultFor(COFFEE, { area: 'Saga' })).code).toBe('INVALID_PARAMETER')
  })
})

describe('every code and name of the bundled tables', () => {
  it.each(sampleIds)('%s means itself', async (id) => {
    const meta = await sampleMeta(id)
    const wrong = meta.axes.flatMap((one) =>
      one.items.filter(
        ({ code, name }) => codesIn(meta, one.id, code).join() !== code || codesIn(meta, one.id, name).join() !== code,
      ),
    )
    expect(wrong).toEqual([])
  })
})

describe('time', () => {
  it.each([
    [CENSUS, '2020', ['2020000000']],
    [CENSUS, 2020, ['2020000000']],
    [CENSUS, '2020年', ['2020000000']],
    [CENSUS, '大正9年', ['1920000000']],
    [CENSUS, { from: '2000', to: '2010' }, ['2000000000', '2005000000', '2010000000']],
    [CENSUS, { from: 2011 }, ['2015000000', '2020000000']],
    [CENSUS, { to: '1924' }, ['1920000000']],
    [CENSUS, { from: '2012000000', to: '2016000000' }, ['2015000000']],
    [CENSUS, { from: '2010年', to: '2020000000' }, ['2010000000', '2015000000', '2020000000']],
    [MUNICIPALITIES, '2015', ['2015100000']],
    [MUNICIPALITIES, { from: '2015', to: '2016' }, ['2015100000', '2016100000']],
    [GDP, '2020年1～3月期', ['2020000103']],
    [GDP, '2020Q1', ['2020000103']],
    [GDP, { from: '2021', to: '2021' }, ['2021000103', '2021000406', '2021000709', '2021001012']],
    [GDP, { from: '2022年1～3月期' }, ['2022000103', '2022000406']],
    [PRICES, '2026-09', ['2026000909']],
    [PRICES, '2025年度', ['2025100000']],
    // Months only, though the years lie between their codes as text; in e-Stat's order, newest first here.
    [PRICES, { from: '2025年11月', to: '2026年2月' }, ['2026000202', '2026000101', '2025001212', '2025001111']],
  ])('%s %j', async (id, value, expected) => {
    expect(await codes(id, 'time', value)).toEqual(expected)
  })

  it('2025 that fits both 年 and 年度 is ambiguous, alone and in a range', async () => {
    for (const value of ['2025', { from: '2025' }]) {
      const fault = await faultFor(PRICES, { time: value })
      expect([fault.code, fault.candidates.map(({ name }) => name)]).toEqual(['AMBIGUOUS_NAME', ['2025年度', '2025年']])
    }
  })

  it('a year on a table of quarters offers its quarters', async () => {
    const fault = await faultFor(GDP, { time: '2020' })
    expect([fault.code, fault.candidates.length]).toEqual(['AMBIGUOUS_NAME', 4])
  })

  it('a year on a table without years says how to ask for all of it, calendar or fiscal', async () => {
    for (const [value, range] of [
      ['2020', '{"from": "2020000103", "to": "2020001012"}'],
      ['2020年', '{"from": "2020000103", "to": "2020001012"}'],
      ['2020年度', '{"from": "2020000406", "to": "2021000103"}'],
    ] as const) {
      const fault = await faultFor(GDP, { time: value })
      expect([fault.code, fault.candidates.length]).toEqual(['AMBIGUOUS_NAME', 4])
      expect(fault.hint).toContain(range)
      const quarters = fault.candidates.map(({ code }) => code).toSorted()
      expect((await codes(GDP, 'time', JSON.parse(range))).toSorted()).toEqual(quarters)
      expect((await codes(GDP, 'time', { from: value, to: value })).toSorted()).toEqual(quarters)
    }
  })

  it('a name like no other is not sent to codes that have nothing to do with it', async () => {
    expect((await faultFor(LABOUR, { cat03: 'ペンギン' })).hint).toMatch(/^None resembles it/)
    expect((await faultFor(LABOUR, { cat03: '男の人' })).hint).toMatch(/^Use one of the codes/)
  })

  it('a year outside the table is told from when to when it goes', async () => {
    expect((await faultFor(CENSUS, { time: '2050' })).hint).toContain('from 1920-01 to 2020-12')
  })

  it('a range from a month to a year is refused', async () => {
    const fault = await faultFor(PRICES, { time: { from: '2025年12月', to: '2026年度' } })
    expect(fault.code).not.toBe('INTERNAL_ERROR')
    const mixed = await faultFor(PRICES, { time: { from: '2025年11月', to: '2025年度' } })
    expect([mixed.code, mixed.message]).toEqual([
      'INVALID_PARAMETER',
      expect.stringContaining('month to a fiscal_year'),
    ])
  })

  it('latest is every dated period, newest first, and no narrowing yet', async () => {
    const resolved = resolveFilters(await sampleMeta(PRICES), { time: 'latest', area: '全国' })
    expect(resolved.latest?.slice(0, 2)).toEqual(['2026000909', '2026000808'])
    expect(resolved.narrow).toEqual([{ axis: 'area', codes: ['00000'] }])
    expect(resolved.selections.map(({ axis, how }) => [axis, how])).toEqual([
      ['area', 'codes'],
      ['time', 'latest'],
    ])
  })

  it('latest needs dates', () => {
    const meta = table([axis('time', '時間軸', [['1001', '第1回']]), axis('cat01', '項目', [['1', 'a']])])
    for (const key of ['time', 'cat01'])
      expect(faultOf(() => resolveFilters(meta, { [key]: 'latest' })).code).toBe('INVALID_PARAMETER')
  })
})

describe('ranges and levels elsewhere', () => {
  it('a range of areas compares codes, its ends may be names', async () => {
    expect(await codes(CENSUS, 'area', { from: '01000', to: '青森県' })).toEqual(['01000', '02000'])
  })

  it('a level goes to e-Stat as a level', async () => {
    const resolved = resolveFilters(await sampleMeta(MUNICIPALITIES), { area: { level: 3 } })
    expect(resolved.narrow).toEqual([{ axis: 'area', level: '3' }])
    expect(resolved.selections[0]?.items).toHaveLength(195)
    expect(await codes(MUNICIPALITIES, 'area', { level: '2-' })).toHaveLength(1917)
    expect((await faultFor(MUNICIPALITIES, { area: { level: 4 } })).code).toBe('INVALID_PARAMETER')
  })
})

describe('axes', () => {
  it.each(['area', 'AREA', 'cdArea', 'lvArea', '地域_時系列', '地域＿時系列'])('%s is area', async (key) => {
    expect(resolveAxis(await sampleMeta(CENSUS), key).id).toBe('area')
  })

  it.each(['time', '時間軸(調査年)', '時間軸'])('%s is time', async (key) => {
    expect(resolveAxis(await sampleMeta(CENSUS), key).id).toBe('time')
  })

  it('one that is not there is an error that names them all', async () => {
    const fault = await faultFor(COFFEE, { time: '2016' })
    expect(fault.code).toBe('INVALID_PARAMETER')
    expect(fault.hint).toMatch(/cat01 \(数量・金額・金額構成比・価格\), area \(/)
    expect(fault.candidates.map(({ code }) => code)).toEqual(['cat01', 'area'])
  })

  it('a name of two axes is ambiguous, and one axis given twice an error', async () => {
    const meta = table([axis('cat01', '区分', [['1', 'a']]), axis('cat02', '区分', [['1', 'a']])])
    expect(faultOf(() => resolveFilters(meta, { 区分: 'a' })).code).toBe('AMBIGUOUS_NAME')
    expect((await faultFor(CENSUS, { area: '東京', 地域_時系列: '大阪府' })).code).toBe('INVALID_PARAMETER')
  })
})

describe('values that are none', () => {
  it.each([
    [''],
    ['  '],
    [[]],
    [['']],
    [null],
    [true],
    [{}],
    [{ foo: 1 }],
    [{ from: '' }],
    [{ from: {} }],
    [{ level: 'x' }],
    [{ level: 0 }],
    [[{}]],
    [{ from: '2000', level: 1 }],
  ])('%j is refused in words', async (value) => {
    expect((await faultFor(CENSUS, { area: value })).code).toBe('INVALID_PARAMETER')
  })

  it('a hostile word is cut short in the message', async () => {
    expect((await faultFor(CENSUS, { ['x'.repeat(5000)]: '1' })).message.length).toBeLessThan(200)
    expect((await faultFor(MUNICIPALITIES, { area: 'y'.repeat(5000) })).message.length).toBeLessThan(200)
    expect((await faultFor(MUNICIPALITIES, { area: 'あ\u202E\nい' })).message).toContain('"あ い"')
  })
})

describe('outside the sample', () => {
  it.each([
    [MUNICIPALITIES, { cat01: 'A1102' }],
    [CENSUS, { cat01: '男' }],
    [LABOUR, { time: '2024年2月' }],
    [LABOUR, { time: { from: '2000', to: '2005' } }],
    [PRICES, { cat01: '0003' }],
  ])('%s %j is NO_DATA, and says what is held', async (id, filters) => {
    const meta = await sampleMeta(id)
    const fault = await faultFor(id, filters)
    expect(fault.code).toBe('NO_DATA')
    expect(fault.hint).toContain(meta.extent?.note)
    expect(fault.hint).toContain('ESTAT_APP_ID')
  })

  it('an axis held in full is wrong, not outside', async () => {
    expect((await faultFor(CENSUS, { time: '2021' })).code).toBe('INVALID_PARAMETER')
  })
})

it('narrows in the order of the table, whatever the order of the filters', async () => {
  const resolved = resolveFilters(await sampleMeta(CENSUS), { time: '2020', area: ['大阪府', '東京都'], tab: '人口' })
  expect(resolved.narrow).toEqual([
    { axis: 'tab', codes: ['s01'] },
    { axis: 'area', codes: ['13000', '27000'] },
    { axis: 'time', codes: ['2020000000'] },
  ])
  expect(resolveFilters(await sampleMeta(CENSUS), {})).toEqual({
    selections: [],
    narrow: [],
    latest: null,
    last: null,
  })
})
