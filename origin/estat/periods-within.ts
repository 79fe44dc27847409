/** The periods of a table that lie within a longer one: a caller asks a table of months for 2024年, or 2024年度. */
import { bareYear } from './era.ts'
import type { Axis, ClassItem } from './model.ts'
import { comparePeriods, type DatedPeriod, isDated, isYearly, within } from './period.ts'
import { periodOfText } from './period-words.ts'
import { fold } from './text.ts'
import { timedItems } from './time.ts'

/** Oldest first, all of one kind; none where the word is no year, or periods of several kinds lie within it. */
export function periodsWithin(axis: Axis, word: string): readonly ClassItem[] {
  const year = bareYear(fold(word))
  const wanted = year === null ? periodOfText(word) : periodOfText(`${year}年`)
  if (axis.id !== 'time' || wanted === null || !isYearly(wanted)) return []
  const inside = timedItems(axis).flatMap(({ item, period }) =>
    isDated(period) && !isYearly(period) && within(period, wanted) ? [{ item, period }] : [],
  )
  const kinds = new Set(inside.map(({ period }) => period.kind))
  return kinds.size > 1 ? [] : inside.toSorted((a, b) => comparePeriods(a.period, b.period)).map(({ item }) => item)
}

/** How to ask for all of them. */
export const asRange = (items: readonly ClassItem[]): string =>
  `{"from": "${items[0]?.code}", "to": "${items.at(-1)?.code}"}`

/** A year as one end of a range over the shorter periods of an axis, all of one kind; null for anything else. */
export function yearAsEnd(spoken: DatedPeriod, kinds: readonly DatedPeriod['kind'][]): DatedPeriod | null {
  const [kind] = kinds
  const shorter = kind === 'month' || kind === 'quarter' || kind === 'half'
  return shorter && kinds.length === 1 && isYearly(spoken) ? { ...spoken, kind } : null
}
