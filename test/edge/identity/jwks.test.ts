/** The keys of an issuer: what is asked for and when, counted in requests. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { memoryRecords } from '../../../edge/adapters/records-memory.ts'
import type { TestEdge } from '../fixture.ts'
import { ask, oauthEdge, reasonOf } from './edge.ts'
import { accessClaims, newSigningKey, signed, testIssuer, type TestIssuer } from './issuer.ts'

let issuer: TestIssuer
let edge: TestEdge
beforeEach(async () => {
  issuer = await testIssuer()
  edge = await oauthEdge([{ issuer: issuer.url }])
})
afterEach(() => issuer.close())

const status = async (of = edge, token?: string): Promise<number> =>
  (await ask(of, token ?? (await issuer.token(of.now())))).status
const invented = async (): Promise<string> => signed(await newSigningKey(), accessClaims(issuer.url, edge.now()))
const fetches = (): number => issuer.requests.filter((path) => path === '/keys').length

describe('keys', () => {
  it('are asked for once, however many callers come at once', async () => {
    const token = await issuer.token(edge.now())
    const statuses = await Promise.all(Array.from({ length: 50 }, () => status(edge, token)))
    expect(new Set(statuses)).toEqual(new Set([200]))
    expect(issuer.requests).toEqual(['/.well-known/oauth-authorization-server', '/keys'])
  })

  it('are asked for again by an unknown id, but not twice in 30 seconds', async () => {
    await status()
    for (let at = 0; at < 20; at++) expect(await reasonOf(await ask(edge, await invented()))).toBe('key')
    expect(fetches()).toBe(1)
    edge.advance(30)
    for (let at = 0; at < 20; at++) expect(await status(edge, await invented())).toBe(401)
    expect(fetches()).toBe(2)
    expect(issuer.requests.length).toBe(3)
  })

  it('are not asked for by a token of a foreign issuer or a wrong algorithm', async () => {
    await status(edge, await issuer.token(edge.now(), { iss: 'https://other.example' }))
    await status(edge, 'nonsense')
    expect(issuer.requests).toEqual([])
  })

  it('change without a pause: a new one is found, a withdrawn one is gone in ten minutes', async () => {
    const old = issuer.key()
    const oldToken = () => signed(old, accessClaims(issuer.url, edge.now()))
    expect(await status()).toBe(200)
    edge.advance(60)
    await issuer.rotate(true)
    expect(await status()).toBe(200)
    expect(await status(edge, await oldToken())).toBe(200)
    await issuer.rotate(false)
    edge.advance(599)
    expect(await status(edge, await oldToken())).toBe(200)
    edge.advance(1)
    expect(await status(edge, await oldToken())).toBe(401)
    expect(await status()).toBe(200)
  })

  it('of two that fit none is guessed', async () => {
    await issuer.rotate(true)
    expect(await reasonOf(await ask(edge, await issuer.token(edge.now(), {}, { kid: undefined })))).toBe('key')
  })

  it('that are symmetric or for encryption verify nothing', async () => {
    const { publicJwk } = issuer.key()
    const keys = [
      { kty: 'oct', k: 'c2VjcmV0', kid: 'a', alg: 'HS256' },
      { ...publicJwk, use: 'enc' },
    ]
    issuer.answer('/keys', () => ({ status: 200, body: JSON.stringify({ keys }) }))
    expect(await reasonOf(await ask(edge, await issuer.token(edge.now())))).toBe('key')
  })
})

describe('an issuer that is down', () => {
  it('locks nobody out whose key is known, for a day', async () => {
    expect(await status()).toBe(200)
    issuer.down(true)
    edge.advance(1_200)
    expect(await status()).toBe(200)
    expect(edge.reported).toEqual(['issuer keys'])
    const asked = issuer.requests.length
    for (let at = 0; at < 20; at++) expect(await status()).toBe(200)
    expect(issuer.requests.length).toBe(asked)
    edge.advance(86_400 - 1_201)
    expect(await status()).toBe(200)
    edge.advance(1)
    expect(await status()).toBe(503)
    issuer.down(false)
    edge.advance(30)
    expect(await status()).toBe(200)
  })

  it('is stood in for by the last good copy where an instance is new', async () => {
    const records = memoryRecords({ now: () => edge.now() })
    const [first, second] = [
      await oauthEdge([{ issuer: issuer.url }], { records }),
      await oauthEdge([{ issuer: issuer.url }], { records }),
    ]
    expect(await status(first)).toBe(200)
    const asked = issuer.requests.length
    expect(await status(second)).toBe(200)
    // The copy is fresh: nobody had to be asked.
    expect(issuer.requests.length).toBe(asked)
    issuer.down(true)
    const third = await oauthEdge([{ issuer: issuer.url }], { records })
    third.advance(3_000)
    expect(await status(third)).toBe(200)
    expect(third.reported).toEqual(['issuer keys'])
  })

  it('is asked all the same where the copy is from a clock that is ahead, and stood in for where it is down', async () => {
    const records = memoryRecords({ now: () => edge.now() })
    const ahead = await oauthEdge([{ issuer: issuer.url }], { records })
    ahead.advance(3_000)
    expect([await status(ahead), fetches()]).toEqual([200, 1])
    const text = (await records.get((await records.list('jwks:'))[0] ?? '')) ?? ''
    edge = await oauthEdge([{ issuer: issuer.url }], { records })
    expect([await status(), fetches()]).toEqual([200, 2])
    await records.put((await records.list('jwks:'))[0] ?? '', text)
    issuer.down(true)
    edge = await oauthEdge([{ issuer: issuer.url }], { records })
    expect([await status(), fetches()]).toEqual([200, 2])
    expect(edge.reported).toEqual(['issuer keys'])
  })

  it('from the beginning is our failure, not the caller’s, and is not asked by every call', async () => {
    issuer.down(true)
    const response = await ask(edge, await issuer.token(edge.now()))
    expect(response.status).toBe(503)
    expect(response.headers.get('www-authenticate')).toBeNull()
    expect(await response.json()).toMatchObject({ error: { data: { code: 'ESTAT_UNAVAILABLE' } } })
    const asked = issuer.requests.length
    for (let at = 0; at < 20; at++) expect(await status()).toBe(503)
    expect(issuer.requests.length).toBe(asked)
    issuer.down(false)
    edge.advance(5)
    expect(await status()).toBe(200)
  })

  it('that hangs is given up on', async () => {
    issuer.hang(true)
    edge = await oauthEdge([{ issuer: issuer.url }], { timeouts: { issuer: 30 } })
    expect(await status()).toBe(503)
  })

  it.each([
    ['a page', '/keys', 200, '<html>'],
    ['no list', '/keys', 200, '{"keys":{}}'],
    ['an empty list', '/keys', 200, '{"keys":[]}'],
    ['a megabyte', '/keys', 200, `{"keys":[],"x":"${'x'.repeat(1_000_000)}"}`],
    ['a redirection', '/keys', 302, ''],
    [
      'the metadata of another',
      '/.well-known/oauth-authorization-server',
      200,
      '{"issuer":"https://evil.example","jwks_uri":"https://evil.example/"}',
    ],
    [
      'keys by plain HTTP',
      '/.well-known/oauth-authorization-server',
      200,
      '{"issuer":"ISSUER","jwks_uri":"http://evil.example/"}',
    ],
  ])('is one that answers %s', async (_name, path, code, body) => {
    issuer.answer(path, () => ({ status: code, body: body.replace('ISSUER', issuer.url) }))
    expect(await status()).toBe(503)
    expect(edge.reported).toEqual(['issuer keys'])
    issuer.answer(path, undefined)
    edge.advance(5)
    expect(await status()).toBe(200)
  })
})

describe('records', () => {
  it.each([
    ['fail', () => Promise.reject(new Error('down'))],
    ['hang', () => new Promise<never>(() => {})],
    ['hold nonsense', () => Promise.resolve('{"fetchedAt":"now"}')],
  ])('that %s do not matter while the issuer answers', async (_name, get) => {
    const records = { ...memoryRecords({ now: () => 0 }), get, put: get as () => Promise<never> }
    edge = await oauthEdge([{ issuer: issuer.url }], { records, timeouts: { store: 10 } })
    expect(await status()).toBe(200)
    expect(edge.reported).toContain('records')
  })
})

describe('discovery', () => {
  it.each([
    ['/realms/estat', 'oauth', ['/.well-known/oauth-authorization-server/realms/estat']],
    [
      '/realms/estat',
      'oidc',
      ['/.well-known/oauth-authorization-server/realms/estat', '/realms/estat/.well-known/openid-configuration'],
    ],
    ['', 'oidc', ['/.well-known/oauth-authorization-server', '/.well-known/openid-configuration']],
  ] as const)('of an issuer at "%s" that publishes %s', async (path, publishes, expected) => {
    const other = await testIssuer({ path, publishes })
    try {
      edge = await oauthEdge([{ issuer: other.url }])
      expect(await status(edge, await other.token(edge.now()))).toBe(200)
      expect(other.requests).toEqual([...expected, `${path}/keys`])
    } finally {
      await other.close()
    }
  })

  it('is left out where the place of the keys is given', async () => {
    edge = await oauthEdge([{ issuer: issuer.url, jwks_uri: `${issuer.url}/keys` }])
    expect(await status()).toBe(200)
    expect(issuer.requests).toEqual(['/keys'])
  })
})
