/** The client of e-Stat against a fake `send`: what it asks, and what each way of failing becomes. */
import { describe, expect, it } from 'vitest'
import { type StatsHttpOptions, statsHttp } from '../../../origin/adapters/stats-http.ts'
import type { Extent } from '../../../origin/estat/model.ts'
import { Fault, type FaultCode } from '../../../shared/fault.ts'

const APP_ID = '0123456789abcdef0123456789abcdef01234567'
const ID = '0003410379'
const TABLE = { '@id': ID, STAT_NAME: { '@code': '00200521', $: '国勢調査' }, TITLE: '人口' }
const CLASSES = { CLASS_OBJ: { '@id': 'area', '@name': '地域', CLASS: [{ '@code': '13000', '@name': '東京都' }] } }

const json = (body: unknown, status = 200, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json;charset=utf-8', ...headers },
  })
const failed = (status: number, http: number): Response =>
  json({ GET_STATS_DATA: { RESULT: { STATUS: status, ERROR_MSG: '上流の言葉', DATE: '' }, PARAMETER: {} } }, http)
const metadata = (table: object = TABLE): Response =>
  json({ GET_META_INFO: { RESULT: { STATUS: 0 }, METADATA_INF: { TABLE_INF: table, CLASS_INF: CLASSES } } })
const counted = (total: number): Response =>
  json({
    GET_STATS_DATA: {
      RESULT: { STATUS: 0 },
      STATISTICAL_DATA: { RESULT_INF: { TOTAL_NUMBER: total }, TABLE_INF: TABLE },
    },
  })

interface Paged {
  readonly total?: number
  readonly from?: number
  readonly to?: number
  readonly next?: number
  readonly values?: unknown
  readonly table?: object
}
const paged = ({ total = 2, from = 1, to = 2, next, values, table = TABLE }: Paged = {}): Response => {
  const range = {
    TOTAL_NUMBER: total,
    FROM_NUMBER: from,
    TO_NUMBER: to,
    ...(next === undefined ? {} : { NEXT_KEY: next }),
  }
  const value = values ?? Array.from({ length: to - from + 1 }, (_, n) => ({ '@area': '13000', $: String(n) }))
  return json({
    GET_STATS_DATA: {
      RESULT: { STATUS: 0 },
      STATISTICAL_DATA: { RESULT_INF: range, TABLE_INF: table, DATA_INF: { VALUE: value } },
    },
  })
}

type Answer = Response | 'unreachable' | 'silent'

/** A client whose requests are answered in turn, the last answer for good; `sent` keeps the URLs. */
function client(answers: readonly Answer[], options: Partial<StatsHttpOptions> = {}) {
  const sent: URL[] = []
  const send = async (request: Request): Promise<Response> => {
    sent.push(new URL(request.url))
    const answer = answers[Math.min(sent.length, answers.length) - 1]
    if (answer === 'unreachable') throw new TypeError(`fetch failed: ${request.url}`)
    if (answer === 'silent' || answer === undefined) return await new Promise(() => {})
    return answer.clone()
  }
  const source = statsHttp({ send, appId: APP_ID, origin: 'live', now: () => 0, backoffMs: [0, 0], ...options })
  return { sent, source }
}

const ask = { lang: 'J', signal: new AbortController().signal } as const
const query = { id: ID, narrow: [] }
const range = { start: 1, limit: 2 }

async function faultOf(promise: Promise<unknown>): Promise<Fault> {
  const error = await promise.then(
    () => new Error('nothing was thrown'),
    (thrown: unknown) => thrown,
  )
  if (error instanceof Fault) return error
  throw error
}

const inspected = (error: unknown): string => {
  const { message, stack, cause } = error as Error
  return [message, String(stack), JSON.stringify(error), String(cause)].join('\n')
}

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
      expect((await faultOf(source.page(query, bad, ask))).code).toBe('INVALID_PARAMETER')
    expect(sent).toEqual([])
  })
})

