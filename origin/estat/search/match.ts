/** Which texts meet which idea of a question, and how common each idea is. */
import type { SearchIndex } from './build-index.ts'
import { type GramIndex, occurs, overlap, textsWith } from './gram-index.ts'
import type { Group } from './model.ts'
import { countOf } from './texts.ts'

/** A word nearly found (by its bigrams) never counts as much as a term of the dictionary. */
const NEARLY = 0.5
/** How much of a word's bigrams must be there for "nearly". */
const FLOOR = 0.5
/** The dictionary's terms, the usual one first: less and less, but always a full hit. */
const widened = (place: number): number => Math.max(0.6, 0.9 - 0.08 * place)
/** From here on an idea counts as met. */
export const MET = 0.6

/** One idea against all texts: 1 where the word stands, less where a term of the dictionary or most of its bigrams do. */
export interface GroupMatch {
  readonly group: Group
  readonly titles: Float32Array
  readonly heads: Float32Array
  /** By survey: whether its topics meet the idea. */
  readonly topics: Float32Array
  /** Inverse document frequency over tables, BM25's form; 0 for an idea that no table meets. */
  readonly rarity: number
}

export function matchGroup(index: SearchIndex, group: Group): GroupMatch {
  const fields = [index.titles, index.heads, index.topics]
  const known = [group.word, ...group.also].some((term) => fields.some((texts) => occurs(texts, term)))
  const inText = (texts: GramIndex): Float32Array => (known ? exactly(texts, group) : nearly(texts, group))
  const titles = inText(index.titles)
  const heads = inText(index.heads)
  const topics = exactly(index.topics, group)
  return { group, titles, heads, topics, rarity: rarityOf(index, titles, heads, topics) }
}

function exactly(texts: GramIndex, { word, also }: Group): Float32Array {
  const share = new Float32Array(countOf(texts.texts))
  also.toReversed().forEach((term, place) => {
    const weight = widened(also.length - 1 - place)
    for (const id of textsWith(texts, term)) share[id] = Math.max(share[id] ?? 0, weight)
  })
  for (const id of textsWith(texts, word)) share[id] = 1
  return share
}

const nearly = (texts: GramIndex, { word }: Group): Float32Array =>
  word.length < 3 ? new Float32Array(countOf(texts.texts)) : overlap(texts, word, FLOOR).map((share) => share * NEARLY)

function rarityOf(
  { titleOf, headOf, surveyOf }: SearchIndex,
  titles: Float32Array,
  heads: Float32Array,
  topics: Float32Array,
): number {
  let met = 0
  for (let row = 0; row < titleOf.length; row += 1)
    if (
      (titles[titleOf[row] ?? 0] ?? 0) > 0 ||
      (heads[headOf[row] ?? 0] ?? 0) > 0 ||
      (topics[surveyOf[row] ?? 0] ?? 0) > 0
    )
      met += 1
  return met === 0 ? 0 : Math.log(1 + (titleOf.length - met + 0.5) / (met + 0.5))
}
