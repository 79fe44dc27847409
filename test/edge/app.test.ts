import * as fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { PROTOCOL_REVISIONS } from '../../shared/server-info.ts'
import { posting, type TestEdge, testEdge } from './fixture.ts'

let edge: TestEdge
let key: string
beforeAll(async () => {
  edge = await testEdge({ perMinute: 1_000_000 })
  key = await edge.issueKey(['read'])
})

describe('routes', () => {
  it('says what it is', async () => {
    const response = await edge.request('/')
    expect(await response.json()).toMatchObject({ service: 'estat-mcp', protocol_revisions: PROTOCOL_REVISIONS })
  })

  it('says how it is, and asks the origin once in five seconds', async () => {
    const fresh = await testEdge()
    let looks = 0
    fresh.origin(() => Response.json({ status: 'healthy', looks: ++looks }))
    const ask = async () => (await fresh.request('/health')).json()
    expect(await ask()).toMatchObject({ status: 'healthy', origin: 'up', timestamp: '2026-11-20T00:00:00.000Z' })
    await Promise.all(Array.from({ length: 20 }, ask))
    expect(looks).toBe(1)
    fresh.advance(5)
    fresh.origin(() => Promise.reject(new Error('down')))
    expect(await ask()).toMatchObject({ status: 'degraded', origin: 'down' })
    expect((await fresh.request('/health')).status).toBe(200)
  })

  it.each([
    ['GET', '/mcp', 200],
    ['DELETE', '/mcp', 200],
    ['HEAD', '/mcp', 405],
    ['PUT', '/mcp', 405],
    ['GET', '/execute', 405],
    ['GET', '/tools', 200],
    ['POST', '/tools', 200],
    ['DELETE', '/tools', 405],
    ['GET', '/mcp/', 404],
    ['GET', '/admin', 404],
    ['GET', '/files/../admin', 404],
    ['POST', '/%6dcp', 200],
  ])('%s %s: %i', async (method, path, status) => {
    const response = await edge.request(path, { method, headers: { 'x-api-key': key } })
    expect(response.status).toBe(status)
    expect(response.headers.get('content-type')).toMatch(/^application\/json/)
    expect(response.headers.has('allow')).toBe(status === 405)
    const told = (await response.json().catch(() => ({}))) as object
    // Who calls a plain path reads no JSON-RPC there.
    const form = path === '/mcp' ? ['jsonrpc', 'id', 'error'] : ['success', 'error']
    const refused = status === 405 && method !== 'HEAD'
    expect(Object.keys(told).slice(0, refused ? undefined : 0)).toEqual(refused ? form : [])
  })

  it('needs a key for all but two', async () => {
    for (const path of ['/mcp', '/tools', '/execute']) expect((await edge.request(path)).status).toBe(401)
    for (const path of ['/', '/health']) expect((await edge.request(path)).status).toBe(200)
  })
})

describe('every answer', () => {
  it('has an id of its own and the security headers', async () => {
    const urls = ['http://127.0.0.1', 'https://localhost', 'https://estat.example.jp']
    const seen = new Set<string | null>()
    for (const url of urls)
      for (const path of ['/', '/mcp', '/nowhere']) {
        const { headers } = await edge.request(path, { headers: { 'x-request-id': 'mine' } }, url)
        seen.add(headers.get('x-request-id'))
        expect(headers.get('x-content-type-options')).toBe('nosniff')
        expect(headers.get('content-security-policy')).toContain("default-src 'none'")
        expect(headers.get('cache-control')).toBe('no-store')
        // On loopback a browser would take it for every port of the machine.
        expect(headers.has('strict-transport-security')).toBe(url.endsWith('.jp'))
      }
    expect(seen.size).toBe(9)
    expect(seen).not.toContain('mine')
  })

  it('is never a failure of ours, whatever is sent', async () => {
    const name = fc.constantFrom(
      'accept',
      'content-type',
      'mcp-protocol-version',
      'mcp-method',
      'mcp-name',
      'traceparent',
      'origin',
    )
    const value = fc.oneof(
      fc.stringMatching(/^[ -~]{0,40}$/),
      fc.constantFrom('2026-07-28', 'tools/call', 'find_tables'),
    )
    const message = fc.record({
      jsonrpc: fc.constantFrom('2.0', '1.0'),
      id: fc.jsonValue(),
      method: fc.constantFrom('tools/call', 'ping', ''),
      params: fc.oneof(
        fc.jsonValue(),
        fc.record({ name: fc.constantFrom('find_tables', '__proto__'), arguments: fc.jsonValue() }),
      ),
    })
    const body = fc.oneof(
      fc.string(),
      message.map((one) => JSON.stringify(one)),
      fc.array(message).map((all) => JSON.stringify(all)),
    )
    const path = fc.constantFrom('/mcp', '/execute', '/tools')
    edge.origin(() => Response.json({ success: true, result: {}, text: '' }))
    await fc.assert(
      fc.asyncProperty(path, body, fc.dictionary(name, value), async (where, sent, headers) => {
        const response = await edge.request(where, posting(sent, { ...headers, 'x-api-key': key }))
        expect(response.status).toBeLessThan(500)
      }),
      { numRuns: 300 },
    )
    expect(edge.reported).toEqual([])
  })
})
