import { describe, expect, it } from 'vitest'
import { createStandin } from '../../../origin/standin/standin.ts'
import { APP_ID, asking, at, NOW } from './ask.ts'
import { TOY_ID, toyTable } from './toy.ts'

const ask = asking([toyTable()])

describe('The stand-in as a server', () => {
  it('sends e-Stat’s headers, and DATE in Japan’s time with milliseconds', async () => {
    const { headers, body } = await ask('getMetaInfo', { statsDataId: TOY_ID })
    expect(headers.get('content-type')).toBe('application/json;charset=utf-8')
    expect(headers.get('access-control-allow-origin')).toBe('*')
    expect(body['RESULT']).toEqual({
      STATUS: 0,
      ERROR_MSG: '正常に終了しました。',
      DATE: '2020-12-02T22:52:44.251+09:00',
    })
  })

  it.each(['getStatsList', 'getMetaInfo', 'getStatsData'])(
    '%s: STATUS 100 with HTTP 403 comes before any other check',
    async (operation) => {
      for (const appId of ['', 'wrong', `${APP_ID} `, `${APP_ID}\n`]) {
        const { http, body } = await ask(operation, { appId, statsDataId: 'none', limit: 'x' })
        expect(http).toBe(403)
        expect(Object.keys(body)).toEqual(['RESULT', 'PARAMETER'])
        expect(at(body, 'RESULT', 'STATUS')).toBe(100)
        expect(at(body, 'PARAMETER', 'START_POSITION')).toBeUndefined()
      }
    },
  )

  it.each(['getMetaInfo', 'getStatsData'])('%s: an unknown table is STATUS 300 with HTTP 400', async (operation) => {
    const { http, body } = await ask(operation, { statsDataId: '9999999999' })
    expect(http).toBe(400)
    expect(at(body, 'RESULT', 'STATUS')).toBe(300)
    expect(at(body, 'RESULT', 'ERROR_MSG')).toBe('statsDataId=[9999999999]のデータは存在しません。IDを確認して下さい。')
  })

  it.each([
    [{}, 301],
    [{ statsDataId: TOY_ID, dataSetId: 'x' }, 301],
    [{ dataSetId: 'x' }, 105],
    [{ statsDataId: TOY_ID, lvCat01: 'x' }, 301],
    [{ statsDataId: TOY_ID, lvCat01: '12' }, 301],
    [{ statsDataId: TOY_ID, lvCat01: '-' }, 301],
  ])('getStatsData with %j is an error with HTTP 400', async (asked, status) => {
    const { http, body } = await ask('getStatsData', asked)
    expect(http).toBe(400)
    expect(at(body, 'RESULT', 'STATUS')).toBe(status)
  })

  it('never echoes the application ID', async () => {
    for (const asked of [{ statsDataId: TOY_ID }, { statsDataId: 'none' }, { appId: 'secret-of-another' }])
      expect((await ask('getStatsData', asked)).text).not.toMatch(/an-id-the-tests-use|secret-of-another|appId/i)
  })

  it('echoes conditions axis by axis, codes as one text, numbers as numbers', async () => {
    const { body } = await ask('getStatsData', {
      statsDataId: TOY_ID,
      cdTime: '2020000000',
      lvArea: '1-4',
      cdCat02: '33,40',
      cdCat01To: '02',
      cdCat01From: '01',
      lang: 'E',
      sectionHeaderFlg: '1',
      replaceSpChar: '0',
      unknown: 'ignored',
    })
    expect(JSON.stringify(body['PARAMETER'])).toBe(
      '{"LANG":"E","STATS_DATA_ID":"0000000001","NARROWING_COND":{"CODE_CAT01_FROM":"01","CODE_CAT01_TO":"02",' +
        '"CODE_CAT02_SELECT":"33,40","LEVEL_AREA_COND":"1-4","CODE_TIME_SELECT":2020000000},"DATA_FORMAT":"J",' +
        '"START_POSITION":1,"METAGET_FLG":"Y","REPLACE_SP_CHARS":0,"SECTION_HEADER_FLG":1}',
    )
  })

  it('answers 404 for what it does not serve and 405 for another method', async () => {
    const standin = createStandin({ tables: [], accepts: [APP_ID], now: () => NOW })
    const asked = (path: string, method = 'GET'): Promise<Response> =>
      standin(new Request(`http://standin.invalid${path}`, { method }))
    expect((await asked('/')).status).toBe(404)
    expect((await asked('/rest/3.0/app/json/getNothing')).status).toBe(404)
    const posted = await asked('/rest/3.0/app/json/getStatsData', 'POST')
    expect(posted.status).toBe(405)
    expect(posted.headers.get('allow')).toBe('GET')
  })
})
