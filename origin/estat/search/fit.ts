/** How well a table fits what a question says beside its words: years, places, a long run, the newest. */
import { MUNICIPAL, PREFECTURAL, type SearchIndex } from './build-index.ts'
import type { GroupMatch } from './match.ts'
import type { Understanding } from './model.ts'
import { OPEN_END } from './years.ts'

/** Age at which freshness is worth half, in years. */
const HALF_LIFE = 8
/** A run of years this long is a time series. */
const LONG = 10

/** -1 for other years than those asked for, 0 where unknown, up to 2.5 for a table of just these years. */
export function yearFit(index: SearchIndex, { years }: Understanding, row: number): number {
  const from = index.from[row] ?? 0
  if (!years || from === 0) return 0
  const to = index.to[row] ?? 0
  const end = to === OPEN_END ? Math.max(index.newest, from, years.from) : to
  const asked = Math.min(years.to, Math.max(years.from, end))
  const overlap = Math.min(asked, end) - Math.max(years.from, from) + 1
  if (overlap <= 0) return -1
  // All of what was asked counts most; a table of just these years comes before a long series.
  return (1.5 * overlap) / (asked - years.from + 1) + overlap / (end - from + 1)
}

/**
 * Up to 2 where the table names the place, less where it is collected for places of that kind, -1 for another prefecture.
 *
 * @param named Titles, by number, that name one of the cities asked for.
 */
export function areaFit(index: SearchIndex, { areas }: Understanding, named: ReadonlySet<number>, row: number): number {
  const own = index.prefecture[row] ?? 0
  const levels = index.levels[row] ?? 0
  // A table of one prefecture answers fewer questions than one of all.
  if (areas.length === 0) return own > 0 ? -0.3 : 0
  const cities = areas.filter(({ level }) => level === 'municipality')
  if (named.has(index.titleOf[row] ?? 0)) return 2
  if (own > 0) return areas.some(({ prefecture }) => Number(prefecture) === own) ? 1.5 : -1
  // A city is in no table that stops at prefectures.
  if (cities.length > 0) return levels & MUNICIPAL ? 1.5 : levels > 0 ? -0.5 : 0
  if (levels & PREFECTURAL) return 0.8
  return levels & MUNICIPAL ? 0.5 : 0
}

/** Where a long run was asked for (推移): 1.2 for a table that calls itself one, 0.6 for one that is. */
export function trendFit(index: SearchIndex, soft: readonly GroupMatch[], row: number): number {
  if (soft.length === 0) return 0
  const titleId = index.titleOf[row] ?? 0
  const headId = index.headOf[row] ?? 0
  const said = soft.some(({ titles, heads }) => (titles[titleId] ?? 0) > 0 || (heads[headId] ?? 0) > 0)
  const from = index.from[row] ?? 0
  const long = from > 0 && Math.min(index.to[row] ?? 0, index.newest) - from >= LONG
  return (said ? 1.2 : 0) + (long ? 0.6 : 0)
}

/** Halves every eight years before the newest of the catalogue; an open series is as new as that; 0 where unknown. */
export function freshness(index: SearchIndex, { latest }: Understanding, row: number): number {
  const to = index.to[row] ?? 0
  if (to === 0) return 0
  const age = to === OPEN_END ? 0 : Math.max(0, index.newest - to)
  return (latest ? 1.2 : 0.4) * 2 ** (-age / HALF_LIFE)
}
