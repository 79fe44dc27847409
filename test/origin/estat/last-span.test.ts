/** Spans that end with the latest period, on real time axes and on made-up ones. */
import { describe, expect, it } from 'vitest'
import { resolveFilters } from '../../../origin/estat/filters.ts'
import { codesOfSpan, parseLastSpan, spanCandidates } from '../../../origin/estat/last-span.ts'
import { latestWithValue } from '../../../origin/estat/latest.ts'
import type { Axis } from '../../../origin/estat/model.ts'
import { resolveSelection } from '../../../origin/jobs/resolve-selection.ts'
import { Fault } from '../../../shared/fault.ts'
import { ask, axis, sampleMeta, sampleStats, table } from './tables.ts'

const MUNICIPALITIES = '0000020201'
const CENSUS = '0003410379'
const GDP = '0003109741'
const PRICES = '0004052037'

const spanOf = (text: string) => {
  const span = parseLastSpan(text)
  if (span === null) throw new Error(`${text} is no span`)
  return span
}
const timeOf = async (id: string): Promise<Axis> => {
  const found = (await sampleMeta(id)).axes.find((one) => one.id === 'time')
  if (found === undefined) throw new Error(`${id} has no time`)
  return found
}

describe('words', () => {
  it.each([
    ['last 5 years', 5, 'year'],
    ['Last 1 year', 1, 'year'],
    ['past 12 months', 12, 'month'],
    ['the last 4 quarters', 4, 'quarter'],
    ['直近5年', 5, 'year'],
    ['直近５年間', 5, 'year'],
    ['過去10年', 10, 'year'],
    ['過去10年度', 10, 'fiscal_year'],
    ['最近3か月', 3, 'month'],
    ['直近12ヶ月', 12, 'month'],
    ['直近12カ月間', 12, 'month'],
    ['直近4四半期', 4, 'quarter'],
    ['直近3回', 3, 'period'],
    ['last 2 calendar years', 2, 'calendar_year'],
  ])('%s', (text, count, unit) => {
    expect(parseLastSpan(text)).toEqual({ count, unit })
  })

  it.each(['latest', 'last year', '5年', '最近の人口', 'last 0 years', '過去', 'last 1000 years', '最新2020年表'])(
    '%s is no span',
    (text) => {
      expect(parseLastSpan(text)).toBeNull()
    },
  )
})

describe('codes', () => {
  it('of months, though years and 年度 stand beside them', async () => {
    const time = await timeOf(PRICES)
    const codes = codesOfSpan(time, spanOf('last 3 months'), '2026000909')
    expect(codes).toEqual(['2026000909', '2026000808', '2026000707'])
  })

  it('of years on a table of quarters are all quarters of so many years', async () => {
    const codes = codesOfSpan(await timeOf(GDP), spanOf('直近2年'), '2022000406')
    expect([codes.length, codes[0], codes.at(-1)]).toEqual([8, '2020000709', '2022000406'])
  })

  it('go by dates: ten years of a census held every five are two censuses', async () => {
    const time = await timeOf(CENSUS)
    expect(codesOfSpan(time, spanOf('last 10 years'), '2020000000')).toEqual(['2015000000', '2020000000'])
    expect(codesOfSpan(time, spanOf('直近3回'), '2020000000')).toEqual(['2010000000', '2015000000', '2020000000'])
  })

  it('of 年 where 年 and 年度 both fit are ambiguous, and the word 年度 decides', async () => {
    const time = await timeOf(PRICES)
    expect(() => spanCandidates(time, spanOf('直近5年'))).toThrow(Fault)
    expect(spanCandidates(time, spanOf('直近5年度')).map(({ name }) => name)).toEqual(['2025年度'])
  })

  it('of a kind that the table does not have are refused, with those it has', async () => {
    const time = await timeOf(CENSUS)
    expect(() => spanCandidates(time, spanOf('last 12 months'))).toThrow(/it has: year/)
  })
})

describe('a selection', () => {
  it('ends with the latest period that has a value, not with the last one listed', async () => {
    const time = axis(
      'time',
      '時間軸',
      [2018, 2019, 2020, 2021, 2022].map((year) => [`${year}000000`, `${year}年`] as const),
    )
    const meta = table([time])
    const { latest, last, narrow } = resolveFilters(meta, { time: 'last 3 years' })
    expect([latest?.[0], narrow]).toEqual(['2022000000', []])
    const rows = [2020, 2021, 2022].map((year) => ({
      codes: { time: `${year}000000` }, value: year === 2022 ? null : 1, text: '', symbol: null, unit: null, annotation: null,
    })) // biome-ignore format: one row
    const newest = latestWithValue(rows, latest ?? [])
    expect(newest).toBe('2021000000')
    expect(last && newest ? codesOfSpan(time, last, newest) : []).toEqual(['2019000000', '2020000000', '2021000000'])
  })

  // The lists go on to 2017年度 and 2026年9月, where these areas have no value.
  it.each([
    [MUNICIPALITIES, { area: '13101', time: '過去10年' }, 10, '2006100000', '2015100000'],
    [CENSUS, { area: '東京都', time: 'last 20 years' }, 4, '2005000000', '2020000000'],
    [GDP, { cat01: '国内総生産(支出側)', time: '直近4四半期' }, 4, '2021000709', '2022000406'],
    [PRICES, { tab: '指数', area: '全国', time: 'last 12 months' }, 12, '2026000808', '2025000909'],
  ])('%s %j', async (id, filters, count, first, last) => {
    const { narrow, filters: said } = await resolveSelection(sampleStats, await sampleMeta(id), filters, ask)
    const codes = narrow.find((part) => part.axis === 'time')?.codes ?? []
    expect([codes.length, codes[0], codes.at(-1)]).toEqual([count, first, last])
    expect(said['time']).toContain(first)
  })
})
