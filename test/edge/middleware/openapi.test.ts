/** `POST /tools/<name>` and `/openapi.json` at the edge: scope, limit and cache as elsewhere; who a client is asked for. */
import { describe, expect, it } from 'vitest'
import { openApiSecurity } from '../../../shared/openapi-security.ts'
import { MANIFEST, testEdge } from '../fixture.ts'

const sent = (key: string, body?: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'x-api-key': key, 'content-type': 'application/json' },
  ...(body === undefined ? {} : { body: JSON.stringify(body) }),
})

describe('POST /tools/<name>', () => {
  it('is answered from the cache that POST /execute fills, and asks the origin as that does', async () => {
    const edge = await testEdge()
    const key = await edge.issueKey(['read'])
    edge.origin(() => Response.json({ success: true, result: { tables: 1 }, text: 'one' }))
    const first = await edge.request('/tools/find_tables', sent(key, { query: '人口' }))
    expect([first.headers.get('x-cache'), await first.json()]).toEqual([
      'MISS',
      { success: true, result: { tables: 1 }, text: 'one' },
    ])
    await edge.settled()
    const call = { tool_name: 'find_tables', arguments: { query: '人口', max: '5' } }
    const second = await edge.request('/execute', sent(key, call))
    expect([second.headers.get('x-cache'), edge.heard.length]).toEqual(['HIT', 1])
    expect(edge.heard[0]?.json).toEqual({ tool_name: 'find_tables', arguments: { query: '人口', max: 5 } })
  })

  it.each([['[]'], ['{'], ['{"limit":1}'], [undefined]])('is forwarded as it is with the body %s', async (body) => {
    const edge = await testEdge()
    const key = await edge.issueKey(['read'])
    edge.origin(() => Response.json({ success: false }, { status: 400 }))
    const response = await edge.request('/tools/find_tables', { ...sent(key), ...(body === undefined ? {} : { body }) })
    expect([response.status, response.headers.get('x-cache')]).toEqual([400, 'BYPASS'])
    expect(edge.heard.map(({ request }) => new URL(request.url).pathname)).toEqual(['/tools/find_tables'])
  })

  it('needs the scope of the tool and counts its weight', async () => {
    const edge = await testEdge()
    const refused = await edge.request('/tools/load_table', sent(await edge.issueKey(['read']), {}))
    expect([refused.status, edge.heard.length]).toEqual([403, 0])
    const counted = await edge.request('/tools/load_table', sent(await edge.issueKey(['read', 'lake']), {}))
    const weight = MANIFEST.tools.find(({ name }) => name === 'load_table')?.weight ?? 0
    expect(counted.headers.get('ratelimit')).toContain(`r=${100 - weight};`)
  })

  // Each of them would be read as load_table somewhere on the way, after it was counted as something else here.
  it.each(['load%5Ftable', 'load%255Ftable', 'load_table%2F', 'load_table/x'])('is no path as %s', async (name) => {
    const edge = await testEdge()
    const response = await edge.request(`/tools/${name}`, sent(await edge.issueKey(['read']), {}))
    expect([response.status === 403 || response.status === 404, edge.heard.length]).toEqual([true, 0])
  })

  it('takes POST alone, and asks who it is', async () => {
    const edge = await testEdge()
    const headers = { 'x-api-key': await edge.issueKey(['read']) }
    const got = await edge.request('/tools/find_tables', { headers })
    expect([got.status, got.headers.get('allow')]).toEqual([405, 'POST'])
    expect((await edge.request('/tools/find_tables', { method: 'POST', body: '{}' })).status).toBe(401)
  })
})

const DOCUMENT = { openapi: '3.1.1', paths: {}, security: [{ old: [] }], components: { schemas: { A: {} } } }

describe('/openapi.json', () => {
  it('is the origin’s, with how this edge asks who is there', async () => {
    const edge = await testEdge()
    edge.origin(() => Response.json(DOCUMENT))
    const headers = { 'x-api-key': await edge.issueKey(['read']) }
    const response = await edge.request('/openapi.json', { headers }, 'http://localhost')
    const { security, securitySchemes } = openApiSecurity('key')
    expect(await response.json()).toEqual({
      ...DOCUMENT,
      security,
      components: { schemas: { A: {} }, securitySchemes },
    })
    expect(response.headers.get('cache-control')).toBe('private, max-age=300')
    // The origin names the server by it.
    expect(edge.heard[0]?.verified.base).toBe('http://localhost')
    const etag = response.headers.get('etag') ?? ''
    const again = await edge.request('/openapi.json', { headers: { ...headers, 'if-none-match': etag } })
    expect([etag, again.status, await again.text()]).toEqual([expect.stringMatching(/^".+"$/), 304, ''])
    expect((await edge.request('/openapi.json')).status).toBe(401)
  })

  it('may be kept by anybody where nobody is asked', async () => {
    const edge = await testEdge({ mode: 'open' })
    edge.origin(() => Response.json(DOCUMENT))
    const response = await edge.request('/openapi.json')
    expect(await response.json()).toMatchObject({ security: [], components: { securitySchemes: {} } })
    expect(response.headers.get('cache-control')).toBe('public, max-age=300')
  })

  it('passes on what the origin refuses', async () => {
    const edge = await testEdge()
    edge.origin(() => Response.json({ success: false }, { status: 404 }))
    const response = await edge.request('/openapi.json', { headers: { 'x-api-key': await edge.issueKey(['read']) } })
    expect([response.status, await response.json()]).toEqual([404, { success: false }])
  })

  it.each(['open', 'key', 'oauth', 'oauth+key', 'access'] as const)(
    'names schemes that exist in the mode %s',
    (mode) => {
      const { security, securitySchemes } = openApiSecurity(mode)
      expect(new Set(security.flatMap((one) => Object.keys(one)))).toEqual(new Set(Object.keys(securitySchemes)))
      expect(security.length === 0).toBe(mode === 'open')
    },
  )
})

it.each(['/openapi.json', '/tools', '/tools/find_tables', '/execute', '/search', '/health', '/'])(
  'lets the pages that the operator lists read %s',
  async (path) => {
    const edge = await testEdge({ allowedOrigins: ['https://app.example'] })
    const page = { origin: 'https://app.example' }
    const asked = {
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'x-api-key,content-type',
    }
    const preflight = await edge.request(path, { method: 'OPTIONS', headers: { ...page, ...asked } })
    expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([204, page.origin])
    expect(preflight.headers.get('access-control-allow-headers')).toMatch(/x-api-key/)
    const answered = await edge.request(path, { headers: page })
    expect(answered.headers.get('access-control-allow-origin')).toBe(page.origin)
    const foreign = await edge.request(path, { headers: { origin: 'https://other.example' } })
    expect([foreign.status, foreign.headers.get('access-control-allow-origin')]).toEqual([403, null])
  },
)
