/** Small tables made for the tests, in e-Stat's own JSON, with everything that recordings show in them. */
import { tableFromStatsData } from '../../../origin/standin/parse-table.ts'
import type { StandinTable } from '../../../origin/standin/table.ts'

type Json = Readonly<Record<string, unknown>>

/** TABLE_INF with what a test changes. */
export const tableInf = (id: string, changed: Json = {}): Json => ({
  '@id': id,
  STAT_NAME: { '@code': '00200521', $: '国勢調査' },
  GOV_ORG: { '@code': '00200', $: '総務省' },
  STATISTICS_NAME: '試しの統計',
  TITLE: { '@no': '01', $: '人口' },
  CYCLE: '-',
  SURVEY_DATE: 202010,
  OPEN_DATE: '2021-06-25',
  SMALL_AREA: 0,
  COLLECT_AREA: '全国',
  MAIN_CATEGORY: { '@code': '02', $: '人口・世帯' },
  SUB_CATEGORY: { '@code': '01', $: '人口' },
  OVERALL_TOTAL_NUMBER: 24,
  UPDATED_DATE: '2022-01-31',
  DESCRIPTION: { TABULATION_CATEGORY_EXPLANATION: '一行目<br />二行目' },
  TITLE_SPEC: { TABLE_NAME: '人口' },
  ...changed,
})

const CLASSES: readonly Json[] = [
  {
    '@id': 'tab',
    '@name': '表章項目',
    CLASS: [
      { '@code': '1', '@name': '人数', '@level': '', '@unit': '人' },
      { '@code': '2', '@name': '順位', '@level': '' },
    ],
  },
  {
    '@id': 'cat01',
    '@name': '年齢',
    '@description': '説明',
    EXPLANATION: { '@id': 'e', $: '年齢とは' },
    CLASS: [
      { '@code': '000', '@name': '総数', '@level': '1' },
      { '@code': '020', '@name': '二十代', '@level': '2', '@parentCode': '000' },
      { '@code': '#H1', '@name': '(再掲)', '@level': '3', '@addInf': '再掲' },
    ],
  },
  {
    '@id': 'time',
    '@name': '時間軸',
    CLASS: [
      { '@code': '2020000000', '@name': '2020年', '@level': '1' },
      { '@code': '2015000000', '@name': '2015年', '@level': '1' },
    ],
  },
]

const cell = (tab: string, cat01: string, time: string, text: string, annotation?: string): Json => ({
  '@tab': tab,
  '@cat01': cat01,
  '@time': time,
  ...(tab === '1' ? { '@unit': '人' } : {}),
  ...(annotation === undefined ? {} : { '@annotation': annotation }),
  $: text,
})

/** Rows in e-Stat's order, sparse: 9 of 12 combinations; symbols, a zero, an empty cell, an annotation. */
export const TOY_CELLS: readonly Json[] = [
  cell('1', '000', '2020000000', '100'),
  cell('1', '000', '2015000000', '90', 'a1'),
  cell('1', '020', '2020000000', '***'),
  cell('1', '020', '2015000000', '0'),
  cell('1', '#H1', '2020000000', '-'),
  cell('1', '#H1', '2015000000', ''),
  cell('2', '000', '2020000000', '1'),
  cell('2', '020', '2020000000', '-0.3'),
  cell('2', '020', '2015000000', 'Ｘ'),
]

export const TOY_ID = '0000000001'

/** @param cells In any order. */
export const toyTable = (changed: Json = {}, cells: readonly Json[] = TOY_CELLS): StandinTable =>
  tableFromStatsData({
    GET_STATS_DATA: {
      STATISTICAL_DATA: {
        TABLE_INF: tableInf(TOY_ID, changed),
        CLASS_INF: { CLASS_OBJ: CLASSES },
        DATA_INF: {
          NOTE: { '@char': '***', $: '不詳' },
          ANNOTATION: { '@annotation': 'a1', $: '暫定値' },
          VALUE: cells,
        },
      },
    },
  })
