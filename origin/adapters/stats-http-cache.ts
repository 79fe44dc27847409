/** A small memory of the most recently used answers, each for a limited time. */
export interface TimedCache<Value> {
  get(key: string): Value | undefined
  set(key: string, value: Value): void
  delete(key: string): void
}

/**
 * @param options.size Most entries; the one unused for longest goes first.
 * @param options.ttlMs Milliseconds an entry lives from when it was set.
 * @param options.now Milliseconds since the epoch.
 */
export function timedCache<Value>(options: {
  readonly size: number
  readonly ttlMs: number
  readonly now: () => number
}): TimedCache<Value> {
  // A Map keeps the order of insertion: the first key is the one unused for longest.
  const entries = new Map<string, { readonly value: Value; readonly until: number }>()
  return {
    get(key) {
      const entry = entries.get(key)
      if (entry === undefined) return undefined
      entries.delete(key)
      if (entry.until <= options.now()) return undefined
      entries.set(key, entry)
      return entry.value
    },
    set(key, value) {
      entries.delete(key)
      entries.set(key, { value, until: options.now() + options.ttlMs })
      const [oldest] = entries.keys()
      if (entries.size > options.size && oldest !== undefined) entries.delete(oldest)
    },
    delete: (key) => void entries.delete(key),
  }
}
