/** The Lambda's handler on the events of each of its fronts. */
import { describe, expect, it } from 'vitest'
import type { Peer } from '../../../edge/platform/common/peer.ts'
import { lambdaHandler } from '../../../edge/platform/lambda/handler.ts'
import { type Asked, balancer, httpApi, restApi } from './lambda-events.ts'

interface Result {
  readonly statusCode: number
  readonly headers?: Readonly<Record<string, string>>
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[]>>
  readonly body: string
  readonly isBase64Encoded: boolean
}

interface Heard {
  readonly request: Request
  readonly text: string
  readonly peer: Peer
  readonly secure: boolean
}

/** The handler over an edge that answers as told, and what that edge heard. */
function lambda(answer: (request: Request) => Response = () => Response.json({ ok: true })) {
  const heard: Heard[] = []
  let settled = 0
  const handler = lambdaHandler({} as never, (options) => ({
    async fetch(request, peer) {
      const secure = options.cameByTls?.(request) ?? false
      heard.push({ request, text: await request.clone().text(), peer, secure })
      return answer(request)
    },
    settled: async () => void settled++,
    report: () => undefined,
  }))
  const invoke = async (event: object): Promise<Result> => handler(event as never)
  return { heard, invoke, settled: () => settled }
}

const bytes = new TextEncoder().encode('{"x":"人口"}')
const POST: Asked = { method: 'POST', path: '/mcp', query: 'q=%E4%BA%BA&x=1', body: bytes }

describe.each([
  ['API Gateway REST', restApi, '198.51.100.1'],
  ['a function URL and API Gateway HTTP', httpApi, '198.51.100.2'],
  ['a load balancer', balancer, '203.0.113.7'],
] as const)('behind %s', (_name, eventOf, address) => {
  it('hears the request as it was, from the address that the front saw, by TLS', async () => {
    const { heard, invoke } = lambda()
    const result = await invoke(eventOf(POST))
    expect(result.statusCode).toBe(200)
    expect(JSON.parse(result.body)).toEqual({ ok: true })
    const [one] = heard
    expect(one?.text).toBe('{"x":"人口"}')
    expect(one?.request.method).toBe('POST')
    expect(new URL(one?.request.url ?? '').host).toBe('estat.example.jp')
    expect(new URL(one?.request.url ?? '').searchParams.get('x')).toBe('1')
    expect([one?.peer.address, one?.secure]).toEqual([address, true])
  })

  it('asks for JSON, for a stream could not come through', async () => {
    const { heard, invoke } = lambda()
    await invoke(eventOf(POST))
    expect(heard[0]?.request.headers.get('accept')).toBe('application/json')
    const open = await invoke(eventOf({ method: 'GET', path: '/mcp' }))
    expect(open.statusCode).toBe(405)
    expect(open.headers?.['allow'] ?? open.multiValueHeaders?.['allow']?.[0]).toBe('POST, DELETE')
    expect(heard).toHaveLength(1)
  })

  it('gives bytes back as they are, a byte order mark among them', async () => {
    const csv = Buffer.from('\uFEFFコード,名称\n', 'utf8')
    const { invoke } = lambda(() => new Response(csv, { headers: { 'content-type': 'text/csv; charset=utf-8' } }))
    const result = await invoke(eventOf({ method: 'GET', path: '/files/a.csv' }))
    expect([result.isBase64Encoded, Buffer.from(result.body, 'base64').equals(csv)]).toEqual([true, true])
  })

  it.each([
    ['said beforehand', (body: Uint8Array<ArrayBuffer>) => ({ 'content-length': String(body.length) })],
    ['found out', () => ({})],
  ])('says what to do where an answer is too large, its length %s', async (_how, lengthOf) => {
    const body = new Uint8Array(5_000_000)
    const headers = { 'content-type': 'text/csv', 'x-request-id': 'an-id', ...lengthOf(body) }
    const { invoke } = lambda(() => new Response(body, { headers }))
    const result = await invoke(eventOf({ method: 'GET', path: '/files/a.csv' }))
    expect(result.statusCode).toBe(413)
    const { error } = JSON.parse(result.body) as { error: { code: string; hint: string } }
    expect(error.code).toBe('TOO_LARGE')
    expect(error.hint).toMatch(/Range.*get_csv_download_url/)
    expect(JSON.stringify(result)).toContain('an-id')
  })

  it('answers after what goes on behind the answer', async () => {
    const { invoke, settled } = lambda()
    await invoke(eventOf(POST))
    expect(settled()).toBe(1)
  })
})

it('lets as much through as a front takes, and no more', async () => {
  const json = (size: number) => () => Response.json('x'.repeat(size))
  expect((await lambda(json(6_000_000)).invoke(httpApi(POST))).statusCode).toBe(200)
  expect((await lambda(json(6_290_000)).invoke(httpApi(POST))).statusCode).toBe(413)
  expect((await lambda(json(900_000)).invoke(balancer(POST))).statusCode).toBe(200)
  expect((await lambda(json(1_100_000)).invoke(balancer(POST))).statusCode).toBe(413)
  // Each of these is two characters on the way.
  expect((await lambda(() => Response.json('"'.repeat(1_600_000))).invoke(httpApi(POST))).statusCode).toBe(413)
})

it('knows plain HTTP behind a load balancer', async () => {
  const { heard, invoke } = lambda()
  await invoke(balancer({ ...POST, headers: { 'x-forwarded-proto': 'http' } }))
  expect(heard[0]?.secure).toBe(false)
})
