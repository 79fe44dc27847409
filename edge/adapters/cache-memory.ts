import type { KeptResult, ResultCache } from '../ports.ts'

export interface MemoryCacheOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Characters of JSON kept in all; the least recently used go first. */
  readonly maxChars?: number
  /** A larger result is not kept at all: one must not push out all others. */
  readonly maxEntryChars?: number
}

/** Results of one process or isolate. */
export function memoryCache({ now, maxChars = 8e6, maxEntryChars = 5e5 }: MemoryCacheOptions): ResultCache {
  const entries = new Map<string, { readonly kept: KeptResult; readonly chars: number; readonly until: number }>()
  let total = 0

  function drop(key: string): void {
    total -= entries.get(key)?.chars ?? 0
    entries.delete(key)
  }

  return {
    async get(key) {
      const entry = entries.get(key)
      if (!entry) return null
      drop(key)
      if (now() >= entry.until) return null
      entries.set(key, entry)
      total += entry.chars
      return entry.kept
    },
    async put(key, kept, keepSeconds) {
      drop(key)
      const chars = JSON.stringify(kept).length
      if (chars > maxEntryChars) return
      entries.set(key, { kept, chars, until: now() + keepSeconds * 1000 })
      total += chars
      for (const oldest of entries.keys()) {
        if (total <= maxChars) break
        drop(oldest)
      }
    },
  }
}
