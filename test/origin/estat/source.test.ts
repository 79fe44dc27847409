import { describe, expect, it } from 'vitest'
import { type SourceContext, sourceOf } from '../../../origin/estat/source.ts'
import { parseTableId, tableUrl } from '../../../origin/estat/table-url.ts'
import { Fault } from '../../../shared/fault.ts'
import { info, sampleMeta } from './tables.ts'

const live: SourceContext = { retrievedAt: '2026-11-19T20:00:00.000Z', origin: 'live', extent: null }

describe('the citation', () => {
  it.each<[string, Partial<SourceContext>, string | null, string]>([
    [
      'as e-Stat asks, with the day in Japan',
      {},
      null,
      '出典：国勢調査「男女別人口」, e-Stat, https://www.e-stat.go.jp/dbview?sid=0000000001, 2026-11-20取得',
    ],
    [
      'with the period of the rows',
      { period: '2020年' },
      '201710',
      '出典：国勢調査「男女別人口」2020年, e-Stat, https://www.e-stat.go.jp/dbview?sid=0000000001, 2026-11-20取得',
    ],
    [
      'else with the date of the survey',
      {},
      '201710',
      '出典：国勢調査「男女別人口」2017年10月, e-Stat, https://www.e-stat.go.jp/dbview?sid=0000000001, 2026-11-20取得',
    ],
    [
      'or its span',
      {},
      '201601-201612',
      '出典：国勢調査「男女別人口」2016年1月～2016年12月, e-Stat, https://www.e-stat.go.jp/dbview?sid=0000000001, 2026-11-20取得',
    ],
    [
      'derived figures say so',
      { derived: true },
      null,
      '出典：国勢調査「男女別人口」, e-Stat, https://www.e-stat.go.jp/dbview?sid=0000000001, 2026-11-20取得 を加工して作成',
    ],
  ])('%s', (_, more, surveyDate, citation) => {
    expect(sourceOf({ ...info, surveyDate }, { ...live, ...more }).citation).toBe(citation)
  })
})

it('live figures carry both credits, and no note', () => {
  expect(sourceOf({ ...info, updatedDate: '2026-10-02' }, live)).toMatchObject({
    dataset_id: '0000000001', title: '男女別人口', survey: '国勢調査', organisation: '総務省',
    table_url: 'https://www.e-stat.go.jp/dbview?sid=0000000001', updated_date: '2026-10-02', retrieved_at: live.retrievedAt, origin: 'live',
    credit: 'このサービスは、政府統計総合窓口(e-Stat)のAPI機能を使用していますが、サービスの内容は国によって保証されたものではありません。',
    credit_en: 'This service uses API functions from e-Stat, however its contents are not guaranteed by government.',
    note: null,
  }) // biome-ignore format: the block at a glance
})

describe('bundled figures', () => {
  it('say that they are, since when, what part of the table, and how to get live ones', async () => {
    const { info: census, extent, recordedAt } = await sampleMeta('0003410379')
    const from = { ...live, origin: 'sample', extent, recordedAt: recordedAt ?? null } as const
    const source = sourceOf(census, from)
    expect([source.origin, source.retrieved_at]).toEqual(['sample', '2022-07-15'])
    expect(source.citation).toContain('2022-07-15取得')
    expect(source.note).toMatch(
      /^同梱データによる回答です.*2022-07-15に.*全4,200行のうち1,008行.*人口の総数のみ.*ESTAT_APP_ID/,
    )
    expect(sourceOf(census, { ...from, lang: 'E' }).note).toMatch(
      /^Bundled figures, not live: recorded from e-Stat on 2022-07-15\. An excerpt \(1,008 of 4,200 rows\): population.*ESTAT_APP_ID/,
    )
  })

  it('of a whole table say so; an unknown date is null, not today', async () => {
    const gdp = await sampleMeta('0003109741')
    const whole = sourceOf(gdp.info, { ...live, origin: 'sample', extent: null, recordedAt: gdp.recordedAt ?? null })
    expect(whole.note).toContain('当時の統計表の全体')
    expect(whole.retrieved_at).toBe('2022-11-03T01:49:44.368+09:00')
    const pyramid = await sampleMeta('0003410380')
    const undated = sourceOf(pyramid.info, {
      ...live,
      origin: 'sample',
      extent: pyramid.extent,
      recordedAt: pyramid.recordedAt ?? null,
    })
    expect([undated.retrieved_at, undated.citation]).toEqual([null, expect.stringContaining('取得日不明')])
  })

  it('stay bundled in the lake', () => {
    const source = sourceOf(info, {
      ...live,
      origin: 'lake',
      fetchedFrom: 'sample',
      extent: null,
      recordedAt: '2022-07-15',
    })
    expect([source.origin, source.retrieved_at, source.note === null]).toEqual(['lake', '2022-07-15', false])
    expect(sourceOf(info, { ...live, origin: 'lake', fetchedFrom: 'live', extent: null }).note).toBeNull()
  })
})

describe('a table id', () => {
  it.each([
    '0003410379',
    ' 0003410379\n',
    '０００３４１０３７９',
    'https://www.e-stat.go.jp/dbview?sid=0003410379',
    'https://www.e-stat.go.jp/en/dbview?sid=0003410379',
    'http://www.e-stat.go.jp/dbview?foo=1&sid=0003410379#top',
    'https://www.e-stat.go.jp/stat-search/database?page=1&statdisp_id=0003410379',
  ])('%j', (text) => {
    expect(parseTableId(text)).toBe('0003410379')
  })

  it.each([
    '003410379', '00034103790', '3410379', '', 'abcdefghij', '0003410379; DROP', '../0003410379', '000341037９x',
    'https://example.com/dbview?sid=0003410379', 'https://www.e-stat.go.jp/other?sid=0003410379', 'https://www.e-stat.go.jp/dbview?sid=1',
    'https://e-stat.go.jp.example.com/dbview?sid=0003410379', 'file:///dbview?sid=0003410379',
  ])('%j is none', (text) => {
    expect(() => parseTableId(text)).toThrow(Fault)
    expect(() => parseTableId(text)).toThrow(/is not a table id/)
  }) // biome-ignore format: a list of texts

  it('makes the URL of its page', () => {
    expect(parseTableId(tableUrl('0003410379'))).toBe('0003410379')
  })
})
