/**
 * Which codes of an axis a caller's word means. Each way of reading it is tried in turn, the strictest first; the
 * first that fits anything decides, and where it fits several the caller gets them all: never a guess
 * (PRODUCT.md, promise 3).
 */
import { bareName } from './bare-name.ts'
import { isJisAreaAxis, isNation, NATION_CODE, prefectureOf, withoutAreaSuffix } from './area.ts'
import type { Axis, ClassItem } from './model.ts'
import { bareYear } from './era.ts'
import { oncePerAxis } from './once-per-axis.ts'
import { outerNames } from './outer-names.ts'
import { saysTheSame } from './plain-words.ts'
import { readPrefecture } from './prefecture-readings.ts'
import { plainSpelling } from './spelling.ts'
import { fold } from './text.ts'
import { type DatedPeriod, isDated, isYearly, within } from './period.ts'
import { periodOfText } from './period-words.ts'
import { timedItems } from './time.ts'

/** `<参考>国民総所得`, `（再掲）65歳以上`, `75歳以上（再掲）` without the mark. */
const withoutMark = (bare: string): string =>
  bare.replace(/^(?:<[^>]*>|\([^)]*\)|\[[^\]]*\])+/, '').replace(/(.)[<([](?:再掲|参考|内数|別掲)[>)\]]$/u, '$1')

/** Words of a name, outermost first: 東京都 / 府中市, 民間最終消費支出 / 家計最終消費支出. Folded. */
const wordsOf = (text: string): readonly string[] =>
  text
    .split(/[\s_]+/u)
    .map(fold)
    .filter((word) => word !== '')

/** The forms of a name that words are held against, all folded. */
interface Forms {
  readonly item: ClassItem
  readonly code: string
  readonly name: string
  readonly bare: string
  readonly unmarked: string
  readonly words: readonly string[]
  /** The name's last words run together: 府中市; 札幌市中央区 and 中央区. */
  readonly tails: readonly string[]
}

const formsIn = oncePerAxis((axis): readonly Forms[] => axis.items.map(formsOf))

function formsOf(item: ClassItem): Forms {
  const bare = bareName(item)
  const words = wordsOf(item.name)
  const tails = words.slice(1).map((_, index) => words.slice(index + 1).join(''))
  return { item, code: fold(item.code), name: fold(item.name), bare, unmarked: withoutMark(bare), words, tails }
}

/** The same in the usual spelling, asked only for a word that fits no name as it is written. */
const plainFormsIn = oncePerAxis((axis): readonly Forms[] =>
  axis.items.map((item) => formsOf({ ...item, name: plainSpelling(item.name.normalize('NFKC')) })),
)

/** Whether the query's words are the name's last ones when 都道府県市区町村 is left out: 府中, 東京 府中. */
function endsWithBare(words: readonly string[], query: readonly string[]): boolean {
  const last = words.slice(-query.length)
  return (
    last.length === query.length &&
    last.every((word, index) => word === query[index] || withoutAreaSuffix(word) === query[index])
  )
}

/** By code. */
const foldedOuters = oncePerAxis((axis): ReadonlyMap<string, readonly string[]> => {
  const above = outerNames(axis)
  return new Map(axis.items.map((item) => [item.code, above(item).map(fold)]))
})

/** Whether the words are an item's name after names that stand above it, in their order: 東京都 府中市, 東京 府中. */
function isBelow(outer: readonly string[], bare: string, query: readonly string[]): boolean {
  const fits = (name: string, word: string | undefined): boolean => name === word || withoutAreaSuffix(name) === word
  let next = 0
  for (const name of outer) if (fits(name, query[next])) next += 1
  return next > 0 && next === query.length - 1 && fits(bare, query[next])
}

/** The same run together: 東京都府中市, 大阪市中央区. */
const isBelowJoined = (outer: readonly string[], bare: string, query: string): boolean =>
  query.endsWith(bare) &&
  outer.reduce((rest, name) => (rest.startsWith(name) ? rest.slice(name.length) : rest), query) === bare &&
  query !== bare

