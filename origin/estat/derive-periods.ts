/** Change, change_pct and yoy: which period a figure is held against, paired by dates, never by the order of rows. */
import { fault } from '../../shared/fault.ts'
import { type Figures, rounded } from './derive-groups.ts'
import type { DeriveKind } from './derive-measure.ts'
import type { Axis, ClassItem, Narrowing, Observation, TableMeta } from './model.ts'
import { comparePeriods, type DatedPeriod, isDated } from './period.ts'
import { timedItems } from './time.ts'

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

/**
 * The same without periods of which no row is there: a census held every fifth year is held against the census before,
 * in a table that lists every year (reference/estat-api.md, 7.10). A cell without a value is a row that is there.
 * Where no earlier period has rows the first pair stays, and names what is missing.
 */
export function pairsWithRows(pairs: PeriodPairs, rows: readonly Observation[]): PeriodPairs {
  const there = new Set(rows.map(({ codes }) => codes['time']))
  const withRows = (base: string): string => {
    let found: string | undefined = base
    while (found !== undefined && !there.has(found)) found = pairs.get(found)
    return found ?? base
  }
  return new Map([...pairs].map(([code, base]) => [code, withRows(base)]))
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

const needsTime = (kind: DeriveKind): boolean => kind === 'change' || kind === 'change_pct' || kind === 'yoy'

export function timeAxis(meta: TableMeta): Axis {
  const axis = meta.axes.find(({ id }) => id === 'time')
  if (axis !== undefined) return axis
  throw fault('INVALID_PARAMETER', `Table ${meta.info.id} has no axis of time: nothing to compare with.`, {
    hint: 'share and rank need none.',
  })
}

/**
 * The pairs of each kind that compares periods, before anything is fetched.
 * @throws Fault INVALID_PARAMETER where no selected period has a partner.
 */
export function periodPairs(
  meta: TableMeta,
  selected: ReadonlySet<string>,
  kinds: readonly DeriveKind[],
): ReadonlyMap<DeriveKind, PeriodPairs> {
  return new Map(
    kinds.filter(needsTime).map((kind) => {
      const pairs = kind === 'yoy' ? yearBefore(timeAxis(meta), selected) : previousPeriods(timeAxis(meta), selected)
      if (pairs.size > 0) return [kind, pairs]
      throw fault(
        'INVALID_PARAMETER',
        kind === 'yoy'
          ? 'The table has no period one year before any that is selected.'
          : 'No earlier period of the same kind is there to compare with.',
        {
          hint:
            kind === 'yoy'
              ? 'Ask for change: it compares with the period before, whatever lies between.'
              : 'Select two periods or more.',
        },
      )
    }),
  )
}

/** Rows of one series and unit are held against each other; a row without its base has no figure. */
export function compared(
  meta: TableMeta,
  rows: readonly Observation[],
  chosen: readonly Observation[],
  pairs: PeriodPairs,
  kind: DeriveKind,
): Figures {
  const others = meta.axes.filter(({ id }) => id !== 'time')
  const keyOf = ({ codes, unit }: Observation, time: string): string => JSON.stringify([time, unit, ...others.map(({ id }) => codes[id])]) // biome-ignore format: one line
  const byKey = new Map(rows.map((row) => [keyOf(row, row.codes['time'] ?? ''), row]))
  return new Map(
    chosen.map((row) => {
      const base = byKey.get(keyOf(row, pairs.get(row.codes['time'] ?? '') ?? ''))
      return [row, base === undefined ? null : difference(row, base, kind)]
    }),
  )
}

/** A per cent of nothing, or of less than nothing, is no figure. */
function difference(row: Observation, base: Observation, kind: DeriveKind): number | null {
  if (row.value === null || base.value === null) return null
  if (kind === 'change') return Number((row.value - base.value).toFixed(Math.max(decimals(row.text), decimals(base.text)))) + 0 // biome-ignore format: one line
  return base.value <= 0 ? null : rounded((row.value / base.value - 1) * 100)
}

const decimals = (text: string): number => text.split('.')[1]?.length ?? 0
