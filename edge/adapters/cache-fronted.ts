import * as z from 'zod'
import type { KeptResult, ResultCache } from '../ports.ts'
import { within } from '../within.ts'

/** A result and the time after which it is not answered any more, milliseconds since the epoch. */
export interface Dated {
  readonly kept: KeptResult
  readonly until: number
}

/** What instances share. */
export interface SharedResults {
  /** Null for what is not there or has another form. It may answer what is past its time. */
  get(key: string): Promise<Dated | null>
  put(key: string, dated: Dated): Promise<void>
}

export interface FrontedCacheOptions {
  readonly shared: SharedResults
  /** Of this instance, asked first. */
  readonly front: ResultCache
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/** As a store holds it. */
export const Kept = z.object({
  result: z.record(z.string(), z.unknown()),
  text: z.string(),
  storedAt: z.number(),
  validator: z.string().exactOptional(),
})

/** Another instance may have something newer: what is in front is compared with what is shared this often. */
export const LOOK_AGAIN_MS = 60_000
/** With an answer in hand nobody waits longer for what is shared. */
const PATIENCE_MS = 1_000

/** Results that instances share, with an instance's own memory in front. What is shared is never trusted beyond its time. */
export function frontedCache({ shared, front, now }: FrontedCacheOptions): ResultCache {
  /** When what is in front was last known to be the newest; by object, as `front` answers what was put. */
  const looked = new WeakMap<KeptResult, number>()

  async function note(key: string, kept: KeptResult, keepSeconds: number): Promise<void> {
    looked.set(kept, now())
    await front.put(key, kept, keepSeconds)
  }

  async function look(key: string): Promise<KeptResult | null> {
    const found = await shared.get(key)
    if (!found || now() >= found.until) return null
    await note(key, found.kept, (found.until - now()) / 1000)
    return found.kept
  }

  return {
    async get(key) {
      const near = await front.get(key)
      if (!near) return look(key)
      if (now() - (looked.get(near) ?? 0) < LOOK_AGAIN_MS) return near
      // Set first: while one looks the others go on.
      looked.set(near, now())
      return (await within(PATIENCE_MS, look(key)).catch(() => null)) ?? near
    },
    async put(key, kept, keepSeconds) {
      await note(key, kept, keepSeconds)
      await shared.put(key, { kept, until: now() + keepSeconds * 1000 })
    },
    note,
  }
}
