import { describe, expect, it } from 'vitest'
import { measureAxes, measureOfRow, measuresOf } from '../../../origin/estat/measure.ts'
import type { TableMeta } from '../../../origin/estat/model.ts'
import { seriesTags } from '../../../origin/estat/series-tags.ts'
import { readUnit } from '../../../origin/estat/unit.ts'
import { axis, sampleIds, sampleMeta, table } from './tables.ts'

describe('a unit', () => {
  it.each([
    ['人', 'count', '人', 1],
    ['千人', 'count', '人', 1e3],
    ['万人', 'count', '人', 1e4],
    ['世帯', 'count', '世帯', 1],
    ['1,000世帯', 'count', '世帯', 1e3],
    ['thousand persons', 'count', 'persons', 1e3],
    ['10 thousand persons', 'count', 'persons', 1e4],
    ['事業所', 'count', '事業所', 1],
    ['円', 'money', '円', 1],
    ['千円', 'money', '円', 1e3],
    ['百万円', 'money', '円', 1e6],
    ['10億円', 'money', '円', 1e9],
    ['１０億円', 'money', '円', 1e9],
    ['十億円', 'money', '円', 1e9],
    ['億円', 'money', '円', 1e8],
    ['兆円', 'money', '円', 1e12],
    ['million yen', 'money', 'yen', 1e6],
    ['t', 'quantity', 't', 1],
    ['千ｔ', 'quantity', 't', 1e3],
    ['ｈａ', 'quantity', 'ha', 1],
    ['㎢', 'quantity', 'km2', 1],
    ['ｍ2', 'quantity', 'm2', 1],
    ['％', 'rate', '%', 1],
    ['%', 'rate', '%', 1],
    ['‰', 'rate', '‰', 1],
    ['千円／t', 'rate', '円/t', 1e3],
    ['人／km2', 'rate', '人/km2', 1],
    ['人口10万対', 'rate', '人口10万対', null],
    ['1000人当たり', 'rate', '1000人当たり', null],
    ['百分率', 'rate', '百分率', null],
    ['倍', 'rate', '倍', null],
    ['2020年=100', 'index', '2020年=100', 1],
    ['指数', 'index', '指数', 1],
    // A mean as often as a sum, or nothing we know: never summed.
    ['時間', 'unknown', '時間', 1],
    ['歳', 'unknown', '歳', 1],
    ['千時間', 'unknown', '千時間', null],
    ['', 'unknown', '', null],
    ['-', 'unknown', '', null],
    [null, 'unknown', '', null],
  ] as const)('%s is a %s of %s times %s', (unit, kind, base, scale) => {
    expect(readUnit(unit)).toEqual({ kind, base, scale })
  })
})

describe('the measures of the bundled tables', () => {
  it.each([
    ['0000020201', 'cat01', ['A1101 count 1 人']],
    ['0003005798', 'tab', ['01 count 10000 人']],
    ['0003109741', 'tab', ['11 money 1000000000 円']],
    [
      '0003280145',
      'cat01',
      ['0100 unknown null null', '0110 quantity 1 t', '0120 money 1000000 円', '0130 rate 1 %', '0140 rate 1000 円/t'],
    ],
    ['0003410379', 'tab', ['s01 count 1 人']],
    ['0003410380', 'tab', ['s01 count 1 人']],
    ['0004052037', 'tab', ['1 index null null', '2 rate 1 %', '3 rate 1 %']],
  ])('%s on %s', async (id, axisId, expected) => {
    const measures = measuresOf(await sampleMeta(id))
    expect(new Set(measures.map((measure) => measure.axis))).toEqual(new Set([axisId]))
    expect(measures.map(({ code, kind, unitScale, baseUnit }) => `${code} ${kind} ${unitScale} ${baseUnit}`)).toEqual(
      expected,
    )
  })

  it('are all of the bundled tables', () => {
    expect(sampleIds).toHaveLength(7)
  })

  it('only counts, quantities and money are summable', async () => {
    const measures = (await Promise.all(sampleIds.map(sampleMeta))).flatMap(measuresOf)
    for (const { kind, summable } of measures) expect(summable).toBe(['count', 'quantity', 'money'].includes(kind))
  })
})