type Test = (forms: Forms) => boolean

/** The tests of a word, strictest first. */
function testsOf(axis: Axis, text: string): readonly Test[] {
  const query = fold(text)
  const tail = query.replaceAll('_', '')
  const words = wordsOf(text)
  const isArea = isJisAreaAxis(axis)
  // In Japanese 京都 may be the prefecture or the city: the last test finds both. In English only prefectures are known.
  const english = /^[a-z]/.test(query) ? (prefectureOf(text)?.code ?? null) : null
  const outer = ({ item: { code } }: Forms): readonly string[] => foldedOuters(axis).get(code) ?? []
  const known = isArea ? (isNation(text) ? NATION_CODE : english) : null
  return [
    ({ item }) => item.code === text.trim(),
    ({ item }) => item.name === text.trim(),
    ({ code, name }) => code === query || name === query,
    ({ bare }) => bare === query,
    ({ unmarked }) => unmarked === query,
    ...(known === null ? [] : [({ item }: Forms) => item.code === known]),
    ({ tails }) => tails.includes(tail),
    ...(isArea ? [({ words: own }: Forms) => endsWithBare(own, words)] : []),
    // Only where nothing else fits: names are made for every code.
    (forms) => isBelowJoined(outer(forms), forms.bare, tail),
    ...(words.length > 1 ? [(forms: Forms) => isBelow(outer(forms), forms.bare, words)] : []),
    // Written as no name of the list is: とうきょう, or 東京 where the names are English.
    ...(isArea ? [({ item }: Forms) => item.code === (prefectureOf(text) ?? readPrefecture(text))?.code] : []),
    ({ bare }) => saysTheSame(bare, query),
  ]
}

/** Items that a period in words means: 2020 is every year of that number, 2024-01 the month. */
function itemsOfPeriod(axis: Axis, text: string): readonly ClassItem[] {
  const timed = timedItems(axis)
  const year = bareYear(fold(text))
  if (year !== null) {
    const yearly = timed.filter(({ period }) => isYearly(period) && period.start?.startsWith(year))
    // A table of months or quarters: all of that year, which the caller then chooses from.
    const found =
      yearly.length > 0 ? yearly : timed.filter(({ period }) => isDated(period) && within(period, yearOf(year)))
    return found.map(({ item }) => item)
  }
  const wanted = periodOfText(text)
  if (wanted === null) return []
  return timed
    .filter(({ period }) => period.kind === wanted.kind && period.start === wanted.start)
    .map(({ item }) => item)
}

const yearOf = (year: string): DatedPeriod => ({ kind: 'year', start: `${year}-01-01`, end: `${year}-12-31` })

/**
 * The codes that `text` may mean on this axis, in e-Stat's order: none, one, or several where it is ambiguous.
 * Read as, in turn: the code; the name; either in NFKC without blanks; the name without its code or its mark
 * (`<参考>`); 日本 or a prefecture in English; the last words of the name; the same without 都道府県市区町村; the name after
 * those that stand above it (`outerNames`); a prefecture by its reading; another word for both
 * sexes, men, women or the sum (男性, 合計); on the time axis a period, on the others all of it once more in the usual
 * spelling (龍ヶ崎 and 竜ケ崎, 旧字体).
 */
export function matchItems(axis: Axis, text: string): readonly ClassItem[] {
  if (fold(text) === '') return []
  const found = firstFit(formsIn(axis), testsOf(axis, text))
  if (found.length > 0) return found
  if (axis.id === 'time') return itemsOfPeriod(axis, text)
  const respelt = firstFit(plainFormsIn(axis), testsOf(axis, plainSpelling(text.normalize('NFKC'))))
  return respelt.length === 0 ? [] : axis.items.filter(({ code }) => respelt.some((item) => item.code === code))
}

/** What the first test that fits anything fits. */
function firstFit(forms: readonly Forms[], tests: readonly Test[]): readonly ClassItem[] {
  for (const test of tests) {
    const found = forms.filter(test)
    if (found.length > 0) return found.map(({ item }) => item)
  }
  return []
}
