/** What every `KeyStore` promises. */
import { expect, it } from 'vitest'
import type { KeyStore } from '../../edge/ports.ts'
import type { KeyRecord } from '../../shared/keys.ts'

export interface OpenKeyStore {
  readonly store: KeyStore
  /** As an operator does; null takes the key away. */
  readonly put: (id: string, record: KeyRecord | null) => Promise<void>
  readonly advance: (seconds: number) => void
}

const record = (label: string): KeyRecord => ({
  hash: 'a'.repeat(64),
  tenant: 'estat',
  scopes: ['read'],
  limit: 5,
  expires: '2030-01-01T00:00:00Z',
  label,
})
const freshId = (): string => crypto.randomUUID().replaceAll('-', '')

export function keyStoreContract(open: () => OpenKeyStore): void {
  it('finds what was put, and nothing else', async () => {
    const { store, put } = open()
    const [one, other] = [freshId(), freshId()]
    await put(one, record('東京'))
    expect(await store.find(one)).toEqual(record('東京'))
    expect(await store.find(other)).toBeNull()
    expect(await store.find(one.slice(0, 8))).toBeNull()
  })

  it('sees a change, a revocation and a new key within a minute', async () => {
    const { store, put, advance } = open()
    const id = freshId()
    expect(await store.find(id)).toBeNull()
    for (const next of [record('new'), record('changed'), null]) {
      await put(id, next)
      advance(60)
      expect(await store.find(id)).toEqual(next)
    }
  })
}
