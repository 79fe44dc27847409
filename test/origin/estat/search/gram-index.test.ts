import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildGramIndex, occurs, overlap, textsWith } from '../../../../origin/estat/search/gram-index.ts'
import { isLatin, searchForm } from '../../../../origin/estat/search/text.ts'

const TEXTS = ['人口 世帯', '男女別人口及び人口性比', '完全失業率', 'gdp 速報', 'with it', '米']
const index = buildGramIndex(TEXTS)
const found = (term: string): string[] => [...textsWith(index, term)].map((id) => TEXTS[id] ?? '')

describe('finding a term', () => {
  it.each<[string, string[]]>([
    ['人口', ['人口 世帯', '男女別人口及び人口性比']],
    ['人口性比', ['男女別人口及び人口性比']],
    ['世帯', ['人口 世帯']],
    ['人口 世帯', ['人口 世帯']],
    ['人口世帯', []],
    ['米', ['米']],
    ['率', ['完全失業率']],
    ['gdp', ['gdp 速報']],
    ['it', ['with it']],
    ['th', []],
    ['無い', []],
  ])('%s', (term, expected) => {
    expect(found(term)).toEqual(expected)
    expect(occurs(index, term)).toBe(expected.length > 0)
  })

  it('agrees with a plain scan for any texts and any term of two letters and more', () => {
    const letters = fc.string({ unit: fc.constantFrom('人', '口', '世', '帯', 'ー', ' '), maxLength: 12 })
    fc.assert(
      fc.property(fc.uniqueArray(letters.map(searchForm)), letters.map(searchForm), (texts, term) => {
        fc.pre(term.length > 1 && !isLatin(term))
        const ids = [...textsWith(buildGramIndex(texts), term)]
        expect(ids).toEqual(texts.flatMap((text, id) => (text.includes(term) ? [id] : [])))
      }),
    )
  })
})

describe('nearly finding it', () => {
  it('gives the share of the bigrams, and nothing below the floor', () => {
    const shares = overlap(index, '完全失業者数', 0.3)
    expect(shares[2]).toBeGreaterThan(0.3)
    expect(shares[2]).toBeLessThan(1)
    expect([...shares].filter((share) => share > 0)).toHaveLength(1)
    expect([...overlap(index, '完全失業者数', 0.99)].every((share) => share === 0)).toBe(true)
    expect(overlap(index, '完全失業率', 0.5)[2]).toBeCloseTo(1)
  })
})

it('stands an empty catalogue', () => {
  const empty = buildGramIndex([])
  expect([...textsWith(empty, '人口')]).toEqual([])
  expect([...textsWith(empty, '人')]).toEqual([])
  expect(occurs(empty, '人口')).toBe(false)
})
