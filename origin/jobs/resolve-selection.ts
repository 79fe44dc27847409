/** Filters by name, resolved to what e-Stat is asked. */
import { fault } from '../../shared/fault.ts'
import { type ResolvedFilters, resolveFilters } from '../estat/filters.ts'
import { latestBatches, latestWithValue } from '../estat/latest.ts'
import type { Narrowing, TableMeta } from '../estat/model.ts'
import { decodeObservation } from '../estat/observation.ts'
import { splitQueries } from '../estat/split-queries.ts'
import type { Ask, StatsSource } from '../ports.ts'
import { PAGE_ROWS } from './plan-pages.ts'

export interface Selection {
  /** Disjoint queries whose union is the selection. */
  readonly queries: readonly (readonly Narrowing[])[]
  /** Axis to what was chosen, in words. */
  readonly filters: Readonly<Record<string, string>>
}

/** @throws Fault as `resolveFilters` says; NO_DATA where `latest` finds no period with a value. */
export async function resolveSelection(
  stats: StatsSource,
  meta: TableMeta,
  filters: Readonly<Record<string, unknown>>,
  ask: Ask,
): Promise<Selection> {
  const resolved = resolveFilters(meta, filters)
  const latest = resolved.latest === null ? null : await findLatest(stats, meta, resolved, resolved.latest, ask)
  const narrow = latest === null ? resolved.narrow : [...resolved.narrow, { axis: 'time', codes: [latest] }]
  return { queries: splitQueries(meta, narrow).queries, filters: sayFilters(resolved, latest) }
}

/** Asks for the newest periods first, a few at a time, until one holds a value. */
async function findLatest(
  stats: StatsSource,
  meta: TableMeta,
  { narrow }: ResolvedFilters,
  candidates: readonly string[],
  ask: Ask,
): Promise<string> {
  const { id } = meta.info
  for (const codes of latestBatches(candidates))
    for (const query of splitQueries(meta, [...narrow, { axis: 'time', codes }]).queries) {
      if ((await stats.count({ id, narrow: query }, ask)) === 0) continue
      const { values } = await stats.page({ id, narrow: query }, { start: 1, limit: PAGE_ROWS }, ask)
      const found = latestWithValue(values.map(decodeObservation), codes)
      if (found !== null) return found
    }
  throw fault('NO_DATA', `No period of ${id} has a value for these filters.`)
}

function sayFilters({ selections }: ResolvedFilters, latest: string | null): Readonly<Record<string, string>> {
  return Object.fromEntries(
    selections.map(({ axis, how, items }) => {
      const chosen = how === 'latest' ? items.filter(({ code }) => code === latest) : items
      const named = chosen.slice(0, 20).map(({ code, name }) => `${code} ${name}`)
      return [
        axis,
        chosen.length > named.length
          ? `${named.join(', ')} and ${chosen.length - named.length} more`
          : named.join(', '),
      ]
    }),
  )
}
