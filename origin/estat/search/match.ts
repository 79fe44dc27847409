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
/** What a word weighs that says how something is counted, not what (割合, 人数, rate). */
const GENERIC = 0.3
/** From here on an idea counts as met. */
export const MET = 0.6

/** One idea against all texts: 1 where the word stands, less where a term of the dictionary or most of its bigrams do. */
export interface GroupMatch {
  readonly group: Group
  readonly titles: Float32Array
  readonly heads: Float32Array
  /** By survey: whether its topics meet the idea. */
  readonly topics: Float32Array
  /** Whether e-Stat's own words have it; where they do, our dictionary of surveys says little. */
  readonly named: boolean
  /** Inverse document frequency over tables, BM25's form; 0 for an idea that no table meets. */
  readonly rarity: number
}

export function matchGroup(index: SearchIndex, group: Group): GroupMatch {
  const terms = [group.word, ...group.also]
  const named = terms.some((term) => occurs(index.titles, term) || occurs(index.heads, term))
  const topics = exactly(index.topics, group)
  const known = named || topics.some((share) => share > 0)
  const inText = (texts: GramIndex): Float32Array => (known ? exactly(texts, group) : nearly(texts, group))
  const titles = inText(index.titles)
  const heads = inText(index.heads)
  const weight = group.generic ? GENERIC : 1
  // How rare an idea is in e-Stat's own words; in ours only where e-Stat has none for it.
  const rarity = named || !known ? rarityByName(index, titles, heads) : rarityByTopic(index, topics)
  return { group, titles, heads, topics, named, rarity: rarity * weight }
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

function rarityByName({ titleOf, headOf }: SearchIndex, titles: Float32Array, heads: Float32Array): number {
  let met = 0
  for (let row = 0; row < titleOf.length; row += 1)
    if ((titles[titleOf[row] ?? 0] ?? 0) > 0 || (heads[headOf[row] ?? 0] ?? 0) > 0) met += 1
  return rarityOf(met, titleOf.length)
}

function rarityByTopic({ surveyOf }: SearchIndex, topics: Float32Array): number {
  let met = 0
  for (const survey of surveyOf) if ((topics[survey] ?? 0) > 0) met += 1
  return rarityOf(met, surveyOf.length)
}

const rarityOf = (met: number, of: number): number => (met === 0 ? 0 : Math.log(1 + (of - met + 0.5) / (met + 0.5)))
