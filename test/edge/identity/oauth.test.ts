import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { posting, type TestEdge, toolCall } from '../fixture.ts'
import { ask, oauthEdge, PING, reasonOf } from './edge.ts'
import { MCP_URL, testIssuer, type TestIssuer } from './issuer.ts'

const HOST = 'http://127.0.0.1:8787'
const METADATA = `${HOST}/.well-known/oauth-protected-resource`

let issuer: TestIssuer
beforeAll(async () => {
  issuer = await testIssuer()
})
afterAll(() => issuer.close())

describe('a token', () => {
  let edge: TestEdge
  beforeEach(async () => {
    edge = await oauthEdge([{ issuer: issuer.url }])
  })

  it('lets its subject in, under an id that is stable and tells nothing', async () => {
    const token = await issuer.token(edge.now(), { sub: 'taro@example.jp', scope: 'openid lake read other' })
    expect((await ask(edge, token)).status).toBe(200)
    expect((await ask(edge, await issuer.token(edge.now(), { sub: 'taro@example.jp' }))).status).toBe(200)
    expect((await ask(edge, await issuer.token(edge.now(), { sub: 'hanako@example.jp' }))).status).toBe(200)
    const [first, second, third] = edge.heard.map(({ verified }) => verified.caller)
    expect(first).toEqual({
      id: expect.stringMatching(/^oauth:[0-9a-f]{32}$/),
      tenant: 'estat',
      scopes: ['read', 'lake'],
    })
    expect(second?.id).toBe(first?.id)
    expect(third?.id).not.toBe(first?.id)
    expect(JSON.stringify(edge.heard.map(({ request }) => [...request.headers]))).not.toContain(token)
  })

  it.each([MCP_URL, `${MCP_URL}/`, HOST, `${HOST}/`])('may be for %s', async (aud) => {
    expect((await ask(edge, await issuer.token(edge.now(), { aud: ['elsewhere', aud] }))).status).toBe(200)
  })

  it('is asked its scope for every tool; whatever is no tool needs read', async () => {
    const status = async (scope: string, body: unknown, path = '/mcp') =>
      (await ask(edge, await issuer.token(edge.now(), { scope }), body, path)).status
    const list = { jsonrpc: '2.0', id: 1, method: 'tools/list' }
    const read = { jsonrpc: '2.0', id: 2, method: 'resources/read', params: { uri: 'estat://dataset/1' } }
    expect(await status('read', [list, read, toolCall('find_tables', {})])).toBe(200)
    for (const body of [list, read, [list, read], toolCall('unknown_tool', {}), PING])
      expect(await status('openid', body)).toBe(403)
    expect(await status('read', toolCall('load_table', {}))).toBe(403)
    expect(await status('read', [toolCall('find_tables', {}), toolCall('load_table', {})])).toBe(403)
    expect(await status('read', { tool_name: 'load_table' }, '/execute')).toBe(403)
    expect(await status('lake', toolCall('load_table', {}))).toBe(200)
    expect(await status('openid', {}, '/tools')).toBe(403)
  })

  it('counts where it is wrong, with wrong keys, by address', async () => {
    const wrong = await issuer.token(edge.now(), { aud: 'elsewhere' })
    const right = await issuer.token(edge.now())
    const from = (token: string, peer: string) =>
      edge.request('/mcp', posting(PING, { authorization: `Bearer ${token}`, 'test-peer': peer }))
    const statuses: number[] = []
    for (let at = 0; at < 32; at++) statuses.push((await from(wrong, '192.0.2.1')).status)
    expect(statuses).toEqual([...Array(30).fill(401), 429, 429])
    // Nobody guesses a token: a right one is not kept out by its neighbours.
    expect((await from(right, '192.0.2.1')).status).toBe(200)
    expect((await from(wrong, '192.0.2.2')).status).toBe(401)
  })
})

