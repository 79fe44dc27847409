/** What breaks clients of e-Stat (reference/estat-api.md, 7), on bodies made by hand. */
import { describe, expect, it } from 'vitest'
import { decodeData, decodeDataInf, decodeEnvelope, decodeTotal } from '../../../origin/estat/decode-answer.ts'
import { decodeClasses } from '../../../origin/estat/decode-classes.ts'
import { decodeTableInfo } from '../../../origin/estat/decode-table-info.ts'
import { decodeTableList } from '../../../origin/estat/decode-table-list.ts'
import { decodeObservation, noteOf, numberOf, shownFigure } from '../../../origin/estat/observation.ts'
import { cleanName, cleanText, fold } from '../../../origin/estat/text.ts'

describe('one element stands bare, several in an array', () => {
  it('a CLASS_OBJ, a CLASS, a NOTE, a VALUE of one', () => {
    const axes = decodeClasses({
      CLASS_OBJ: { '@id': 'cat01', '@name': '男女', CLASS: { '@code': '0', '@name': '総数' } },
    })
    expect(axes).toEqual([
      {
        id: 'cat01',
        name: '男女',
        description: null,
        items: [{ code: '0', name: '総数', level: null, unit: null, parentCode: null }],
      },
    ])
    const { notes, values, annotations } = decodeDataInf({
      NOTE: { '@char': 'X', $: '秘匿' },
      ANNOTATION: { '@annotation': 'a1', $: '暫定値' },
      VALUE: { '@cat01': '0', $: '5' },
    })
    expect([notes, values, annotations]).toEqual([
      [{ symbol: 'X', meaning: '秘匿' }],
      [{ '@cat01': '0', $: '5' }],
      { a1: '暫定値' },
    ])
  })

  it('a TABLE_INF of one, and none at all', () => {
    expect(decodeTableList({ DATALIST_INF: { NUMBER: 1, TABLE_INF: { '@id': '0000000001' } } }).tables).toHaveLength(1)
    expect(decodeTableList({ DATALIST_INF: { NUMBER: 0, RESULT_INF: '' } })).toEqual({
      total: 0,
      listings: 0,
      nextKey: null,
      tables: [],
    })
  })

  it('no DATA_INF is no rows, and only the count may come back', () => {
    expect(decodeDataInf(undefined)).toEqual({ notes: [], annotations: {}, values: [] })
    expect(decodeTotal({ STATISTICAL_DATA: { RESULT_INF: { TOTAL_NUMBER: 7 } } })).toBe(7)
    expect(decodeData({ STATISTICAL_DATA: { RESULT_INF: { TOTAL_NUMBER: 7 } } })).toBeNull()
  })
})

describe('TABLE_INF', () => {
  it.each([
    ['人口', '人口', null],
    [2020, '2020', null],
    [{ '@no': '1-1', $: '人口' }, '人口', '1-1'],
    [{ '@no': '001', $: 7 }, '7', '001'],
    ['', '表名', null],
  ])('TITLE %j', (title, text, no) => {
    const info = decodeTableInfo({ '@id': '0000000001', TITLE: title, TITLE_SPEC: { TABLE_NAME: '表名' } })
    expect([info.title, info.titleNo]).toEqual([text, no])
  })

  it.each([
    [201710, '201710'],
    ['201601-201612', '201601-201612'],
    [0, null],
    ['0', null],
    ['', null],
    [undefined, null],
  ])('SURVEY_DATE %j', (sent, date) => {
    expect(decodeTableInfo({ SURVEY_DATE: sent }).surveyDate).toBe(date)
  })

  it('is whole and empty where nothing was sent', () => {
    expect(decodeTableInfo('')).toEqual({
      id: '', statName: { code: '', name: '' }, govOrg: { code: '', name: '' }, statisticsName: '', title: '', titleNo: null,
      cycle: null, surveyDate: null, openDate: null, updatedDate: null, smallArea: false, collectArea: [], mainCategory: null,
      subCategory: null, totalRecords: null, description: [],
    }) // biome-ignore format: the whole block at a glance
  })

  it('a total of 0 is not known; a code keeps its zeros', () => {
    const info = decodeTableInfo({ OVERALL_TOTAL_NUMBER: 0, GOV_ORG: { '@code': '00200', $: '総務省' }, SMALL_AREA: 1 })
    expect([info.totalRecords, info.govOrg.code, info.smallArea]).toEqual([null, '00200', true])
  })
})

