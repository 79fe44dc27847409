import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildIndex, PARTS, type SearchOutcome } from '../../../../origin/estat/search/index.ts'
import { isLatin, searchForm } from '../../../../origin/estat/search/text.ts'
import type { CatalogueEntry } from '../../../../origin/ports.ts'
import { Fault } from '../../../../shared/fault.ts'
import { ask, entry, idsOf, inputOf, sampleEntries, sampleIndex } from './catalogue.ts'

const over = (entries: readonly CatalogueEntry[], query: string, more: Record<string, unknown> = {}): SearchOutcome =>
  ask(query, more, buildIndex(entries))

const refusal = (act: () => unknown): Fault => {
  try {
    act()
  } catch (error) {
    if (error instanceof Fault) return error
    throw error
  }
  throw new Error('was accepted')
}

/** Every page of a question, one after the other. */
function everyPage(query: string, size: number, index = sampleIndex): string[] {
  const ids: string[] = []
  let cursor: string | null = null
  do {
    const page = ask(query, { max_results: size, ...(cursor === null ? {} : { cursor }) }, index)
    expect(page.hits.map(({ rank }) => rank)).toEqual(page.hits.map((_, at) => ids.length + at + 1))
    ids.push(...idsOf(page))
    cursor = page.nextCursor
  } while (cursor !== null)
  return ids
}

describe('ranking', () => {
  const QUESTIONS = ['人口', '東京都の人口の推移', 'unemployment rate', '2020年 世帯', '病院 市区町村', '00200521']

  it.each(QUESTIONS)('%s: parts add up to the score, in falling order', (query) => {
    for (const scoring_method of ['enhanced', 'basic']) {
      const { hits } = ask(query, { max_results: 20, scoring_method })
      for (const { score, parts } of hits) {
        expect(Object.values(parts).reduce((sum, part) => sum + part, 0)).toBeCloseTo(score, 4)
        for (const part of Object.keys(parts)) expect(PARTS).toContain(part)
      }
      const order = hits.map(({ score, entry }) => [-score, entry.id] as const)
      expect(order).toEqual(order.toSorted(([a, x], [b, y]) => a - b || (x < y ? -1 : 1)))
    }
  })

  it('does not depend on the order of the catalogue', () => {
    const reversed = buildIndex(sampleEntries.toReversed())
    for (const query of QUESTIONS) expect(idsOf(ask(query, {}, reversed))).toEqual(idsOf(ask(query)))
  })

  it('prefers bundled figures among equals, and only among equals', () => {
    const same = [entry(1, '人口 世帯 甲'), entry(2, '人口 世帯 乙'), entry(3, '人口 世帯 丙', { bundled: true })]
    expect(idsOf(over(same, '人口 世帯'))).toEqual(['0000000003', '0000000001', '0000000002'])
    const better = [
      entry(1, '世帯人員', { bundled: true }),
      entry(2, '出生数'),
      entry(3, '世帯 出生数'),
      entry(4, '死亡'),
    ]
    expect(idsOf(over(better, '世帯 出生数'))[0]).toBe('0000000003')
  })

  it('counts plainly with "basic": 2 for a title, 1 for the names of the survey', () => {
    const [hit] = over([entry(1, '世帯', { statisticsName: '世帯調査' }), entry(2, '死亡')], '世帯', {
      scoring_method: 'basic',
    }).hits
    expect(hit?.parts).toEqual({ title: 2, survey: 1, topic: 0.5 })
  })

  it('never loses by widening what holds every word as it stands', () => {
    const titles = [...new Set(sampleEntries.map(({ title }) => searchForm(title)))]
    const wordsOf = (title: string): string[] => title.split(' ').filter((part) => part.length > 1 && !isLatin(part))
    const asked = fc
      .constantFrom(...titles.filter((title) => wordsOf(title).length > 0))
      .chain((title) => fc.shuffledSubarray(wordsOf(title), { minLength: 1 }))
      .map((words) => words.slice(0, 2))
    fc.assert(
      fc.property(asked, (words) => {
        const holds = (title: string): boolean => words.every((word) => searchForm(title).includes(word))
        const plain = sampleEntries.filter(({ title }) => holds(title)).map(({ id }) => id)
        fc.pre(plain.length <= 60)
        const found = everyPage(words.join(' '), 20).flatMap((id) => [id, ...editionsOf(id)])
        expect(plain.filter((id) => !found.includes(id))).toEqual([])
      }),
      { numRuns: 30 },
    )
  })
})

const editionsOf = (id: string): string[] =>
  ask(id).hits.flatMap(({ editions }) => editions.map((edition) => edition.id))