describe('challenges', () => {
  it('are what the specification says, to the letter', async () => {
    const edge = await oauthEdge([{ issuer: issuer.url }])
    const header = (response: Response) => [response.status, response.headers.get('www-authenticate')]
    const at = `resource_metadata="${METADATA}/mcp"`
    expect(header(await edge.request('/mcp', posting(PING)))).toEqual([401, `Bearer ${at}, scope="read lake"`])
    const basic = posting(PING, { authorization: 'Basic dTpw', 'x-api-key': 'x'.repeat(20) })
    expect(header(await edge.request('/mcp', basic))).toEqual([401, `Bearer ${at}, scope="read lake"`])
    expect(header(await ask(edge, 'nonsense'))).toEqual([401, `Bearer error="invalid_token", ${at}, scope="read lake"`])
    expect(header(await edge.request('/mcp'))).toEqual([401, `Bearer ${at}, scope="read lake"`])
    expect(header(await edge.request('/execute', posting({})))).toEqual([
      401,
      `Bearer resource_metadata="${METADATA}", scope="read lake"`,
    ])
    const reader = await issuer.token(edge.now())
    const batch = [toolCall('find_tables', {}), toolCall('load_table', {}), toolCall('purge', {})]
    expect(header(await ask(edge, reader, toolCall('load_table', {})))).toEqual([
      403,
      `Bearer error="insufficient_scope", scope="read lake", ${at}`,
    ])
    expect(header(await ask(edge, reader, batch))).toEqual([
      403,
      `Bearer error="insufficient_scope", scope="read lake admin", ${at}`,
    ])
    // What the token has already is asked for again, or the client would lose it.
    const writer = await issuer.token(edge.now(), { scope: 'lake' })
    expect(header(await ask(edge, writer, toolCall('purge', {})))).toEqual([
      403,
      `Bearer error="insufficient_scope", scope="read lake admin", ${at}`,
    ])
    expect(header(await ask(edge, await issuer.token(edge.now(), { scope: '' })))).toEqual([
      403,
      `Bearer error="insufficient_scope", scope="read", ${at}`,
    ])
    expect(header(await edge.request('/mcp', posting(PING), 'http://foreign.example'))).toEqual([403, null])
    const authorization = `Bearer ${reader}`
    const needs = (scope: string) =>
      `Bearer error="insufficient_scope", scope="${scope}", resource_metadata="${METADATA}"`
    expect(header(await edge.request('/files/estat/csv/a.csv', { headers: { authorization } }))).toEqual([
      403,
      needs('read lake'),
    ])
    expect(header(await edge.request('/admin/purge', posting({}, { authorization })))).toEqual([
      403,
      needs('read admin'),
    ])
  })

  it('name the URL that the operator gave, whatever the request says', async () => {
    const publicUrl = 'https://stats.example'
    const edge = await oauthEdge([{ issuer: issuer.url }], { publicUrl })
    const refused = await edge.request('/mcp', posting(PING))
    expect(refused.headers.get('www-authenticate')).toContain(`"${publicUrl}/.well-known/oauth-protected-resource/mcp"`)
    expect(await reasonOf(await ask(edge, await issuer.token(edge.now())))).toBe('audience')
    expect((await ask(edge, await issuer.token(edge.now(), { aud: `${publicUrl}/mcp` }))).status).toBe(200)
  })

  it('answer a caller whom the origin answers 405 with that, never with 401', async () => {
    const edge = await oauthEdge([{ issuer: issuer.url }])
    edge.origin(() => Response.json({ error: {} }, { status: 405, headers: { allow: 'POST' } }))
    const headers = { authorization: `Bearer ${await issuer.token(edge.now())}` }
    const response = await edge.request('/mcp', { headers })
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST'])
    expect((await edge.request('/mcp', { method: 'PUT', headers })).status).toBe(405)
  })
})

describe('metadata (RFC 9728)', () => {
  it('is at the path of the endpoint and at the root, each for its own resource', async () => {
    const edge = await oauthEdge([{ issuer: issuer.url }, { issuer: 'https://other.example/realm' }])
    const rest = {
      authorization_servers: [issuer.url, 'https://other.example/realm'],
      scopes_supported: ['read', 'lake'],
      bearer_methods_supported: ['header'],
      resource_name: 'e-Stat 政府統計',
    }
    const path = '/.well-known/oauth-protected-resource'
    const read = async (at: string) => (await edge.request(at)).json()
    expect(await read(`${path}/mcp`)).toEqual({ resource: MCP_URL, ...rest })
    expect(await read(path)).toEqual({ resource: HOST, ...rest })
    for (const elsewhere of [`${path}/k/mcp`, `${path}/execute`, '/.well-known/oauth-authorization-server'])
      expect((await edge.request(elsewhere)).status).toBe(404)
  })
})

