/** Tokens that somebody made to get in: each is refused, for the reason that it should be. */
import { type CryptoKey, exportSPKI, importJWK, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { posting, type TestEdge } from '../fixture.ts'
import { ask, oauthEdge, PING, reasonOf } from './edge.ts'
import { accessClaims, handmade, MCP_URL, newSigningKey, signed, testIssuer, type TestIssuer } from './issuer.ts'

let issuer: TestIssuer
let rsa: TestIssuer
let edge: TestEdge
beforeAll(async () => {
  issuer = await testIssuer()
  rsa = await testIssuer({ alg: 'RS256' })
  edge = await oauthEdge([{ issuer: issuer.url }, { issuer: rsa.url }])
})
afterAll(async () => {
  await issuer.close()
  await rsa.close()
})

const HOUR = 3600
const seconds = (): number => Math.floor(edge.now() / 1000)
const claims = (change: object = {}, iss = issuer.url): object => accessClaims(iss, edge.now(), { ...change })
const b64 = (text: string): string => Buffer.from(text).toString('base64url')

/** The public key of the issuer, which everybody has, as the secret of an HMAC. */
async function confused(alg: string): Promise<string> {
  const pem = await exportSPKI((await importJWK(rsa.key().publicJwk, 'RS256')) as CryptoKey)
  return new SignJWT({ ...claims({}, rsa.url) })
    .setProtectedHeader({ alg, kid: rsa.key().kid })
    .sign(new TextEncoder().encode(pem))
}

async function changedPayload(change: object): Promise<string> {
  const [header, , signature] = (await issuer.token(edge.now())).split('.')
  return [header, b64(JSON.stringify(claims(change))), signature].join('.')
}

const TOKENS: Readonly<Record<string, readonly [reason: string, make: () => string | Promise<string>]>> = {
  'alg none, without a signature': ['algorithm', () => handmade({ alg: 'none' }, claims(), '.')],
  'alg None, with the signature of another': ['algorithm', () => handmade({ alg: 'None' }, claims(), '.c2ln')],
  'no alg': ['algorithm', () => handmade({ typ: 'JWT' }, claims(), '.c2ln')],
  'alg that is no text': ['algorithm', () => handmade({ alg: ['ES256'] }, claims(), '.c2ln')],
  'HS256 with the public key as its secret': ['algorithm', () => confused('HS256')],
  'HS512 with the public key as its secret': ['algorithm', () => confused('HS512')],
  'the algorithm of another kind of key': [
    'key',
    () => handmade({ alg: 'RS256', kid: issuer.key().kid }, claims(), '.c2ln'),
  ],
  'no issuer': ['issuer', () => issuer.token(edge.now(), { iss: undefined })],
  'an issuer with a slash more': ['issuer', () => issuer.token(edge.now(), { iss: `${issuer.url}/` })],
  'an issuer that begins like ours': ['issuer', () => issuer.token(edge.now(), { iss: `${issuer.url}.evil.example` })],
  'several issuers': ['issuer', () => issuer.token(edge.now(), { iss: [issuer.url] })],
  'the issuer of another key': ['key', () => issuer.token(edge.now(), { iss: rsa.url })],
  'no audience': ['audience', () => issuer.token(edge.now(), { aud: undefined })],
  'the audience of another resource': [
    'audience',
    () => issuer.token(edge.now(), { aud: 'https://other.example/mcp' }),
  ],
  'an audience that begins like ours': ['audience', () => issuer.token(edge.now(), { aud: `${MCP_URL}.evil` })],
  'an audience that ours begins with': ['audience', () => issuer.token(edge.now(), { aud: 'http://127.0.0.1:878' })],
  'an audience that is no text': ['audience', () => issuer.token(edge.now(), { aud: [{ 0: MCP_URL }, 1] })],
  'claims changed after signing': ['signature', () => changedPayload({ scope: 'admin' })],
  expired: ['expired', () => issuer.token(edge.now(), { exp: seconds() - 31 })],
  'without an end': ['claims', () => issuer.token(edge.now(), { exp: undefined })],
  'an end that is no number': ['claims', () => issuer.token(edge.now(), { exp: '9999999999' })],
  'for later': ['not_yet', () => issuer.token(edge.now(), { nbf: seconds() + HOUR })],
  'a beginning that is no number': ['not_yet', () => issuer.token(edge.now(), { nbf: 'now' })],
  'without a subject': ['claims', () => issuer.token(edge.now(), { sub: undefined })],
  'an empty subject': ['claims', () => issuer.token(edge.now(), { sub: '' })],
  'a subject that is no text': ['claims', () => issuer.token(edge.now(), { sub: 7 })],
  'another key under the right id': [
    'signature',
    async () => signed({ ...(await newSigningKey()), kid: issuer.key().kid }, claims()),
  ],
  'another key under an id of its own': ['key', async () => signed(await newSigningKey(), claims())],
  'its own key in the header': [
    'key',
    async () => {
      const own = await newSigningKey()
      return signed(own, claims(), { jwk: own.publicJwk })
    },
  ],
  'its own key in the header, under our id': [
    'signature',
    async () => {
      const own = await newSigningKey()
      return signed({ ...own, kid: issuer.key().kid }, claims(), { jwk: own.publicJwk })
    },
  ],
  'places of keys in the header': [
    'key',
    async () => signed(await newSigningKey(), claims(), { jku: `${issuer.url}/evil`, x5u: `${issuer.url}/evil` }),
  ],
  'a certificate in the header': ['key', async () => signed(await newSigningKey(), claims(), { x5c: ['MIIB'] })],
  'an id that is a path': ['key', async () => signed(await newSigningKey(), claims(), { kid: '../../keys' })],
  'an id that is a query': ['key', async () => signed(await newSigningKey(), claims(), { kid: "x' OR '1'='1" })],
  'an id that breaks lines': [
    'key',
    async () => signed(await newSigningKey(), claims(), { kid: 'x\r\nset-cookie: a' }),
  ],
  'an id of a prototype': ['key', async () => signed(await newSigningKey(), claims(), { kid: '__proto__' })],
  'an extension that it calls critical': [
    'malformed',
    () => handmade({ alg: 'ES256', kid: issuer.key().kid, crit: ['exp'], exp: 1 }, claims(), '.c2ln'),
  ],
  'the type of a logout token': ['type', () => issuer.token(edge.now(), {}, { typ: 'logout+jwt' })],
  'the type of a DPoP proof': ['type', () => issuer.token(edge.now(), {}, { typ: 'dpop+jwt' })],
  'the type of an ID token': ['type', () => issuer.token(edge.now(), {}, { typ: 'id_token+jwt' })],
  'an ID token, by its nonce': ['use', () => issuer.token(edge.now(), { nonce: 'n' })],
  'an ID token, by the hash of the access token': ['use', () => issuer.token(edge.now(), { at_hash: 'h' })],
  'an ID token of Cognito': ['use', () => issuer.token(edge.now(), { token_use: 'id' })],
  'an ID token of Keycloak': ['use', () => issuer.token(edge.now(), { typ: 'ID' })],
  'a refresh token of Keycloak': ['use', () => issuer.token(edge.now(), { typ: 'Refresh' })],
  'bound to a key that nobody proves to have': ['use', () => issuer.token(edge.now(), { cnf: { jkt: 'x' } })],
  truncated: ['signature', async () => (await issuer.token(edge.now())).slice(0, -4)],
  'cut before its signature': [
    'malformed',
    async () => (await issuer.token(edge.now())).split('.').slice(0, 2).join('.'),
  ],
  'an empty signature': [
    'signature',
    async () => `${(await issuer.token(edge.now())).split('.').slice(0, 2).join('.')}.`,
  ],
  'five parts, as if encrypted': ['malformed', async () => `${await issuer.token(edge.now())}.a.b`],
  'a header that is no JSON': ['malformed', () => `${b64('{alg')}.${b64('{}')}.c2ln`],
  'claims that are no JSON': ['malformed', () => `${b64('{"alg":"ES256"}')}.${b64('[')}.c2ln`],
  'claims that are a list': ['malformed', () => `${b64('{"alg":"ES256"}')}.${b64('[]')}.c2ln`],
  'claims nested a thousand deep': [
    'malformed',
    () => `${b64('{"alg":"ES256"}')}.${b64(`${'['.repeat(1000)}${']'.repeat(1000)}`)}.c2ln`,
  ],
  huge: ['malformed', () => issuer.token(edge.now(), { padding: 'x'.repeat(100_000) })],
  'no token at all': ['malformed', () => 'x'],
  'the key of an installation': ['malformed', () => `abcdefgh.${'x'.repeat(43)}`],
}

describe('a token', () => {
  it.each(Object.entries(TOKENS))('%s', async (_name, [reason, make]) => {
    const before = edge.heard.length
    const token = await make()
    const response = await ask(edge, token)
    expect([response.status, await reasonOf(response.clone())]).toEqual([401, reason])
    const told = `${JSON.stringify([...response.headers])}${await response.text()}`
    expect(token.length < 20 || !told.includes(token.slice(10, 60))).toBe(true)
    expect(told).not.toMatch(/set-cookie|evil/)
    expect(edge.heard.length).toBe(before)
  })

  it('right in every way passes, so that the others fail by what they are', async () => {
    expect((await ask(edge, await issuer.token(edge.now()))).status).toBe(200)
    expect((await ask(edge, await rsa.token(edge.now(), {}, { typ: 'JWT' }))).status).toBe(200)
    expect((await ask(edge, await rsa.token(edge.now(), {}, { typ: undefined }))).status).toBe(200)
    // Ours to look away from: where a key may be found is the issuer's word.
    const withPlaces = await issuer.token(edge.now(), {}, { jku: `${issuer.url}/evil`, x5u: `${issuer.url}/evil` })
    expect((await ask(edge, withPlaces)).status).toBe(200)
    expect(issuer.requests).not.toContain('/evil')
    expect(edge.reported).toEqual([])
  })

  it('is not taken from anywhere but the Authorization header, and not from two', async () => {
    const token = await issuer.token(edge.now())
    const statuses: number[] = []
    for (const init of [
      posting(PING, { 'x-api-key': token }),
      posting(PING, { cookie: `access_token=${token}` }),
      posting(PING, { authorization: `Bearer ${token}, Bearer ${token}` }),
      posting(PING, { authorization: `DPoP ${token}` }),
    ])
      statuses.push((await edge.request('/mcp', init)).status)
    statuses.push((await edge.request(`/mcp?access_token=${token}`, posting(PING))).status)
    expect(statuses).toEqual([401, 401, 401, 401, 401])
  })
})
