/** Years as Japanese names write them: 2017年, 平成29年, 令和元年, 平成二十九年, 令和2(2020)年, R2年. */

/** The year before each era's year 1. */
const ERAS: Readonly<Record<string, number>> = {
  明治: 1867, 大正: 1911, 昭和: 1925, 平成: 1988, 令和: 2018,
  m: 1867, t: 1911, s: 1925, h: 1988, r: 2018,
} // biome-ignore format: two rows, two spellings

// A letter is an era only before a number and 年: s01 and H29 are codes.
const ERA_YEAR = /^(明治|大正|昭和|平成|令和|[mtshr](?=\d{1,2}年))(元|\d{1,2}|[一二三四五六七八九十]{1,3})(?=年|\(|$)/
/** The same year said twice: 2020(令和2)年, 2020年(令和2年). */
const TWICE = /^(\d{4})(年?)\((?:(?:明治|大正|昭和|平成|令和|[mtshr])(?:元|\d{1,2})|\d{4})年?(度?)\)/

/** Rewrites a leading era year of a folded name (`fold`) as a western one: `平成29年度` to `2017年度`. */
export const westernYears = (folded: string): string =>
  folded
    .replace(ERA_YEAR, (whole, era: string, year: string) => {
      const before = ERAS[era]
      return before === undefined ? whole : String(before + yearOfEra(year))
    })
    .replace(TWICE, '$1$2$3')

const yearOfEra = (text: string): number => (text === '元' ? 1 : /\d/.test(text) ? Number(text) : kanjiNumber(text))

/** 一 to 九十九. */
function kanjiNumber(text: string): number {
  const digit = (sign: string): number => '一二三四五六七八九'.indexOf(sign) + 1
  const [tens = '', ones = ''] = text.includes('十') ? text.split('十') : ['', text]
  return (text.includes('十') ? (digit(tens) || 1) * 10 : 0) + (ones === '' ? 0 : digit(ones))
}

/** The year that words give and nothing more: 2020, 令和2, R2; null for anything else, as 2020年 is. Folded. */
export function bareYear(folded: string): string | null {
  const isLetter = /^[mtshr]\d{1,2}$/.test(folded)
  const year = isLetter ? westernYears(`${folded}年`).slice(0, -1) : westernYears(folded)
  return /^\d{4}$/.test(year) ? year : null
}
