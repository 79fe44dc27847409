/** `{from, to}` as the codes between, taken from the table's own list. */
import { fault } from '../../shared/fault.ts'
import { bareYear } from './era.ts'
import type { Axis, ClassItem } from './model.ts'
import { fold } from './text.ts'
import { type DatedPeriod, isDated, isYearly } from './period.ts'
import { periodOfText } from './period-words.ts'
import { yearAsEnd } from './periods-within.ts'
import { periodOf, type TimedItem, timedItems } from './time.ts'

/** Finds the one item a word means, or fails with the candidates. */
export type ResolveWord = (word: string) => ClassItem

/**
 * Codes from one end to the other, both included; an end left out is open.
 *
 * On the time axis the dates decide and all codes are of one kind, so that a range of months never takes in the
 * years between (as strings, 2015100000 lies between 2015000000 and 2016000000). An end given as a year, in words or as a ten-digit code need
 * not be listed. On other axes codes compare as text, as e-Stat's cdXFrom and cdXTo do.
 *
 * @throws Fault INVALID_PARAMETER where the ends are of different kinds or the wrong way round; NO_DATA is for the caller to tell from an
 * empty answer. What `resolve` throws passes through.
 */
export function selectRange(
  axis: Axis,
  range: { readonly from: string | null; readonly to: string | null },
  resolve: ResolveWord,
): readonly ClassItem[] {
  if (axis.id === 'time') return selectPeriods(axis, range, resolve)
  const from = range.from === null ? null : resolve(range.from).code
  const to = range.to === null ? null : resolve(range.to).code
  if (from !== null && to !== null && from > to) throw backwards(axis, from, to)
  return axis.items.filter(({ code }) => (from === null || code >= from) && (to === null || code <= to))
}

/** Found before asking: e-Stat would answer "no data". */
const backwards = (axis: Axis, from: string, to: string) =>
  fault('INVALID_PARAMETER', `The range on ${axis.id} goes backwards: from ${from} to ${to}.`, {
    hint:
      axis.id === 'time'
        ? 'Exchange from and to.'
        : 'Ranges go by code, not by order of names: exchange the ends, or list the codes.',
  })

function selectPeriods(
  axis: Axis,
  { from, to }: { readonly from: string | null; readonly to: string | null },
  resolve: ResolveWord,
): readonly ClassItem[] {
  const timed = timedItems(axis)
  const ends = [from, to].map((word) => (word === null ? null : endOf(axis, timed, word, resolve)))
  const kinds = [...new Set(ends.flatMap((end) => (end === null ? [] : [end.kind])))]
  if (kinds.length > 1)
    throw fault('INVALID_PARAMETER', `The range on ${axis.id} goes from a ${kinds.join(' to a ')}.`, {
      hint: 'Give both ends as periods of one kind, e.g. two years or two months.',
    })
  const [first, last] = ends
  if (first && last && first.start > last.end) throw backwards(axis, first.start, last.end)
  return timed
    .filter(
      ({ period }) =>
        period.kind === kinds[0] &&
        isDated(period) &&
        (!first || period.start >= first.start) &&
        (!last || period.end <= last.end),
    )
    .map(({ item }) => item)
}

/** The dates of one end. `kind` is that of the codes to select. */
function endOf(axis: Axis, timed: readonly TimedItem[], word: string, resolve: ResolveWord): DatedPeriod {
  const kinds = [
    ...new Set(
      timed
        .map(({ period }) => period)
        .filter(isDated)
        .map(({ kind }) => kind),
    ),
  ]
  const year = bareYear(fold(word)) ?? undefined
  const yearly = kinds.filter((kind) => isYearly({ kind, start: null, end: null }))
  // A bare year on a table of one kind: its own years, or all months or quarters of that year.
  if (year !== undefined && kinds.length === 1 && yearly.length === 0)
    return { kind: kinds[0] ?? 'other', start: `${year}-01-01`, end: `${year}-12-31` }
  if (year !== undefined && yearly.length === 1)
    return periodOfText(`${year}${yearly[0] === 'fiscal_year' ? '年度' : '年'}`) ?? dated(axis, resolve(word))
  // A code need not be listed either: old clients send 2010000000 for the start of a span.
  const spoken = /^\d{10}$/.test(fold(word)) ? periodOf({ code: fold(word), name: '' }) : periodOfText(word)
  if (spoken === null || !isDated(spoken)) return dated(axis, resolve(word))
  return kinds.includes(spoken.kind) ? spoken : (yearAsEnd(spoken, kinds) ?? dated(axis, resolve(word)))
}

function dated(axis: Axis, item: ClassItem): DatedPeriod {
  const period = periodOf(item, axis.name)
  if (isDated(period)) return period
  throw fault('INVALID_PARAMETER', `Code ${item.code.slice(0, 40)} on ${axis.id} has no dates to make a range of.`, {
    hint: 'List the codes instead of a range.',
  })
}
