/** Other ways to write a filter: eras, lists in lists, spellings, English, and combinations that cannot be. */
import { describe, expect, it } from 'vitest'
import { resolveFilters } from '../../../origin/estat/filters.ts'
import type { TableMeta } from '../../../origin/estat/model.ts'
import { plainSpelling } from '../../../origin/estat/spelling.ts'
import { splitQueries } from '../../../origin/estat/split-queries.ts'
import { Fault } from '../../../shared/fault.ts'
import { axis, sampleMeta, type ShortItem, table } from './tables.ts'

const MUNICIPALITIES = '0000020201'
const CENSUS = '0003410379'

const codesIn = (meta: TableMeta, key: string, value: unknown): readonly string[] =>
  resolveFilters(meta, { [key]: value }).selections[0]?.items.map(({ code }) => code) ?? []
const codes = async (id: string, key: string, value: unknown) => codesIn(await sampleMeta(id), key, value)

function faultOf(meta: TableMeta, filters: Record<string, unknown>): Fault {
  try {
    resolveFilters(meta, filters)
  } catch (error) {
    if (error instanceof Fault) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('eras', () => {
  it.each([
    [CENSUS, '令和2年', ['2020000000']],
    [CENSUS, '令和2', ['2020000000']],
    [CENSUS, 'R2年', ['2020000000']],
    [CENSUS, 'Ｈ２７年', ['2015000000']],
    [CENSUS, '平成二十七年', ['2015000000']],
    [CENSUS, '令和二', ['2020000000']],
    [CENSUS, 'R2', ['2020000000']],
    [CENSUS, '令和2年(2020年)', ['2020000000']],
    [CENSUS, '令和2年10月1日', null],
    [CENSUS, { from: '平成22年', to: '令和2年' }, ['2010000000', '2015000000', '2020000000']],
    [CENSUS, { from: '平成22', to: '令和2' }, ['2010000000', '2015000000', '2020000000']],
    [MUNICIPALITIES, '平成元年度', ['1989100000']],
    [MUNICIPALITIES, 'S55年度', ['1980100000']],
  ])('%s %j', async (id, value, expected) => {
    const found = await codes(id, 'time', value).catch((error: unknown) => (error instanceof Fault ? null : error))
    expect(found).toEqual(expected)
  })
})

describe('spellings', () => {
  const towns: readonly ShortItem[] = [
    ['08208', '茨城県 龍ケ崎市'],
    ['12224', '千葉県 鎌ケ谷市'],
    ['04606', '宮城県 南三陸町'],
    ['13103', '東京都 港区'],
    ['14382', '神奈川県 箱根町'],
    ['28001', '兵庫県 国学院'],
    ['33461', '岡山県 一の宮町'],
  ]
  const meta = table([axis('area', '地域', towns)])
  it.each([
    ['竜ヶ崎市', '08208'],
    ['竜ケ崎', '08208'],
    ['龍ヶ崎市', '08208'],
    ['茨城縣 龍ヶ崎市', '08208'],
    ['鎌ヶ谷市', '12224'],
    ['鎌が谷', '12224'],
    ['東京都 港區', '13103'],
    ['國學院', '28001'],
    ['一ノ宮町', '33461'],
  ])('%s is %s', (word, code) => {
    expect(codesIn(meta, 'area', word)).toEqual([code])
  })

  it('on the 1,917 real areas change nothing for what is written as it stands, and find what is not', async () => {
    const real = await sampleMeta(MUNICIPALITIES)
    expect(codesIn(real, 'area', '竜ヶ崎市')).toEqual(['08208'])
    expect(codesIn(real, 'area', '袖ヶ浦市')).toEqual(['12229'])
    expect(codesIn(real, 'area', '東京都 檜原村')).toEqual(['13307'])
  })

  it('are stable: the usual form of a usual form is itself', () => {
    for (const word of ['國勢調査', '髙﨑市', '一之宮', '鎌ヶ谷', '葛\u{E0100}城'])
      expect(plainSpelling(plainSpelling(word))).toBe(plainSpelling(word))
    expect(plainSpelling('髙﨑市')).toBe('高崎市')
  })

  it('that make two names one are ambiguous', () => {
    const both = table([axis('cat01', '姓', [['1', '斎藤'], ['2', '斉藤'], ['3', '斎籐']])]) // biome-ignore format: one row
    expect(codesIn(both, 'cat01', '齋藤')).toEqual(['1'])
    const twins = table([axis('cat01', '駅', [['1', '一の谷'], ['2', '一ノ谷']])]) // biome-ignore format: one row
    expect(faultOf(twins, { cat01: '一之谷' }).candidates).toHaveLength(2)
  })
})

describe('English names of areas', () => {
  const english = table([
    axis('area', 'Area', [['00000', 'Japan'], ['13000', 'Tokyo-to'], ['26000', 'Kyoto-fu'], ['01000', 'Hokkaido']]),
  ]) // biome-ignore format: one row
  it.each([
    ['Tokyo', '13000'],
    ['Kyoto Prefecture', '26000'],
    ['Hokkaido', '01000'],
    ['全国', '00000'],
    ['All Japan', '00000'],
  ])('%s is %s', (word, code) => {
    expect(codesIn(english, 'area', word)).toEqual([code])
  })
})

it('a category named like a span or like "latest" is itself', () => {
  const meta = table([axis('cat01', '転職の時期', [['1', '過去1年間'], ['2', '過去5年間'], ['3', '最新']])]) // biome-ignore format: one row
  expect(codesIn(meta, 'cat01', '過去1年間')).toEqual(['1'])
  expect(codesIn(meta, 'cat01', ['過去1年間', '過去5年間'])).toEqual(['1', '2'])
  expect(codesIn(meta, 'cat01', '最新')).toEqual(['3'])
})

describe('lists', () => {
  it('in a list are one list', async () => {
    expect(await codes(CENSUS, 'area', [['東京都', '大阪府'], '北海道'])).toEqual(['01000', '13000', '27000'])
    expect(await codes(CENSUS, 'area', '[["13000"],["27000"]]')).toEqual(['13000', '27000'])
  })

  it('over 100 codes on two axes are split into disjoint queries that are together the selection', () => {
    const many = (id: string) =>
      axis(
        id,
        id,
        Array.from({ length: 300 }, (_, n) => [`${id}${n}`, `${id} ${n}`] as const),
      )
    const meta = table([many('cat01'), many('cat02')])
    const word = (id: string, count: number) => Array.from({ length: count }, (_, n) => `${id}${n}`)
    const { narrow } = resolveFilters(meta, { cat01: word('cat01', 150), cat02: word('cat02', 250) })
    const { queries, ordered } = splitQueries(meta, narrow)
    const cells = queries.flatMap(([a, b]) => a?.codes?.flatMap((x) => b?.codes?.map((y) => `${x}/${y}`) ?? []) ?? [])
    expect([queries.length, cells.length, new Set(cells).size, ordered]).toEqual([6, 37_500, 37_500, false])
    expect(queries.every((query) => query.every(({ codes: list }) => (list?.length ?? 0) <= 100))).toBe(true)
  })
})

describe('what cannot be is found before asking', () => {
  it.each([
    [CENSUS, { time: { from: '2020', to: '2010' } }, /backwards/],
    [CENSUS, { area: { from: '大阪府', to: '東京都' } }, /backwards/],
    ['0003280145', { cat01: { level: 5 } }, /its levels: /],
    [CENSUS, { cat09: '総数' }, /no axis/],
    [CENSUS, { area: '東京都', cdArea: '13000' }, /twice/],
    [CENSUS, { area: 'last 5 years' }, /for periods/],
  ])('%s %j', async (id, filters, says) => {
    const fault = faultOf(await sampleMeta(id), filters)
    expect([fault.code, fault.message]).toEqual(['INVALID_PARAMETER', expect.stringMatching(says)])
    expect(fault.hint).not.toBe('')
  })
})

describe('natural words', () => {
  const sexes: readonly ShortItem[] = [['0', '総数'], ['1', '男'], ['2', '女']]
  const nested: readonly ShortItem[] = [['00', '総数（男女計）'], ['01', '男性'], ['02', '女性'], ['03', '小計']]
  const english: readonly ShortItem[] = [['00000', 'Japan'], ['13000', 'Tokyo-to'], ['26000', 'Kyoto-fu'], ['27000', 'Osaka-fu']]
  const prefectures: readonly ShortItem[] = [['00000', '全国'], ['11000', '埼玉県'], ['11100', '埼玉県 さいたま市'], ['13000', '東京都'], ['26000', '京都府'], ['26100', '京都府 京都市']]
  it.each<[items: readonly ShortItem[], id: string, word: string, code: string]>([
    [sexes, 'cat01', '男性', '1'],
    [sexes, 'cat01', 'Female', '2'],
    [sexes, 'cat01', '合計', '0'],
    [sexes, 'cat01', '計', '0'],
    [sexes, 'cat01', 'total', '0'],
    [nested, 'cat01', '男', '01'],
    [nested, 'cat01', '総数', '00'],
    [nested, 'cat01', '男女計', '00'],
    [nested, 'cat01', '小計', '03'],
    [english, 'area', '東京', '13000'],
    [english, 'area', '大阪府', '27000'],
    [english, 'area', '京都', '26000'],
    [english, 'area', '全国', '00000'],
    [english, 'area', 'tokyo', '13000'],
    [prefectures, 'area', 'ﾄｳｷｮｳ', '13000'],
    [prefectures, 'area', 'とうきょうと', '13000'],
    [prefectures, 'area', 'キョウト', '26000'],
    [prefectures, 'area', 'Tokyo', '13000'],
    [prefectures, 'area', '１３０００', '13000'],
    // The city writes itself so; the prefecture does not.
    [prefectures, 'area', 'さいたま', '11100'],
    [prefectures, 'area', 'さいたまけん', '11000'],
  ])('%j %s: %s is %s', (items, id, word, code) => {
    expect(codesIn(table([axis(id, 'x', items)]), id, word)).toEqual([code])
  })

  it('asks where a word for the sum fits several', () => {
    const both: readonly ShortItem[] = [['0', '総数'], ['1', '男女計'], ['2', '男']]
    const { code, candidates } = faultOf(table([axis('cat01', 'x', both)]), { cat01: '合計' })
    expect([code, candidates.map(({ name }) => name)]).toEqual(['AMBIGUOUS_NAME', ['総数', '男女計']])
    expect(faultOf(table([axis('area', 'x', prefectures)]), { area: '京都' }).code).toBe('AMBIGUOUS_NAME')
  })

  it('never takes a remainder, a part of the whole or another sex for it', () => {
    const rest: readonly ShortItem[] = [['1', '男'], ['2', '合計以外'], ['3', 'その他計'], ['4', '男児']]
    for (const word of ['総数', '女性', '合計'])
      expect(faultOf(table([axis('cat01', 'x', rest)]), { cat01: word }).code).toBe('INVALID_PARAMETER')
  })

  const quarters: readonly ShortItem[] = [['2019000103', '2019年1～3月期'], ['2019000406', '2019年4～6月期'], ['2020000103', '2020年1～3月期'], ['2020000406', '2020年4～6月期']]
  const months: readonly ShortItem[] = [['2020000101', '2020年1月'], ['2020000202', '2020年2月'], ['2020000000', '2020年'], ['2020100000', '2020年度']]
  it.each<[items: readonly ShortItem[], word: unknown, codes: readonly string[]]>([
    [quarters, '2019年度第4四半期', ['2020000103']],
    [quarters, 'Q2 2020', ['2020000406']],
    [quarters, 'Apr-Jun 2020', ['2020000406']],
    [quarters, { from: '2019年第2四半期', to: '2019年度第4四半期' }, ['2019000406', '2020000103']],
    [months, 'January 2020', ['2020000101']],
    [months, '202002', ['2020000202']],
    [months, '２０２０年度', ['2020100000']],
    [months, 'fiscal 2020', ['2020100000']],
    [months, '2020暦年', ['2020000000']],
  ])('%j: %j', (items, word, expected) => {
    expect(codesIn(table([axis('time', '時間軸', items)]), 'time', word)).toEqual(expected)
  })

  it('asks whether 2020 is the year or the fiscal year', () => {
    const { code, candidates } = faultOf(table([axis('time', '時間軸', months)]), { time: '2020' })
    expect([code, candidates.map(({ name }) => name)]).toEqual(['AMBIGUOUS_NAME', ['2020年', '2020年度']])
  })
}) // biome-ignore format: tables

describe('names that are written without what stands above them', () => {
  const areas: readonly ShortItem[] = [
    ['00000', '全国'],
    ['13000', '東京都', { parentCode: '00000' }],
    ['13100', '特別区部', { parentCode: '13000' }],
    ['13102', '中央区', { parentCode: '13100' }],
    ['13206', '府中市', { parentCode: '13000' }],
    ['27100', '大阪市'],
    ['27128', '中央区', { parentCode: '27100' }],
    ['34208', '府中市'],
  ]
  const industries: readonly ShortItem[] = [
    ['A', '製造業'],
    ['A9', 'その他', { parentCode: 'A' }],
    ['B', '卸売業'],
    ['B9', 'その他', { parentCode: 'B' }],
    ['C', '輪', { parentCode: 'D' }],
    ['D', '和', { parentCode: 'C' }],
  ]
  const meta = table([axis('cat01', '産業', industries), axis('area', '地域', areas)])

  it.each([
    ['area', '東京都 府中市', '13206'],
    ['area', '東京都府中市', '13206'],
    ['area', '東京 府中', '13206'],
    ['area', '広島県府中市', '34208'],
    ['area', '大阪市中央区', '27128'],
    ['area', '大阪府 大阪市 中央区', '27128'],
    ['area', '東京都中央区', '13102'],
    ['cat01', '卸売業 その他', 'B9'],
  ])('%s %s is %s', (key, word, code) => expect(codesIn(meta, key, word)).toEqual([code]))

  it.each([
    ['area', '府中市', ['東京都 府中市', '広島県 府中市']],
    ['area', '中央区', ['東京都 特別区部 中央区', '大阪府 大阪市 中央区']],
    ['cat01', 'その他', ['製造業 その他', '卸売業 その他']],
  ])('%s %s asks in words that can be told apart, and that are understood', (key, word, names) => {
    const { code, candidates } = faultOf(meta, { [key]: word })
    expect(code).toBe('AMBIGUOUS_NAME')
    expect(candidates.map(({ name }) => name)).toEqual(names)
    expect(names.map((name) => codesIn(meta, key, name))).toEqual(candidates.map((one) => [one.code]))
  })

  it('no prefecture is put above a country with a code like its own', () => {
    const countries = table([axis('area', '国', [['13000', '中華人民共和国'], ['13206', '府中市']])]) // biome-ignore format: one line
    expect(faultOf(countries, { area: '東京都 府中市' }).code).toBe('INVALID_PARAMETER')
  })
})

describe('marks and dashes', () => {
  const ages = table([axis('cat01', '年齢', [['1', '0～14歳'], ['2', '15歳'], ['3', '15～64歳'], ['4', '75歳以上（再掲）']])]) // biome-ignore format: one line
  it.each([
    ['75歳以上', '4'],
    ['0-14歳', '1'],
    ['０ー１４歳', '1'],
    ['15–64歳', '3'],
    ['15歳', '2'],
  ])('%s is %s', (word, code) => expect(codesIn(ages, 'cat01', word)).toEqual([code]))
})
