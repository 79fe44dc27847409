import { describe, expect, it } from 'vitest'
import { posting, testEdge } from '../fixture.ts'

const PUBLIC = { allowedHosts: ['stats.example', 'other.example:8443'], allowedOrigins: ['https://app.example'] }

describe('Host', () => {
  it.each([
    ['http://127.0.0.1:8787', 200],
    ['http://localhost:1', 200],
    ['http://[::1]:8787', 200],
    ['https://stats.example', 200],
    ['https://stats.example:444', 200],
    ['https://other.example:8443', 200],
    ['https://other.example', 403],
    ['https://evil.example', 403],
    ['https://stats.example.evil.example', 403],
  ])('%s: %i', async (url, status) => {
    const edge = await testEdge(PUBLIC)
    expect((await edge.request('/', {}, url)).status).toBe(status)
  })

  it('is loopback alone where none is named, and the answer says what to set', async () => {
    const edge = await testEdge()
    const refused = await edge.request('/', {}, 'https://stats.example')
    expect(refused.status).toBe(403)
    expect(await refused.json()).toMatchObject({ error: { hint: expect.stringContaining('ALLOWED_HOSTS') } })
  })
})

describe('a load balancer', () => {
  it('hears by any name whether the server lives, and nothing else', async () => {
    const edge = await testEdge(PUBLIC)
    const [alive, mcp] = await Promise.all([
      edge.request('/health', {}, 'http://10.0.1.7:8787'),
      edge.request('/mcp', posting({}), 'http://10.0.1.7:8787'),
    ])
    expect([alive.status, mcp.status]).toEqual([200, 403])
    const page = await edge.request('/health', { headers: { origin: 'https://evil.example' } }, 'http://10.0.1.7:8787')
    expect(page.status).toBe(403)
  })
})

describe('Origin', () => {
  it.each([
    ['https://app.example', 'https://stats.example', 200],
    ['https://stats.example', 'https://stats.example', 200],
    ['http://localhost:6274', 'http://127.0.0.1:8787', 200],
    ['http://localhost:6274', 'https://stats.example', 403],
    ['https://evil.example', 'https://stats.example', 403],
    ['https://evil.example', 'http://127.0.0.1:8787', 403],
    ['https://app.example.evil.example', 'https://stats.example', 403],
    ['null', 'http://127.0.0.1:8787', 403],
    ['file://', 'http://127.0.0.1:8787', 403],
  ])('%s at %s: %i', async (origin, url, status) => {
    const edge = await testEdge(PUBLIC)
    const response = await edge.request('/', { headers: { origin } }, url)
    expect(response.status).toBe(status)
    const allowed = status === 200
    expect(response.headers.get('access-control-allow-origin')).toBe(allowed ? origin : null)
    expect(response.headers.get('vary')).toBe(allowed ? 'Origin' : null)
  })

  it('lets a page read what it needs, also of a refusal', async () => {
    const edge = await testEdge(PUBLIC)
    const refused = await edge.request('/mcp', posting({}, { origin: 'https://app.example' }), 'https://stats.example')
    expect(refused.status).toBe(401)
    expect(refused.headers.get('access-control-expose-headers')?.split(', ')).toEqual(
      expect.arrayContaining(['www-authenticate', 'mcp-protocol-version', 'x-cache', 'x-request-id', 'retry-after']),
    )
  })

  it('answers the preflight of every header that MCP needs, without a key', async () => {
    const edge = await testEdge(PUBLIC)
    const wanted = [
      'authorization',
      'content-type',
      'mcp-protocol-version',
      'mcp-method',
      'mcp-name',
      'x-api-key',
      'mcp-param-area',
    ]
    const headers = {
      origin: 'https://app.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': [...wanted, 'x-estat-caller'].join(','),
    }
    const response = await edge.request('/mcp', { method: 'OPTIONS', headers }, 'https://stats.example')
    expect(response.status).toBe(204)
    expect(response.headers.get('access-control-allow-origin')).toBe('https://app.example')
    expect(response.headers.get('access-control-allow-methods')).toBe('GET, POST, DELETE')
    const allowed = response.headers.get('access-control-allow-headers')?.split(', ')
    expect(allowed).toEqual(expect.arrayContaining(wanted))
    expect(allowed).not.toContain('x-estat-caller')
    const foreign = { ...headers, origin: 'https://evil.example' }
    expect((await edge.request('/mcp', { method: 'OPTIONS', headers: foreign }, 'https://stats.example')).status).toBe(
      403,
    )
  })
})
