/** Names near to a word that fits none: what an error offers instead. */
import type { Axis, ClassItem } from './model.ts'
import { fold } from './text.ts'

const bigrams = (text: string): ReadonlySet<string> =>
  new Set(
    text.length < 2 ? [text] : Array.from({ length: text.length - 1 }, (_, index) => text.slice(index, index + 2)),
  )

/** 0 to 1: Dice's coefficient over bigrams, 1 where one text holds the other. */
function likeness(a: string, b: string): number {
  if (a === '' || b === '') return 0
  if (a.includes(b) || b.includes(a)) return 1
  const [left, right] = [bigrams(a), bigrams(b)]
  return (2 * [...left].filter((pair) => right.has(pair)).length) / (left.size + right.size)
}

/** `1000` for `01000`: a spreadsheet or a JSON number has eaten the zero. */
const sameWithoutZeros = (code: string, query: string): boolean =>
  /^\d+$/.test(query) && code.replace(/^0+/, '') === query.replace(/^0+/, '')

/** The `count` items most like the word, best first and then in e-Stat's order; only ones with something in common. */
export function nearestItems(axis: Axis, text: string, count = 8): readonly ClassItem[] {
  const query = fold(text)
  const score = ({ code, name }: ClassItem): number =>
    sameWithoutZeros(code, query) ? 2 : Math.max(likeness(fold(name), query), likeness(fold(code), query) * 0.9)
  return axis.items
    .map((item) => ({ item, score: score(item) }))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score)
    .slice(0, count)
    .map(({ item }) => item)
}
