import { expect, it } from 'vitest'
import { timedCache } from '../../../origin/adapters/stats-http-cache.ts'

const weigh = (value: number): number => value

it('forgets what was unused for longest, and what is too old', () => {
  let now = 0
  const cache = timedCache<number>({ most: 2, weigh: () => 1, ttlMs: 10, now: () => now })
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

it('holds no more than it may, whatever its entries weigh', () => {
  const cache = timedCache<number>({ most: 10, weigh, ttlMs: 10, now: () => 0 })
  for (const [at, value] of [4, 5, 1, 6].entries()) cache.set(`${at}`, value)
  expect([0, 1, 2, 3].map((at) => cache.get(`${at}`))).toEqual([undefined, undefined, 1, 6])
  cache.set('3', 2) // weighs less than the one before it under the same key
  cache.set('4', 7)
  expect([2, 3, 4].map((at) => cache.get(`${at}`))).toEqual([1, 2, 7])
})

it('does not keep what alone is too heavy, nor the one before it under the same key', () => {
  const cache = timedCache<number>({ most: 10, weigh, ttlMs: 10, now: () => 0 })
  cache.set('a', 4)
  cache.set('b', 5)
  cache.set('a', 11)
  expect([cache.get('a'), cache.get('b')]).toEqual([undefined, 5])
})

it('gives back the room of what is deleted or has expired', () => {
  let now = 0
  const cache = timedCache<number>({ most: 10, weigh, ttlMs: 10, now: () => now })
  cache.set('a', 6)
  cache.delete('a')
  cache.delete('never there')
  cache.set('b', 6)
  now = 5
  cache.set('c', 4)
  now = 10
  expect(cache.get('b')).toBeUndefined()
  cache.set('d', 6)
  expect([cache.get('c'), cache.get('d')]).toEqual([4, 6])
})
