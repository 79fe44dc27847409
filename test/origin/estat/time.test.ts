import { describe, expect, it } from 'vitest'
import { comparePeriods, periodOf, periodOfText, timedItems } from '../../../origin/estat/time.ts'
import { axis, sampleMeta } from './tables.ts'

describe('a time code with its name', () => {
  it.each([
    // The forms of reference/estat-api.md, 3.6.
    ['2020000000', '2020年', '', 'year', '2020-01-01', '2020-12-31'],
    ['2020000000', '2020', '', 'year', '2020-01-01', '2020-12-31'],
    ['1920000000', '大正9年', '', 'year', '1920-01-01', '1920-12-31'],
    ['2015100000', '2015年度', '調査年', 'fiscal_year', '2015-04-01', '2016-03-31'],
    ['2019100000', '令和元年度', '', 'fiscal_year', '2019-04-01', '2020-03-31'],
    ['2020010000', '2020年1～6月', '', 'half', '2020-01-01', '2020-06-30'],
    ['2020020000', '2020年下期', '', 'half', '2020-07-01', '2020-12-31'],
    ['2020000103', '2020年1～3月期', '', 'quarter', '2020-01-01', '2020-03-31'],
    ['2020000406', '2020年第2四半期', '', 'quarter', '2020-04-01', '2020-06-30'],
    ['2020001012', '2020年10～12月期', '', 'quarter', '2020-10-01', '2020-12-31'],
    ['2024000101', '2024年1月', '', 'month', '2024-01-01', '2024-01-31'],
    ['2024000202', '2024年2月', '', 'month', '2024-02-01', '2024-02-29'],
    ['2023000202', '2023年2月分', '', 'month', '2023-02-01', '2023-02-28'],
    ['2024001212', '2024年12月', '', 'month', '2024-12-01', '2024-12-31'],
    // The name decides between the two kinds of year.
    ['2015000000', '2015年度', '', 'fiscal_year', '2015-04-01', '2016-03-31'],
    // A name finer than the code: the code's period holds it.
    ['2020000000', '2020年10月1日現在', '', 'year', '2020-01-01', '2020-12-31'],
    ['2020000101', '1月', '', 'month', '2020-01-01', '2020-01-31'],
  ])('%s %s %s', (code, name, axisName, kind, start, end) => {
    expect(periodOf({ code, name }, axisName)).toEqual({ kind, start, end })
  })

  it.each([
    ['1001', '2019年', ''],
    ['20', '2020年', ''],
    ['2020', '2020年', ''],
    ['2020000000', '2019年', ''],
    ['2020000000', '2019年確定値', ''],
    ['2024000101', '2024年2月', ''],
    ['2020000109', '2020年1～9月', ''],
    ['2020001313', '', ''],
    ['2020000301', '', ''],
    ['2020030000', '', ''],
    ['2020100406', '2020年度第1四半期', ''],
    ['2018100000', '2018肥料年度', ''],
    ['2018100000', '2018年度', '肥料年度'],
    ['2018100000', '2018', '米穀年度（11月～10月）'],
    ['総数', '総数', ''],
  ])('%s %s %s is other, without dates', (code, name, axisName) => {
    expect(periodOf({ code, name }, axisName)).toEqual({ kind: 'other', start: null, end: null })
  })
})

describe('a period in words', () => {
  it.each([
    ['2020年', 'year', '2020-01-01'],
    ['２０２０年度', 'fiscal_year', '2020-04-01'],
    ['FY2020', 'fiscal_year', '2020-04-01'],
    ['平成29年', 'year', '2017-01-01'],
    ['昭和64年', 'year', '1989-01-01'],
    ['2024-01', 'month', '2024-01-01'],
    ['2024/12', 'month', '2024-12-01'],
    ['2024年 1月', 'month', '2024-01-01'],
    ['1994年1～3月期', 'quarter', '1994-01-01'],
    ['2020Q4', 'quarter', '2020-10-01'],
    ['2020-Q1', 'quarter', '2020-01-01'],
    ['2020年4Q', 'quarter', '2020-10-01'],
    ['2020', null, null],
    ['20年', null, null],
    ['2020年13月', null, null],
    ['人口', null, null],
  ])('%s', (text, kind, start) => {
    const period = periodOfText(text)
    expect([period?.kind ?? null, period?.start ?? null]).toEqual([kind, start])
  })
})

it('sorts by end, the longer period first', () => {
  const codes = ['2025001212', '2025000000', '2026000101', '2025100000', '2024000000', '1001']
  const timed = timedItems(
    axis(
      'time',
      '時間軸',
      codes.map((code) => [code, '']),
    ),
  )
  expect(timed.toSorted((a, b) => comparePeriods(a.period, b.period)).map(({ item }) => item.code)).toEqual([
    '1001', '2024000000', '2025000000', '2025001212', '2026000101', '2025100000',
  ]) // biome-ignore format: one row
})

it.each([
  ['0000020201', { fiscal_year: 38 }],
  ['0003109741', { quarter: 114 }],
  ['0003410379', { year: 21 }],
  ['0004052037', { month: 13, fiscal_year: 1, year: 2 }],
])('every period of bundled table %s is dated', async (id, kinds) => {
  const time = (await sampleMeta(id)).axes.find((axis) => axis.id === 'time')
  const counted: Record<string, number> = {}
  for (const { period } of time === undefined ? [] : timedItems(time))
    counted[period.kind] = (counted[period.kind] ?? 0) + 1
  expect(counted).toEqual(kinds)
})