const judged = (name: string, unit: string | null, more: Partial<TableMeta['info']> = {}) =>
  measuresOf(table([axis('tab', '表章項目', [['1', name, { unit }]])], more))[0]?.kind

describe('a name against its unit', () => {
  it.each([
    ['人口', '人', 'count'],
    ['1世帯当たり人員', '人', 'rate'],
    ['平均世帯人員', '人', 'unknown'],
    ['人口密度', '人', 'rate'],
    ['人口性比', null, 'rate'],
    ['完全失業率', null, 'rate'],
    ['失業率（季節調整値）', null, 'rate'],
    ['割合', '人', 'rate'],
    ['能率手当', '円', 'money'],
    ['比較表の人口', '人', 'count'],
    ['順位', '人', 'unknown'],
    ['鉱工業生産指数', null, 'index'],
    ['指数の前年同月比', null, 'rate'],
    ['平均価格', '円', 'unknown'],
    ['きまって支給する現金給与額', '千円', 'unknown'],
    ['出荷額', '百万円', 'money'],
    ['人口', null, 'unknown'],
    ['人口', '種', 'unknown'],
  ])('%s in %s is %s', (name, unit, kind) => {
    expect(judged(name, unit)).toBe(kind)
  })

  it('means of households and workers are no money to sum', () => {
    expect(judged('金額', '円', { statName: { code: '00200561', name: '家計調査' } })).toBe('unknown')
    expect(judged('金額', '円', { title: '1世帯当たり支出' })).toBe('unknown')
    expect(judged('金額', '円')).toBe('money')
  })
})

describe('the axis of the measure', () => {
  const plain = axis('cat01', '男女', [
    ['0', '総数'],
    ['1', '男'],
  ])
  const units = axis('cat02', '項目', [
    ['a', '人口', { unit: '人' }],
    ['b', '世帯数', { unit: '世帯' }],
  ])

  it.each([
    ['tab alone', [axis('tab', '表章項目', [['1', '人口']]), plain], ['tab']],
    ['a category with units, tab of one code', [axis('tab', '観測値', [['1', '観測値']]), units], ['cat02']],
    [
      'a category with units, tab with a choice',
      [
        axis('tab', '表章項目', [
          ['1', '実数'],
          ['2', '構成比'],
        ]),
        units,
      ],
      ['tab', 'cat02'],
    ],
    ['no tab, no unit', [plain], []],
  ])('%s', (_, axes, expected) => {
    expect(measureAxes(table(axes)).map(({ id }) => id)).toEqual(expected)
  })

  it('a row is judged by all of its measure codes and the unit of its cell', () => {
    const measure = measureOfRow(
      table([
        axis('tab', '表章項目', [
          ['1', '実数'],
          ['2', '構成比'],
        ]),
        units,
      ]),
    )
    expect(measure({ codes: { tab: '1', cat02: 'a' }, unit: '人' })).toMatchObject({
      kind: 'count',
      names: ['実数', '人口'],
      summable: true,
    })
    expect(measure({ codes: { tab: '2', cat02: 'a' }, unit: '人' })).toMatchObject({ kind: 'rate', summable: false })
    expect(measure({ codes: { tab: '1', cat02: 'a' }, unit: '％' }).kind).toBe('rate')
  })
})

it.each([
  ['国内総生産 名目原系列（1994年1Q～）', ['not_seasonally_adjusted', 'nominal']],
  ['実質季節調整系列', ['seasonally_adjusted', 'real']],
  ['季調済指数', ['seasonally_adjusted']],
  ['Seasonally adjusted', ['seasonally_adjusted']],
  ['Not seasonally adjusted', ['not_seasonally_adjusted']],
  ['人口', []],
])('%s', (text, tags) => {
  expect(seriesTags(text)).toEqual(tags)
})
