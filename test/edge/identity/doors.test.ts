/** Keys: one of the configuration, and keys beside tokens, each at a door of its own (reference mcp.md 4.5). */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { parseKey } from '../../../shared/keys.ts'
import { posting, type TestEdge, testEdge, toolCall } from '../fixture.ts'
import { oauthEdge, PING } from './edge.ts'
import { testIssuer, type TestIssuer } from './issuer.ts'

const DISCOVERY = [
  '/.well-known/oauth-protected-resource',
  '/.well-known/oauth-protected-resource/mcp',
  '/.well-known/oauth-protected-resource/k/mcp',
  '/.well-known/oauth-authorization-server',
]

describe('MCP_API_KEY', () => {
  const text = 'correct-horse+battery/staple='
  const send = (edge: TestEdge, headers: Record<string, string>, body: unknown = PING) =>
    edge.request('/mcp', posting(body, headers))

  it('is alone enough: no key store is asked', async () => {
    const keys = { find: () => Promise.reject(new Error('there is none')) }
    const edge = await testEdge({ keys, singleKey: { text, scopes: ['read', 'lake'] } })
    expect((await send(edge, { 'x-api-key': text })).status).toBe(200)
    expect((await send(edge, { authorization: `Bearer ${text}` }, toolCall('load_table', {}))).status).toBe(200)
    expect((await send(edge, { 'x-api-key': text }, toolCall('purge', {}))).status).toBe(403)
    const { caller } = edge.heard[0]?.verified ?? {}
    expect(caller).toEqual({ id: 'mcp-api-key', tenant: 'estat', scopes: ['read', 'lake'] })
    for (const wrong of [`${text}x`, text.slice(1), text.toUpperCase(), 'x'.repeat(50_000)]) {
      const refused = await send(edge, { 'x-api-key': wrong })
      expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="estat-mcp"'])
    }
    expect(edge.reported).toEqual([])
    for (const path of DISCOVERY) expect((await edge.request(path)).status).toBe(404)
  })

  it('may look like a key of the store, and does not keep those out', async () => {
    const single = `abcdefgh.${'x'.repeat(43)}`
    const edge = await testEdge({ singleKey: { text: single, scopes: ['read'] } })
    const issued = await edge.issueKey(['lake'])
    expect((await send(edge, { 'x-api-key': single })).status).toBe(200)
    expect((await send(edge, { 'x-api-key': issued })).status).toBe(200)
    expect(edge.heard.map(({ verified }) => verified.caller.id)).toEqual(['mcp-api-key', parseKey(issued)?.id])
  })

  it('guessed at costs the address, whatever the guess looks like', async () => {
    const edge = await testEdge({ singleKey: { text, scopes: ['read'] } })
    const from = (key: string) => send(edge, { 'x-api-key': key, 'test-peer': '192.0.2.1' })
    const statuses: number[] = []
    for (let at = 0; at < 31; at++) statuses.push((await from(`guess number ${at}`)).status)
    expect(statuses).toEqual([...Array(30).fill(401), 429])
    expect((await from(text)).status).toBe(429)
  })
})

