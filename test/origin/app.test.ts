/** The origin's routes: who gets in, what plain HTTP answers, what is too much. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { signCallerToken } from '../../shared/caller-token.ts'
import { CALLER_HEADER, REQUEST_ID_HEADER, type Scope } from '../../shared/server-info.ts'
import { newSigningKey } from '../platform/workerd.ts'
import { execute, openOrigin, type TestOrigin } from './support/origin.ts'

const signing = await newSigningKey()
const { d: _secret, ...publicKey } = signing

let origin: TestOrigin
beforeAll(async () => {
  origin = await openOrigin({ edgeKeys: [publicKey] })
})
afterAll(() => origin.close())

const ask = { tool_name: 'get_estat_table_url', arguments: { dataset_id: '0003410379' } }

interface Call {
  readonly scopes?: readonly Scope[]
  readonly tenant?: string
  readonly now?: number
  readonly jti?: string
  /** What the token was signed for, where it differs from what is sent. */
  readonly signed?: { readonly path?: string; readonly body?: string; readonly method?: string }
}

async function asEdge(sent: unknown, { scopes = ['read'], tenant = 'ours', now = Date.now(), jti, signed }: Call = {}) {
  const body = JSON.stringify(sent)
  const token = await signCallerToken({
    key: signing,
    caller: { id: 'k1', tenant, scopes },
    request: {
      method: signed?.method ?? 'POST',
      path: signed?.path ?? '/execute',
      body: new TextEncoder().encode(signed?.body ?? body),
    },
    now,
    jti: jti ?? crypto.randomUUID(),
  })
  return origin.fetch(
    new Request('http://origin/execute', { method: 'POST', headers: { [CALLER_HEADER]: token }, body }),
  )
}

const codeOf = async (response: Response): Promise<unknown> =>
  ((await response.json()) as { error?: { code: string } }).error?.code

describe('who gets in', () => {
  it('the edge, by a token for exactly this request', async () => {
    const response = await asEdge(ask)
    expect([response.status, await response.json()]).toMatchObject([200, { success: true }])
  })

  it('once for each token', async () => {
    const jti = crypto.randomUUID()
    expect((await asEdge(ask, { jti })).status).toBe(200)
    expect((await asEdge(ask, { jti })).status).toBe(401)
  })

  it.each<[string, Call]>([
    ['of another path', { signed: { path: '/mcp' } }],
    ['of another method', { signed: { method: 'GET' } }],
    ['of another body', { signed: { body: '{}' } }],
    ['that is old', { now: Date.now() - 60_000 }],
    ['from the future', { now: Date.now() + 60_000 }],
  ])('not with a token %s', async (_what, call) => {
    const response = await asEdge(ask, call)
    expect([response.status, await codeOf(response)]).toEqual([401, 'UNAUTHORIZED'])
  })

  it('no administrator with a wrong secret, and nobody with a client’s key', async () => {
    const [id] = origin.adminKey.split('.')
    for (const key of [`${id}.${'A'.repeat(43)}`, 'nonsense', `aaaaaaaa.${'A'.repeat(43)}`]) {
      const headers = { 'x-api-key': key }
      expect((await origin.fetch(new Request('http://origin/tools', { headers }))).status).toBe(401)
    }
  })

  it('a tool beyond the caller’s scopes is forbidden at the origin too', async () => {
    const response = await asEdge({ tool_name: 'transform_to_parquet', arguments: { dataset_id: '0003280145' } })
    expect([response.status, await codeOf(response)]).toEqual([403, 'FORBIDDEN'])
  })
})

describe('plain HTTP', () => {
  const get = (path: string, headers: Record<string, string> = {}) =>
    origin.fetch(new Request(`http://origin${path}`, { headers }))

  it('GET / names the endpoints, GET /health is healthy; both ask for no key', async () => {
    expect(await (await get('/')).json()).toMatchObject({
      service: 'estat-mcp',
      endpoints: { mcp: 'POST /mcp', search: 'GET /search?q=' },
    })
    expect(await (await get('/health')).json()).toMatchObject({
      status: 'healthy',
      source: 'sample',
      store: 'ok',
      estat: 'ok',
    })
  })

  it('GET and POST /tools list the tools with their parameters', async () => {
    const listed = await get('/tools', { authorization: `Bearer ${origin.adminKey}` })
    const { success, tools } = (await listed.json()) as { success: boolean; tools: { name: string }[] }
    expect([success, tools.map(({ name }) => name)]).toEqual([true, expect.arrayContaining(['search_estat_data'])])
  })

  it('POST /execute answers result and text, and an error with its status', async () => {
    const good = await execute(origin, ask.tool_name, ask.arguments)
    expect(good).toMatchObject({ status: 200, success: true, text: expect.stringContaining('dbview') })
    const bad = await execute(origin, ask.tool_name, { dataset_id: '1' })
    expect(bad).toMatchObject({
      status: 400,
      success: false,
      error: { code: 'INVALID_PARAMETER', tool: ask.tool_name },
    })
  })

  it.each(['', 'no json', '[]', 'null', '{"tool":"x"}', '\uFFFD'])(
    'POST /execute with %j says what to send',
    async (body) => {
      const headers = { 'x-api-key': origin.adminKey }
      const response = await origin.fetch(new Request('http://origin/execute', { method: 'POST', headers, body }))
      expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('tool_name')])
    },
  )

  it('a body over 1 MB is refused before it is judged', async () => {
    const headers = { 'x-api-key': origin.adminKey }
    const body = 'x'.repeat(1_000_001)
    const response = await origin.fetch(new Request('http://origin/execute', { method: 'POST', headers, body }))
    expect([response.status, await codeOf(response)]).toEqual([413, 'TOO_LARGE'])
  })

  it('an unknown path answers in JSON, and a request id comes back', async () => {
    const response = await get('/nowhere', { 'x-api-key': origin.adminKey, [REQUEST_ID_HEADER]: 'abc' })
    expect([response.status, response.headers.get(REQUEST_ID_HEADER), await codeOf(response)]).toEqual([
      404,
      'abc',
      'NOT_FOUND',
    ])
  })
})

it.each([
  ['read', { get: () => Promise.reject(new Error('disk')) }, 503, { status: 'unhealthy', store: 'failing' }],
  ['written', { put: () => Promise.reject(new Error('disk')) }, 200, { status: 'degraded', store: 'read_only' }],
] as const)('a store that cannot be %s shows in the health of the origin', async (_, broken, status, report) => {
  const sick = await openOrigin({ ports: { store: { ...origin.ports.store, ...broken } } })
  const response = await sick.fetch(new Request('http://origin/health'))
  const problem = { message: expect.stringContaining('lake'), hint: expect.any(String) }
  expect([response.status, await response.json()]).toMatchObject([status, { ...report, problem }])
  await sick.close()
})
