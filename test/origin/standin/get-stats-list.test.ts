import { describe, expect, it } from 'vitest'
import { tableFromStatsData } from '../../../origin/standin/parse-table.ts'
import type { StandinListing } from '../../../origin/standin/table.ts'
import { elementFromJson } from '../../../origin/standin/read-json.ts'
import { asking, at, type Heard, many } from './ask.ts'
import { tableInf, toyTable } from './toy.ts'

const listed = (id: string, changed: Record<string, unknown>, collectAreas: readonly string[]): StandinListing => ({
  info: elementFromJson('TABLE_INF', tableInf(id, changed)),
  collectAreas,
})

const { COLLECT_AREA: _, ...withoutArea } = tableInf('8003000019', { SURVEY_DATE: 201510 })
const LISTED: readonly StandinListing[] = [
  listed('0000000002', { SURVEY_DATE: '202104-202203', UPDATED_DATE: '2022-10-19' }, ['全国', '市区町村', '都道府県']),
  listed(
    '0000000003',
    {
      STAT_NAME: { '@code': '00100409', $: '国民経済計算' },
      GOV_ORG: { '@code': '00100', $: '内閣府' },
      TITLE: '東京　ＧＤＰ',
      SURVEY_DATE: 0,
      OPEN_DATE: '2022-09-08',
      MAIN_CATEGORY: { '@code': '07', $: '企業・家計・経済' },
      SUB_CATEGORY: { '@code': '05', $: '国民経済計算' },
    },
    ['該当なし'],
  ),
  { info: elementFromJson('TABLE_INF', withoutArea), collectAreas: [] },
]

const ask = asking([toyTable()], { listed: LISTED })
const list = (asked: Record<string, string> = {}): Promise<Heard> => ask('getStatsList', asked)
const tables = ({ body }: Heard): readonly Readonly<Record<string, unknown>>[] =>
  many(at(body, 'DATALIST_INF', 'TABLE_INF'))
const shortIds = (heard: Heard): string => tables(heard).map((table) => String(table['@id']).slice(-1)).join('') // biome-ignore format: one line reads better

describe('getStatsList', () => {
  it('lists a table once for each collection area, and counts it so', async () => {
    const heard = await list()
    expect(shortIds(heard)).toBe('12223')
    expect(tables(heard).map((table) => table['COLLECT_AREA'])).toEqual([
      '全国',
      '全国',
      '市区町村',
      '都道府県',
      '該当なし',
    ])
    expect(at(heard.body, 'DATALIST_INF', 'NUMBER')).toBe(5)
    expect(at(heard.body, 'DATALIST_INF', 'RESULT_INF')).toEqual({ FROM_NUMBER: 1, TO_NUMBER: 5 })
  })

  it('pages over listings, not over tables', async () => {
    const { body } = await list({ limit: '2', startPosition: '2' })
    expect(at(body, 'DATALIST_INF', 'RESULT_INF')).toEqual({ FROM_NUMBER: 2, TO_NUMBER: 3, NEXT_KEY: 4 })
  })

  it.each([
    [{ searchKind: '2' }, '9'],
    [{ searchKind: '2', collectArea: '1' }, '9'],
    [{ collectArea: '1' }, '12'],
    [{ collectArea: '2' }, '2'],
    [{ collectArea: '3' }, '2'],
    [{ surveyYears: '2020' }, '1'],
    [{ surveyYears: '202201' }, '222'],
    [{ surveyYears: '202010-202104' }, '1222'],
    [{ surveyYears: '2023' }, ''],
    [{ openYears: '202209' }, '3'],
    [{ openYears: '2021' }, '1222'],
    [{ updatedDate: '20221019' }, '222'],
    [{ updatedDate: '20220101-20220930' }, '13'],
    [{ statsField: '07' }, '3'],
    [{ statsField: '0201' }, '1222'],
    [{ statsCode: '00100' }, '3'],
    [{ statsCode: '00200521' }, '1222'],
    [{ searchWord: '東京' }, '3'],
    [{ searchWord: '東京 AND gdp' }, '3'],
    [{ searchWord: '東京 AND 国勢調査' }, ''],
    [{ searchWord: '東京 OR 国勢調査' }, '12223'],
    [{ searchWord: '国勢調査 NOT 二十代' }, '222'],
    [{ searchWord: '国勢調査 AND 二十代 OR 東京' }, '13'],
    [{ searchWord: '二十代' }, '1'],
    [{ searchWord: '東京 国勢調査' }, ''],
    [{ statsCode: '00200521', collectArea: '2', surveyYears: '2021' }, '2'],
  ])('%j finds "%s"', async (asked, ids) => {
    expect(shortIds(await list(asked))).toBe(ids)
  })

  it('answers STATUS 1 with an empty RESULT_INF where nothing is found', async () => {
    const { http, body } = await list({ searchWord: 'どこにもない' })
    expect(http).toBe(200)
    expect(at(body, 'RESULT', 'STATUS')).toBe(1)
    expect(body['DATALIST_INF']).toEqual({ NUMBER: 0, RESULT_INF: '' })
  })

  it('statsNameList=Y lists surveys, each once', async () => {
    const { body } = await list({ statsNameList: 'Y' })
    expect(body['DATALIST_INF']).toEqual({
      NUMBER: 2,
      RESULT_INF: { FROM_NUMBER: 1, TO_NUMBER: 2 },
      LIST_INF: [
        {
          '@id': '00100409',
          STAT_NAME: { '@code': '00100409', $: '国民経済計算' },
          GOV_ORG: { '@code': '00100', $: '内閣府' },
        },
        {
          '@id': '00200521',
          STAT_NAME: { '@code': '00200521', $: '国勢調査' },
          GOV_ORG: { '@code': '00200', $: '総務省' },
        },
      ],
    })
  })

  it('echoes what was sent in e-Stat’s order, with no START_POSITION of its own', async () => {
    const { body } = await list({
      limit: '40',
      explanationGetFlg: 'N',
      searchWord: '男女別人口',
      statsCode: '00200521',
      surveyYears: '2020',
    })
    expect(JSON.stringify(body['PARAMETER'])).toBe(
      '{"LANG":"J","SURVEY_YEARS":2020,"STATS_CODE":"00200521","SEARCH_WORD":"男女別人口","EXPLANATION_GET_FLG":"N","DATA_FORMAT":"J","LIMIT":40}',
    )
  })

  it('explanationGetFlg=N drops DESCRIPTION', async () => {
    expect((await list()).text).toContain('"DESCRIPTION"')
    expect((await list({ explanationGetFlg: 'N' })).text).not.toContain('"DESCRIPTION"')
  })

  it('makes one table an object', async () => {
    expect(at((await list({ statsField: '07' })).body, 'DATALIST_INF', 'TABLE_INF', '@id')).toBe('0000000003')
  })
})

describe('getMetaInfo', () => {
  it('gives complete class lists, which a table can be parsed from', async () => {
    const { text, body } = await ask('getMetaInfo', { statsDataId: '0000000001', cdTab: '1' })
    const table = toyTable()
    expect(tableFromStatsData(JSON.parse(text)).axes).toEqual(table.axes)
    expect(Object.keys(body['METADATA_INF'] as object)).toEqual(['TABLE_INF', 'CLASS_INF'])
    expect(body['PARAMETER']).toEqual({ LANG: 'J', STATS_DATA_ID: '0000000001', DATA_FORMAT: 'J' })
  })
})