describe('keys and tokens together', () => {
  let issuer: TestIssuer
  let edge: TestEdge
  let [key, token] = ['', '']
  beforeAll(async () => {
    issuer = await testIssuer()
  })
  afterAll(() => issuer.close())
  beforeEach(async () => {
    edge = await oauthEdge([{ issuer: issuer.url }], { mode: 'oauth+key' })
    key = await edge.issueKey(['read'])
    token = await issuer.token(edge.now())
  })
  const sent = async (path: string, headers: Record<string, string>, body: unknown = PING) => {
    const response = await edge.request(path, posting(body, headers))
    return [response.status, response.headers.get('www-authenticate')]
  }
  const metadata = (path: string) =>
    `resource_metadata="http://127.0.0.1:8787/.well-known/oauth-protected-resource${path}", scope="read lake"`
  const PLAIN = 'Bearer realm="estat-mcp"'

  it('/mcp takes tokens alone', async () => {
    expect(await sent('/mcp', { authorization: `Bearer ${token}` })).toEqual([200, null])
    expect(await sent('/mcp', {})).toEqual([401, `Bearer ${metadata('/mcp')}`])
    expect(await sent('/mcp', { 'x-api-key': key })).toEqual([401, `Bearer ${metadata('/mcp')}`])
    const wrong = `Bearer error="invalid_token", ${metadata('/mcp')}`
    expect(await sent('/mcp', { authorization: `Bearer ${key}` })).toEqual([401, wrong])
    const hint = await (await edge.request('/mcp', posting(PING, { 'x-api-key': key }))).text()
    expect(hint).toContain('/k/mcp')
  })

  it('/k/mcp takes keys alone, is /mcp to the origin, and has no OAuth to discover', async () => {
    expect(await sent('/k/mcp', { 'x-api-key': key })).toEqual([200, null])
    expect(await sent('/k/mcp', { authorization: `Bearer ${key}` })).toEqual([200, null])
    expect(await sent('/k/mcp', { authorization: `Bearer ${key}`, 'x-api-key': '' })).toEqual([200, null])
    expect(edge.heard.map(({ request }) => new URL(request.url).pathname)).toEqual(['/mcp', '/mcp', '/mcp'])
    for (const headers of [{}, { authorization: `Bearer ${token}` }, { 'x-api-key': token }, { 'x-api-key': 'wrong' }])
      expect(await sent('/k/mcp', headers)).toEqual([401, PLAIN])
    expect(await sent('/k/mcp', { 'x-api-key': key }, toolCall('load_table', {}))).toEqual([403, null])
    expect((await edge.request(`${DISCOVERY[2]}`)).status).toBe(404)
    // It is the endpoint in every other way.
    const refused = await edge.request('/k/mcp', posting(PING))
    expect(await refused.json()).toMatchObject({ jsonrpc: '2.0', id: 9, error: { data: { code: 'UNAUTHORIZED' } } })
    expect((await edge.request('/k/mcp', { method: 'PUT', headers: { 'x-api-key': key } })).status).toBe(405)
    edge.origin(() => Response.json({ success: true, result: { rows: 1 }, text: 'one row' }))
    const find = posting(toolCall('find_tables', { query: 'x' }), { 'x-api-key': key })
    const states: (string | null)[] = []
    for (const path of ['/k/mcp', '/k/mcp']) states.push((await edge.request(path, find)).headers.get('x-cache'))
    expect(states).toEqual(['MISS', 'HIT'])
  })

  it('has no second path that opens the first', async () => {
    for (const path of ['/k/mcp/', '/K/mcp', '/k//mcp', '/k/execute', '/k/tools', '/k/k/mcp', '/k', '//k/mcp'])
      expect([path, (await edge.request(path, posting(PING, { 'x-api-key': key }))).status]).toEqual([path, 404])
    // Encoded, it is the same door: for keys, not for tokens.
    expect(await sent('/%6b/mcp', { 'x-api-key': key })).toEqual([200, null])
    expect(await sent('/%6b/mcp', { authorization: `Bearer ${token}` })).toEqual([401, PLAIN])
  })

  it.each(['/execute', '/tools'])('%s takes either', async (path) => {
    expect(await sent(path, { 'x-api-key': key })).toEqual([200, null])
    expect(await sent(path, { authorization: `Bearer ${key}` })).toEqual([200, null])
    expect(await sent(path, { authorization: `Bearer ${token}` })).toEqual([200, null])
    expect(await sent(path, { authorization: `Bearer ${token}`, 'x-api-key': '' })).toEqual([200, null])
    expect(await sent(path, {})).toEqual([401, `Bearer ${metadata('')}`])
    expect(await sent(path, { authorization: `Bearer ${token}x` })).toEqual([
      401,
      `Bearer error="invalid_token", ${metadata('')}`,
    ])
    expect(await sent(path, { authorization: `Bearer ${key}x` })).toEqual([401, PLAIN])
    // A key that is sent is meant, whatever comes with it.
    expect(await sent(path, { authorization: `Bearer ${token}`, 'x-api-key': 'wrong' })).toEqual([401, PLAIN])
  })

  it('the front page names both', async () => {
    expect(await (await edge.request('/')).json()).toMatchObject({
      endpoints: { mcp: 'POST /mcp', mcp_with_key: 'POST /k/mcp' },
    })
  })

  it('without OAuth there is no second path', async () => {
    const alone = await testEdge({ singleKey: { text: key, scopes: ['read'] } })
    expect((await alone.request('/k/mcp', posting(PING, { 'x-api-key': key }))).status).toBe(404)
  })
})
