import { describe, expect, it } from 'vitest'
import { cacheKey, PUBLIC } from '../../../edge/domain/cache-key.ts'
import { freshnessOf, keepSeconds, mayKeep, spread } from '../../../edge/domain/freshness.ts'

describe('freshnessOf', () => {
  const policy = { ttl: 10, swr: 20, sie: 100 }
  it.each([
    [-5, 'fresh'],
    [9, 'fresh'],
    [10, 'revalidate'],
    [29, 'revalidate'],
    [30, 'if-error'],
    [109, 'if-error'],
    [110, 'gone'],
  ])('at %i seconds: %s', (age, freshness) => {
    expect(freshnessOf(age, policy)).toBe(freshness)
  })

  it('never passes its hard maximum, whatever stale-while-revalidate says', () => {
    expect(freshnessOf(15, { ttl: 10, swr: 1000, sie: 5 })).toBe('gone')
    expect(keepSeconds(policy)).toBe(110)
  })

  it('keeps no error and nothing partial', () => {
    expect([{}, { success: true, live_complete: true, complete: true }].map(mayKeep)).toEqual([true, true])
    expect([{ success: false }, { live_complete: false }, { complete: false }].some(mayKeep)).toBe(false)
  })
})

describe('spread', () => {
  it('lets what was kept together go stale over the last tenth of its time, and never later', async () => {
    const policy = { ttl: 3_600, swr: 60, sie: 600 }
    const keys = Array.from({ length: 200 }, (_, at) =>
      cacheKey({ tool: 'a', version: 1, args: { at }, partition: PUBLIC, generation: '1.abc..' }),
    )
    const ttls = (await Promise.all(keys)).map((key) => spread(policy, key).ttl)
    expect(Math.min(...ttls)).toBeGreaterThanOrEqual(3_240)
    expect(Math.min(...ttls)).toBeLessThan(3_300)
    expect(Math.max(...ttls)).toBeLessThanOrEqual(3_600)
    expect(Math.max(...ttls)).toBeGreaterThan(3_540)
    expect(new Set(ttls).size).toBeGreaterThan(100)
    const [key = ''] = await Promise.all(keys)
    expect(spread(policy, key)).toEqual({ ...policy, ttl: spread(policy, key).ttl })
  })
})