describe('counting', () => {
  it('counts distinct tables, and listings as e-Stat does: once for each area', () => {
    const found = over(
      [entry(1, '人口', { collectArea: ['全国', '都道府県', '市区町村'] }), entry(2, '人口総数'), entry(3, '死亡')],
      '人口',
    )
    expect(found).toMatchObject({ tables: 2, listings: 4, complete: 2, results: 2 })
  })

  it('tells tables that meet every word from those that meet most', () => {
    const found = over(
      [entry(1, '世帯 住宅'), entry(2, '住宅'), entry(3, '世帯'), entry(4, '死亡'), entry(5, '出生')],
      '世帯 住宅',
    )
    expect(found).toMatchObject({ tables: 3, complete: 1 })
    expect(idsOf(found)[0]).toBe('0000000001')
  })

  it('stands an empty catalogue', () => {
    expect(over([], '東京都の人口')).toMatchObject({ tables: 0, listings: 0, results: 0, hits: [], nextCursor: null })
  })
})

describe('editions', () => {
  const editions = [
    entry(1, '第１表 年齢別人口', { statisticsName: '平成22年国勢調査', surveyDate: '201010' }),
    entry(2, '第２表 年齢別人口', { statisticsName: '平成27年国勢調査', surveyDate: '201510' }),
    entry(3, '年齢別人口', { statisticsName: '令和２年国勢調査', surveyDate: '202010' }),
    entry(4, '年齢別人口', { statisticsName: '人口推計', statName: { code: '00200524', name: '人口推計' } }),
  ]

  it('are one result, the newest, with the others newest first', () => {
    const found = over(editions, '年齢別人口')
    expect(found.hits[0]?.entry.id).toBe('0000000003')
    expect(found.hits[0]?.editions.map(({ id }) => id)).toEqual(['0000000002', '0000000001'])
    expect(found.hits[0]?.newer).toBeNull()
    expect(found).toMatchObject({ tables: 4, results: 2 })
  })

  it('show the one whose year was asked for, and name the newer', () => {
    const [hit] = over(editions, '2015年 国勢調査 年齢別人口').hits
    expect(hit?.entry.id).toBe('0000000002')
    expect(hit?.newer?.id).toBe('0000000003')
  })

  it('are not tables published side by side in one issue', () => {
    const issue = { statisticsName: '令和２年国勢調査', surveyDate: '202010' }
    const twins = [entry(1, '人口', { ...issue, titleNo: '1' }), entry(2, '人口', { ...issue, titleNo: '2' })]
    expect(over(twins, '人口')).toMatchObject({ tables: 2, results: 2 })
  })

  it('are not tables of other prefectures or meshes', () => {
    const others = [entry(1, '人口 青森県'), entry(2, '人口 岩手県'), entry(3, '人口 M3622'), entry(4, '人口 M3623')]
    expect(over(others, '人口').results).toBe(4)
    expect(over([entry(1, '2-3人世帯'), entry(2, '4-5人世帯')], '世帯').results).toBe(2)
  })

  it('are found in the bundled catalogue: three of one hospital table', () => {
    const [hit] = ask('病院数 病床数').hits
    expect([hit?.entry.id, ...(hit?.editions.map(({ id }) => id) ?? [])]).toEqual([
      '0003421874',
      '0003404862',
      '0003300509',
    ])
    expect(hit?.newer).toBeNull()
  })
})

