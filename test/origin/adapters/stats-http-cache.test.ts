import { expect, it } from 'vitest'
import { timedCache } from '../../../origin/adapters/stats-http-cache.ts'

it('forgets what was unused for longest, and what is too old', () => {
  let now = 0
  const cache = timedCache<number>({ size: 2, ttlMs: 10, now: () => now })
  cache.set('a', 1)
  cache.set('b', 2)
  expect(cache.get('a')).toBe(1)
  cache.set('c', 3)
  expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual([1, undefined, 3])
  now = 9
  cache.set('c', 4)
  now = 10
  expect([cache.get('a'), cache.get('c')]).toEqual([undefined, 4])
})
