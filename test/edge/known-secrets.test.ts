import { afterEach, describe, expect, it, vi } from 'vitest'
import { knownSecrets } from '../../edge/known-secrets.ts'
import { within } from '../../edge/within.ts'
import { hashSecret } from '../../shared/keys.ts'

const RIGHT = 'a'.repeat(43)
const WRONG = 'b'.repeat(43)

afterEach(() => {
  vi.restoreAllMocks()
})

describe('known secrets', () => {
  it('makes one digest of a secret that was right, and one of every other each time', async () => {
    const secrets = knownSecrets()
    const hash = await hashSecret(RIGHT)
    secrets.passed('k1', RIGHT, hash)
    const digest = vi.spyOn(crypto.subtle, 'digest')
    expect(await secrets.hashOf('k1', RIGHT)).toBe(hash)
    expect(digest).not.toHaveBeenCalled()
    for (const [id, secret] of [
      ['k1', WRONG],
      ['k1', WRONG],
      ['k1', ''],
      ['k2', RIGHT],
      ['k2', '_'.repeat(43)],
    ] as const)
      expect(await secrets.hashOf(id, secret)).toBe(await hashSecret(secret))
    expect(digest).toHaveBeenCalledTimes(10)
  })

  it('goes by the last secret that was right', async () => {
    const secrets = knownSecrets()
    secrets.passed('k1', RIGHT, await hashSecret(RIGHT))
    secrets.passed('k1', WRONG, await hashSecret(WRONG))
    expect(await secrets.hashOf('k1', WRONG)).toBe(await hashSecret(WRONG))
    expect(await secrets.hashOf('k1', RIGHT)).toBe(await hashSecret(RIGHT))
  })
})

describe('within', () => {
  it('sets no timer for what is there at once, however many functions it comes through', async () => {
    const timer = vi.spyOn(globalThis, 'setTimeout')
    const through = async (depth: number): Promise<string> => (depth === 0 ? 'there' : through(depth - 1))
    expect(await within(1_000, through(5))).toBe('there')
    await expect(within(1_000, Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(timer).not.toHaveBeenCalled()
  })

  it('gives up what does not come', async () => {
    await expect(within(5, new Promise<never>(() => {}))).rejects.toThrow('in time')
  })
})
