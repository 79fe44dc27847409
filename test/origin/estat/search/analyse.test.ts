import { describe, expect, it } from 'vitest'
import { analyse } from '../../../../origin/estat/search/analyse.ts'
import { takeAreas } from '../../../../origin/estat/search/areas.ts'
import { lexiconOf } from '../../../../origin/estat/search/build-index.ts'
import { dictionaryEntries, termsFor } from '../../../../origin/estat/search/dictionary/index.ts'
import { searchForm } from '../../../../origin/estat/search/text.ts'
import { sampleIndex } from './catalogue.ts'

const lexicon = lexiconOf(sampleIndex)
const understand = (query: string) => analyse(query, lexicon)
const words = (query: string): string[] => understand(query).groups.map(({ word }) => word)
const areas = (query: string): string[] => understand(query).areas.map(({ name }) => name)

describe('words of a question', () => {
  it.each<[string, string[]]>([
    ['人口', ['人口']],
    ['東京都の人口の推移', ['人口', '推移']],
    ['東京都人口推移', ['人口', '推移']],
    ['都道府県別人口を教えて', ['都道府県', '人口']],
    ['年齢別・男女別人口', ['年齢', '男女', '人口']],
    ['性別人口', ['性別', '人口']],
    ['特別区の出生', ['特別区', '出生']],
    ['2020年の世帯数について知りたい', ['世帯数']],
    ['consumer price index of Japan', ['consumer price index']],
    ['How many households in Osaka?', ['households']],
    ['How many people live in Tokyo?', ['people']],
    ['データ 統計', ['データ', '統計']],
  ])('%s', (query, expected) => {
    expect(words(query)).toEqual(expected)
  })

  it('takes a long run for a wish, not for a condition', () => {
    expect(understand('人口の推移').groups.map(({ soft }) => soft)).toEqual([false, true])
  })

  it('takes years, eras and 最新 as what they say', () => {
    expect(understand('平成27年の世帯').years).toEqual({ from: 2015, to: 2015 })
    expect(understand('昭和の人口').years).toEqual({ from: 1926, to: 1989 })
    expect(understand('2015年以降の人口').years).toEqual({ from: 2015, to: 9999 })
    expect(understand('最新の人口')).toMatchObject({ latest: true, years: null })
    expect(understand('人口')).toMatchObject({ latest: false, years: null })
  })

  it('searches for sixteen words at the most, and names the others', () => {
    const many = Array.from({ length: 20 }, (_, at) => `word${at}`)
    const { groups, ignored } = understand(many.join(' '))
    expect([...groups.map(({ word }) => word), ...ignored]).toEqual(many)
    expect(groups).toHaveLength(16)
  })

  it('still searches for places and years where nothing else was asked', () => {
    expect(understand('東京都').groups).toEqual([{ word: '東京都', also: ['都道府県'], soft: false, generic: false }])
    expect(understand('2015年').groups).toEqual([{ word: '2015年', also: ['平成27年'], soft: false, generic: false }])
  })
})

describe('places', () => {
  it.each<[string, string[]]>([
    ['東京都の人口', ['東京都']],
    ['東京の人口', ['東京都']],
    ['京都の人口', ['京都府']],
    ['大阪と福岡の人口', ['大阪府', '福岡県']],
    ['東京都府中市の人口', ['東京都', '府中市']],
    ['広島市 世帯', ['広島市']],
    ['population of Hokkaido', ['北海道']],
    ['市区町村 人口', []],
    ['大都市 人口', []],
    ['都市別小売価格', []],
  ])('%s', (query, expected) => {
    expect(areas(query)).toEqual(expected)
  })

  it('gives a city in a prefecture that prefecture, and one without none', () => {
    expect(takeAreas('東京都府中市').areas[1]).toEqual({ name: '府中市', prefecture: '13', level: 'municipality' })
    expect(takeAreas('府中市').areas).toEqual([{ name: '府中市', prefecture: null, level: 'municipality' }])
    expect(takeAreas('大阪人口')).toMatchObject({ rest: '人口' })
  })
})

describe('surveys', () => {
  it.each<[string, string, string]>([
    ['国勢調査 世帯', '国勢調査', 'name'],
    ['国勢調査世帯', '国勢調査', 'name'],
    ['00200521', '国勢調査', 'code'],
    ['労働力', '労働力調査', 'name'],
    ['失業率', '労働力調査', 'dictionary'],
    ['経済センサス活動調査', '経済センサス‐活動調査', 'name'],
  ])('%s names %s by %s', (query, name, by) => {
    expect(understand(query).surveys).toContainEqual(expect.objectContaining({ name, by }))
  })

  it('does not take 人口 for 人口動態調査', () => {
    expect(understand('人口').surveys).toEqual([])
  })
})

describe('the dictionary widens and never replaces', () => {
  it('keeps the word that was asked in every group', () => {
    for (const word of dictionaryEntries().keys())
      expect(
        understand(word)
          .groups.map((group) => group.word)
          .join(' '),
        word,
      ).toContain(word.slice(0, 2))
  })

  it('never sends a word to itself or to nothing, and is written in search form', () => {
    for (const [word, terms] of dictionaryEntries()) {
      expect(terms.length, word).toBeGreaterThan(0)
      expect(new Set(terms).size, word).toBe(terms.length)
      expect(terms, word).not.toContain(word)
      for (const text of [word, ...terms]) expect(searchForm(text)).toBe(text)
    }
  })

  it('does not carry over what misled: 大学 is not 高等教育, and majority begins at 18', () => {
    expect(termsFor('大学')).not.toContain('高等教育')
    expect(termsFor('未成年')[0]).toBe('18歳未満')
    for (const terms of dictionaryEntries().values()) expect(terms).not.toContain('初等教育')
  })

  it('suggests the official term beside the word, in the singular and the plural', () => {
    expect(understand('給料').suggestions).toEqual([
      { from: '給料', to: '賃金', alternatives: ['給与', '賃金構造基本統計調査', '現金給与'] },
    ])
    expect(understand('households').suggestions).toEqual([{ from: 'households', to: '世帯', alternatives: [] }])
    expect(termsFor('cities')).toEqual(termsFor('city'))
  })
})

it.each<[question: string, words: readonly string[]]>([
  ['結婚していない人の割合', ['結婚', '人', '割合']],
  ['スマホを持っている世帯', ['世帯']],
  ['横浜市人口', ['人口']],
  ['医者のいない地区', ['医者', '地区']],
])('%s asks for %j, whatever grammar is around them', (question, words) => {
  const asked = understand(question).groups.map(({ word }) => word)
  expect(asked).toEqual(expect.arrayContaining([...words]))
  expect(asked.filter((word) => /^[\u3041-\u3096]+$/.test(word))).toEqual([])
})

it('takes for a place what the list of places holds, and nothing that only looks like one', () => {
  expect(understand('県庁所在市の値段').areas).toEqual([])
  expect(understand('つくば市の人口').areas).toEqual([{ name: 'つくば市', prefecture: null, level: 'municipality' }])
})

it('knows words that say how something is counted, and weighs them little', () => {
  const groups = understand('世帯の割合').groups
  expect(groups.map(({ word, generic }) => [word, generic])).toEqual([
    ['世帯', false],
    ['割合', true],
  ])
})
