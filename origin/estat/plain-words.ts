/** Words that tables use for the same thing: 男 and 男性, 総数 and 合計. Folded names. */

const MALE = /^(?:男|男性|男子|男の子|males?|men)$/
const FEMALE = /^(?:女|女性|女子|女の子|females?|women)$/
const BOTH_SEXES = /^(?:男女計|男女合計|男女総数|男女|bothsexes)$/
const SUM = /^(?:総数|総計|合計|計|全体|総合計|全部|すべて|全て|total|grandtotal|all)$/

export const isMale = (name: string): boolean => MALE.test(name)
export const isFemale = (name: string): boolean => FEMALE.test(name)

/**
 * Whether a caller's word is another word for a name: 男性 for 男, 合計 for 総数, 男女計 for 総数(男女計). What stands in
 * brackets at the name's end only says of what it is the sum.
 */
export function saysTheSame(name: string, query: string): boolean {
  const whole = name.replace(/\([^)]*\)$/, '')
  const isSumOf = (what: string): boolean => SUM.test(whole) && name.endsWith(`(${what})`)
  if (BOTH_SEXES.test(query)) return BOTH_SEXES.test(name) || isSumOf(query) || isSumOf('男女計')
  if (SUM.test(query)) return SUM.test(whole) || BOTH_SEXES.test(name)
  return [MALE, FEMALE].some((words) => words.test(name) && words.test(query))
}
