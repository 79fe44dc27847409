import { describe, expect, it } from 'vitest'
import { memoryCache } from '../../../edge/adapters/cache-memory.ts'
import { memoryCounter } from '../../../edge/adapters/counter-memory.ts'
import { memoryKeys } from '../../../edge/adapters/keys-memory.ts'
import type { KeyRecord } from '../../../shared/keys.ts'
import { keyStoreContract } from '../../contracts/key-store.ts'
import { leasedFromContract, rateCounterContract } from '../../contracts/rate-counter.ts'
import { resultCacheContract } from '../../contracts/result-cache.ts'

describe('RateCounter in memory', () => {
  let time = Date.now()
  const open = () => ({
    counter: memoryCounter({ now: () => time }),
    slackMs: 0,
    advance: (millis: number) => void (time += millis),
  })
  rateCounterContract(open)
  leasedFromContract(open)

  it('makes room by forgetting who is idle before who is not', async () => {
    let now = 0
    const counter = memoryCounter({ now: () => now, maxCallers: 3 })
    const spend = (caller: string) => counter.spend(caller, { cost: 1, limit: 1, windowMs: 1000 })
    await spend('idle')
    now = 900
    await spend('first')
    await spend('second')
    now = 1500
    await spend('third')
    expect((await spend('first')).allowed).toBe(false)
    await spend('fourth')
    expect((await spend('second')).allowed).toBe(false)
  })
})

describe('KeyStore in memory', () => {
  keyStoreContract(() => {
    const records = new Map<string, KeyRecord>()
    const put = async (id: string, record: KeyRecord | null): Promise<void> => {
      if (record) records.set(id, record)
      else records.delete(id)
    }
    return { store: memoryKeys(records), put, advance: () => {} }
  })
})

describe('ResultCache in memory', () => {
  let now = Date.now()
  const kept = (text: string) => ({ result: {}, text, storedAt: now })
  resultCacheContract(() => ({
    cache: memoryCache({ now: () => now }),
    now: () => now,
    advance: (seconds) => void (now += seconds * 1000),
  }))

  it('stays under its size, and gives up what was used longest ago', async () => {
    const cache = memoryCache({ now: () => now, maxChars: 3_500, maxEntryChars: 2_000 })
    for (const key of ['a', 'b', 'c']) await cache.put(key, kept('x'.repeat(1_000)), 60)
    await cache.get('a')
    await cache.put('d', kept('x'.repeat(1_000)), 60)
    const found = await Promise.all(['a', 'b', 'c', 'd'].map(async (key) => (await cache.get(key)) !== null))
    expect(found).toEqual([true, false, true, true])
  })

  it('does not keep what would push out all others', async () => {
    const cache = memoryCache({ now: () => now, maxChars: 3_500, maxEntryChars: 2_000 })
    await cache.put('small', kept('x'), 60)
    await cache.put('large', kept('x'.repeat(3_000)), 60)
    expect(await cache.get('large')).toBeNull()
    expect(await cache.get('small')).not.toBeNull()
  })
})
