/** How long an answer may be served, in seconds: RFC 9111 (fresh) and RFC 5861 (the two kinds of stale). */
export interface CachePolicy {
  readonly ttl: number
  /** stale-while-revalidate, counted from the end of `ttl`. */
  readonly swr: number
  /** stale-if-error, counted from the end of `ttl`: the hard maximum. */
  readonly sie: number
}

/**
 * `fresh`: serve it. `revalidate`: serve it and ask again behind the caller's back. `if-error`: ask first, serve it
 * where the origin fails. `gone`: never serve it.
 */
export type Freshness = 'fresh' | 'revalidate' | 'if-error' | 'gone'

/** @param ageSeconds Below 0 where two clocks differ; counts as 0. */
export function freshnessOf(ageSeconds: number, policy: CachePolicy): Freshness {
  const age = Math.max(0, ageSeconds)
  if (age < policy.ttl) return 'fresh'
  if (age >= keepSeconds(policy)) return 'gone'
  return age < policy.ttl + policy.swr ? 'revalidate' : 'if-error'
}

/** Entries that were made together go stale one by one: up to a tenth of `ttl` earlier, each key by its own hash. */
export function spread(policy: CachePolicy, key: string): CachePolicy {
  const hash = Number.parseInt(/:([0-9a-f]{8})[0-9a-f]{56}:/.exec(key)?.[1] ?? '0', 16)
  return { ...policy, ttl: policy.ttl - Math.floor((policy.ttl * hash) / 0xffffffff / 10) }
}

/** How long a store keeps an entry: no longer than it may ever be served. */
export const keepSeconds = ({ ttl, sie }: CachePolicy): number => ttl + sie

/** Errors and partial answers are never kept (PRODUCT.md section 5). */
export const mayKeep = (result: Readonly<Record<string, unknown>>): boolean =>
  result['success'] !== false && result['live_complete'] !== false && result['complete'] !== false
