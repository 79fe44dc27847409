/** How long the edge may answer in a tool's place, and why. Seconds; see `CachePolicy`. */
import type { CachePolicy } from './define-tool.ts'

/**
 * Figures and class lists of one table. Ten minutes is what the origin itself takes class lists for current
 * (`adapters/stats-http.ts`), so that nobody sees an update later for the cache; a further page of rows that were updated
 * since is refused by the origin, and asking anew must then soon find the new first page. After it the validator tells
 * for the price of one getMetaInfo. For a week where e-Stat does not answer: old figures, marked as old, are citable.
 */
export const OF_ONE_TABLE: CachePolicy = { ttl: 600, swr: 3_600, sie: 604_800 }

/** Lists that e-Stat and our catalogue bring up to date once a day. */
export const OF_DAILY_LISTS: CachePolicy = { ttl: 3_600, swr: 86_400, sie: 604_800 }

/** Lists that come with the server: they change with a release alone. */
export const OF_BUNDLED_LISTS: CachePolicy = { ttl: 86_400, swr: 604_800, sie: 604_800 }
