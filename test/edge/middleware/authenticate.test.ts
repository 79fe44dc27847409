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

  it('lets a key go when its time has come', async () => {
    const key = await edge.issueKey(['read'], { expires: '2026-11-20T00:01:00Z' })
    expect(await statusOf(ask({ 'x-api-key': key }))).toBe(200)
    edge.advance(60)
    expect(await statusOf(ask({ 'x-api-key': key }))).toBe(401)
  })

  it('says that it is our failure when keys cannot be looked up', async () => {
    edge = await testEdge({ keys: { find: () => Promise.reject(new Error('down')) } })
    const response = await ask({ 'x-api-key': `00000000.${'x'.repeat(43)}` })
    expect(response.status).toBe(503)
    expect(edge.reported).toEqual(['key store'])
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
