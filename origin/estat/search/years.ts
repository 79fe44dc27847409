/** Years in titles and questions: western, and the eras 明治 to 令和. Works on folded text (`shared/cacheable/fold.ts`). */

/** Calendar years, both ends included. `to` is OPEN_END for "2000年1月～". */
export interface YearSpan {
  readonly from: number
  readonly to: number
}

export const OPEN_END = 9999

/** Year 1 of each era, its last year of reign, and its letter. */
const ERAS = [
  { name: '明治', letter: 'm', first: 1868, last: 1912 },
  { name: '大正', letter: 't', first: 1912, last: 1926 },
  { name: '昭和', letter: 's', first: 1926, last: 1989 },
  { name: '平成', letter: 'h', first: 1989, last: 2019 },
  { name: '令和', letter: 'r', first: 2019, last: 2099 },
] as const

/** What may stand between a year and the sign of a range: 年, 年度, 年10月, /4, 1q. */
const TAIL = '(?:\\s?(?:年度|年))?(?:\\s?(?:\\d{1,2}月|\\d{1,2}q|/\\d{1,2}))?'
const ERA_YEAR =
  '(?<era>明治|大正|昭和|平成|令和|(?<![a-z0-9])[mtshr](?=\\d{1,2}(?![0-9a-z])))\\s?(?<count>元|\\d{1,2})'
const WESTERN_YEAR = '(?<![0-9a-z.])(?<western>(?:18|19|20)\\d{2})(?![0-9])'
const YEAR = new RegExp(`(?:${ERA_YEAR}|${WESTERN_YEAR})${TAIL}`, 'gu')
/** A base year or a revision names no survey period: 2015暦年基準, 平成22年改定, 2020年=100. */
const BASE = /^\s?(?:暦年|年度|年)?(?:平均)?\s?(?:基準|改定|改訂|価格|固定|連鎖|=\s?100)/u
const RANGE_SIGN = /^\s?(?:~|-|から|→)\s?/u
const SHORT_END = new RegExp(`^(?<count>\\d{1,2})(?=年)${TAIL}`, 'u')

interface Found extends YearSpan {
  readonly start: number
  readonly end: number
}

/** Every year and range of years in a folded text, in order. */
export function findYears(text: string): Found[] {
  const found: Found[] = []
  let end = 0
  for (const match of text.matchAll(YEAR)) {
    if (match.index < end) continue
    const { era, count, western } = match.groups as Partial<Record<string, string>>
    const from = western === undefined ? eraYear(era ?? '', count ?? '') : Number(western)
    if (from === null || isBase(text, match)) continue
    end = match.index + match[0].length
    const range = rangeEnd(text, end, eraOf(era ?? ''))
    end = range.end
    found.push({ start: match.index, end, from, to: Math.max(from, range.to ?? from) })
  }
  return found
}

/** From the earliest to the latest year named; null where none is. */
export function spanOf(text: string): YearSpan | null {
  const found = findYears(text)
  if (found.length === 0) return null
  return { from: Math.min(...found.map(({ from }) => from)), to: Math.max(...found.map(({ to }) => to)) }
}

/** How titles write one year: 2020年, 令和2年 (both eras in a year of change). */
export const yearNames = (year: number): string[] => [
  `${year}年`,
  ...ERAS.filter(({ first, last }) => first <= year && year <= last).map(
    ({ name, first }) => `${name}${year === first ? '元' : year - first + 1}年`,
  ),
]

/** The years of an era that a question names alone, as in 昭和の人口; null where `word` is none. */
export function eraSpan(word: string): YearSpan | null {
  const era = ERAS.find(({ name }) => word === name || word === `${name}時代`)
  return era ? { from: era.first, to: era.last === 2099 ? OPEN_END : era.last } : null
}

/** What follows the sign of a range: a full year, a short one of the same era (平成22年～27年), or nothing (～ at an end). */
function rangeEnd(
  text: string,
  at: number,
  era: (typeof ERAS)[number] | undefined,
): { end: number; to: number | null } {
  const sign = RANGE_SIGN.exec(text.slice(at))
  if (!sign) return { end: at, to: null }
  const next = at + sign[0].length
  const rest = text.slice(next)
  const full = new RegExp(`^(?:${YEAR.source})`, 'u').exec(rest)
  if (full) {
    const { era: name, count, western } = full.groups as Partial<Record<string, string>>
    const year = western === undefined ? eraYear(name ?? '', count ?? '') : Number(western)
    if (year !== null) return { end: next + full[0].length, to: year }
  }
  const short = SHORT_END.exec(rest)
  if (short && era) return { end: next + short[0].length, to: era.first + Number(short.groups?.['count']) - 1 }
  return /^(?:$|[^\p{L}\p{N}])/u.test(rest) ? { end: next, to: OPEN_END } : { end: at, to: null }
}

/** The text behind the year's own digits decides: the tail of the match may have taken 年 already. */
function isBase(text: string, match: RegExpExecArray): boolean {
  const digits = /(?:元|\d+)/u.exec(match[0])
  const after = match.index + (digits ? digits.index + digits[0].length : match[0].length)
  return BASE.test(text.slice(after, after + 12))
}

const eraOf = (name: string): (typeof ERAS)[number] | undefined =>
  ERAS.find((era) => era.name === name || era.letter === name)

function eraYear(name: string, count: string): number | null {
  const era = eraOf(name)
  if (!era) return null
  const year = era.first + (count === '元' ? 1 : Number(count)) - 1
  return era.first <= year && year <= era.last ? year : null
}
