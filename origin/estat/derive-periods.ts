/** Which period a figure is held against: paired by dates, never by the order of rows. */
import type { Axis, ClassItem, Narrowing, TableMeta } from './model.ts'
import { comparePeriods, type DatedPeriod, isDated, timedItems } from './time.ts'

/** Time code to the code it is compared with. A code without a partner is absent. */
export type PeriodPairs = ReadonlyMap<string, string>

interface Dated {
  readonly item: ClassItem
  readonly period: DatedPeriod
}

const datedOf = (axis: Axis): readonly Dated[] =>
  timedItems(axis)
    .flatMap(({ item, period }) => (isDated(period) ? [{ item, period }] : []))
    .toSorted((a, b) => comparePeriods(a.period, b.period))

/**
 * The selected period of the same kind before each; where only one of a kind is selected, the one before it in the
 * table, so that "latest" has something to be held against.
 */
export function previousPeriods(axis: Axis, selected: ReadonlySet<string>): PeriodPairs {
  const pairs = new Map<string, string>()
  const listed = datedOf(axis)
  for (const kind of new Set(listed.map(({ period }) => period.kind))) {
    const same = listed.filter(({ period }) => period.kind === kind).map(({ item }) => item.code)
    const chosen = same.filter((code) => selected.has(code))
    const among = chosen.length === 1 ? same : chosen
    for (const code of chosen) {
      const before = among[among.indexOf(code) - 1]
      if (before !== undefined) pairs.set(code, before)
    }
  }
  return pairs
}

/** The period of the same kind whose months are the same, one year earlier. */
export function yearBefore(axis: Axis, selected: ReadonlySet<string>): PeriodPairs {
  const key = (kind: string, start: string, end: string): string => `${kind} ${start.slice(0, 7)} ${end.slice(0, 7)}`
  const listed = datedOf(axis)
  const byMonths = new Map(listed.map(({ item, period }) => [key(period.kind, period.start, period.end), item.code]))
  const pairs = new Map<string, string>()
  for (const { item, period } of listed) {
    if (!selected.has(item.code)) continue
    const before = byMonths.get(key(period.kind, yearEarlier(period.start), yearEarlier(period.end)))
    if (before !== undefined) pairs.set(item.code, before)
  }
  return pairs
}

const yearEarlier = (iso: string): string => String(Number(iso.slice(0, 4)) - 1).padStart(4, '0') + iso.slice(4)

/** The time codes that a narrowing selects: all of the axis where it says nothing of time. */
export function selectedPeriods(meta: TableMeta, narrow: readonly Narrowing[]): ReadonlySet<string> {
  const codes = narrow.find(({ axis }) => axis === 'time')?.codes
  return new Set(codes ?? meta.axes.find(({ id }) => id === 'time')?.items.map(({ code }) => code))
}

/** The same narrowing with the periods that figures are held against taken in. */
export function withBases(narrow: readonly Narrowing[], bases: Iterable<string>): readonly Narrowing[] {
  return narrow.map((part) =>
    part.axis === 'time' && part.codes !== undefined
      ? { ...part, codes: [...new Set([...part.codes, ...bases])] }
      : part,
  )
}
