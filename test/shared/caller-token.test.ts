import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { signCallerToken, verifyCallerToken } from '../../shared/caller-token.ts'
import type { Caller } from '../../shared/server-info.ts'

const NOW = Date.parse('2026-11-20T00:00:00Z')
const caller: Caller = { id: 'k1', tenant: 'estat', scopes: ['read', 'lake'] }
const request = { method: 'POST', path: '/mcp', body: new TextEncoder().encode('{"a":1}') }
const jti = '0f0f0f0f-1111'

async function pair(kid?: string): Promise<{ secret: JWK; open: JWK }> {
  const { privateKey, publicKey } = await generateKeyPair('EdDSA', { extractable: true })
  const named = kid === undefined ? {} : { kid }
  return { secret: { ...(await exportJWK(privateKey)), ...named }, open: { ...(await exportJWK(publicKey)), ...named } }
}

let old: Awaited<ReturnType<typeof pair>>
let fresh: Awaited<ReturnType<typeof pair>>
let foreign: Awaited<ReturnType<typeof pair>>
beforeAll(async () => {
  old = await pair('2026-10')
  fresh = await pair('2026-11')
  foreign = await pair()
})

const sign = (key: JWK = fresh.secret) => signCallerToken({ key, caller, request, now: NOW, jti })
const verify = (token: string, change: Partial<Parameters<typeof verifyCallerToken>[1]> = {}) =>
  verifyCallerToken(token, { keys: [old.open, fresh.open], request, now: NOW, ...change })
/** A token of any content, rightly signed. */
const forge = (claims: Record<string, unknown>, alg = 'EdDSA') =>
  new SignJWT(claims).setProtectedHeader({ alg }).sign(alg === 'EdDSA' ? fresh.secret : new Uint8Array(32))

describe('caller token', () => {
  it('carries the caller, under either of two keys', async () => {
    for (const key of [old.secret, fresh.secret])
      expect(await verify(await sign(key))).toEqual({ caller, base: null, jti, forgetAfter: NOW + 36_000 })
  })

  it('carries where the caller came in, and nothing that is no scheme and host', async () => {
    const signed = (base: string) => signCallerToken({ key: fresh.secret, caller, base, request, now: NOW, jti })
    expect(await verify(await signed('https://estat.example.jp:8443'))).toMatchObject({
      base: 'https://estat.example.jp:8443',
    })
    for (const base of ['https://a.example/path', 'javascript:alert(1)', 'https://a b', ''])
      await expect(verify(await signed(base))).rejects.toThrow('refused: claims')
  })

  it('is bound to method, path and body', async () => {
    const token = await sign()
    const other = { method: 'DELETE', path: '/execute', body: new TextEncoder().encode('{"a":2}') }
    for (const [field, reason] of [
      ['method', 'method'],
      ['path', 'path'],
      ['body', 'body'],
    ] as const)
      await expect(verify(token, { request: { ...request, [field]: other[field] } })).rejects.toMatchObject({
        code: 'UNAUTHORIZED',
        message: `The caller token was refused: ${reason}`,
      })
  })

  it('lives thirty seconds, give or take a clock', async () => {
    const token = await sign()
    await expect(verify(token, { now: NOW + 29_000 })).resolves.toBeDefined()
    await expect(verify(token, { now: NOW + 36_000 })).rejects.toThrow('refused: expired')
    await expect(verify(token, { now: NOW - 10_000 })).rejects.toThrow('refused: claims')
  })

  it('refuses what another key or another algorithm signed', async () => {
    await expect(verify(await sign(foreign.secret))).rejects.toThrow('refused: signature')
    await expect(verify(await forge({}, 'HS256'))).rejects.toThrow('refused: signature')
    const none = `${btoa('{"alg":"none"}')}.${btoa('{}')}.`.replaceAll('=', '')
    await expect(verify(none)).rejects.toThrow(/refused: (signature|malformed)/)
    await expect(verify('nonsense')).rejects.toThrow('refused: malformed')
    await expect(verify(await sign(), { keys: [] })).rejects.toThrow('refused: signature')
  })

  it('refuses claims that the edge never writes', async () => {
    const iat = NOW / 1000
    const good = { iss: 'estat-edge', aud: 'estat-origin', iat, exp: iat + 30 }
    for (const claims of [
      { ...good },
      { ...good, iss: 'someone' },
      { ...good, aud: 'elsewhere' },
      { ...good, exp: iat + 3600, sub: 'k1', tenant: 'estat', scopes: [], htm: '', htu: '', body_sha256: '', jti },
      { ...good, sub: 'k1', tenant: '../other', scopes: ['read'], htm: 'POST', htu: '/mcp', body_sha256: '', jti },
      { ...good, sub: 'k1', tenant: 'estat', scopes: ['root'], htm: 'POST', htu: '/mcp', body_sha256: '', jti },
    ])
      await expect(verify(await forge(claims))).rejects.toThrow('refused: claims')
  })
})
