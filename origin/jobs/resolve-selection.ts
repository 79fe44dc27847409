/** Filters by name, resolved to what e-Stat is asked. */
import { Readable } from 'node:stream'
import { fault } from '../../shared/fault.ts'
import { isNewest, type ResolvedFilters, resolveFilters } from '../estat/filters.ts'
import { codesOfSpan } from '../estat/last-span.ts'
import { latestBatches, latestWithValue } from '../estat/latest.ts'
import type { Narrowing, Observation, TableMeta } from '../estat/model.ts'
import { splitQueries } from '../estat/split-queries.ts'
import type { Ask, StatsSource } from '../ports.ts'
import { packedRows } from './packed-rows.ts'
import { planPages } from './plan-pages.ts'

export interface Selection {
  /** Disjoint queries whose union is the selection. */
  readonly queries: readonly (readonly Narrowing[])[]
  /** Axis to what was chosen, in words. */
  readonly filters: Readonly<Record<string, string>>
  /** The same selection as one narrowing for each axis. */
  readonly narrow: readonly Narrowing[]
  /** Of those, the codes that the caller named one by one. */
  readonly named: readonly Narrowing[]
  /** False where the rows of the queries, one after the other, are not in e-Stat's order. */
  readonly ordered: boolean
}

/** `"latest"` and `"last 5 years"` are settled by asking e-Stat. @throws Fault as `resolveFilters` says; NO_DATA where `latest` finds no period with a value. */
export async function resolveSelection(
  stats: StatsSource,
  meta: TableMeta,
  filters: Readonly<Record<string, unknown>>,
  ask: Ask,
): Promise<Selection> {
  const resolved = resolveFilters(meta, filters)
  const latest = resolved.latest === null ? null : await findLatest(stats, meta, resolved, resolved.latest, ask)
  const time = latest === null ? null : periodsOf(meta, resolved, latest)
  const narrow = time === null ? resolved.narrow : [...resolved.narrow, { axis: 'time', codes: time }]
  const listed = new Set(resolved.selections.filter(({ how }) => how === 'codes').map(({ axis }) => axis))
  const named = narrow.filter(({ axis }) => listed.has(axis))
  return { ...splitQueries(meta, narrow), narrow, named, filters: sayFilters(resolved, time) }
}

function periodsOf(meta: TableMeta, { last }: ResolvedFilters, latest: string): readonly string[] {
  const axis = meta.axes.find(({ id }) => id === 'time')
  return last === null || axis === undefined ? [latest] : codesOfSpan(axis, last, latest)
}

/**
 * Asks for the newest periods first, a few at a time, until one holds a value. A batch is asked whole before it is
 * judged: of a selection in several queries, any may hold the newest.
 */
async function findLatest(
  stats: StatsSource,
  meta: TableMeta,
  { narrow }: ResolvedFilters,
  candidates: readonly string[],
  ask: Ask,
): Promise<string> {
  for (const codes of latestBatches(candidates)) {
    const valued = new Map<string, Observation>()
    for (const query of splitQueries(meta, [...narrow, { axis: 'time', codes }]).queries)
      for await (const rows of rowsOf(stats, meta.info.id, query, ask))
        for (const row of rows) if (row.value !== null) valued.set(row.codes['time'] ?? '', row)
    const found = latestWithValue([...valued.values()], codes)
    if (found !== null) return found
  }
  throw fault('NO_DATA', `No period of ${meta.info.id} has a value for these filters.`)
}

/** A few thousand at a time: a batch of periods may hold any number of rows. */
async function* rowsOf(
  stats: StatsSource,
  id: string,
  narrow: readonly Narrowing[],
  ask: Ask,
): AsyncGenerator<readonly Observation[]> {
  const total = await stats.count({ id, narrow }, ask)
  for (const { start, limit } of planPages([total])) {
    const { packed } = await stats.packed({ id, narrow }, { start, limit }, ask)
    yield* packedRows(Readable.from([packed]))
  }
}

function sayFilters({ selections }: ResolvedFilters, time: readonly string[] | null): Readonly<Record<string, string>> {
  return Object.fromEntries(
    selections.map(({ axis, how, items }) => {
      const chosen = isNewest(how) ? items.filter(({ code }) => time?.includes(code)) : items
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