describe('a cell', () => {
  it.each([
    ['126146099', 126146099],
    ['102', 102],
    ['100.0', 100],
    ['0.0', 0],
    ['-0.3', -0.3],
    ['0', 0],
  ])('%s is a number, its text kept', (text, value) => {
    expect(decodeObservation({ '@area': '00000', '@unit': '人', $: text })).toEqual({
      codes: { area: '00000' }, value, text, symbol: null, unit: '人', annotation: null,
    }) // biome-ignore format: one row
  })

  it.each([
    '-',
    '***',
    'X',
    'x',
    'Ｘ',
    'χ',
    '…',
    '*',
    '－',
    '※',
    '',
    '1,234',
    '１２３',
    ' 5',
    '5 ',
    '1e3',
    '0x10',
    '+5',
    '.5',
    '5.',
    '007',
    'NaN',
    'Infinity',
    'NA',
  ])('%j is no number', (text) => {
    expect(decodeObservation({ $: text })).toMatchObject({ value: null, text, symbol: text })
  })

  it('minus zero is zero', () => {
    expect(Object.is(numberOf('-0.0'), 0)).toBe(true)
    const shown = (text: string) => shownFigure({ value: numberOf(text), text })
    expect(['1234567890123456', '12345678901234567890', '0.10', '-', '9007199254740993'].map(shown)).toEqual([
      1234567890123456,
      '12345678901234567890',
      0.1,
      null,
      '9007199254740993',
    ])
  })

  it('of an empty element has the text ""', () => {
    const { values } = decodeDataInf({ VALUE: [{ '@area': '47000' }, { '@area': '46000', $: 5 }] })
    expect(values.map(decodeObservation).map(({ codes, text, value }) => [codes['area'], text, value])).toEqual([
      ['47000', '', null],
      ['46000', '5', 5],
    ])
  })

  it('0 stays a number where NOTE lists 0, and its meaning is told', () => {
    const notes = [{ symbol: '0', meaning: '単位に満たないもの' }]
    expect(decodeObservation({ $: '0' }).value).toBe(0)
    expect(noteOf('0', notes)).toBe('単位に満たないもの')
  })

  it('a symbol finds its note, in half width too where that is all there is', () => {
    const notes = [{ symbol: '-', meaning: 'なし' }]
    expect([noteOf('-', notes), noteOf('－', notes), noteOf('X', notes)]).toEqual(['なし', 'なし', null])
    expect(noteOf('－', [...notes, { symbol: '－', meaning: '事実のないもの' }])).toBe('事実のないもの')
    expect(noteOf('*', [{ symbol: '*', meaning: '' }])).toBeNull()
  })

  it('takes its unit and annotation from the cell', () => {
    expect(decodeObservation({ '@cat01': '#H04102', '@unit': '', '@annotation': 'b', $: '1' })).toMatchObject({
      codes: { cat01: '#H04102' }, unit: null, annotation: 'b',
    }) // biome-ignore format: one row
  })
})

describe('text', () => {
  it('loses control, bidirectional and invisible characters, and nothing else', () => {
    expect(cleanName('Ａ\u0007　人\u202E口\u2066・\u200B世帯\u{E0041}\uFEFF')).toBe('Ａ　人口・世帯')
    expect(cleanName('表\r\nの 名\t前')).toBe('表 の 名 前')
    expect(cleanText('一行\r\n二行\r三行')).toBe('一行\n二行\n三行')
    expect(cleanName('辻\u{E0100}')).toBe('辻\u{E0100}')
  })

  it('does so in every decoded text', () => {
    const bidi = 'あ\u202Eい'
    const info = decodeTableInfo({
      TITLE: bidi,
      STAT_NAME: { '@code': '1', $: bidi },
      DESCRIPTION: { A: `${bidi}<br />う` },
    })
    expect([info.title, info.statName.name, info.description]).toEqual(['あい', 'あい', ['あい\nう']])
    const [axis] = decodeClasses({
      CLASS_OBJ: { '@id': 'tab', '@name': bidi, '@description': bidi, EXPLANATION: { '@id': 'x', $: bidi }, CLASS: { '@code': '1', '@name': bidi, '@unit': bidi } },
    }) // biome-ignore format: one element
    expect([axis?.name, axis?.description, axis?.items[0]?.name, axis?.items[0]?.unit]).toEqual([
      'あい',
      'あい\nあい',
      'あい',
      'あい',
    ])
    expect(decodeDataInf({ NOTE: { '@char': '-', $: `${bidi}　` } }).notes[0]?.meaning).toBe('あい')
  })

  it('is compared in NFKC, without blanks, in lower case', () => {
    expect(fold('Ａ　人口（ ０～４歳 ）')).toBe('a人口(0~4歳)')
  })
})

describe('the envelope', () => {
  it.each([
    [{ GET_STATS_DATA: { RESULT: { STATUS: 0 } } }, 0],
    [{ GET_META_INFO: { RESULT: { STATUS: '100' } } }, 100],
    [{}, undefined],
    [[], undefined],
    ['<html>', undefined],
    [null, undefined],
    [{ a: { RESULT: { STATUS: 0 } }, b: 1 }, undefined],
  ])('%j', (body, status) => {
    expect(decodeEnvelope(body)?.status).toBe(status)
  })
})
