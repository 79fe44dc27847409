/** JSONP: the same JSON, handed to a function of the caller's (reference/estat-api.md, section 1). */
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { createStandin } from '../../../origin/standin/standin.ts'
import { APP_ID, NOW } from './ask.ts'
import { TOY_ID, toyTable } from './toy.ts'

const standin = createStandin({ tables: [toyTable()], accepts: [APP_ID], now: () => NOW })
const get = (path: string, asked: Record<string, string>): Promise<Response> =>
  standin(
    new Request(`http://e-stat/rest/3.0/app/${path}?${new URLSearchParams({ appId: APP_ID, ...asked }).toString()}`),
  )

/** What the caller's function is given. */
function run(script: string, name: string): unknown {
  const given: unknown[] = []
  const take = (value: unknown): void => void given.push(value)
  runInNewContext(script, { [name]: take, app: { [name]: take } }, { timeout: 1_000 })
  expect(given).toHaveLength(1)
  return JSON.parse(JSON.stringify(given[0]))
}

describe('JSONP', () => {
  it.each<[string, Record<string, string>]>([
    ['getStatsList', {}],
    ['getMetaInfo', { statsDataId: TOY_ID }],
    ['getStatsData', { statsDataId: TOY_ID }],
    ['getStatsData', { statsDataId: '9999999999' }],
    ['getDataCatalog', {}],
    ['refDataset', {}],
  ])('%s %j gives a function what JSON gives', async (operation, asked) => {
    const plain = await get(`json/${operation}`, asked)
    const script = await get(`jsonp/${operation}`, { ...asked, callback: 'take' })
    expect(script.headers.get('content-type')).toBe('text/javascript;charset=utf-8')
    expect(script.status).toBe(plain.status)
    expect(run(await script.text(), 'take')).toEqual(await plain.json())
  })

  it('takes a path of names, and nothing that would run', async () => {
    const nested = await get('jsonp/getMetaInfo', { statsDataId: TOY_ID, callback: 'app.take' })
    expect(run(await nested.text(), 'take')).toHaveProperty('GET_META_INFO')
    for (const callback of ['', 'alert(1)//', 'a b', '1a', 'a..b', 'x'.repeat(101), '</script>']) {
      const answer = await get('jsonp/getMetaInfo', { statsDataId: TOY_ID, callback })
      expect([answer.status, answer.headers.get('content-type')]).toEqual([400, 'application/json;charset=utf-8'])
      expect(await answer.json()).toMatchObject({ GET_META_INFO: { RESULT: { STATUS: 301 } } })
    }
  })

  it('a wrong application ID is told to the function as well', async () => {
    const answer = await get('jsonp/getStatsData', { appId: 'wrong', callback: 'take' })
    expect(answer.status).toBe(403)
    expect(run(await answer.text(), 'take')).toMatchObject({ GET_STATS_DATA: { RESULT: { STATUS: 100 } } })
  })

  it.each(['getStatsDatas', 'postDataset'])('%s, which is sent by POST, has none', async (operation) => {
    expect((await get(`jsonp/${operation}`, { callback: 'take' })).status).toBe(404)
  })
})
