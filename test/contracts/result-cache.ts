/** What every `ResultCache` promises. */
import { expect, it } from 'vitest'
import type { KeptResult, ResultCache } from '../../edge/ports.ts'

export interface OpenResultCache {
  readonly cache: ResultCache
  /** Milliseconds since the epoch, of the cache's own clock. */
  readonly now: () => number
  readonly advance: (seconds: number) => void
}

const freshKey = (): string => `v1:search_estat_data@1:${crypto.randomUUID()}:pub`

export function resultCacheContract(open: () => OpenResultCache): void {
  const kept = (now: number, text: string): KeptResult => ({
    result: { success: true, rows: [['府中市', 1.5, null]], nested: { '': [] } },
    text,
    storedAt: now,
    validator: 'W/"1"',
  })

  it('answers what was put, whole, and nothing else', async () => {
    const { cache, now } = open()
    const key = freshKey()
    expect(await cache.get(key)).toBeNull()
    await cache.put(key, kept(now(), '出典：…\n'), 60)
    expect(await cache.get(key)).toEqual(kept(now(), '出典：…\n'))
    for (const other of [key.slice(0, -1), `${key}x`, key.toUpperCase(), `${key}?a`, `${key}#a`])
      expect(await cache.get(other)).toBeNull()
  })

  it('answers the newest', async () => {
    const { cache, now } = open()
    const key = freshKey()
    await cache.put(key, kept(now(), 'old'), 60)
    await cache.put(key, kept(now(), 'new'), 60)
    expect(await cache.get(key)).toMatchObject({ text: 'new' })
  })

  it('answers nothing beyond its time', async () => {
    const { cache, now, advance } = open()
    const key = freshKey()
    await cache.put(key, kept(now(), 'short'), 60)
    advance(59)
    expect(await cache.get(key)).toMatchObject({ text: 'short' })
    advance(1)
    expect(await cache.get(key)).toBeNull()
  })
}
