/**
 * What the specification asks of a server's HTTP beside what the conformance suite sends: the older revisions' batches,
 * sessions and streams that there are none of, every method, and the ladder of 2026-07-28. At both doors.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PROTOCOL_REVISIONS } from '../../shared/server-info.ts'
import { type BothDoors, DOORS, openBothDoors } from '../support/both-doors.ts'

const MODERN = '2026-07-28'
const OLDER = PROTOCOL_REVISIONS.filter((revision) => revision !== MODERN)
const CALL = { name: 'get_estat_table_url', arguments: { dataset_id: '0003410379' } }

let doors: BothDoors
beforeAll(async () => {
  doors = await openBothDoors()
})
afterAll(() => doors?.close())

type Headers = Readonly<Record<string, string>>
interface Said {
  readonly status: number
  readonly headers: globalThis.Headers
  readonly text: string
  /** What the body holds where it is JSON. */
  readonly json: {
    readonly id?: unknown
    readonly result?: Readonly<Record<string, unknown>>
    readonly error?: { readonly code: number; readonly data?: unknown }
  }
}

const message = (method: string, params?: object, id: number | string = 1) => ({
  jsonrpc: '2.0',
  id,
  method,
  ...(params ? { params } : {}),
})
const notice = (method: string, params: object = {}) => ({ jsonrpc: '2.0', method, params })
const _meta = {
  'io.modelcontextprotocol/protocolVersion': MODERN,
  'io.modelcontextprotocol/clientCapabilities': {},
  'io.modelcontextprotocol/clientInfo': { name: 'letter', version: '1.0.0' },
}
const named = (method: string, name?: string): Headers => ({
  'mcp-protocol-version': MODERN,
  'mcp-method': method,
  ...(name === undefined ? {} : { 'mcp-name': name }),
})

