import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseArguments } from '../../../shared/arguments.ts'
import { type SearchInput, searchEstatData } from '../../../shared/cacheable/search-estat-data.ts'
import { Fault } from '../../../shared/fault.ts'

const read = (raw: unknown): SearchInput => searchEstatData.normalise(parseArguments(searchEstatData, raw))
const key = (raw: unknown): string => JSON.stringify(read(raw))

const refusal = (raw: unknown): Fault => {
  try {
    read(raw)
  } catch (error) {
    if (error instanceof Fault) return error
    throw error
  }
  throw new Error('was accepted')
}

describe('equal meaning, equal key', () => {
  it.each([
    ['full-width blanks', { query: '東京都　人口' }, { query: ' 東京都  人口 ' }],
    ['full-width letters', { query: 'ＧＤＰ' }, { query: 'gdp' }],
    ['half-width kana', { query: 'ｺｰﾋｰ 輸入' }, { query: 'コーヒー 輸入' }],
    ['wave dashes', { query: '2015〜2020年 人口' }, { query: '2015～2020年 人口' }],
    [
      'defaults',
      { query: '人口' },
      { query: '人口', max_results: 5, auto_suggest: true, scoring_method: 'enhanced', lang: 'J' },
    ],
    ['numbers as text', { query: '人口', max_results: '7' }, { query: '人口', max_results: 7 }],
    [
      'text as numbers',
      { query: '人口', survey_years: 2020, search_kind: 1 },
      { query: '人口', survey_years: '2020', search_kind: '1' },
    ],
    ['left out in four ways', { query: '人口', survey_years: '', stats_code: null, cursor: 'null' }, { query: '人口' }],
    [
      'order of arguments',
      { max_results: 3, query: '人口', stats_field: '02' },
      { stats_field: '02', query: '人口', max_results: 3 },
    ],
  ])('%s', (_what, one, other) => {
    expect(key(one)).toBe(key(other))
  })

  it('keeps apart what differs', () => {
    const calls = [
      { query: '人口' },
      { query: '人口', lang: 'E' },
      { query: '人口', max_results: 6 },
      { query: '世帯' },
    ]
    expect(new Set(calls.map(key)).size).toBe(calls.length)
  })

  it('is idempotent for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }), (text) => {
        const once = searchEstatData.normalise(searchEstatData.input.parse({ query: `人${text}` }))
        expect(searchEstatData.normalise(once)).toEqual(once)
      }),
    )
  })
})

describe('what cannot be meant is refused with words that help', () => {
  it.each([
    ['nothing', {}, /東京都の人口の推移/],
    ['an empty query', { query: '' }, /empty.*東京都の人口の推移/],
    ['blanks', { query: '　 ' }, /empty/],
    ['signs alone', { query: '？！' }, /empty/],
    ['no object', 'x', /object/],
    ['max_results 0', { query: '人口', max_results: 0 }, /max_results/],
    ['max_results 1000', { query: '人口', max_results: 1000 }, /max_results/],
    ['max_results as words', { query: '人口', max_results: 'many' }, /max_results/],
    ['a code of six digits', { query: '人口', stats_code: '200521' }, /stats_code: expected 5 or 8 digits/],
    ['a year in words', { query: '人口', survey_years: 'last year' }, /survey_years/],
    ['an unknown argument', { query: '人口', limit: 3 }, /limit/],
  ])('%s', (_what, raw, words) => {
    const fault = refusal(raw)
    expect(fault.code).toBe('INVALID_PARAMETER')
    expect(fault.message).toMatch(words)
    expect(fault.hint.length).toBeGreaterThan(10)
  })
})
