import { describe, expect, it } from 'vitest'
import { freshnessOf, keepSeconds, mayKeep } from '../../../edge/domain/freshness.ts'

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