describe.each(DOORS)('at %s', (door) => {
  async function ask(method: string, headers: Headers = {}, body?: string): Promise<Said> {
    const { url, key } = doors.at(door)
    const sent = body === undefined ? {} : { body }
    const response = await fetch(`${url}/mcp`, { method, headers: { 'x-api-key': key, ...headers }, ...sent })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.startsWith('application/json')
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: (isJson && text !== '' ? JSON.parse(text) : {}) as Said['json'],
    }
  }
  const BOTH = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }
  const post = (body: unknown, headers: Headers = {}): Promise<Said> =>
    ask('POST', { ...BOTH, ...headers }, JSON.stringify(body))
  const modern = (method: string, params: object = {}, name?: string): Promise<Said> =>
    post(message(method, { ...params, _meta }), named(method, name))

  describe('2024-11-05 to 2025-11-25', () => {
    it.each(OLDER)('%s is echoed by initialize, and spoken by what follows without a session', async (revision) => {
      const params = { protocolVersion: revision, capabilities: {}, clientInfo: { name: 'x', version: '1' } }
      const hello = await post(message('initialize', params))
      expect([hello.json.result?.['protocolVersion'], hello.headers.get('mcp-session-id')]).toEqual([revision, null])
      const version = { 'mcp-protocol-version': revision }
      const started = await post(notice('notifications/initialized'), version)
      expect([started.status, started.text]).toEqual([202, ''])
      expect((await post(message('ping'), version)).json.result).toEqual({})
      const called = await post(message('tools/call', CALL), version)
      expect(called.json.result?.['structuredContent']).toMatchObject({ success: true })
    })

    it('answers a revision that nobody knows with the newest that initialize has', async () => {
      const params = { protocolVersion: '1999-01-01', capabilities: {}, clientInfo: { name: 'x', version: '1' } }
      expect((await post(message('initialize', params))).json.result?.['protocolVersion']).toBe('2025-11-25')
    })

    it('refuses a header that names no revision', async () => {
      const said = await post(message('ping'), { 'mcp-protocol-version': '1999-01-01' })
      expect([said.status, said.json.error?.code]).toEqual([400, expect.any(Number)])
    })

    it.each([
      ['application/json', /^application\/json/],
      ['application/*', /^application\/json/],
      ['text/event-stream', /^text\/event-stream/],
      ['*/*', /^text\/event-stream/],
    ])('serves who takes %s, and asks for progress', async (accept, type) => {
      const said = await post(message('tools/call', { ...CALL, _meta: { progressToken: 'p' } }), { accept })
      expect([said.status, said.text]).toEqual([200, expect.stringContaining('dbview')])
      expect(said.headers.get('content-type')).toMatch(type)
    })

    it('answers each request of a batch (2025-03-26), and none of its notices', async () => {
      const batch = [
        message('ping', undefined, 'a'),
        notice('notifications/initialized'),
        message('tools/call', CALL, 2),
      ]
      const said = await post(batch, { 'mcp-protocol-version': '2025-03-26' })
      const answers = JSON.parse(said.text) as { id: unknown }[]
      expect(answers.map(({ id }) => String(id)).toSorted()).toEqual(['2', 'a'])
      const notices = await post([notice('notifications/initialized')], { 'mcp-protocol-version': '2025-03-26' })
      expect([notices.status, notices.text]).toEqual([202, ''])
    })

    it('ignores a session and an event that there cannot be', async () => {
      const stray = { 'mcp-session-id': 'of-another-server', 'last-event-id': '17' }
      const said = await post(message('tools/call', CALL), stray)
      expect([said.status, said.headers.get('mcp-session-id'), said.text]).toEqual([
        200,
        null,
        expect.stringContaining('dbview'),
      ])
    })

    it('takes notifications/cancelled, which reaches no other request', async () => {
      const said = await post(notice('notifications/cancelled', { requestId: 1, reason: 'no longer needed' }))
      expect([said.status, said.text]).toEqual([202, ''])
    })

    it('says what is no JSON, and what is no JSON-RPC', async () => {
      const broken = await ask('POST', BOTH, '{"jsonrpc":')
      expect([broken.status, broken.json.error?.code]).toEqual([400, -32700])
      const odd = await post({ hello: 'world' })
      expect([odd.status, odd.json.error?.code]).toEqual([400, expect.any(Number)])
    })
  })

  describe('2026-07-28', () => {
    it('discovers, with every revision, and how long it holds', async () => {
      const { result } = (await modern('server/discover')).json
      expect(result).toMatchObject({ resultType: 'complete', ttlMs: expect.any(Number) as number })
      expect(result?.['supportedVersions']).toContain(MODERN)
      expect(result?.['cacheScope']).toMatch(/^(public|private)$/)
    })

    it.each(['tools/list', 'resources/list', 'resources/templates/list', 'prompts/list'])(
      '%s says how long it holds, and is the same twice',
      async (method) => {
        const [first, second] = [await modern(method), await modern(method)]
        expect(first.json.result).toMatchObject({ ttlMs: expect.any(Number) as number })
        expect(first.json.result?.['cacheScope']).toMatch(/^(public|private)$/)
        expect(second.json.result).toEqual(first.json.result)
      },
    )

    it.each([
      ['another method in the header', { ...named('tools/list'), 'mcp-name': CALL.name }],
      ['another name in the header', named('tools/call', 'lookup')],
      ['no method in the header', { 'mcp-protocol-version': MODERN, 'mcp-name': CALL.name }],
      ['another revision in the header', { ...named('tools/call', CALL.name), 'mcp-protocol-version': '2025-11-25' }],
    ])('compares header and body: %s', async (_what, headers) => {
      const said = await post(message('tools/call', { ...CALL, _meta }), headers)
      expect([said.status, said.json.error?.code, said.json.id]).toEqual([400, -32020, 1])
    })

    it('climbs the ladder: no envelope, another revision, no such method, no ping', async () => {
      const bare = await post(message('tools/list', {}), named('tools/list'))
      expect([bare.status, bare.json.error?.code]).toEqual([400, -32602])
      const future = { ..._meta, 'io.modelcontextprotocol/protocolVersion': '2099-01-01' }
      const header = { ...named('tools/list'), 'mcp-protocol-version': '2099-01-01' }
      const later = await post(message('tools/list', { _meta: future }), header)
      expect([later.status, later.json.error?.code]).toEqual([400, -32022])
      for (const method of ['no/such', 'ping', 'logging/setLevel']) {
        const said = await modern(method)
        expect([method, said.status, said.json.error?.code]).toEqual([method, 404, -32601])
      }
      const tool = await modern('tools/call', { name: 'no_such_tool', arguments: {} }, 'no_such_tool')
      expect(tool.json.error?.code).toBe(-32602)
    })
  })

  describe('other methods', () => {
    it.each([
      ['GET', { accept: 'text/event-stream', 'mcp-protocol-version': '2025-11-25' }],
      ['GET', { accept: 'application/json' }],
      ['GET', {}],
      ['HEAD', { accept: 'text/event-stream' }],
      ['PUT', {}],
      ['PATCH', {}],
    ] as const)('%s with %j is not allowed, and says what is', async (method, headers) => {
      const said = await ask(method, headers)
      expect([said.status, said.headers.get('allow')]).toEqual([405, expect.stringContaining('POST')])
    })

    it('DELETE is answered at once: there is no session to end', async () => {
      const said = await ask('DELETE', { 'mcp-session-id': 'x' })
      expect([said.status, said.text]).toEqual([200, expect.stringContaining('session')])
    })
  })
})
