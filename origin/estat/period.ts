/** Spans of whole months, and how they compare. */

export type TimeKind = 'year' | 'fiscal_year' | 'half' | 'quarter' | 'month' | 'other'

/** A span of whole months. `start` and `end` are ISO dates, both inclusive; null for `other`. */
export interface TimePeriod {
  readonly kind: TimeKind
  readonly start: string | null
  readonly end: string | null
}

/** A period whose dates are known. */
export interface DatedPeriod extends TimePeriod {
  readonly start: string
  readonly end: string
}

export const OTHER: TimePeriod = { kind: 'other', start: null, end: null }

const lastDay = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate()
const two = (part: number): string => String(part).padStart(2, '0')

function months(kind: TimeKind, year: number, from: number, to: number, endYear = year): DatedPeriod {
  const start = `${String(year).padStart(4, '0')}-${two(from)}-01`
  return { kind, start, end: `${String(endYear).padStart(4, '0')}-${two(to)}-${two(lastDay(endYear, to))}` }
}

export const calendarYear = (year: number): DatedPeriod => months('year', year, 1, 12)
export const fiscalYear = (year: number): DatedPeriod => months('fiscal_year', year, 4, 3, year + 1)

/** The nth half or quarter of a calendar year, or of a fiscal one, which begins in April. */
export function partOfYear(kind: 'half' | 'quarter', year: number, nth: number, fiscal: boolean): DatedPeriod {
  const length = kind === 'half' ? 6 : 3
  const first = (nth - 1) * length + (fiscal ? 3 : 0)
  const at = year + Math.floor(first / 12)
  // A fiscal second half ends in March of the year after.
  const last = first + length - 1
  return months(kind, at, (first % 12) + 1, (last % 12) + 1, year + Math.floor(last / 12))
}

/** Months from `from` to `to` of one calendar year, where that is a month, quarter, half or year; else null. */
export function monthRange(year: number, from: number, to: number): DatedPeriod | null {
  if (from < 1 || to > 12 || from > to) return null
  if (from === to) return months('month', year, from, to)
  const length = to - from + 1
  // 4～9月, the first half of a fiscal year.
  if (length === 6 && from === 4) return months('half', year, from, to)
  if ((from - 1) % length !== 0) return null
  if (length === 3) return months('quarter', year, from, to)
  if (length === 6) return months('half', year, from, to)
  return length === 12 ? calendarYear(year) : null
}

export const isYearly = ({ kind }: TimePeriod): boolean => kind === 'year' || kind === 'fiscal_year'
export const isDated = (period: TimePeriod): period is DatedPeriod => period.start !== null && period.end !== null

/** Whether `inner` lies in `outer`. ISO dates compare as text. */
export const within = (inner: DatedPeriod, outer: DatedPeriod): boolean =>
  inner.start >= outer.start && inner.end <= outer.end

/** Ascending by end, then the longer period first: `2025年` before `2025年12月`. Undated ones come first. */
export function comparePeriods(a: TimePeriod, b: TimePeriod): number {
  const byEnd = compareText(a.end ?? '', b.end ?? '')
  return byEnd === 0 ? compareText(a.start ?? '', b.start ?? '') : byEnd
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