describe('providers', () => {
  it('Cognito: no audience, so the client is asked, and the use; scopes have a prefix', async () => {
    const entry = { issuer: issuer.url, client_ids: ['app-1', 'app-2'], scope_prefix: 'estat/' }
    const edge = await oauthEdge([entry])
    const cognito = { aud: undefined, client_id: 'app-1', token_use: 'access', scope: 'estat/read estat/lake openid' }
    const judge = async (change: object) => {
      const response = await ask(edge, await issuer.token(edge.now(), { ...cognito, ...change }))
      return response.status === 200 ? 200 : await reasonOf(response)
    }
    expect(await judge({})).toBe(200)
    expect(edge.heard[0]?.verified.caller.scopes).toEqual(['read', 'lake'])
    expect(await judge({ client_id: 'app-3' })).toBe('client')
    expect(await judge({ client_id: undefined })).toBe('client')
    expect(await judge({ token_use: undefined })).toBe('use')
    // An ID token of Cognito has the client as its audience.
    expect(await judge({ token_use: 'id', aud: 'app-1', client_id: undefined })).toBe('audience')
    expect(await judge({ token_use: 'id' })).toBe('use')
    // With resource binding the token names a resource: it has to be this one.
    expect(await judge({ aud: MCP_URL })).toBe(200)
    expect(await judge({ aud: 'https://other.example/mcp' })).toBe('audience')
    const plain = await ask(edge, await issuer.token(edge.now(), { ...cognito, scope: 'read lake' }))
    expect(plain.headers.get('www-authenticate')).toContain('error="insufficient_scope", scope="estat/read"')
    expect((await edge.request('/mcp', posting(PING))).headers.get('www-authenticate')).toContain(
      'scope="estat/read estat/lake"',
    )
  })

  it('Entra ID: an audience of its own, short scopes in `scp`, long ones to ask for', async () => {
    const audience = 'api://11111111-2222-3333-4444-555555555555'
    const entry = {
      issuer: issuer.url,
      audiences: [audience],
      scope_request_prefix: `${audience}/`,
      tenant_claim: 'dept',
    }
    const edge = await oauthEdge([entry])
    const entra = { aud: audience, scope: undefined, scp: 'read lake', azp: 'client', dept: 'kakei' }
    expect((await ask(edge, await issuer.token(edge.now(), entra))).status).toBe(200)
    expect(edge.heard[0]?.verified.caller).toMatchObject({ tenant: 'kakei', scopes: ['read', 'lake'] })
    expect(await reasonOf(await ask(edge, await issuer.token(edge.now(), { ...entra, aud: MCP_URL })))).toBe('audience')
    const metadata = await (await edge.request('/.well-known/oauth-protected-resource/mcp')).json()
    expect(metadata).toMatchObject({ scopes_supported: [`${audience}/read`, `${audience}/lake`] })
  })

  it('a tenant that is none is refused, without a way to ask for more', async () => {
    const edge = await oauthEdge([{ issuer: issuer.url, tenant_claim: 'https://stats.example/tenant' }])
    for (const tenant of [undefined, '', 'Upper', '../x', 'raw', 'a'.repeat(32), 7, ['kakei']]) {
      const claims = { 'https://stats.example/tenant': tenant }
      const response = await ask(edge, await issuer.token(edge.now(), claims))
      expect([response.status, response.headers.get('www-authenticate')]).toEqual([403, null])
    }
    expect(edge.heard).toEqual([])
  })

  it('several issuers do not speak for one another', async () => {
    const other = await testIssuer({ path: '/realms/estat', publishes: 'oidc', alg: 'RS256' })
    try {
      const edge = await oauthEdge([
        { issuer: issuer.url, tenant: 'one' },
        { issuer: other.url, tenant: 'two', default_scopes: ['read'], scope_claims: ['permissions'] },
      ])
      expect((await ask(edge, await issuer.token(edge.now()))).status).toBe(200)
      expect((await ask(edge, await other.token(edge.now()))).status).toBe(200)
      expect((await ask(edge, await other.token(edge.now(), { permissions: ['lake'] }))).status).toBe(200)
      const callers = edge.heard.map(({ verified: { caller } }) => caller)
      expect(callers.map(({ tenant, scopes }) => [tenant, scopes])).toEqual([
        ['one', ['read']],
        ['two', ['read']],
        ['two', ['lake']],
      ])
      // The same subject at two issuers is two callers.
      expect(callers[0]?.id).not.toBe(callers[1]?.id)
      expect(await reasonOf(await ask(edge, await other.token(edge.now(), { iss: issuer.url })))).toBe('key')
    } finally {
      await other.close()
    }
  })
})
