/** A small memory of the most recently used answers, each for a limited time. */
export interface TimedCache<Value> {
  get(key: string): Value | undefined
  set(key: string, value: Value): void
  delete(key: string): void
}

/**
 * @param options.most Sum of the weights of all entries; the ones unused for longest go first. What weighs more alone is
 *   not kept.
 * @param options.ttlMs Milliseconds an entry lives from when it was set.
 * @param options.now Milliseconds since the epoch.
 */
export function timedCache<Value>(options: {
  readonly most: number
  readonly weigh: (value: Value) => number
  readonly ttlMs: number
  readonly now: () => number
}): TimedCache<Value> {
  // A Map keeps the order of insertion: the first key is the one unused for longest.
  const entries = new Map<string, { readonly value: Value; readonly weight: number; readonly until: number }>()
  let total = 0
  function remove(key: string): void {
    total -= entries.get(key)?.weight ?? 0
    entries.delete(key)
  }
  return {
    get(key) {
      const entry = entries.get(key)
      if (entry === undefined) return undefined
      if (entry.until <= options.now()) {
        remove(key)
        return undefined
      }
      entries.delete(key)
      entries.set(key, entry)
      return entry.value
    },
    set(key, value) {
      remove(key)
      const weight = options.weigh(value)
      if (weight > options.most) return
      entries.set(key, { value, weight, until: options.now() + options.ttlMs })
      total += weight
      for (const [oldest] of entries) {
        if (total <= options.most) return
        remove(oldest)
      }
    },
    delete: remove,
  }
}
