import type { ResultCache } from '../ports.ts'
import { type FrontedCacheOptions, frontedCache, Kept } from './cache-fronted.ts'

export interface WorkersCacheOptions extends Omit<FrontedCacheOptions, 'shared'> {
  /** `caches.default`. */
  readonly cache: Cache
}

/**
 * Results in the Cache API of Workers, with the isolate's own memory in front. An entry reaches one data centre; on
 * `*.workers.dev` the Cache API keeps nothing (developers.cloudflare.com/workers, "Cache"), and the isolate alone
 * remembers.
 */
export const workersCache = ({ cache, ...options }: WorkersCacheOptions): ResultCache =>
  frontedCache({
    ...options,
    shared: {
      async get(key) {
        const response = await cache.match(urlOf(key))
        if (!response) return null
        const kept = Kept.safeParse(await response.json())
        return kept.success ? { kept: kept.data, until: Number(response.headers.get(UNTIL_HEADER)) } : null
      },
      async put(key, { kept, until }) {
        const headers = {
          'cache-control': `public, max-age=${Math.max(1, Math.ceil((until - options.now()) / 1000))}`,
          'content-type': 'application/json',
          [UNTIL_HEADER]: String(until),
        }
        await cache.put(urlOf(key), new Response(JSON.stringify(kept), { headers }))
      },
    },
  })

/** The Cache API may answer a little past max-age. */
const UNTIL_HEADER = 'x-until'

/** The Cache API keys by URL. `.invalid` (RFC 2606) is nobody's, so no request from outside can reach the entry. */
const urlOf = (key: string): string => `https://results.invalid/${encodeURIComponent(key)}`
