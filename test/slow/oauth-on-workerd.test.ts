/** Keys and tokens together in the production Worker, before a real issuer. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { testIssuer, type TestIssuer } from '../edge/identity/issuer.ts'
import { type FakeOrigin, fakeOrigin, sendJson } from '../platform/fake-origin.ts'
import { type RunningEdge, startEdge } from '../platform/workerd.ts'

const KEY = 'one-key-of-a-small-installation'
let origin: FakeOrigin
let issuer: TestIssuer
let edge: RunningEdge
beforeAll(async () => {
  origin = await fakeOrigin()
  issuer = await testIssuer({ path: '/realms/estat', publishes: 'oidc', alg: 'RS256' })
  edge = await startEdge({
    originUrl: origin.url,
    vars: {
      AUTH_MODE: 'oauth+key',
      MCP_API_KEY: KEY,
      OAUTH_ISSUERS: JSON.stringify([{ issuer: issuer.url, audiences: ['estat'] }]),
    },
  })
  origin.trust(edge.publicKey)
  origin.answer((_heard, response) => sendJson(response, 200, { jsonrpc: '2.0', id: 1, result: {} }))
})
afterAll(async () => {
  await edge?.close()
  await issuer?.close()
  await origin?.close()
})

const post = (path: string, headers: Record<string, string>) =>
  fetch(`${edge.url}${path}`, {
    method: 'POST',
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' }),
    headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
  })
const bearer = async (claims: object = {}) => ({
  authorization: `Bearer ${await issuer.token(Date.now(), { aud: 'estat', ...claims })}`,
})

it('asks the issuer for its keys once, though no request may wait for the promise of another', async () => {
  const headers = await bearer()
  const answers = await Promise.all(Array.from({ length: 20 }, () => post('/mcp', headers)))
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  expect(issuer.requests.filter((path) => path === '/realms/estat/keys')).toHaveLength(1)
  const { caller } = origin.heard.at(-1)?.verified ?? {}
  expect(caller).toEqual({ id: expect.stringMatching(/^oauth:[0-9a-f]{32}$/), tenant: 'estat', scopes: ['read'] })
})

it('refuses with a challenge that leads to the metadata', async () => {
  const refused = await post('/mcp', await bearer({ aud: 'elsewhere' }))
  expect(refused.status).toBe(401)
  const place = `${edge.url}/.well-known/oauth-protected-resource/mcp`
  expect(refused.headers.get('www-authenticate')).toBe(
    `Bearer error="invalid_token", resource_metadata="${place}", scope="read lake"`,
  )
  const metadata = await fetch(place)
  expect(await metadata.json()).toMatchObject({ resource: `${edge.url}/mcp`, authorization_servers: [issuer.url] })
})

it('takes the one key at the other door alone', async () => {
  const key = { 'x-api-key': KEY }
  expect([(await post('/k/mcp', key)).status, (await post('/mcp', key)).status]).toEqual([200, 401])
  expect(origin.heard.at(-1)?.verified.caller).toEqual({ id: 'mcp-api-key', tenant: 'estat', scopes: ['read', 'lake'] })
  expect((await post('/k/mcp', await bearer())).headers.get('www-authenticate')).toBe('Bearer realm="estat-mcp"')
  expect(edge.logs().join('\n')).not.toContain(KEY)
})
