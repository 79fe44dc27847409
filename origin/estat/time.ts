/**
 * Time codes as dates (reference/estat-api.md, 3.6): ten digits `YYYY` `F` `0` and two months, judged together
 * with the item's name, because a code's form alone does not say that 肥料年度 starts in July.
 */
import type { Axis, ClassItem } from './model.ts'
import { oncePerAxis } from './once-per-axis.ts'
import {
  calendarYear,
  type DatedPeriod,
  fiscalYear,
  isYearly,
  monthRange,
  OTHER,
  type TimePeriod,
  within,
} from './period.ts'
import { periodOfText, periodWords } from './period-words.ts'
import { fold } from './text.ts'

/** Years that statistics are of: 0000 and 9999 stand for 全期間 and 総数. */
const isYear = (year: number): boolean => year >= 1600 && year <= 2199

/** What a ten-digit code says by its form; null for short codes and forms never seen. */
function periodOfCode(code: string): DatedPeriod | null {
  const [, yearText, flag, rest] = /^(\d{4})(\d\d)(\d{4})$/.exec(code) ?? []
  const year = Number(yearText)
  if (!isYear(year)) return null
  if (flag === '00' && rest !== '0000') return monthRange(year, Number(rest?.slice(0, 2)), Number(rest?.slice(2)))
  if (rest !== '0000') return null
  if (flag === '00') return calendarYear(year)
  if (flag === '10') return fiscalYear(year)
  if (flag === '01') return monthRange(year, 1, 6)
  return flag === '02' ? monthRange(year, 7, 12) : null
}

/**
 * 肥料年度 (July), 米穀年度 (November), 事業年度 (each firm's own) are no fiscal years: their months are not for us to
 * guess. An axis called 調査年度 or 会計年度 says nothing of the kind.
 */
const OWN_YEAR = /(?<!調査|会計|学|学校|対象|実施|集計|統計|表章|公表|各|当|該当|基準|決算|予算|財政|[\d年(・/])年度/
/** 1月上旬 is no whole month, and 6月累計 more than one. */
const NO_WHOLE_MONTH = /[上中下]旬|累計|累積/
const TOTAL = /^(?:総数|総計|合計|計|全期間|total|alltime)$/

/**
 * The period of a time code.
 *
 * The code's form decides; a name that says 年度 or 年 decides between fiscal and calendar year, and one that says some
 * months of the year (2024年1～6月, cumulative) which. Where code and name contradict each other in any other way, or
 * the code is a table's own (`1001`), the kind is `other`.
 */
export function periodOf(item: Pick<ClassItem, 'code' | 'name'>, axisName = ''): TimePeriod {
  const byCode = periodOfCode(item.code)
  const name = periodWords(item.name)
  if (byCode === null || OWN_YEAR.test(name) || (OWN_YEAR.test(fold(axisName)) && /^\d{4}(年度?)?$/.test(name)))
    return OTHER
  if (TOTAL.test(name) || (byCode.kind === 'month' && NO_WHOLE_MONTH.test(name))) return OTHER
  const byName = periodOfText(item.name)
  if (byName === null) return contradicts(byCode, name) ? OTHER : byCode
  return together(byCode, byName)
}

function together(byCode: DatedPeriod, byName: DatedPeriod): TimePeriod {
  if (isYearly(byCode) && isYearly(byName))
    return byCode.start.slice(0, 4) === byName.start.slice(0, 4) ? byName : OTHER
  // 2020010000 is the first half of 2020年 or of 2020年度: the name tells.
  if (byCode.kind === 'half' && byName.kind === 'half')
    return byName.start.startsWith(byCode.start.slice(0, 4)) && [0, 3].includes(monthOf(byName) - monthOf(byCode))
      ? byName
      : OTHER
  // 2020年 on the code of the month in which that year was surveyed.
  if (isYearly(byName) && within(byCode, byName)) return byCode
  if (!within(byName, byCode)) return OTHER
  // A day or month of a year's code says when the survey was; several months say what the figure is of.
  return byCode.kind !== byName.kind && byName.kind !== 'month' ? byName : byCode
}

const monthOf = ({ start }: DatedPeriod): number => Number(start.slice(5, 7))

/**
 * A name that starts with a year of its own, though we cannot read the rest, must be of the code's year, and of that
 * alone: 2020～2024年, and not of months that make no quarter or half: 2024年1～9月.
 */
function contradicts(byCode: DatedPeriod, name: string): boolean {
  const year = /^(\d{4})(?!\d)/.exec(name)?.[1]
  if (year === undefined) return false
  const rest = name.slice(4).replace(/\([^)]*\)/g, '')
  if (/^年\d{1,2}月?~\d{1,2}月/.test(rest)) return true
  const another = /[~→-].*(?:(?<!\d)\d{4}(?!\d)|明治|大正|昭和|平成|令和|翌年)/.test(rest)
  return another || year !== byCode.start.slice(0, 4)
}

export interface TimedItem {
  readonly item: ClassItem
  readonly period: TimePeriod
}

/** The items of a time axis with their periods, in e-Stat's order. */
export const timedItems: (axis: Axis) => readonly TimedItem[] = oncePerAxis((axis) =>
  axis.items.map((item) => ({ item, period: periodOf(item, axis.name) })),
)
