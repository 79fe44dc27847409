/** Ages and sexes of a question: axes of tables, which find none and decide among them. */
import { describe, expect, it } from 'vitest'
import { analyse } from '../../../../origin/estat/search/analyse.ts'
import { buildIndex, lexiconOf } from '../../../../origin/estat/search/build-index.ts'
import { search } from '../../../../origin/estat/search/index.ts'
import { takeAges } from '../../../../origin/estat/search/persons.ts'
import { entry, inputOf, sampleIndex } from './catalogue.ts'

const lexicon = lexiconOf(sampleIndex)
const groups = (query: string) =>
  analyse(query, lexicon).groups.map(({ word, generic }) => `${word}${generic ? ' (axis)' : ''}`)

describe('a question about persons', () => {
  it.each<[string, string[]]>([
    ['女性の管理職', ['女性 (axis)', '管理職']],
    ['40～44歳の男性の賃金', ['男性 (axis)', '賃金', '年齢 (axis)']],
    ['30代の貯蓄', ['貯蓄', '年齢 (axis)']],
    ['wages of women aged 25 to 34', ['wages', 'women (axis)', '年齢 (axis)']],
    ['population under 18', ['population', '年齢 (axis)']],
    ['65歳以上の世帯', ['65歳以上', '世帯']],
    ['男女別人口', ['男女', '人口']],
  ])('%s', (query, expected) => {
    expect(groups(query)).toEqual(expected)
  })

  it.each(['1990年代の人口', '3大都市圏', 'more than 50 employees', 'over 10% of sales', '2020 and over'])(
    'takes no age from %s',
    (text) => {
      expect(takeAges(text, () => false)).toEqual({ rest: text, groups: [] })
    },
  )
})

it('the subject finds the table, the axis decides among those that have it', () => {
  const index = buildIndex([
    entry(1, '産業別賃金'),
    entry(2, '年齢（5歳階級），男女別賃金'),
    entry(3, '年齢（5歳階級），男女別人口'),
    entry(4, '女性の活躍に関する世論'),
  ])
  const { hits } = search(index, inputOf({ query: '女性の25～29歳の賃金' }))
  expect(hits.map(({ entry: { id } }) => Number(id)).slice(0, 2)).toEqual([2, 1])
})

it('a city is looked for in tables of municipalities before those that stop at prefectures', () => {
  const index = buildIndex([
    entry(1, '人口と年齢', { collectArea: ['全国', '都道府県'] }),
    entry(2, '人口と世帯', { collectArea: ['市区町村'] }),
    entry(3, '人口'),
  ])
  const { hits } = search(index, inputOf({ query: '東京都府中市の人口' }))
  expect(hits.map(({ entry: { id } }) => Number(id))).toEqual([2, 3, 1])
})
