/** getStatsDatas: each table's part is what getStatsData answers for it alone. */
import { describe, expect, it } from 'vitest'
import { generatedTable } from '../../../origin/standin/generate/table.ts'
import { createStandin } from '../../../origin/standin/standin.ts'
import { APP_ID, asking, at, many, NOW } from './ask.ts'
import { TOY_ID, toyTable } from './toy.ts'

const ID = '0009000001'
const tables = [toyTable(), generatedTable({ id: ID, seed: 1, rows: 300 })]
const alone = asking(tables)
const standin = createStandin({ tables, accepts: [APP_ID], now: () => NOW })

async function bulk(statsDatasSpec: unknown, sent: Record<string, string> = {}, path = 'json/getStatsDatas') {
  const spec = typeof statsDatasSpec === 'string' ? statsDatasSpec : JSON.stringify(statsDatasSpec)
  const body = new URLSearchParams({ appId: APP_ID, statsDatasSpec: spec, ...sent })
  const answer = await standin(new Request(`http://standin.invalid/rest/3.0/app/${path}`, { method: 'POST', body }))
  const text = await answer.text()
  const root = path.startsWith('json')
    ? (JSON.parse(text) as { GET_STATS_DATAS: Record<string, unknown> }).GET_STATS_DATAS
    : {}
  return { http: answer.status, text, root, list: root['STATISTICAL_DATA_LIST'] }
}

const numbered = (value: unknown, requestNo: string): unknown =>
  many(value).find((one) => one['@requestNo'] === requestNo)
const without = (value: unknown): unknown => {
  const { '@requestNo': _no, ...rest } = value as Record<string, unknown>
  return rest
}

describe('getStatsDatas', () => {
  const specs = [
    { statsDataId: TOY_ID, cdCat01: '020' },
    { statsDataId: ID, startPosition: 11, limit: '20' },
  ]

  it.each([{}, { metaGetFlg: 'N' }, { explanationGetFlg: 'N', annotationGetFlg: 'N' }])(
    'puts together what each answers alone, with %j',
    async (sent) => {
      const { http, root, list } = await bulk(specs, sent)
      expect([http, at(root, 'RESULT', 'STATUS')]).toEqual([200, 0])
      expect(at(list, 'RESULT_INF')).toEqual({ TOTAL_NUMBER: 304, FROM_NUMBER: 1, TO_NUMBER: 24 })
      for (const [place, spec] of specs.entries()) {
        const asked = Object.fromEntries(Object.entries(spec).map(([name, value]) => [name, String(value)]))
        const { body } = await alone('getStatsData', { ...asked, ...sent })
        for (const name of ['TABLE_INF', 'CLASS_INF', 'DATA_INF']) {
          const single = at(body, 'STATISTICAL_DATA', name)
          const found = numbered(at(list, `${name}_LIST`, name), String(place + 1))
          expect(found === undefined ? undefined : without(found)).toEqual(single)
        }
      }
    },
  )

  it('echoes what holds for all, and each by its number', async () => {
    const { root } = await bulk(specs)
    expect(root['PARAMETER_LIST']).toEqual({
      LANG: 'J',
      DATA_FORMAT: 'J',
      METAGET_FLG: 'Y',
      PARAMETER: [
        { '@requestNo': '1', STATS_DATA_ID: TOY_ID, NARROWING_COND: { CODE_CAT01_SELECT: '020' }, START_POSITION: 1 },
        { '@requestNo': '2', STATS_DATA_ID: ID, START_POSITION: 11, LIMIT: 20 },
      ],
    })
  })

  it('has no DATA_INF for what finds nothing, and STATUS 1 where nothing is found at all', async () => {
    const gone = { statsDataId: TOY_ID, cdCat01: 'gone' }
    const some = await bulk([gone, { statsDataId: TOY_ID, cdTab: '2' }])
    expect(at(some.root, 'RESULT', 'STATUS')).toBe(0)
    expect(at(some.list, 'DATA_INF_LIST', 'DATA_INF', '@requestNo')).toBe('2')
    const none = await bulk([gone])
    expect([at(none.root, 'RESULT', 'STATUS'), at(none.list, 'DATA_INF_LIST')]).toEqual([1, undefined])
  })

  it.each([
    ['not JSON', 301],
    [[], 301],
    [{ statsDataId: TOY_ID }, 301],
    [[{ statsDataId: [TOY_ID] }], 301],
    [['x'], 301],
    [[{ statsDataId: TOY_ID }, { statsDataId: '9999999999' }], 300],
    [[{ statsDataId: TOY_ID, lvCat01: 'x' }], 301],
  ])('refuses %j', async (spec, status) => {
    const { http, root } = await bulk(spec)
    expect([http, at(root, 'RESULT', 'STATUS')]).toEqual([400, status])
  })

  it('answers as XML, by POST alone, and to known IDs', async () => {
    expect((await bulk(specs, {}, 'getStatsDatas')).text).toContain('<DATA_INF requestNo="2">')
    expect((await standin(new Request('http://standin.invalid/rest/3.0/app/json/getStatsDatas'))).status).toBe(405)
    expect((await bulk(specs, { appId: 'x' })).http).toBe(403)
  })
})
