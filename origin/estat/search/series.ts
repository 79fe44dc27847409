/** Editions: the tables of one survey that bear the same title but for year or issue (PRODUCT.md section 3). */
import { fold } from '../../../shared/cacheable/fold.ts'
import type { TableInfo } from '../model.ts'
import { searchForm } from './text.ts'
import { findYears, spanOf, type YearSpan } from './years.ts'

/** Months, quarters and half-years that name an issue; the months of 1-12月 and of 10月1日現在 with them. */
const ISSUE =
  /第?\d{1,2}(?:-\d{1,2})?(?:四半期|期)|\d{1,2}(?:\s?[-~]\s?\d{1,2})?月(?:\d{1,2}日)?(?:現在|分|期|号)*|上半期|下半期|第?\d{1,4}[回号]/gu
/** A table's number in its volume changes from edition to edition: 第１表, 表３, 5-12. */
const NUMBER = /^(?:第?\s?\d+(?:[-.]\d+)*\s?(?:表|図)|表\s?\d+(?:[-.]\d+)*|\d+(?:-\d+)+)\s*/u

/** What a title or statistics name is without year and issue. */
const timeless = (text: string): string => {
  const folded = fold(text)
  const undated = findYears(folded).reduceRight(
    (rest, { start, end }) => `${rest.slice(0, start)} ${rest.slice(end)}`,
    folded,
  )
  return searchForm(undated.replace(ISSUE, ' ').replace(NUMBER, '')).replaceAll(' ', '')
}

/** Two tables with the same key are editions of one series, unless `tellApart` says otherwise. */
export const seriesKey = ({ statName, statisticsName, title }: TableInfo): string =>
  [statName.code || searchForm(statName.name), timeless(statisticsName), timeless(title)].join('\n')

/**
 * Keeps apart what one edition publishes side by side: tables with the same statistics name, period and title are no
 * editions of each other, so their number in the volume joins the key.
 */
export const editionKey = ({ statisticsName, surveyDate, title }: TableInfo): string | null =>
  surveyDate === null ? null : [searchForm(statisticsName), surveyDate, searchForm(title)].join('\n')

/** The years a table covers as far as its listing tells: the survey date, and the years in its names. Null where nothing does. */
export function coverage({ surveyDate, statisticsName, title }: TableInfo): YearSpan | null {
  const named = spanOf(fold(`${title} ｜ ${statisticsName}`))
  const dated = surveyDate === null ? null : spanOf(surveyDate.replaceAll(/(\d{4})(\d{2})/g, '$1/$2'))
  if (named === null || dated === null) return dated ?? named
  return { from: Math.min(named.from, dated.from), to: Math.max(named.to, dated.to) }
}

/** For order among editions, newest highest: yyyymm of the end of the survey, else the last year named; 0 where unknown. */
export function period({ surveyDate, statisticsName, title }: TableInfo): number {
  if (surveyDate !== null) return Number(surveyDate.slice(-6)) || 0
  const span = spanOf(fold(`${title} ｜ ${statisticsName}`))
  return span === null ? 0 : Math.min(span.to, 9999) * 100
}
