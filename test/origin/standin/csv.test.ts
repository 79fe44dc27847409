/** The CSV forms, getSimple..., against what e-Stat sent, byte for byte, and on a table of the tests' own. */
import { describe, expect, it } from 'vitest'
import { elementFromJson } from '../../../origin/standin/read-json.ts'
import type { StandinListing, StandinTable } from '../../../origin/standin/table.ts'
import { parseCsv } from '../../e2e/parse-csv.ts'
import { readRecording, recordingsPresent } from '../../recordings.ts'
import { tableOfRecording } from '../../standin/table-of-recording.ts'
import { askingText } from './ask.ts'
import { TOY_ID, toyTable } from './toy.ts'

const momentOf = (csv: string): number => Date.parse(/"DATE","([^"]+)"/.exec(csv)?.[1] ?? '')

describe.runIf(recordingsPresent)('The CSV of a recording is answered byte for byte', () => {
  it('statsdata_0003005798.csv, from the JSON of the same answer', async () => {
    const ask = askingText([tableOfRecording('statsdata_0003005798.json')])
    const { text, type } = await ask('getSimpleStatsData', { statsDataId: '0003005798', sectionHeaderFlg: '2' })
    expect(text).toBe(readRecording('statsdata_0003005798.csv'))
    expect(type).toBe('text/plain;charset=utf-8')
  })

  it('statslist_00200524_2017.csv, from the JSON of the same list', async () => {
    const recorded = readRecording('statslist_00200524_2017.csv')
    const ask = askingText([], { listed: listedIn2017(parseCsv(recorded)), now: () => momentOf(recorded) })
    expect((await ask('getSimpleStatsList', { statsCode: '00200524' })).text).toBe(recorded)
  })

  it('statsdata_0003286680_nextkey_excerpt.csv, with every section of its header', async () => {
    const recorded = readRecording('statsdata_0003286680_nextkey_excerpt.csv')
    const table = tableOfSections(parseCsv(recorded))
    const rows = { ...table.rows, count: () => 403_425 }
    const ask = askingText([{ ...table, rows }], { now: () => momentOf(recorded) })
    expect((await ask('getSimpleStatsData', { statsDataId: '0003286680' })).text).toBe(recorded)
  })
})

type Lines = readonly (readonly string[])[]

/** The JSON is of API 2.1, older by an update and without COLLECT_AREA: both are taken from the CSV. */
function listedIn2017(lines: Lines): readonly StandinListing[] {
  const updated = new Map(lines.map((fields) => [fields[0], fields[30] ?? '']))
  const body = JSON.parse(readRecording('statslist_00200524_2017_v2.1.json')) as {
    GET_STATS_LIST: { DATALIST_INF: { TABLE_INF: Record<string, unknown>[] } }
  }
  return body.GET_STATS_LIST.DATALIST_INF.TABLE_INF.map((table) => {
    const COLLECT_AREA = '該当なし'
    const UPDATED_DATE = updated.get(String(table['@id']))
    return {
      info: elementFromJson('TABLE_INF', { ...table, COLLECT_AREA, UPDATED_DATE }),
      collectAreas: [COLLECT_AREA],
    }
  })
}

/** TABLE_INF and the two rows, read off the recorded lines. */
function tableOfSections(lines: Lines): StandinTable {
  const at = (name: string): readonly string[] => lines.find(([first]) => first === name) ?? []
  const coded = (name: string) => ({ '@code': at(name)[1], $: at(name)[2] })
  const specified = (name: string, keys: readonly string[]) =>
    Object.fromEntries(keys.flatMap((key, place) => (at(name)[place + 1] ? [[key, at(name)[place + 1]]] : [])))
  const plain = ['CYCLE', 'SURVEY_DATE', 'OPEN_DATE', 'SMALL_AREA', 'COLLECT_AREA']
  const info = {
    '@id': at('TABLE_INF')[1],
    STAT_NAME: coded('STAT_NAME'),
    GOV_ORG: coded('GOV_ORG'),
    STATISTICS_NAME: at('STATISTICS_NAME')[1],
    TITLE: at('TITLE')[2],
    ...Object.fromEntries(plain.map((name) => [name, at(name)[1]])),
    MAIN_CATEGORY: coded('MAIN_CATEGORY'),
    SUB_CATEGORY: coded('SUB_CATEGORY'),
    OVERALL_TOTAL_NUMBER: at('OVERALL_TOTAL_NUMBER')[1],
    UPDATED_DATE: at('UPDATED_DATE')[1],
    STATISTICS_NAME_SPEC: specified('STATISTICS_NAME_SPEC', ['TABULATION_CATEGORY']),
    TITLE_SPEC: specified('TITLE_SPEC', ['TABLE_CATEGORY', 'TABLE_NAME', 'TABLE_EXPLANATION']),
  }
  const [columns = [], ...rows] = lines.slice(lines.findIndex(([first]) => first === 'tab_code'))
  const cells = rows.map((fields) => Object.fromEntries(columns.map((column, place) => [column, fields[place] ?? ''])))
  const axes = columns.flatMap((column, place) =>
    column.endsWith('_code') ? [{ id: column.slice(0, -5), column, name: columns[place + 1] ?? '' }] : [],
  )
  return {
    ...toyTable(),
    id: at('TABLE_INF')[1] ?? '',
    info: elementFromJson('TABLE_INF', info),
    notes: [],
    annotations: [],
    axes: axes.map(({ id, column, name }) => ({
      id,
      name,
      description: null,
      explanations: [],
      items: [...new Map(cells.map((cell) => [cell[column], cell[name]]))].map(([code = '', name = '']) => ({
        code,
        name,
        level: '',
        unit: id === 'tab' ? (cells[0]?.['unit'] ?? null) : null,
        parentCode: null,
        addInf: null,
      })),
    })),
    rows: {
      total: 2,
      count: () => 2,
      scan: () =>
        cells.map((cell, row) => ({ positions: [0, 0, 0, row], text: cell['value'] ?? '', annotation: null })),
    },
  }
}

