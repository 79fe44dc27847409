import { KeyRecord, recordName } from '../../shared/keys.ts'
import type { Report } from '../env.ts'
import type { KeyStore } from '../ports.ts'

export interface KvKeysOptions {
  readonly kv: KVNamespace
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly report: Report
}

/**
 * Revocation holds within a minute: this instance looks again after 15 s, and Workers KV keeps its own copy in a data
 * centre for 30 s, the least that it allows (developers.cloudflare.com/kv, "cacheTtl").
 */
const HERE_MS = 15_000
const KV_CACHE_SECONDS = 30
/** So that a flood of invented ids does not fill the memory. */
const MAX_IDS = 1_000

/** Keys in Workers KV, JSON of `KeyRecord` under `key:<id>`. */
export function kvKeys({ kv, now, report }: KvKeysOptions): KeyStore {
  const seen = new Map<string, { readonly record: KeyRecord | null; readonly until: number }>()

  return {
    async find(id) {
      const known = seen.get(id)
      if (known && now() < known.until) return known.record
      const record = parse(await kv.get(recordName(id), { type: 'text', cacheTtl: KV_CACHE_SECONDS }), report)
      const [first] = seen.keys()
      if (seen.size >= MAX_IDS && first !== undefined) seen.delete(first)
      seen.delete(id)
      seen.set(id, { record, until: now() + HERE_MS })
      return record
    },
  }
}

/** A record that is not one opens nothing. */
function parse(text: string | null, report: Report): KeyRecord | null {
  if (text === null) return null
  try {
    return KeyRecord.parse(JSON.parse(text))
  } catch {
    report(new Error('a key record has the wrong form'), 'key store')
    return null
  }
}