describe('filters', () => {
  const field = (main: string, sub: string) => ({
    mainCategory: { code: main, name: 'x' },
    subCategory: { code: sub, name: 'y' },
  })
  const entries = [
    entry(1, '人口 甲', {
      surveyDate: '202010',
      openDate: '2021-11-30',
      updatedDate: '2022-01-15',
      ...field('02', '01'),
      collectArea: ['全国'],
    }),
    entry(2, '人口 乙', {
      surveyDate: '201504-201603',
      openDate: '2016-10-26',
      updatedDate: '2017-02-01',
      ...field('02', '02'),
      collectArea: ['都道府県'],
    }),
    entry(3, '人口 丙', {
      govOrg: { code: '00450', name: '厚生労働省' },
      statName: { code: '00450011', name: '人口動態調査' },
      statisticsName: '人口動態調査',
      surveyDate: '201512',
      openDate: '2016-09-01',
      updatedDate: '2016-09-01',
      ...field('15', '01'),
      collectArea: ['市区町村'],
    }),
    entry(8003000001, '人口 丁', {
      smallArea: true,
      surveyDate: '201510',
      openDate: '2019-10-08',
      updatedDate: '2019-10-08',
      ...field('02', '01'),
    }),
  ]
  const kept = (filter: Record<string, unknown>): string[] =>
    idsOf(over(entries, '人口', { ...filter, max_results: 20 }))
      .map((id) => String(Number(id)))
      .toSorted()

  it.each<[string, Record<string, unknown>, string[]]>([
    ['a year', { survey_years: '2020' }, ['1']],
    ['a month', { survey_years: '201512' }, ['2', '3']],
    ['months from to', { survey_years: '201601-202012' }, ['1', '2']],
    ['year of publication', { open_years: '2016' }, ['2', '3']],
    ['month of publication', { open_years: '201610' }, ['2']],
    ['update, a day', { updated_date: '20220115' }, ['1']],
    ['update, from to', { updated_date: '20160101-20171231' }, ['2', '3']],
    ['major field', { stats_field: '02' }, ['1', '2', '8003000001']],
    ['minor field', { stats_field: '0202' }, ['2']],
    ['organisation', { stats_code: '00450' }, ['3']],
    ['survey', { stats_code: '00200521' }, ['1', '2', '8003000001']],
    ['national', { collect_area: '1', search_kind: '1' }, ['1']],
    ['prefectures', { collect_area: 2, search_kind: 1 }, ['2']],
    ['statistics', { search_kind: '1' }, ['1', '2', '3']],
    ['small areas', { search_kind: '2' }, ['8003000001']],
    ['small areas have no area of aggregation', { search_kind: '2', collect_area: '3' }, ['8003000001']],
    ['two at once', { survey_years: '2015', stats_code: '00450' }, ['3']],
    ['nothing fits', { survey_years: '1999' }, []],
  ])('%s', (_what, filter, expected) => {
    expect(kept(filter)).toEqual(expected.toSorted())
  })

  it('keeps a table whose listing does not say, behind those that fit, and counts it', () => {
    const found = over(
      [
        entry(1, '人口'),
        entry(2, '男女別人口', { openDate: '2020-01-01' }),
        entry(3, '人口', { openDate: '2019-01-01' }),
      ],
      '人口',
      { open_years: '2020' },
    )
    expect(idsOf(found)).toEqual(['0000000002', '0000000001'])
    expect(found.unfiltered).toBe(1)
    expect(found.hits.map(({ filtersKnown }) => filtersKnown)).toEqual([true, false])
    expect(found.hits[1]?.parts.filter_unknown).toBe(-2)
  })

  it('reads the survey year from the names where the listing has no date', () => {
    const found = over([entry(1, '令和２年 人口'), entry(2, '平成27年 出生')], '人口', { survey_years: '2015' })
    expect(found.tables).toBe(0)
  })
})

describe('pages', () => {
  it.each(['人口 世帯', '市区町村', '東京都の世帯の推移'])(
    '%s: page by page is the same as at once, each once',
    (query) => {
      const ids = everyPage(query, 7)
      expect(new Set(ids).size).toBe(ids.length)
      expect(ids.length).toBe(ask(query).results)
      expect(ids.slice(0, 20)).toEqual(idsOf(ask(query, { max_results: 20 })))
    },
  )

  it('goes on where it was although the catalogue grew in between', () => {
    const first = ask('市区町村', { max_results: 5 })
    const grown = buildIndex([...sampleEntries, entry(1, '婚姻', { bundled: true })])
    const rest = everyPage('市区町村', 5, grown)
    const second = ask('市区町村', { max_results: 5, cursor: first.nextCursor ?? '' }, grown)
    expect(idsOf(second)).not.toEqual(expect.arrayContaining(idsOf(first)))
    expect(rest).toEqual(expect.arrayContaining([...idsOf(first), ...idsOf(second)]))
  })

  it('lets the size of a page change, and nothing that decides the order', () => {
    const cursor = ask('人口').nextCursor ?? ''
    expect(ask('人口', { cursor, max_results: 3, auto_suggest: false, lang: 'E' }).hits).toHaveLength(3)
    for (const other of [
      { query: '世帯' },
      { query: '人口', survey_years: '2020' },
      { query: '人口', scoring_method: 'basic' },
    ]) {
      const fault = refusal(() => ask(other.query, { ...other, cursor }))
      expect(fault).toMatchObject({ code: 'INVALID_PARAMETER' })
      expect(fault.message).toMatch(/another query/)
    }
  })

  it.each(['x', 'abc', '!!!!', '人口', btoa('1.2.3'), btoa('a.b.c.d'), btoa('-1.5.0000000001.x')])(
    'refuses %s as a cursor',
    (cursor) => {
      expect(refusal(() => ask('人口', { cursor }))).toMatchObject({ code: 'INVALID_PARAMETER' })
    },
  )

  it('is the same for queries that mean the same', () => {
    expect(inputOf({ query: 'ＧＤＰ　人口' })).toEqual(inputOf({ query: ' gdp 人口' }))
    expect(ask('ＧＤＰ　人口').nextCursor).toBe(ask('gdp 人口').nextCursor)
  })
})