describe('getSimpleStatsData', () => {
  const ask = askingText([toyTable({ TITLE: 'two\nlines, "quoted"' })])
  const data = (asked: Record<string, string> = {}) => ask('getSimpleStatsData', { statsDataId: TOY_ID, ...asked })

  it('has sections, notes, then codes and names, unit, value and annotation', async () => {
    const { text } = await data()
    const lines = parseCsv(text)
    expect(lines.map(([first]) => first).slice(0, 9)).toEqual(
      'RESULT,STATUS,ERROR_MSG,DATE,RESULT_INF,TOTAL_NUMBER,FROM_NUMBER,TO_NUMBER,TABLE_INF'.split(','),
    )
    expect(lines).toContainEqual(['TITLE', '', 'two\nlines, "quoted"'])
    expect(lines).toContainEqual(['NOTE', '***', '不詳'])
    const head = lines.findIndex(([first]) => first === 'VALUE')
    expect(lines.slice(head + 1, head + 4)).toEqual([
      ['tab_code', '表章項目', 'cat01_code', '年齢', 'time_code', '時間軸', 'unit', 'value', 'annotation'],
      ['1', '人数', '000', '総数', '2020000000', '2020年', '人', '100', ''],
      ['1', '人数', '000', '総数', '2015000000', '2015年', '人', '90', 'a1'],
    ])
    expect(lines.length - head - 2).toBe(9)
  })

  it('narrows, pages and replaces as the other forms; metaGetFlg and cntGetFlg have no effect', async () => {
    const asked = {
      cdCat01: '020',
      limit: '2',
      replaceSpChars: '3',
      metaGetFlg: 'N',
      cntGetFlg: 'Y',
      sectionHeaderFlg: '2',
    }
    expect(parseCsv((await data(asked)).text).slice(1)).toEqual([
      ['1', '人数', '020', '二十代', '2020000000', '2020年', '人', 'NA', ''],
      ['1', '人数', '020', '二十代', '2015000000', '2015年', '人', '0', ''],
    ])
    expect((await data({ limit: '2' })).text).toContain('"NEXT_KEY","3"\n')
  })

  it('tells a status, with or without section headers', async () => {
    for (const sectionHeaderFlg of ['1', '2']) {
      const empty = await data({ cdCat01: 'gone', sectionHeaderFlg })
      expect([empty.http, empty.text.split('\n')[1]]).toEqual([200, '"STATUS","1"'])
      expect(empty.text).not.toContain('"VALUE"')
      const unknown = await ask('getSimpleStatsData', { statsDataId: '9999999999', sectionHeaderFlg })
      expect([unknown.http, parseCsv(unknown.text).length]).toEqual([400, 4])
      const refused = await ask('getSimpleStatsData', { appId: 'x', sectionHeaderFlg })
      expect([refused.http, refused.text.split('\n')[1]]).toEqual([403, '"STATUS","100"'])
    }
  })
})

it('getSimpleMetaInfo lists every class below its columns', async () => {
  const { text } = await askingText([toyTable()])('getSimpleMetaInfo', { statsDataId: TOY_ID })
  const lines = parseCsv(text)
  const head = lines.findIndex(([first]) => first === 'CLASS_INF')
  expect(lines[head + 1]?.slice(0, 4)).toEqual(['CLASS_OBJ_ID', 'CLASS_OBJ_NAME', 'CLASS_CODE', 'CLASS_NAME'])
  expect(lines.slice(head + 2)).toEqual([
    ['tab', '表章項目', '1', '人数', '', '人', '', ''],
    ['tab', '表章項目', '2', '順位', '', '', '', ''],
    ['cat01', '年齢', '000', '総数', '1', '', '', ''],
    ['cat01', '年齢', '020', '二十代', '2', '', '000', ''],
    ['cat01', '年齢', '#H1', '(再掲)', '3', '', '', '再掲'],
    ['time', '時間軸', '2020000000', '2020年', '1', '', '', ''],
    ['time', '時間軸', '2015000000', '2015年', '1', '', '', ''],
  ])
})

it('getSimpleStatsList lists surveys, and nothing where nothing is found', async () => {
  const ask = askingText([toyTable()])
  const surveys = parseCsv((await ask('getSimpleStatsList', { statsNameList: 'Y' })).text)
  expect(surveys.at(-1)).toEqual(['00200521', '国勢調査', '00200', '総務省'])
  const none = await ask('getSimpleStatsList', { searchWord: 'どこにもない' })
  expect([none.http, none.text]).toEqual([200, expect.not.stringContaining('STAT_INF')])
})
