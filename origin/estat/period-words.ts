/** Periods in words, Japanese and English, as tables name them and callers ask for them. */
import { westernYears } from './era.ts'
import { calendarYear, type DatedPeriod, fiscalYear, monthRange, partOfYear } from './period.ts'
import { fold } from './text.ts'

const ENGLISH = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const MONTH = `(${ENGLISH.join('|')})[a-z]*\\.?`
const MONTH_YEAR = new RegExp(`^${MONTH}(?:[-~]${MONTH})?,?(\\d{4})$`)
const YEAR_MONTH = new RegExp(`^(\\d{4})${MONTH}(?:[-~]${MONTH})?$`)

/** 速報 and the like say how sure a figure is, not of when. */
const STATUS =
  /\((?:[^()]*(?:速報|確報|確定|暫定|概算|概数|推計|推定|改定|訂正)[^()]*|[pr])\)$|(?:速報|確報|確定|概算|概数|暫定)値?$/
/** 会計年度 and 学年度 run from April to March as well. */
const FISCAL = /(?:会計|学校?)年度/

/** A name in one spelling: folded, western years, English as Japanese, without 速報. */
export function periodWords(text: string): string {
  const name = westernYears(fold(text))
    .replace(STATUS, '')
    .replace(FISCAL, '年度')
    .replace(/年年度/, '年度')
  return inJapanese(name)
    .replace(/^(\d{4})(?=年?度|暦年)暦?/, '$1')
    .replace(/年\((\d{1,2}月?~(?:翌年)?\d{1,2}月)\)$/, '年$1')
    .replace(/年第\d四半期\((\d{1,2}月?~\d{1,2}月)期?\)$/, '年$1')
}

function inJapanese(name: string): string {
  const range = (year: string, from: string, to: string | undefined): string => {
    const [first, last] = [from, to ?? from].map((month) => ENGLISH.indexOf(month) + 1)
    return first === last ? `${year}年${first}月` : `${year}年${first}~${last}月`
  }
  return name
    .replace(/^(?:fy|fiscalyear|fiscal)-?(\d{4})$|^(\d{4})(?:fy|fiscalyear)$/, '$1$2年度')
    .replace(/^(?:cy|calendaryear)(\d{4})$/, '$1年')
    .replace(/^(?:q([1-4])|([1-4])q)[-/]?(\d{4})$/, '$3年第$1$2四半期')
    .replace(MONTH_YEAR, (_, from: string, to: string | undefined, year: string) => range(year, from, to))
    .replace(YEAR_MONTH, (_, year: string, from: string, to: string | undefined) => range(year, from, to))
}

/**
 * What words say: `2020年`, `2020年度`, `FY2020`, `2024年1月`, `202401`, `Jan. 2024`, `1994年1~3月期`, `2020年第1四半期`,
 * `2020年度第4四半期` (January to March of 2021), `2020年度上半期`, `2020年4月~2021年3月`; null where unclear.
 */
export function periodOfText(text: string): DatedPeriod | null {
  const name = periodWords(text)
  const [, yearText, after = ''] =
    /^(\d{4})(?:年|(?=度)|(?=[-/.]\d)|(?=[-/.]?q[1-4]$)|(?=(?:0[1-9]|1[0-2])$))(.*)$/.exec(name) ?? []
  if (yearText === undefined) return null
  const year = Number(yearText)
  return wholeYear(year, after) ?? someMonths(year, after) ?? partInWords(year, after)
}

const WHOLE = /^(度?)(?:分|間|次|平均|計|合計|末|末現在)?$/

function wholeYear(year: number, after: string): DatedPeriod | null {
  const fiscal = WHOLE.exec(after)?.[1]
  if (fiscal !== undefined) return fiscal === '' ? calendarYear(year) : fiscalYear(year)
  const [, next] = /^4月~(?:翌年|(\d{4})年)3月$/.exec(after) ?? [null, null]
  if (next === null) return null
  return next === undefined || Number(next) === year + 1 ? fiscalYear(year) : null
}

function someMonths(year: number, after: string): DatedPeriod | null {
  const month = /^[-/.]?(\d{1,2})月?(?:分|中|末|末日|末現在|末日現在|平均|計|\d{1,2}日(?:現在)?)?$/.exec(after)
  if (month) return monthRange(year, Number(month[1]), Number(month[1]))
  const range = /^(\d{1,2})月?[~-](\d{1,2})月(?:期|分|平均|計|累計)?$/.exec(after)
  return range === null ? null : monthRange(year, Number(range[1]), Number(range[2]))
}

function partInWords(year: number, after: string): DatedPeriod | null {
  const [, fiscal = '', ...quarters] = /^(度?)(?:第([1-4])四半期|[-/.]?q([1-4])|([1-4])q)$/.exec(after) ?? []
  const nth = quarters.find((digit) => digit !== undefined)
  if (nth !== undefined) return partOfYear('quarter', year, Number(nth), fiscal !== '')
  const [, ofFiscal = '', half] = /^(度?)(?:の)?(上半期|上期|前半|下半期|下期|後半)$/.exec(after) ?? []
  return half === undefined ? null : partOfYear('half', year, /^[上前]/.test(half) ? 1 : 2, ofFiscal !== '')
}
