import { describe, expect, it } from 'vitest'
import { fold } from '../../../../shared/cacheable/fold.ts'
import { coverage, namesOf, period } from '../../../../origin/estat/search/series.ts'
import { eraSpan, findYears, OPEN_END, spanOf, yearNames } from '../../../../origin/estat/search/years.ts'
import { entry } from './catalogue.ts'

describe('years in titles and questions', () => {
  it.each<[string, number, number]>([
    ['2020年', 2020, 2020],
    ['令和2年', 2020, 2020],
    ['令和元年', 2019, 2019],
    ['平成２９年10月1日現在', 2017, 2017],
    ['昭和55年国勢調査', 1980, 1980],
    ['H27 国勢調査', 2015, 2015],
    ['（大正9年～令和2年）', 1920, 2020],
    ['平成22年～27年', 2010, 2015],
    ['2015～2020年', 2015, 2020],
    ['2015年から2020年', 2015, 2020],
    ['(1996-2023)', 1996, 2023],
    ['（2000年1月～）', 2000, OPEN_END],
    ['（1994年1Q～） 2015暦年基準', 1994, OPEN_END],
    ['主要長期時系列統計表（2005/4～）', 2005, OPEN_END],
    ['死因年次推移 (1899-)', 1899, OPEN_END],
    ['2019年確報', 2019, 2019],
    ['(輸入 1-12月：確々報)2021年 , 4月：輸入9桁速報)2022年', 2021, 2022],
  ])('%s is %i to %i', (text, from, to) => {
    expect(spanOf(fold(text))).toEqual({ from, to })
  })

  it.each([
    '2025年基準消費者物価指数',
    '品目分類（平成22年改定）',
    '2020年=100',
    '年齢（5歳階級）',
    '昭和99年',
    'M3622 1KMメッシュ',
    '12345',
    '人口15万以上の市',
  ])('%s names no year of survey', (text) => {
    expect(spanOf(fold(text))).toBeNull()
  })

  it('says where each stands, so that it can be cut out', () => {
    const text = fold('令和2年の人口と2015年の世帯')
    expect(findYears(text).map(({ start, end }) => text.slice(start, end))).toEqual(['令和2年', '2015年'])
  })

  it('knows an era alone, and both names of a year of change', () => {
    expect(eraSpan('昭和')).toEqual({ from: 1926, to: 1989 })
    expect(eraSpan('令和')).toEqual({ from: 2019, to: OPEN_END })
    expect(eraSpan('人口')).toBeNull()
    expect(yearNames(2019)).toEqual(['2019年', '平成31年', '令和元年'])
  })
})

describe('what a listing tells of its years', () => {
  it.each<[string, Parameters<typeof entry>[2], { from: number; to: number } | null]>([
    ['人口', {}, null],
    ['人口', { surveyDate: '202010' }, { from: 2020, to: 2020 }],
    ['人口', { surveyDate: '202104-202203' }, { from: 2021, to: 2022 }],
    ['人口（大正9年～令和2年）', { surveyDate: '202010' }, { from: 1920, to: 2020 }],
    ['人口', { statisticsName: '平成27年国勢調査' }, { from: 2015, to: 2015 }],
  ])('%s %o', (title, more, span) => {
    expect(coverage(namesOf(entry(1, title, more)))).toEqual(span)
  })

  it('orders editions by the end of the survey, then by the last year named', () => {
    expect(period(namesOf(entry(1, '人口', { surveyDate: '202104-202203' })))).toBe(202203)
    expect(period(namesOf(entry(1, '人口 2019年')))).toBe(201900)
    expect(period(namesOf(entry(1, '人口')))).toBe(0)
  })
})
