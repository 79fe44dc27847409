import { describe, expect, it } from 'vitest'
import { searchEstatData } from '../../shared/cacheable/search-estat-data.ts'
import { readSearchQuery } from '../../shared/search-query.ts'

const read = (query: string) => readSearchQuery(new URLSearchParams(query))
const tool = (args: object) => searchEstatData.normalise(searchEstatData.input.parse(args))

describe('the query of GET /search', () => {
  it.each([
    ['q=%E4%BA%BA%E5%8F%A3', { query: '人口' }],
    ['query=人口&max_results=7', { query: '人口', max_results: 7 }],
    [
      'q=人口+東京&auto_suggest=false&scoring_method=basic',
      { query: '人口 東京', auto_suggest: false, scoring_method: 'basic' },
    ],
    [
      'q=人口&survey_years=2020&collect_area=2&lang=E',
      { query: '人口', survey_years: '2020', collect_area: '2', lang: 'E' },
    ],
    ['q=人口&stats_code=&cursor=null', { query: '人口' }],
  ])('%s', (query, args) => {
    expect(read(query)).toEqual(tool(args))
  })

  it.each([
    ['', /東京都の人口の推移/],
    ['q=', /empty/],
    ['q=人口&q=世帯', /"query" more than once/],
    ['q=人口&query=世帯', /"query" more than once/],
    ['q=人口&limit=3', /no argument "limit"/],
    ['q=人口&max_results=99', /max_results/],
    ['q=人口&__proto__=1', /__proto__/],
  ])('refuses "%s"', (query, words) => {
    expect(() => read(query)).toThrow(expect.objectContaining({ code: 'INVALID_PARAMETER' }))
    expect(() => read(query)).toThrow(words)
  })
})
