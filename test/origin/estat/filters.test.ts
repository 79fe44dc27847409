/** Names to codes, on the real lists of the bundled tables (1,917 areas) and on small ones for the odd cases. */
import { describe, expect, it } from 'vitest'
import { resolveAxis, resolveFilters } from '../../../origin/estat/filters.ts'
import { codes, codesIn, faultFor, faultOf } from './filter-cases.ts'
import { axis, sampleMeta, table, sampleIds } from './tables.ts'

const MUNICIPALITIES = '0000020201'
const CENSUS = '0003410379'
const COFFEE = '0003280145'
const GDP = '0003109741'
const PRICES = '0004052037'
const LABOUR = '0003005798'

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
