/** The client of e-Stat: what each way of failing becomes. */
import { describe, expect, it } from 'vitest'
import { statsHttp } from '../../../origin/adapters/stats-http.ts'
import type { Extent } from '../../../origin/estat/model.ts'
import { Fault, type FaultCode } from '../../../shared/fault.ts'
import {
  type Answer,
  APP_ID,
  ask,
  client,
  counted,
  failed,
  faultOf,
  ID,
  inspected,
  json,
  metadata,
  query,
  range,
} from './stats-http-client.ts'

describe('nothing matches (STATUS 1)', () => {
  it('is a count of 0, NO_DATA for a page, NOT_FOUND for metadata', async () => {
    const { source } = client([failed(1, 200)])
    expect(await source.count(query, ask)).toBe(0)
    expect((await faultOf(source.page(query, range, ask))).code).toBe('NO_DATA')
    expect((await faultOf(source.packed(query, range, ask))).code).toBe('NO_DATA')
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
    for (const call of ['describe', 'count', 'page', 'packed'] as const) {
      const { sent, source } = client([failed(status, http)])
      const fault = await faultOf(
        call === 'describe'
          ? source.describe(ID, ask)
          : call === 'count'
            ? source.count(query, ask)
            : source[call](query, range, ask),
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
    for (const kind of ['page', 'packed'] as const) {
      const { sent, source } = client([answer])
      const fault = await faultOf(source[kind](query, range, ask))
      expect([fault.code, sent.length]).toEqual(['ESTAT_UNAVAILABLE', 3])
      expect(inspected(fault)).not.toMatch(/メンテナンス|(?<!node:)internal|appId/)
      expect(inspected(fault)).not.toContain(APP_ID)
      expect(fault.cause).toBeUndefined()
    }
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
    for (const header of ['120', new Date(120_000).toUTCString()]) {
      const { sent, source } = client([html(429, { 'retry-after': header })])
      const fault = await faultOf(source.count(query, ask))
      expect([fault.code, fault.retryAfterSeconds, sent.length]).toEqual(['ESTAT_UNAVAILABLE', 120, 1])
    }
  })

  it('Retry-After is waited for where the deadline allows', async () => {
    const answers = [html(429, { 'retry-after': '1' }), counted(7)]
    const now = (): number => Date.now()
    const began = now()
    expect(await client(answers, { now }).source.count(query, { ...ask, deadline: began + 5000 })).toBe(7)
    expect(now() - began).toBeGreaterThanOrEqual(990)
    const { sent, source } = client(answers, { now })
    const fault = await faultOf(source.count(query, { ...ask, deadline: now() + 1400 }))
    expect([fault.code, fault.message, fault.retryAfterSeconds, sent.length]).toEqual([
      'ESTAT_UNAVAILABLE',
      'e-Stat asks for fewer requests. No time was left to ask again.',
      1,
      1,
    ])
  })
})

describe('an end from outside', () => {
  it('no answer in time is asked again, then TIMEOUT_ERROR, though the sender does not listen', async () => {
    const { sent, source } = client(['silent'], { attemptMs: 20 })
    const fault = await faultOf(source.count(query, ask))
    expect([fault.code, fault.message]).toEqual([
      'TIMEOUT_ERROR',
      'e-Stat did not answer in time. It was asked 3 times.',
    ])
    expect(sent).toHaveLength(3)
    expect(await client(['silent', counted(7)], { attemptMs: 20 }).source.count(query, ask)).toBe(7)
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
      attemptMs: 20,
      retry: { attempts: 1, baseMs: 0, capMs: 0 },
    })
    expect((await faultOf(source.packed(query, range, ask))).code).toBe('TIMEOUT_ERROR')
  })

  it('a caller who leaves between attempts is CANCELLED at once', async () => {
    const { sent, source } = client([html(503)], { retry: { attempts: 3, baseMs: 60_000, capMs: 60_000 } })
    const leaving = new AbortController()
    const waiting = faultOf(source.count(query, { ...ask, signal: leaving.signal }))
    await expect.poll(() => sent.length).toBe(1)
    leaving.abort()
    expect((await waiting).code).toBe('CANCELLED')
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
