/**
 * Time codes as dates (reference/estat-api.md, 3.6): ten digits `YYYY` `F` `0` and two months, judged together
 * with the item's name, because a code's form alone does not say that 肥料年度 starts in July.
 */
import { westernYears } from './era.ts'
import type { Axis, ClassItem } from './model.ts'
import { oncePerAxis } from './once-per-axis.ts'
import { fold } from './text.ts'

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

const OTHER: TimePeriod = { kind: 'other', start: null, end: null }

const lastDay = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate()
const two = (part: number): string => String(part).padStart(2, '0')

function months(kind: TimeKind, year: number, from: number, to: number, endYear = year): DatedPeriod {
  const start = `${String(year).padStart(4, '0')}-${two(from)}-01`
  return { kind, start, end: `${String(endYear).padStart(4, '0')}-${two(to)}-${two(lastDay(endYear, to))}` }
}

const calendarYear = (year: number): DatedPeriod => months('year', year, 1, 12)
const fiscalYear = (year: number): DatedPeriod => months('fiscal_year', year, 4, 3, year + 1)

/** Months from `from` to `to` of one calendar year, where that is a month, quarter, half or year; else null. */
function monthRange(year: number, from: number, to: number): DatedPeriod | null {
  if (from < 1 || to > 12 || from > to) return null
  if (from === to) return months('month', year, from, to)
  const length = to - from + 1
  if ((from - 1) % length !== 0) return null
  if (length === 3) return months('quarter', year, from, to)
  if (length === 6) return months('half', year, from, to)
  return length === 12 ? calendarYear(year) : null
}

/** What a ten-digit code says by its form; null for short codes and forms never seen. */
function periodOfCode(code: string): DatedPeriod | null {
  const [, yearText, flag, rest] = /^(\d{4})(\d\d)(\d{4})$/.exec(code) ?? []
  const year = Number(yearText)
  if (flag === '00' && rest !== '0000') return monthRange(year, Number(rest?.slice(0, 2)), Number(rest?.slice(2)))
  if (rest !== '0000') return null
  if (flag === '00') return calendarYear(year)
  if (flag === '10') return fiscalYear(year)
  if (flag === '01') return monthRange(year, 1, 6)
  return flag === '02' ? monthRange(year, 7, 12) : null
}

/** What words say: `2020年`, `2020年度`, `FY2020`, `2024年1月`, `2024-01`, `1994年1~3月期`, `2020年第1四半期`; null where unclear. */
export function periodOfText(text: string): DatedPeriod | null {
  const name = westernYears(fold(text)).replace(/^fy(\d{4})$/, '$1年度')
  const [, yearText, after = ''] = /^(\d{4})(?:年|(?=度)|(?=[-/.]\d)|(?=[-/.]?q[1-4]$))(.*)$/.exec(name) ?? []
  if (yearText === undefined) return null
  const year = Number(yearText)
  if (after === '') return calendarYear(year)
  if (after === '度') return fiscalYear(year)
  const month = /^[-/.]?(\d{1,2})月?(?:分|\d{1,2}日(?:現在)?)?$/.exec(after)
  if (month) return monthRange(year, Number(month[1]), Number(month[1]))
  const range = /^(\d{1,2})月?[~-](\d{1,2})月(?:期|分|平均)?$/.exec(after)
  if (range) return monthRange(year, Number(range[1]), Number(range[2]))
  const quarter = /^(?:第([1-4])四半期|[-/.]?q([1-4])|([1-4])q)$/.exec(after)
  const nth = Number(quarter?.[1] ?? quarter?.[2] ?? quarter?.[3] ?? 0)
  return nth === 0 ? null : monthRange(year, nth * 3 - 2, nth * 3)
}

/** 肥料年度 (July), 米穀年度 (November) and others are no fiscal years: their months are not for us to guess. */
const OWN_YEAR = /[^\d年(（]年度/

/**
 * The period of a time code.
 *
 * The code's form decides; a name that says 年度 or 年 decides between fiscal and calendar year. Where code and
 * name contradict each other in any other way, or the code is a table's own (`1001`), the kind is `other`.
 */
export function periodOf(item: Pick<ClassItem, 'code' | 'name'>, axisName = ''): TimePeriod {
  const byCode = periodOfCode(item.code)
  const name = westernYears(fold(item.name))
  if (byCode === null || OWN_YEAR.test(name) || (OWN_YEAR.test(fold(axisName)) && /^\d{4}(年度?)?$/.test(name)))
    return OTHER
  const byName = periodOfText(item.name)
  if (byName === null) return contradicts(byCode, name) ? OTHER : byCode
  if (isYearly(byCode) && isYearly(byName))
    return byCode.start.slice(0, 4) === byName.start.slice(0, 4) ? byName : OTHER
  return within(byCode, byName) || within(byName, byCode) ? byCode : OTHER
}

/** A name that starts with a year of its own, though we cannot read the rest, must be of the code's year. */
function contradicts(byCode: DatedPeriod, name: string): boolean {
  const year = /^(\d{4})(?!\d)/.exec(name)?.[1]
  return year !== undefined && year !== byCode.start.slice(0, 4)
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

export interface TimedItem {
  readonly item: ClassItem
  readonly period: TimePeriod
}

/** The items of a time axis with their periods, in e-Stat's order. */
export const timedItems: (axis: Axis) => readonly TimedItem[] = oncePerAxis((axis) =>
  axis.items.map((item) => ({ item, period: periodOf(item, axis.name) })),
)
