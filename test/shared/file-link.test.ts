import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { signFileLink, verifyFileLink } from '../../shared/file-link.ts'

const NOW = Date.parse('2026-11-20T00:00:00Z')
const SECONDS = NOW / 1000
const grant = { key: 'estat/csv/人口.csv', tenant: 'estat', name: '人口.csv', sub: 'k1' }
const jti = '0f0f0f0f-1111'

async function pair(): Promise<{ secret: JWK; open: JWK }> {
  const { privateKey, publicKey } = await generateKeyPair('EdDSA', { extractable: true })
  return { secret: await exportJWK(privateKey), open: await exportJWK(publicKey) }
}

let old: Awaited<ReturnType<typeof pair>>
let fresh: Awaited<ReturnType<typeof pair>>
let foreign: Awaited<ReturnType<typeof pair>>
beforeAll(async () => {
  ;[old, fresh, foreign] = [await pair(), await pair(), await pair()]
})

const sign = (change: Partial<Parameters<typeof signFileLink>[0]> = {}) =>
  signFileLink({ ...grant, signingKey: fresh.secret, now: NOW, seconds: 3600, jti, ...change })
const verify = (token: string, now = NOW) => verifyFileLink(token, [old.open, fresh.open], now)
const refused = (reason: string) => ({ code: 'FORBIDDEN', message: `The link to this file was refused: ${reason}` })

const CLAIMS = { iss: 'estat-origin', aud: 'estat-files', htm: 'GET', ...grant, jti, iat: SECONDS, exp: SECONDS + 60 }
/** Any content, rightly signed. */
const forge = (claims: object, header: object = {}, key: JWK | Uint8Array = fresh.secret) =>
  new SignJWT({ ...CLAIMS, ...claims }).setProtectedHeader({ alg: 'EdDSA', typ: 'file-link+jwt', ...header }).sign(key)

describe('a signed link', () => {
  it('carries what it grants, under either of two keys, with the id of the key', async () => {
    for (const signingKey of [old.secret, fresh.secret])
      expect(await verify(await sign({ signingKey }))).toEqual({ ...grant, jti, iat: SECONDS, exp: SECONDS + 3600 })
    const header = (token: string) =>
      JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as object
    expect(header(await sign())).toEqual({
      alg: 'EdDSA',
      typ: 'file-link+jwt',
      kid: expect.stringMatching(/^[\w-]{43}$/),
    })
    expect(header(await sign({ signingKey: { ...fresh.secret, kid: '2026-11' } }))).toMatchObject({ kid: '2026-11' })
  })

  it('lives exactly as long as it says', async () => {
    const token = await sign({ seconds: 60 })
    await expect(verify(token, NOW + 59_999)).resolves.toBeDefined()
    await expect(verify(token, NOW + 60_000)).rejects.toMatchObject(refused('expired'))
    await expect(verify(await sign({ seconds: 604_800 }), NOW + 604_799_000)).resolves.toBeDefined()
  })

  it('is not valid before it was made, but for the difference of two clocks', async () => {
    await expect(verify(await sign(), NOW - 4_000)).resolves.toBeDefined()
    await expect(verify(await sign(), NOW - 7_000)).rejects.toMatchObject(refused('early'))
    await expect(verify(await forge({ nbf: SECONDS + 60 }))).rejects.toMatchObject(refused('early'))
  })

  it('is refused where anything in it was altered', async () => {
    const token = await sign()
    const [head = '', body = '', signature = ''] = token.split('.')
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as object
    for (const change of [{ key: 'estat/csv/b.csv' }, { tenant: 'other' }, { htm: 'PUT' }, { exp: SECONDS * 2 }]) {
      const altered = Buffer.from(JSON.stringify({ ...claims, ...change })).toString('base64url')
      await expect(verify(`${head}.${altered}.${signature}`)).rejects.toMatchObject(refused('signature'))
    }
    for (let at = 0; at < signature.length - 1; at += 1) {
      const letter = signature[at] === 'A' ? 'B' : 'A'
      const altered = `${head}.${body}.${signature.slice(0, at)}${letter}${signature.slice(at + 1)}`
      await expect(verify(altered)).rejects.toMatchObject(refused('signature'))
    }
  })

  it.each([
    ['another key', async () => sign({ signingKey: foreign.secret }), 'signature'],
    ['a secret both know', () => forge({}, { alg: 'HS256' }, new TextEncoder().encode('x'.repeat(32))), 'signature'],
    ['nobody', () => `${btoa('{"alg":"none","typ":"file-link+jwt"}').replaceAll('=', '')}.e30.`, 'signature'],
    ['us, as another kind of token', () => forge({}, { typ: 'JWT' }), 'claims'],
    ['us, for another audience', () => forge({ aud: 'estat-origin' }), 'claims'],
    ['us, from another issuer', () => forge({ iss: 'estat-edge' }), 'claims'],
    ['us, to write', () => forge({ htm: 'PUT' }), 'claims'],
    ['us, for more than a week', () => forge({ exp: SECONDS + 604_801 }), 'claims'],
    ["us, for another tenant's file", () => forge({ tenant: 'other' }), 'claims'],
    ['us, for a job', () => forge({ key: 'estat/jobs/1.json' }), 'claims'],
    ['us, without an id', () => forge({ jti: undefined }), 'claims'],
    ['us, without an end', () => forge({ exp: undefined }), 'claims'],
    ['us, at no time', () => forge({ iat: undefined }), 'claims'],
    ['no word of ours', () => 'a.b.c', 'malformed'],
    ['nothing', () => '', 'malformed'],
    ['very many words', () => 'a'.repeat(1_000_000), 'malformed'],
  ])('is refused where it was signed by %s', async (_who, token, reason) => {
    await expect(verify(await token())).rejects.toMatchObject(refused(reason))
  })

  it('tells nothing of its file where it is refused', async () => {
    const error = await verify(await sign({ signingKey: foreign.secret })).catch((thrown: unknown) => thrown)
    expect(JSON.stringify(error) + String(error)).not.toMatch(/人口|estat\/|k1/)
  })

  it('of the longest key and name is read', async () => {
    const name = `${'人'.repeat(80)}.csv`
    const key = `estat/csv/${Array.from({ length: 3 }, () => '口'.repeat(80)).join('/')}/${name}`
    expect(await verify(await sign({ key, name }))).toMatchObject({ key, name })
  })
})
