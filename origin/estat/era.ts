/** Years as Japanese names write them: 2017年, 平成29年, 令和元年, R2年. */

/** The year before each era's year 1. */
const ERAS: Readonly<Record<string, number>> = {
  明治: 1867, 大正: 1911, 昭和: 1925, 平成: 1988, 令和: 2018,
  m: 1867, t: 1911, s: 1925, h: 1988, r: 2018,
} // biome-ignore format: two rows, two spellings

// A letter is an era only before a number and 年: s01 and H29 are codes.
const ERA_YEAR = /^(明治|大正|昭和|平成|令和|[mtshr](?=\d{1,2}年))(元|\d{1,2})(?=年|$)/

/** Rewrites a leading era year of a folded name (`fold`) as a western one: `平成29年度` to `2017年度`. */
export const westernYears = (folded: string): string =>
  folded.replace(ERA_YEAR, (whole, era: string, year: string) => {
    const before = ERAS[era]
    return before === undefined ? whole : String(before + (year === '元' ? 1 : Number(year)))
  })
