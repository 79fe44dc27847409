/** Cloudflare Access in front: its assertion is verified, not believed. */
import { beforeEach, describe, expect, it } from 'vitest'
import { posting, type TestEdge, testEdge, toolCall } from '../fixture.ts'
import { PING, reasonOf } from './edge.ts'
import { newSigningKey, signed, type SigningKey } from './issuer.ts'

const TEAM = 'https://kakei.cloudflareaccess.com'
const AUD = 'f'.repeat(64)

let edge: TestEdge
let key: SigningKey
let asked: string[]
beforeEach(async () => {
  key = await newSigningKey()
  asked = []
  edge = await testEdge({
    mode: 'access',
    access: {
      teamDomain: 'kakei.cloudflareaccess.com',
      audiences: [AUD],
      scopes: ['read'],
      grants: [
        { who: 'hanako@example.jp', scopes: ['read', 'lake', 'admin'], tenant: 'estat' },
        { who: 'abc.access', scopes: ['lake'], tenant: 'robots' },
      ],
    },
    sendToIssuer: async ({ url }) => {
      asked.push(url)
      return Response.json({ keys: [key.publicJwk] })
    },
  })
})

const assertion = (change: object = {}, by = key) => {
  const iat = Math.floor(edge.now() / 1000)
  const person = { iss: TEAM, aud: [AUD], type: 'app', email: 'taro@example.jp', sub: 'user-1', iat, exp: iat + 60 }
  return signed(by, { ...person, ...change }, { typ: undefined })
}
const send = async (change: object = {}, body: unknown = PING, by = key) =>
  edge.request('/mcp', posting(body, { 'cf-access-jwt-assertion': await assertion(change, by) }))

describe('whom Access let in', () => {
  it('is a person, under an id that is not the address', async () => {
    expect((await send()).status).toBe(200)
    const caller = edge.heard[0]?.verified.caller
    expect(caller).toEqual({ id: expect.stringMatching(/^access:[0-9a-f]{32}$/), tenant: 'estat', scopes: ['read'] })
    expect(asked).toEqual([`${TEAM}/cdn-cgi/access/certs`])
    expect((await send({}, toolCall('load_table', {}))).status).toBe(403)
    expect((await send({ email: 'Hanako@Example.JP', sub: 'user-2' }, toolCall('purge', {}))).status).toBe(200)
  })

  it('is a service token, by its name', async () => {
    expect((await send({ sub: '', email: undefined, common_name: 'abc.access' })).status).toBe(200)
    expect((await send({ sub: '', email: undefined, common_name: 'def.access' })).status).toBe(200)
    const [named, other] = edge.heard.map(({ verified }) => verified.caller)
    expect(named).toMatchObject({ tenant: 'robots', scopes: ['lake'] })
    expect(other).toMatchObject({ tenant: 'estat', scopes: ['read'] })
    expect(named?.id).not.toBe(other?.id)
  })

  it.each([
    ['another application of the team', { aud: ['e'.repeat(64)] }, 'audience'],
    ['no application', { aud: [] }, 'audience'],
    ['another team', { iss: 'https://other.cloudflareaccess.com' }, 'issuer'],
    ['the session with the team', { type: 'org' }, 'use'],
    ['nobody', { sub: '', email: 'taro@example.jp' }, 'claims'],
    ['somebody of yesterday', { exp: 1 }, 'expired'],
    ['somebody for ever', { exp: undefined }, 'claims'],
  ])('is not %s', async (_name, change, reason) => {
    const response = await send(change)
    expect([response.status, await reasonOf(response)]).toEqual([401, reason])
  })

  it('is nobody without its signature, who says so in another header, or who comes past Access', async () => {
    expect(await reasonOf(await send({}, PING, { ...(await newSigningKey()), kid: key.kid }))).toBe('signature')
    const right = await assertion()
    for (const headers of [
      {},
      { authorization: `Bearer ${right}` },
      { cookie: `CF_Authorization=${right}` },
      { 'cf-access-authenticated-user-email': 'hanako@example.jp' },
    ]) {
      const response = await edge.request('/mcp', posting(PING, headers))
      expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="estat-mcp"'])
    }
    expect((await edge.request('/.well-known/oauth-protected-resource/mcp')).status).toBe(404)
    expect(edge.heard).toEqual([])
  })
})
