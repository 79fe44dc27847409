/** The client of e-Stat: what it asks, and which pages it takes for whole. */
import { describe, expect, it } from 'vitest'
import {
  APP_ID,
  ask,
  client,
  counted,
  faultOf,
  ID,
  json,
  metadata,
  type Paged,
  paged,
  query,
  range,
  TABLE,
} from './stats-http-client.ts'

describe('what is asked', () => {
  it('metadata, once for each table and language until ten minutes are over', async () => {
    let now = 0
    const { sent, source } = client([metadata()], { now: () => now })
    const first = await source.describe(ID, ask)
    expect(await source.describe(ID, ask)).toBe(first)
    expect(sent).toHaveLength(1)
    await source.describe(ID, { ...ask, lang: 'E' })
    now = 600_000
    await source.describe(ID, ask)
    expect(sent.map((url) => url.searchParams.get('lang'))).toEqual(['J', 'E', 'J'])
    expect(sent[0]?.pathname).toBe('/rest/3.0/app/json/getMetaInfo')
    expect(sent[0]?.host).toBe('api.e-stat.go.jp')
    expect(first).toMatchObject({ info: { id: ID, title: '人口' }, extent: null, axes: [{ id: 'area' }] })
  })

  it('a page, with every narrowing and symbols as they are', async () => {
    const { sent, source } = client([paged()], { appId: `${APP_ID}\n`, baseUrl: 'http://127.0.0.1:9' })
    const narrow = [
      { axis: 'tab', codes: ['#H1', 'A,B'] },
      { axis: 'cat01', from: '01', to: '05' },
      { axis: 'area', level: '2-3' },
    ]
    await source.page({ id: ID, narrow }, range, ask)
    expect(sent[0]?.origin).toBe('http://127.0.0.1:9')
    expect(sent[0]?.search).toContain('cdTab=%23H1%2CA%2CB')
    expect(Object.fromEntries(sent[0]?.searchParams ?? [])).toEqual({
      appId: APP_ID, lang: 'J', statsDataId: ID, cdTab: '#H1,A,B', cdCat01From: '01', cdCat01To: '05', lvArea: '2-3', metaGetFlg: 'N',
      explanationGetFlg: 'N', startPosition: '1', limit: '2', cntGetFlg: 'N', annotationGetFlg: 'Y', replaceSpChars: '0',
    }) // biome-ignore format: the whole query at a glance
  })

  it('a count, without rows', async () => {
    const { sent, source } = client([counted(403227)])
    expect(await source.count(query, ask)).toBe(403227)
    expect(sent[0]?.searchParams.get('cntGetFlg')).toBe('Y')
    expect(sent[0]?.searchParams.get('metaGetFlg')).toBe('N')
  })

  it('never more than 100 codes, nor a range e-Stat has not', async () => {
    const { sent, source } = client([paged()])
    const codes = Array.from({ length: 101 }, String)
    for (const narrow of [[{ axis: 'area', codes }], [{ axis: 'area', codes: [] }]])
      expect((await faultOf(source.count({ id: ID, narrow }, ask))).code).toBe('INVALID_PARAMETER')
    for (const bad of [
      { start: 0, limit: 1 },
      { start: 1, limit: 0 },
      { start: 1, limit: 100_001 },
      { start: 1.5, limit: 1 },
    ])
      for (const kind of ['page', 'packed'] as const)
        expect((await faultOf(source[kind](query, bad, ask))).code).toBe('INVALID_PARAMETER')
    expect(sent).toEqual([])
  })
})

describe('a page', () => {
  it('says what it holds', async () => {
    const page = await client([paged()]).source.page(query, range, ask)
    expect(page).toMatchObject({ total: 2, from: 1, to: 2, nextKey: null, values: [{ $: '0' }, { $: '1' }] })
  })

  it('of one row is one row', async () => {
    const one = paged({ total: 1, to: 1, values: { '@area': '13000', $: '7' } })
    expect((await client([one]).source.page(query, range, ask)).values).toEqual([{ '@area': '13000', $: '7' }])
  })

  it.each<[string, Paged, { start: number; limit: number }]>([
    ['a first one with more to come', { total: 5, next: 3 }, range],
    ['one in the middle', { total: 5, from: 3, to: 4, next: 5 }, { start: 3, limit: 2 }],
    ['the last one', { total: 5, from: 5, to: 5, values: [{ $: '1' }] }, { start: 5, limit: 2 }],
  ])('is whole: %s', async (_, answer, wanted) => {
    for (const kind of ['page', 'packed'] as const) {
      const page = await client([paged(answer)]).source[kind](query, wanted, ask)
      expect([page.from, page.to, page.nextKey]).toEqual([answer.from ?? 1, answer.to ?? 2, answer.next ?? null])
    }
  })

  it.each<[string, Paged]>([
    ['a row is missing', { values: [{ $: '1' }] }],
    ['a row is too many', { values: [{ $: '1' }, { $: '2' }, { $: '3' }] }],
    ['it starts elsewhere', { total: 9, from: 2, to: 3, next: 4 }],
    ['it ends early', { total: 9, to: 1, next: 2, values: [{ $: '1' }] }],
    ['rows follow and NEXT_KEY is missing', { total: 9 }],
    ['NEXT_KEY skips a row', { total: 9, next: 4 }],
    ['NEXT_KEY after the last row', { next: 3 }],
    ['it is another table', { table: { ...TABLE, '@id': '0003410380' } }],
    ['it has no rows at all', { values: '' }],
  ])('is refused where %s', async (_, answer) => {
    for (const kind of ['page', 'packed'] as const)
      expect((await faultOf(client([paged(answer)]).source[kind](query, range, ask))).code).toBe('ESTAT_UNAVAILABLE')
  })

  it('metadata of another table, or without axes, is refused', async () => {
    const other = client([metadata({ ...TABLE, '@id': '0003410380' })])
    expect((await faultOf(other.source.describe(ID, ask))).code).toBe('ESTAT_UNAVAILABLE')
    const empty = client([json({ GET_META_INFO: { RESULT: { STATUS: 0 }, METADATA_INF: { TABLE_INF: TABLE } } })])
    expect((await faultOf(empty.source.describe(ID, ask))).code).toBe('ESTAT_UNAVAILABLE')
    const uncounted = client([json({ GET_STATS_DATA: { RESULT: { STATUS: 0 } } })])
    expect((await faultOf(uncounted.source.count(query, ask))).code).toBe('ESTAT_UNAVAILABLE')
  })
})
