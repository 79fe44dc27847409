import { describe, expect, it } from 'vitest'
import { AREA_CHANGES } from '../../../../origin/estat/search/area-changes.ts'
import { lookUpAreas, lookUpFields } from '../../../../origin/estat/search/look-up.ts'
import { PLACES } from '../../../../origin/estat/search/municipalities.ts'
import { rewrite } from '../../../../origin/estat/search/rewrite.ts'
import { loadSample } from '../../../../origin/sample/load-sample.ts'

const codes = (find: string, level: number | null = null) => lookUpAreas(find, level).map(({ code }) => code)

describe('areas', () => {
  it.each<[find: string, codes: string[]]>([
    ['東京', ['13000']],
    ['東京都', ['13000']],
    ['Tokyo', ['13000']],
    ['京都', ['26000', '26100']],
    ['府中市', ['13206', '34208']],
    ['東京都 府中市', ['13206']],
    ['東京都府中市', ['13206']],
    ['横浜', ['02406', '14100']],
    ['横浜市', ['14100']],
    ['13101', ['13101']],
    ['札幌市 中央区', ['01101']],
    ['全国', ['00000']],
    ['北海道', ['01000']],
    ['さいたま市', ['11100']],
  ])('%s is %j', (find, expected) => expect(codes(find)).toEqual(expected))

  it('lists every ward of a name that many cities have, and narrows by level', () => {
    const wards = lookUpAreas('中央区', null)
    expect(wards.length).toBeGreaterThan(8)
    expect(wards.every(({ name }) => name.endsWith('中央区'))).toBe(true)
    expect(codes('中央区', 2)).toEqual(['13102'])
    expect(codes('広島', 1)).toEqual(['34000'])
    expect(codes('広島', 2)).toContain('34100')
  })

  it('leads from a code or name that is gone to where it is counted today', () => {
    for (const ward of ['浜松市 中区', '浜松市中区', '静岡県 浜松市 中区'])
      expect(lookUpAreas(ward, null)).toMatchObject([{ code: '22138', note: expect.stringMatching(/22131.*2024/) }])
    expect(lookUpAreas('浦和市', null)).toMatchObject([{ code: '11100', note: expect.stringMatching(/11204.*2001/) }])
    expect(codes('22135')).toEqual(['22138', '22139'])
    expect(lookUpAreas('篠山市', null, 'E')[0]).toMatchObject({ code: '28221', note: expect.stringMatching(/renamed/) })
  })

  it('finds nothing for nothing', () => expect(codes('ブラジル')).toEqual([]))

  it('knows today’s code of every change, and none of the codes that are gone', () => {
    const known = new Set(PLACES.map(({ code }) => code))
    for (const { code, now } of AREA_CHANGES) {
      expect(
        now.filter((successor) => !known.has(successor)),
        code,
      ).toEqual([])
      expect(known.has(code), code).toBe(now.includes(code))
    }
  })

  it('has each code once, below a parent that is there', () => {
    const known = new Set(PLACES.map(({ code }) => code))
    expect(known.size).toBe(PLACES.length)
    expect(PLACES.filter(({ level }) => level === 1)).toHaveLength(48)
    for (const { code, parentCode } of PLACES) expect(parentCode === null || known.has(parentCode), code).toBe(true)
  })
})

describe('fields', () => {
  it('come by code and by name', () => {
    expect(lookUpFields('02', null).map(({ name }) => name)).toEqual(['人口・世帯', '人口'])
    expect(lookUpFields('人口・世帯', null)).toMatchObject([{ code: '02', exact: true, level: 1 }])
    expect(lookUpFields('物価', 2)).toMatchObject([{ code: '0703', parentCode: '07' }])
  })

  it('holds every field that a recorded list shows', () => {
    const entries = loadSample().catalogue.entries()
    for (const { mainCategory, subCategory } of entries) {
      if (mainCategory === null || subCategory === null) continue
      const [field] = lookUpFields(`${mainCategory.code}${subCategory.code}`, 2)
      expect(field?.name).toBe(subCategory.name)
    }
  })
})

describe('rewriting', () => {
  it.each<[query: string, words: Record<string, string>, expected: string]>([
    ['東京の給料の推移', { 給料: '賃金' }, '東京の賃金の推移'],
    ['東京給料推移', { 給料: '賃金' }, '東京賃金推移'],
    ['給料と賃金', { 給料: '賃金', 賃金: '所得' }, '賃金と所得'],
    ['大学生と大学', { 大学: '高等教育', 大学生: '学生' }, '学生と高等教育'],
    ['wages in art', { art: '芸術', wage: '賃金' }, 'wages in 芸術'],
    ['Ｗａｇｅ 2020', { wage: '賃金' }, '賃金 2020'],
    ['a.b', { 'a.b': '$1' }, '$1'],
  ])('%s with %j is %s', (query, words, expected) => expect(rewrite(query, words).query).toBe(expected))

  it('says which words it did not find', () => {
    expect(rewrite('給料', { 給料: '賃金', 家賃: '借家' })).toEqual({
      query: '賃金',
      applied: ['給料'],
      missing: ['家賃'],
    })
  })
})
