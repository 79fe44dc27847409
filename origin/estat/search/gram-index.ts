/**
 * An inverted index of character bigrams over distinct texts: it finds a term inside unspaced Japanese without a
 * word list. All of it lies in typed arrays, so that the whole of e-Stat's titles fits the smallest task and is read
 * from a file as it stands.
 */
import { type Postings, postingsOf, readList } from './postings.ts'
import { isLatin } from './text.ts'
import { countOf, holds, packTexts, type Texts } from './texts.ts'

export interface GramIndex {
  /** Search forms (`text.ts`), distinct. */
  readonly texts: Texts
  /** Bigrams, ascending: first UTF-16 unit * 65536 + second; a word's first letter follows a blank. */
  readonly grams: Uint32Array
  /** For each bigram the numbers of its texts. */
  readonly postings: Postings
}

const BLANK = 32

export function buildGramIndex(list: readonly string[]): GramIndex {
  const texts = packTexts(list)
  const seen = new Set<number>()
  eachGram(texts, (key) => void seen.add(key))
  const grams = Uint32Array.from(seen).toSorted()
  const places = new Map(Array.from(grams, (key, place) => [key, place]))
  const postings = postingsOf(grams.length, (visit) => eachGram(texts, (key, id) => visit(places.get(key) ?? 0, id)))
  return { texts, grams, postings }
}

/** Letters of a text in the mean, blanks included; 1 at least. */
export const meanLength = ({ texts }: GramIndex): number =>
  countOf(texts) === 0 ? 1 : Math.max(1, texts.units.length / countOf(texts))

function eachGram({ units, at }: Texts, visit: (key: number, id: number) => void): void {
  for (let id = 0; id + 1 < at.length; id += 1) {
    let before = BLANK
    for (let place = at[id] ?? 0; place < (at[id + 1] ?? 0); place += 1) {
      const unit = units[place] ?? BLANK
      if (unit !== BLANK) visit(before * 65536 + unit, id)
      before = unit
    }
  }
}

/** Texts that hold `term` (a search form) as it stands; a Latin term only as whole words. Ascending. */
export function textsWith(index: GramIndex, term: string): Uint32Array {
  const units = unitsOf(term)
  const whole = isLatin(term)
  return candidatesFor(index, units).filter((id) => holds(index.texts, id, units, whole))
}

/** Whether any text holds `term`. */
export function occurs(index: GramIndex, term: string): boolean {
  const units = unitsOf(term)
  const whole = isLatin(term)
  return candidatesFor(index, units).some((id) => holds(index.texts, id, units, whole))
}

/**
 * For each text, the part of the term's bigrams that it holds, rare ones counting more: 0 to 1.
 * Finds what is written a little differently; 0 below `floor`.
 */
export function overlap(index: GramIndex, term: string, floor: number): Float32Array {
  const count = countOf(index.texts)
  const shares = new Float32Array(count)
  const lists = innerGrams(unitsOf(term)).map((key) => listOf(index, key))
  const weights = lists.map((list) => Math.log(1 + count / (1 + list.length)))
  const whole = weights.reduce((sum, weight) => sum + weight, 0)
  lists.forEach((list, at) => {
    for (const id of list) shares[id] = (shares[id] ?? 0) + (weights[at] ?? 0) / whole
  })
  return shares.map((share) => (share < floor ? 0 : Math.min(1, share)))
}

const unitsOf = (term: string): Uint16Array => Uint16Array.from(term, (_, at) => term.charCodeAt(at))

function candidatesFor(index: GramIndex, term: Uint16Array): Uint32Array {
  if (term.length === 1) return withLetter(index, term[0] ?? 0)
  const lists = innerGrams(term)
    .map((key) => placeOf(index, key))
    .toSorted((a, b) => (index.postings.counts[a] ?? 0) - (index.postings.counts[b] ?? 0))
  let both: Uint32Array | null = null
  for (const place of lists) {
    if (place < 0 || both?.length === 0) return new Uint32Array(0)
    const list = readList(index.postings, place)
    both = both === null ? list : intersect(both, list)
  }
  return both ?? new Uint32Array(0)
}

/** The bigrams within a term: its first letter has no neighbour to pair with. */
function innerGrams(term: Uint16Array): number[] {
  const keys = new Set<number>()
  for (let at = 1; at < term.length; at += 1)
    if (term[at] !== BLANK) keys.add((term[at - 1] ?? 0) * 65536 + (term[at] ?? 0))
  return [...keys]
}

/** Every letter is the second of some bigram, so one letter needs no index of its own. */
function withLetter(index: GramIndex, unit: number): Uint32Array {
  const ids = new Set<number>()
  index.grams.forEach((key, place) => {
    if ((key & 65535) === unit) for (const id of readList(index.postings, place)) ids.add(id)
  })
  return Uint32Array.from(ids).toSorted()
}

function listOf(index: GramIndex, key: number): Uint32Array {
  const place = placeOf(index, key)
  return place < 0 ? new Uint32Array(0) : readList(index.postings, place)
}

/** By binary search; -1 where no text has the bigram. */
function placeOf({ grams }: GramIndex, key: number): number {
  let low = 0
  let high = grams.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const found = grams[middle] ?? 0
    if (found === key) return middle
    if (found < key) low = middle + 1
    else high = middle - 1
  }
  return -1
}

function intersect(a: Uint32Array, b: Uint32Array): Uint32Array {
  const both = new Uint32Array(Math.min(a.length, b.length))
  let length = 0
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const left = a[i] ?? 0
    const right = b[j] ?? 0
    if (left === right) both[length++] = left
    if (left <= right) i += 1
    if (right <= left) j += 1
  }
  return both.subarray(0, length)
}
