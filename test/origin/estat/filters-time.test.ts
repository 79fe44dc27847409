/** Filters on time, on the bundled tables and on tables of the test's own. */
import { describe, expect, it } from 'vitest'
import { resolveFilters } from '../../../origin/estat/filters.ts'
import { codes, faultFor, faultOf } from './filter-cases.ts'
import { axis, sampleMeta, table } from './tables.ts'

const MUNICIPALITIES = '0000020201'
const CENSUS = '0003410379'
const GDP = '0003109741'
const PRICES = '0004052037'
const LABOUR = '0003005798'

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
