import { beforeEach, describe, expect, it } from 'vitest'
import { parseKey } from '../../../shared/keys.ts'
import { posting, type TestEdge, testEdge, toolCall } from '../fixture.ts'

const PING = { jsonrpc: '2.0', id: 9, method: 'ping' }
const statusOf = async (response: Promise<Response>): Promise<number> => (await response).status

describe('key mode', () => {
  let edge: TestEdge
  beforeEach(async () => {
    edge = await testEdge()
  })
  const ask = (headers: Record<string, string>) => edge.request('/mcp', posting(PING, headers))

  it('takes a key in either header and tells the origin who it is', async () => {
    const key = await edge.issueKey(['read'], { tenant: 'other' })
    expect(await statusOf(ask({ 'x-api-key': key }))).toBe(200)
    expect(await statusOf(ask({ authorization: `bearer  ${key}` }))).toBe(200)
    const caller = { id: parseKey(key)?.id, tenant: 'other', scopes: ['read'] }
    expect(edge.heard.map(({ verified }) => verified.caller)).toEqual([caller, caller])
  })

  it('refuses everything else in the same words, as JSON-RPC, and discovers no OAuth', async () => {
    const key = await edge.issueKey(['read'])
    const [id] = key.split('.')
    const expired = await edge.issueKey(['read'], { expires: '2026-11-19T23:59:59Z' })
    const wrong = [
      `${id}.${'x'.repeat(43)}`,
      `00000000.${'x'.repeat(43)}`,
      expired,
      'nonsense',
      '',
      ' ',
      '.'.repeat(5_000),
    ]
    for (const one of wrong) {
      const response = await ask({ 'x-api-key': one })
      expect(response.status).toBe(401)
      expect(response.headers.get('www-authenticate')).toBe('Bearer realm="estat-mcp"')
      const body = (await response.json()) as { error: { message: string } }
      expect(body).toMatchObject({ jsonrpc: '2.0', id: 9, error: { code: -32000, data: { code: 'UNAUTHORIZED' } } })
      expect(JSON.stringify(body)).not.toContain('x'.repeat(20))
    }
    expect(await statusOf(ask({ authorization: `Basic ${key}` }))).toBe(401)
    expect(await statusOf(ask({}))).toBe(401)
    for (const path of ['/.well-known/oauth-protected-resource', '/.well-known/oauth-protected-resource/mcp'])
      expect(await statusOf(edge.request(path))).toBe(404)
    expect(edge.heard).toEqual([])
  })

  it('answers an unknown caller once, however many calls wait', async () => {
    const response = await edge.request('/mcp', posting(Array.from({ length: 50 }, () => PING)))
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({ id: null, error: { data: { code: 'UNAUTHORIZED' } } })
  })

  it('lets a key go when its time has come', async () => {
    const key = await edge.issueKey(['read'], { expires: '2026-11-20T00:01:00Z' })
    expect(await statusOf(ask({ 'x-api-key': key }))).toBe(200)
    edge.advance(60)
    expect(await statusOf(ask({ 'x-api-key': key }))).toBe(401)
  })

  it('says that it is our failure when keys cannot be looked up', async () => {
    const ways = [() => Promise.reject(new Error('down')), () => new Promise<never>(() => {})]
    for (const find of ways) {
      edge = await testEdge({ keys: { find }, timeouts: { store: 20 } })
      const response = await ask({ 'x-api-key': `00000000.${'x'.repeat(43)}` })
      expect(response.status).toBe(503)
      expect(await response.json()).toMatchObject({
        error: { data: { code: 'ESTAT_UNAVAILABLE', hint: 'Call again in a minute.' } },
      })
      expect(edge.reported).toEqual(['key store'])
    }
  })
})

describe('wrong keys', () => {
  const guess = (at: number) => `${String(at).padStart(8, '0')}.${'x'.repeat(43)}`
  const RATE = { data: { code: 'RATE_LIMITED' } }

  it('cost their address: after 30 in a minute nothing from there is looked up', async () => {
    let looks = 0
    const none = {
      find: async () => {
        looks++
        return null
      },
    }
    const edge = await testEdge({ keys: none })
    const ask = (at: number, peer: string) =>
      edge.request('/mcp', posting(PING, { 'x-api-key': guess(at), 'test-peer': peer }))
    for (let at = 0; at < 30; at++) expect(await statusOf(ask(at, '192.0.2.1'))).toBe(401)
    const refused = await ask(30, '192.0.2.1')
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '61'])
    expect(await refused.json()).toMatchObject({ id: 9, error: RATE })
    looks = 0
    expect(await statusOf(ask(31, '192.0.2.1'))).toBe(429)
    expect(looks).toBe(0)
    expect(await statusOf(ask(32, '192.0.2.2'))).toBe(401)
    edge.advance(61)
    expect(await statusOf(ask(33, '192.0.2.1'))).toBe(401)
  })

  it('do not shut out a caller of the same address who was let in before, nor those without an address', async () => {
    const edge = await testEdge()
    const key = await edge.issueKey(['read'])
    const [id] = key.split('.')
    const from = { 'test-peer': '192.0.2.1' }
    const ask = (one: string, headers: Record<string, string>) =>
      statusOf(edge.request('/mcp', posting(PING, { 'x-api-key': one, ...headers })))
    expect(await ask(key, from)).toBe(200)
    for (let at = 0; at < 40; at++) await ask(guess(at), from)
    expect(await ask(key, from)).toBe(200)
    expect(await ask(`${id}.${'x'.repeat(43)}`, from)).toBe(429)
    for (let at = 0; at < 40; at++) expect(await ask(guess(at), {})).toBe(401)
  })

  it.each([
    ['fails', () => Promise.reject(new Error('down'))],
    ['hangs', () => new Promise<never>(() => {})],
  ])('are counted in this instance while the counter %s', async (_name, spend) => {
    const edge = await testEdge({ counter: { spend }, timeouts: { store: 5 } })
    const statuses: number[] = []
    for (let at = 0; at < 31; at++)
      statuses.push(
        await statusOf(edge.request('/mcp', posting(PING, { 'x-api-key': guess(at), 'test-peer': '192.0.2.1' }))),
      )
    expect(statuses).toEqual([...Array(30).fill(401), 429])
    expect(edge.reported).toContain('rate counter')
  })
})

describe('open mode', () => {
  it('answers this machine, for reading only', async () => {
    const edge = await testEdge({ mode: 'open' })
    const from = { 'test-peer': '2001:db8:1:2::9' }
    expect(await statusOf(edge.request('/mcp', posting(PING, from)))).toBe(200)
    expect(edge.heard[0]?.verified.caller).toEqual({ id: 'ip:2001:db8:1:2::/64', tenant: 'estat', scopes: ['read'] })
    expect(await statusOf(edge.request('/mcp', posting(toolCall('load_table', {}), from)))).toBe(403)
  })

  it('answers nobody else, unless allowed by name', async () => {
    const allowedHosts = ['stats.example']
    const url = 'https://stats.example'
    const closed = await testEdge({ mode: 'open', allowedHosts })
    expect(await statusOf(closed.request('/mcp', posting(PING), url))).toBe(403)
    // A client behind a proxy can name loopback as its host; a server with public names does not believe it.
    expect(await statusOf(closed.request('/mcp', posting(PING), 'http://localhost'))).toBe(403)
    const opened = await testEdge({ mode: 'open', allowedHosts, allowOpen: true })
    expect(await statusOf(opened.request('/mcp', posting(PING), url))).toBe(200)
    expect(opened.heard[0]?.verified.caller.scopes).toEqual(['read'])
  })
})
