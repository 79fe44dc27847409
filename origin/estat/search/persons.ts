/**
 * Whom a question is about: ages and sexes. Tables have them as axes, and say so in words of their own (年齢（5歳階級）,
 * 男女別) or not at all, so that they decide among tables and find none.
 */
import type { Group } from './model.ts'
import { searchForm } from './text.ts'

/** 25~29歳, 100歳以上, 0歳, 20代; not 1990年代. Folded text. */
const AGE_J = /(?<![\d.])(?:\d{1,3}\s?歳?\s?[~〜-]\s?)?\d{1,3}\s?歳(?:以上|以下|未満|代)?|(?<![\d.])[1-9]0代/gu
/** aged 25-29, aged 100 and over, 65 years and older, 20 year olds, over 65, under 15; a number of four digits is a year. */
const AGE_E =
  /\b(?:aged?|ages)\s(?:(?:over|under)\s)?\d{1,3}\b(?:\s?(?:-|~|to|and)\s?(?:\d{1,3}\b|over|older|above|under|below|younger))?|\b\d{1,3}(?:\s|-)years?(?:\s|-)(?:olds?|and (?:over|older|above))\b|\b\d{1,3}(?:\sand\s|\sor\s)(?:over|older|above)\b|\b(?:over|under)\s\d{2}s?\b(?!\s?%)/gu

const AGES: Group = { word: '年齢', also: ['歳階級', '各歳'], soft: false, generic: true }

/**
 * Takes ages out of a question, except those that titles name as they stand (65歳以上): these find tables.
 *
 * @param text Folded.
 */
export function takeAges(text: string, occurs: (text: string) => boolean): { rest: string; groups: readonly Group[] } {
  let taken = false
  const take = (found: string): string => {
    if (occurs(searchForm(found))) return found
    taken = true
    return ' '
  }
  const rest = text.replace(AGE_J, take).replace(AGE_E, take)
  return { rest, groups: taken ? [AGES] : [] }
}

const SEXES = new Set('女性,男性,女子,男子,女,男,women,men,woman,man,female,male'.split(','))

/** One of the sexes; null for any other word. By sex (男女別) is another wish: for tables that part them, and say so. */
export function sexGroup(word: string): Group | null {
  if (!SEXES.has(word) && !SEXES.has(word.replace(/s$/, ''))) return null
  return { word, also: ['男女'], soft: false, generic: true }
}
