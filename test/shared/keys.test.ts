import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { equalHashes, hashSecret, KeyRecord, newKey, parseKey } from '../../shared/keys.ts'

const random = (count: number) => crypto.getRandomValues(new Uint8Array(count))

describe('keys', () => {
  it('is issued, sent, parsed and recognised by its hash alone', async () => {
    const key = await newKey(random, { tenant: 'estat', scopes: ['read'], label: 'laptop' })
    expect(parseKey(key.text)).toEqual({ id: key.id, secret: key.secret })
    expect(key.record.hash).toBe(await hashSecret(key.secret))
    expect(JSON.stringify(key.record)).not.toContain(key.secret)
    expect(KeyRecord.parse(JSON.parse(JSON.stringify(key.record)))).toEqual({
      hash: key.record.hash,
      tenant: 'estat',
      scopes: ['read'],
      limit: null,
      expires: null,
      label: 'laptop',
    })
  })

  it('never issues the same key twice', async () => {
    const keys = await Promise.all(Array.from({ length: 100 }, () => newKey(random, { tenant: 'estat', scopes: [] })))
    expect(new Set(keys.map(({ id }) => id)).size).toBe(100)
    expect(new Set(keys.map(({ secret }) => secret)).size).toBe(100)
  })

  it('refuses a grant that could reach another tenant', async () => {
    for (const tenant of ['', '../x', 'A', 'a/b', 'a'.repeat(32)])
      await expect(newKey(random, { tenant, scopes: [] })).rejects.toThrow(/tenant/)
  })

  it('parses nothing but keys', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const key = parseKey(text)
        expect(key === null || `${key.id}.${key.secret}` === text).toBe(true)
      }),
    )
    for (const text of ['', '.', 'abcdefgh', 'abcdefgh.', `ABCDEFGH.${'x'.repeat(43)}`, `abcdefgh.${'x'.repeat(43)}\n`])
      expect(parseKey(text)).toBeNull()
  })

  it('compares hashes as a whole', () => {
    const hash = fc.stringMatching(/^[0-9a-f]{64}$/)
    fc.assert(fc.property(hash, hash, (left, right) => equalHashes(left, right) === (left === right)))
    fc.assert(fc.property(hash, (same) => equalHashes(same, same)))
    expect(equalHashes('ab', 'abc')).toBe(false)
  })

  it('hashes as SHA-256 does (FIPS 180-2, appendix B.1)', async () => {
    expect(await hashSecret('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  })
})
