import type { Records } from '../ports.ts'

/** What is used of a KV namespace: the binding of a Worker has it, and Miniflare's stand-in for one. */
export interface Kv {
  get(name: string, options: { readonly type: 'text'; readonly cacheTtl: number }): Promise<string | null>
  put(name: string, text: string, options?: { readonly expirationTtl?: number }): Promise<void>
  delete(name: string): Promise<void>
  list(options: { readonly prefix: string; readonly cursor?: string }): Promise<KvPage>
}

interface KvPage {
  readonly keys: readonly { readonly name: string }[]
  readonly list_complete: boolean
  readonly cursor?: string
}

/**
 * A data centre keeps its own copy of what it read, of an absence too, for this long: the least that Workers KV allows
 * (developers.cloudflare.com/kv, "cacheTtl"). With the 15 s of `recent-records.ts` a change is seen within a minute.
 */
const CACHE_SECONDS = 30
/** The least that `expirationTtl` may be. */
const LEAST_KEEP_SECONDS = 60

/** Texts in Workers KV, under their own names. Cloudflare takes one change of a name in a second. */
export const kvRecords = (kv: Kv): Records => ({
  get: (name) => kv.get(name, { type: 'text', cacheTtl: CACHE_SECONDS }),
  put: (name, text, keepSeconds) =>
    kv.put(
      name,
      text,
      keepSeconds === undefined ? {} : { expirationTtl: Math.max(LEAST_KEEP_SECONDS, Math.ceil(keepSeconds)) },
    ),
  delete: (name) => kv.delete(name),
  async list(prefix) {
    const names: string[] = []
    let cursor: string | undefined
    // A page may be empty and not the last one ("list()": only `list_complete` tells).
    for (;;) {
      const page: KvPage = await kv.list({ prefix, ...(cursor === undefined ? {} : { cursor }) })
      names.push(...page.keys.map(({ name }) => name))
      if (page.list_complete || page.cursor === undefined) return names.toSorted()
      cursor = page.cursor
    }
  },
})
