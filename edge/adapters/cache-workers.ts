import * as z from 'zod'
import type { KeptResult, ResultCache } from '../ports.ts'

export interface WorkersCacheOptions {
  /** `caches.default`. */
  readonly cache: Cache
  /** In this isolate, asked first. */
  readonly front: ResultCache
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

const Kept = z.object({ result: z.record(z.string(), z.unknown()), text: z.string(), storedAt: z.number() })

/**
 * Results in the Cache API of Workers, with the isolate's own memory in front. An entry reaches one data centre; on
 * `*.workers.dev` the Cache API keeps nothing (developers.cloudflare.com/workers, "Cache"), and the isolate alone
 * remembers.
 */
export function workersCache({ cache, front, now }: WorkersCacheOptions): ResultCache {
  return {
    async get(key) {
      const near = await front.get(key)
      if (near) return near
      const response = await cache.match(urlOf(key))
      if (!response) return null
      const until = Number(response.headers.get(UNTIL_HEADER))
      const kept = Kept.safeParse(await response.json())
      // The Cache API may answer a little past max-age; what it holds is never trusted beyond its time.
      if (!kept.success || now() >= until) return null
      await front.put(key, kept.data, (until - now()) / 1000)
      return kept.data
    },
    async put(key, kept, keepSeconds) {
      await front.put(key, kept, keepSeconds)
      const headers = {
        'cache-control': `public, max-age=${keepSeconds}`,
        'content-type': 'application/json',
        [UNTIL_HEADER]: String(now() + keepSeconds * 1000),
      }
      await cache.put(urlOf(key), new Response(JSON.stringify(kept satisfies KeptResult), { headers }))
    },
  }
}

const UNTIL_HEADER = 'x-until'

/** The Cache API keys by URL. `.invalid` (RFC 2606) is nobody's, so no request from outside can reach the entry. */
const urlOf = (key: string): string => `https://results.invalid/${encodeURIComponent(key)}`
