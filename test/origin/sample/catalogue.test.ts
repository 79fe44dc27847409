import { describe, expect, it } from 'vitest'
import { BUNDLED_TABLES, loadSample } from '../../../origin/sample/load-sample.ts'

const { catalogue } = loadSample()

describe('The bundled catalogue', () => {
  const entries = catalogue.entries()

  it('has every table once, in order of id, and counts listings beside', () => {
    const ids = entries.map(({ id }) => id)
    expect(ids).toEqual([...new Set(ids)].toSorted())
    expect(ids).toHaveLength(1982)
    expect(ids.every((id) => /^\d{10}$/.test(id))).toBe(true)
    expect(catalogue.listings).toBe(1984)
    expect(catalogue.origin).toBe('sample')
  })

  it('marks what is bundled', () => {
    expect(entries.filter(({ bundled }) => bundled).map(({ id }) => id)).toEqual([...BUNDLED_TABLES])
  })

  it('gathers the collection areas of a table that is listed several times', () => {
    const entry = entries.find(({ id }) => id === '0003433219')
    expect(entry?.collectArea).toEqual(['全国', '市区町村', '都道府県'])
    expect(entry?.titleNo).toBe('1-1')
  })

  it('leaves open what is not known', () => {
    expect(entries.find(({ id }) => id === '0003410380')).toEqual({
      id: '0003410380',
      statName: { code: '00200521', name: '国勢調査' },
      govOrg: { code: '00200', name: '総務省' },
      statisticsName: '時系列データ',
      title: '年齢（5歳階級），男女別人口及び人口性比 － 全国（大正9年～令和2年）',
      titleNo: null,
      cycle: null,
      surveyDate: null,
      openDate: null,
      updatedDate: null,
      smallArea: false,
      collectArea: [],
      mainCategory: null,
      subCategory: null,
      totalRecords: 3752,
      description: [],
      bundled: true,
    })
  })
})
