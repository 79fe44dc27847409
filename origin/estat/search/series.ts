/** Editions: the tables of one survey that bear the same title but for year or issue (PRODUCT.md section 3). */
import { fold } from '../../../shared/cacheable/fold.ts'
import type { TableInfo } from '../model.ts'
import { lettersOf } from './text.ts'
import { findYears, spanOf, type YearSpan } from './years.ts'

/** What names a table, each text folded once: titles by the hundred thousand pass through here. */
export interface Names {
  readonly title: string
  readonly statisticsName: string
  /** Code of the survey, or its name where the catalogue has no code. */
  readonly survey: string
  /** As in TABLE_INF. */
  readonly surveyDate: string | null
}

export const namesOf = ({ title, statisticsName, statName, surveyDate }: TableInfo): Names => ({
  title: fold(title),
  statisticsName: fold(statisticsName),
  survey: statName.code || fold(statName.name),
  surveyDate,
})

/** Months, quarters and half-years that name an issue; the months of 1-12月 and of 10月1日現在 with them. */
const ISSUE =
  /第?\d{1,2}(?:-\d{1,2})?(?:四半期|期)|\d{1,2}(?:\s?[-~]\s?\d{1,2})?月(?:\d{1,2}日)?(?:現在|分|期|号)*|上半期|下半期|第?\d{1,4}[回号]/gu
/** A table's number in its volume changes from edition to edition: 第１表, 表３, 5-12. */
const NUMBER = /^(?:第?\s?\d+(?:[-.]\d+)*\s?(?:表|図)|表\s?\d+(?:[-.]\d+)*|\d+(?:-\d+)+(?=\s))\s*/u

/** What a folded name is without year and issue. */
function timeless(folded: string): string {
  const undated = findYears(folded).reduceRight(
    (rest, { start, end }) => `${rest.slice(0, start)} ${rest.slice(end)}`,
    folded,
  )
  return lettersOf(undated.replace(ISSUE, ' ').replace(NUMBER, '')).replaceAll(' ', '')
}

/** Two tables with the same key are editions of one series, unless `sideBySide` tells them apart. */
export const seriesKey = ({ survey, statisticsName, title }: Names): string =>
  [survey, timeless(statisticsName), timeless(title)].join('\n')

/**
 * Tables with the same statistics name, period and title were published side by side and are no editions of each
 * other: their number in the volume must tell them apart. Null where the period is not known.
 */
export const sideBySide = ({ statisticsName, surveyDate, title }: Names): string | null =>
  surveyDate === null ? null : [statisticsName, surveyDate, title].join('\n')

/** The years a table covers as far as its listing tells: the survey date, and the years in its names. Null where nothing does. */
export function coverage(names: Names): YearSpan | null {
  const named = spanOf(namedIn(names))
  const dated = names.surveyDate === null ? null : spanOf(names.surveyDate.replaceAll(/(\d{4})(\d{2})/g, '$1/$2'))
  if (named === null || dated === null) return dated ?? named
  return { from: Math.min(named.from, dated.from), to: Math.max(named.to, dated.to) }
}

/** For order among editions, newest highest: yyyymm of the end of the survey, else the last year named; 0 where unknown. */
export function period(names: Names): number {
  if (names.surveyDate !== null) return Number(names.surveyDate.slice(-6)) || 0
  return (spanOf(namedIn(names))?.to ?? 0) * 100
}

/** The bar keeps an open range at the title's end from running into the statistics name. */
const namedIn = ({ title, statisticsName }: Names): string => `${title} | ${statisticsName}`
