import { describe, expect, it } from 'vitest'
import { asking, at, codesIn, valuesIn } from './ask.ts'
import { TOY_CELLS, TOY_ID, toyTable } from './toy.ts'

const ask = asking([toyTable()])
const data = (asked: Record<string, string> = {}) => ask('getStatsData', { statsDataId: TOY_ID, ...asked })

describe('getStatsData', () => {
  it('gives every cell in the order of CLASS_INF, also where the table was built from another', async () => {
    expect(valuesIn(await data())).toEqual(TOY_CELLS)
    const shuffled = asking([toyTable({}, TOY_CELLS.toReversed())])
    expect(valuesIn(await shuffled('getStatsData', { statsDataId: TOY_ID }))).toEqual(TOY_CELLS)
  })

  it('keeps the order of keys that recordings have', async () => {
    const { body, text } = await data()
    expect(Object.keys(body)).toEqual(['RESULT', 'PARAMETER', 'STATISTICAL_DATA'])
    expect(Object.keys(at(body, 'STATISTICAL_DATA') as object)).toEqual([
      'RESULT_INF',
      'TABLE_INF',
      'CLASS_INF',
      'DATA_INF',
    ])
    expect(Object.keys(at(body, 'STATISTICAL_DATA', 'DATA_INF') as object)).toEqual(['NOTE', 'ANNOTATION', 'VALUE'])
    expect(text).toContain(
      '{"@tab":"1","@cat01":"000","@time":"2015000000","@unit":"\\u4EBA","@annotation":"a1","$":"90"}',
    )
  })

  it.each([
    ['cdCat01', { cdCat01: '020' }, { cat01: ['020'] }, 4],
    ['cdCat01 with two codes, one unknown', { cdCat01: '#H1,000,xxx' }, { cat01: ['000', '#H1'] }, 5],
    ['cdTime=min', { cdTime: 'min' }, { time: ['2015000000'] }, 4],
    ['cdTime=max', { cdTime: 'max' }, { time: ['2020000000'] }, 5],
    ['From and To, inclusive', { cdCat01From: '000', cdCat01To: '020' }, { cat01: ['000', '020'] }, 7],
    ['From alone', { cdCat01From: '001' }, { cat01: ['020'] }, 4],
    ['To=min', { cdTimeTo: 'min' }, { time: ['2015000000'] }, 4],
    ['lvX', { lvCat01: '1' }, { cat01: ['000'] }, 3],
    ['lvX-Y', { lvCat01: '2-3' }, { cat01: ['020', '#H1'] }, 6],
    ['lv-X', { lvCat01: '-2' }, { cat01: ['000', '020'] }, 7],
    ['lvX-', { lvCat01: '2-' }, { cat01: ['020', '#H1'] }, 6],
    ['a code and a level on one axis', { cdCat01: '000,020', lvCat01: '2' }, { cat01: ['020'] }, 4],
    ['two axes', { cdTab: '2', cdTime: '2020000000' }, { tab: ['2'], time: ['2020000000'] }, 2],
    ['an axis that the table lacks', { cdArea: '13000' }, {}, 9],
  ])('narrows by %s: cells, TOTAL_NUMBER and CLASS_INF', async (_, asked, classes, count) => {
    const heard = await data(asked)
    expect(at(heard.body, 'STATISTICAL_DATA', 'RESULT_INF', 'TOTAL_NUMBER')).toBe(count)
    expect(valuesIn(heard)).toHaveLength(count)
    expect(codesIn(heard)).toEqual({
      tab: ['1', '2'],
      cat01: ['000', '020', '#H1'],
      time: ['2020000000', '2015000000'],
      ...classes,
    })
  })

  it('narrows CLASS_INF by the conditions, not by the cells that are left', async () => {
    expect(codesIn(await data({ cdTab: '2', cdTime: '2015000000' }))['cat01']).toEqual(['000', '020', '#H1'])
  })

  it('makes one class and one value objects, not lists', async () => {
    const { body } = await data({ cdTab: '2', cdCat01: '000' })
    expect(at(body, 'STATISTICAL_DATA', 'CLASS_INF', 'CLASS_OBJ', 0, 'CLASS')).toEqual({
      '@code': '2',
      '@name': '順位',
      '@level': '',
    })
    expect(at(body, 'STATISTICAL_DATA', 'DATA_INF', 'VALUE', '$')).toBe('1')
  })

  it.each([
    ['100', 200],
    ['101', 400],
  ])('takes %s codes with HTTP %i', async (count, http) => {
    const codes = Array.from({ length: Number(count) }, (_, index) => String(index).padStart(3, '0')).join(',')
    expect((await data({ cdCat01: codes })).http).toBe(http)
  })

  it('answers STATUS 1 with HTTP 200 and no DATA_INF where nothing matches', async () => {
    const { http, body } = await data({ cdCat01: 'gone' })
    expect(http).toBe(200)
    expect(at(body, 'RESULT', 'STATUS')).toBe(1)
    expect(at(body, 'RESULT', 'ERROR_MSG')).toBe('正常に終了しましたが、該当データはありませんでした。')
    expect(at(body, 'STATISTICAL_DATA', 'RESULT_INF')).toEqual({ TOTAL_NUMBER: 0 })
    expect(at(body, 'STATISTICAL_DATA', 'DATA_INF')).toBeUndefined()
  })

  it.each([
    [undefined, ['***', '0', '-', '', '-0.3', 'Ｘ']],
    ['0', ['***', '0', '-', '', '-0.3', 'Ｘ']],
    ['1', ['0', '0', '0', '', '-0.3', '0']],
    ['2', ['', '0', '', '', '-0.3', '']],
    ['3', ['NA', '0', 'NA', '', '-0.3', 'NA']],
  ])('replaceSpChars=%s, under both spellings', async (kind, texts) => {
    for (const name of ['replaceSpChars', 'replaceSpChar']) {
      const heard = await data(kind === undefined ? {} : { [name]: kind })
      const all = valuesIn(heard).map(({ $ }) => $)
      expect([...all.slice(2, 6), ...all.slice(7)]).toEqual(texts)
      expect(at(heard.body, 'PARAMETER', 'REPLACE_SP_CHARS')).toBe(kind === undefined ? undefined : Number(kind))
    }
  })

  it('metaGetFlg=N leaves CLASS_INF out and TABLE_INF in', async () => {
    const { body } = await data({ metaGetFlg: 'N' })
    expect(Object.keys(at(body, 'STATISTICAL_DATA') as object)).toEqual(['RESULT_INF', 'TABLE_INF', 'DATA_INF'])
    expect(at(body, 'PARAMETER', 'METAGET_FLG')).toBe('N')
  })

  it('cntGetFlg=Y counts and sends no cells; a count of nothing is STATUS 1', async () => {
    const { body } = await data({ cntGetFlg: 'Y', cdTab: '1' })
    expect(at(body, 'STATISTICAL_DATA', 'RESULT_INF')).toEqual({ TOTAL_NUMBER: 6 })
    expect(at(body, 'STATISTICAL_DATA', 'DATA_INF')).toBeUndefined()
    const none = await data({ cntGetFlg: 'Y', cdTab: '9' })
    expect(at(none.body, 'RESULT', 'STATUS')).toBe(1)
    expect(at(none.body, 'STATISTICAL_DATA', 'RESULT_INF')).toEqual({ TOTAL_NUMBER: 0 })
  })

  it('explanationGetFlg=N drops what explains', async () => {
    const explained = (await data()).text
    const bare = (await data({ explanationGetFlg: 'N' })).text
    expect(explained).toContain('"DESCRIPTION"')
    expect(explained).toContain('"EXPLANATION":{"@id":"e"')
    expect(bare).not.toMatch(/"DESCRIPTION"|"EXPLANATION"|"@description"/)
  })

  it('annotationGetFlg=N drops ANNOTATION and @annotation', async () => {
    const heard = await data({ annotationGetFlg: 'N' })
    expect(heard.text).not.toMatch(/"ANNOTATION"|@annotation/)
    expect(valuesIn(heard)).toHaveLength(TOY_CELLS.length)
  })
})