describe('a page', () => {
  it('keeps the body as sent', async () => {
    const response = paged()
    const bytes = new Uint8Array(await response.clone().arrayBuffer())
    const page = await client([response]).source.page(query, range, ask)
    expect(page.body).toEqual(bytes)
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
    const page = await client([paged(answer)]).source.page(query, wanted, ask)
    expect([page.from, page.to, page.nextKey]).toEqual([answer.from ?? 1, answer.to ?? 2, answer.next ?? null])
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
    expect((await faultOf(client([paged(answer)]).source.page(query, range, ask))).code).toBe('ESTAT_UNAVAILABLE')
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

describe('nothing matches (STATUS 1)', () => {
  it('is a count of 0, NO_DATA for a page, NOT_FOUND for metadata', async () => {
    const { source } = client([failed(1, 200)])
    expect(await source.count(query, ask)).toBe(0)
    expect((await faultOf(source.page(query, range, ask))).code).toBe('NO_DATA')
    expect((await faultOf(source.describe(ID, ask))).code).toBe('NOT_FOUND')
  })
})

describe('a STATUS that is final', () => {
  it.each<[number, number, FaultCode, RegExp]>([
    [100, 403, 'ESTAT_API_ERROR', /application ID/],
    [101, 400, 'ESTAT_API_ERROR', /status 101/],
    [102, 400, 'ESTAT_API_ERROR', /status 102/],
    [300, 400, 'NOT_FOUND', /no table 0003410379/],
    [301, 500, 'ESTAT_API_ERROR', /status 301/],
  ])('%d with HTTP %d is %s, asked once', async (status, http, code, message) => {
    for (const call of ['describe', 'count', 'page'] as const) {
      const { sent, source } = client([failed(status, http)])
      const fault = await faultOf(
        call === 'describe'
          ? source.describe(ID, ask)
          : call === 'count'
            ? source.count(query, ask)
            : source.page(query, range, ask),
      )
      expect([fault.code, sent.length]).toEqual([code, 1])
      expect(fault.message).toMatch(message)
      expect(inspected(fault)).not.toContain('上流の言葉')
    }
  })

  it('100 says where an ID comes from', async () => {
    expect((await faultOf(client([failed(100, 403)]).source.describe(ID, ask))).hint).toContain(
      'https://www.e-stat.go.jp/api/',
    )
  })
})

describe('on the bundled sample an unknown table', () => {
  const extent: Extent = { note: 'part', noteJa: '一部', rows: 1, totalRows: 2, partialAxes: [], assignedAxes: [] }
  const sample = {
    origin: 'sample',
    knownIds: new Set([ID]),
    extents: new Map([[ID, extent]]),
    recorded: new Map([[ID, '2022-07-15']]),
  } as const

  it('that the catalogue lists is NO_DATA with the way out', async () => {
    const fault = await faultOf(client([failed(300, 400)], sample).source.describe(ID, ask))
    expect([fault.code, fault.hint]).toEqual(['NO_DATA', expect.stringContaining('ESTAT_APP_ID')])
  })

  it('that it does not list is NOT_FOUND', async () => {
    expect(
      (await faultOf(client([failed(300, 400)], sample).source.count({ id: '9999999999', narrow: [] }, ask))).code,
    ).toBe('NOT_FOUND')
  })

  it('a known one carries its extent and the date of its recording', async () => {
    expect(await client([metadata()], sample).source.describe(ID, ask)).toMatchObject({
      extent,
      recordedAt: '2022-07-15',
    })
    expect(await client([metadata()], { origin: 'sample' }).source.describe(ID, ask)).toMatchObject({
      extent: null,
      recordedAt: null,
    })
    expect(await client([metadata()]).source.describe(ID, ask)).not.toHaveProperty('recordedAt')
  })
})

const html = (status: number, headers: Record<string, string> = {}): Response =>
  new Response('<html>ただいまメンテナンス中です http://internal/</html>', { status, headers })

describe('a failure that may pass', () => {
  const truncated = new Response('{"GET_STATS_DATA":{"RESULT":{"STATUS":0},"STATIST', { status: 200 })
  const notUtf8 = new Response(new Uint8Array([0x7b, 0xff, 0x7d]))

  it.each<[string, Answer]>([
    ['no connection', 'unreachable'],
    ['a maintenance page with 200', html(200)],
    ['a maintenance page with 503', html(503)],
    ['a firewall with 403 and no JSON', html(403)],
    ['408', html(408)],
    ['429', html(429)],
    ['502', html(502)],
    ['JSON cut short', truncated],
    ['bytes that are no UTF-8', notUtf8],
    ['JSON of another service', json({ error: 'x' })],
    ['STATUS 200 of its server', failed(200, 500)],
    ['STATUS 299 of its server', failed(299, 500)],
  ])('%s is tried three times, then ESTAT_UNAVAILABLE', async (_, answer) => {
    const { sent, source } = client([answer])
    const fault = await faultOf(source.page(query, range, ask))
    expect([fault.code, sent.length]).toEqual(['ESTAT_UNAVAILABLE', 3])
    expect(inspected(fault)).not.toMatch(/メンテナンス|internal|appId/)
    expect(inspected(fault)).not.toContain(APP_ID)
    expect(fault.cause).toBeUndefined()
  })

  it('and is forgotten where it passes', async () => {
    const { sent, source } = client(['unreachable', html(503), counted(7)])
    expect(await source.count(query, ask)).toBe(7)
    expect(sent).toHaveLength(3)
  })

  it('a final STATUS after it ends it', async () => {
    const { sent, source } = client([html(503), failed(300, 400)])
    expect((await faultOf(source.count(query, ask))).code).toBe('NOT_FOUND')
    expect(sent).toHaveLength(2)
  })

  it('Retry-After is told; a long one is not waited for', async () => {
    const { sent, source } = client([html(429, { 'retry-after': '120' })])
    const fault = await faultOf(source.count(query, ask))
    expect([fault.code, fault.retryAfterSeconds, sent.length]).toEqual(['ESTAT_UNAVAILABLE', 120, 1])
  })
})

describe('an end from outside', () => {
  it('no answer in time is TIMEOUT_ERROR, though the sender does not listen', async () => {
    const { source } = client(['silent'], { timeoutMs: 20 })
    expect((await faultOf(source.count(query, ask))).code).toBe('TIMEOUT_ERROR')
  })

  it('a body that never ends is TIMEOUT_ERROR', async () => {
    const endless = new Response(
      new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array([0x7b])) }),
    )
    const source = statsHttp({
      send: async () => await Promise.resolve(endless),
      appId: APP_ID,
      origin: 'live',
      now: () => 0,
      timeoutMs: 20,
    })
    expect((await faultOf(source.count(query, ask))).code).toBe('TIMEOUT_ERROR')
  })

  it('time runs out between attempts too', async () => {
    const { source } = client([html(503)], { timeoutMs: 20, backoffMs: [1000] })
    expect((await faultOf(source.count(query, ask))).code).toBe('TIMEOUT_ERROR')
  })

  it('a caller who leaves is CANCELLED, before and during', async () => {
    const { sent, source } = client(['silent'])
    expect((await faultOf(source.count(query, { ...ask, signal: AbortSignal.abort() }))).code).toBe('CANCELLED')
    expect(sent).toEqual([])
    const leaving = new AbortController()
    const waiting = faultOf(source.count(query, { ...ask, signal: leaving.signal }))
    leaving.abort()
    expect((await waiting).code).toBe('CANCELLED')
  })

  it('the reason of a call whose budget is used up is kept', async () => {
    const { source } = client(['silent'])
    const own = new Fault('TIMEOUT_ERROR', 'The call took too long.')
    expect(await faultOf(source.count(query, { ...ask, signal: AbortSignal.abort(own) }))).toBe(own)
    expect((await faultOf(source.count(query, { ...ask, signal: AbortSignal.timeout(10) }))).code).toBe('TIMEOUT_ERROR')
  })

  it('the request carries the signal', async () => {
    const leaving = new AbortController()
    let seen: AbortSignal | undefined
    const send = async (request: Request): Promise<Response> => {
      seen = request.signal
      return await new Promise(() => {})
    }
    const source = statsHttp({ send, appId: APP_ID, origin: 'live', now: () => 0 })
    const waiting = faultOf(source.count(query, { ...ask, signal: leaving.signal }))
    leaving.abort()
    await waiting
    expect(seen?.aborted).toBe(true)
  })
})
