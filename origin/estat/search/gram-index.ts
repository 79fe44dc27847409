/**
 * An inverted index of character bigrams over distinct texts: it finds a term inside unspaced Japanese without a
 * word list. Posting lists lie in one typed array (4 bytes for each text and bigram), so that the whole of e-Stat's
 * titles fits the smallest task.
 */
import { isLatin } from './text.ts'

export interface GramIndex {
  /** Search forms (`text.ts`), distinct. */
  readonly texts: readonly string[]
  /** Bigram to its place in `offsets`. Key: first UTF-16 unit * 65536 + second; a word's first letter follows a blank. */
  readonly grams: ReadonlyMap<number, number>
  readonly offsets: Uint32Array
  /** Text numbers, ascending within each list. */
  readonly postings: Uint32Array
  /** Letters, blanks included. */
  readonly meanLength: number
}

const BLANK = 32

export function buildGramIndex(texts: readonly string[]): GramIndex {
  const grams = new Map<number, number>()
  const counts: number[] = []
  const seen: number[] = []
  texts.forEach((text, id) => {
    for (const key of gramsOf(text)) {
      let place = grams.get(key)
      if (place === undefined) {
        place = grams.size
        grams.set(key, place)
        counts.push(0)
        seen.push(-1)
      }
      if (seen[place] === id) continue
      seen[place] = id
      counts[place] = (counts[place] ?? 0) + 1
    }
  })
  const offsets = new Uint32Array(counts.length + 1)
  counts.forEach((count, place) => {
    offsets[place + 1] = (offsets[place] ?? 0) + count
  })
  const postings = fill(texts, grams, offsets)
  const letters = texts.reduce((sum, text) => sum + text.length, 0)
  return { texts, grams, offsets, postings, meanLength: texts.length === 0 ? 1 : Math.max(1, letters / texts.length) }
}

function fill(texts: readonly string[], grams: ReadonlyMap<number, number>, offsets: Uint32Array): Uint32Array {
  const next = offsets.slice()
  const postings = new Uint32Array(offsets.at(-1) ?? 0)
  texts.forEach((text, id) => {
    for (const key of gramsOf(text)) {
      const place = grams.get(key) ?? 0
      const at = next[place] ?? 0
      if (at > (offsets[place] ?? 0) && postings[at - 1] === id) continue
      postings[at] = id
      next[place] = at + 1
    }
  })
  return postings
}

/** Bigrams in order of place. The first letter of a word pairs with the blank before it; none ends in a blank. */
function gramsOf(text: string): number[] {
  const keys: number[] = []
  let before = BLANK
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at)
    if (unit !== BLANK) keys.push(before * 65536 + unit)
    before = unit
  }
  return keys
}

/** Texts that hold `term` (a search form) as it stands; a Latin term only as whole words. Ascending. */
export function textsWith(index: GramIndex, term: string): Uint32Array {
  const candidates = candidatesFor(index, term)
  return candidates.filter((id) => holds(index.texts[id] ?? '', term))
}

/** Whether any text holds `term`. */
export function occurs(index: GramIndex, term: string): boolean {
  return candidatesFor(index, term).some((id) => holds(index.texts[id] ?? '', term))
}

/**
 * For each text, the part of the term's bigrams that it holds, rare ones counting more: 0 to 1.
 * Finds what is written a little differently; 0 below `floor`.
 */
export function overlap(index: GramIndex, term: string, floor: number): Float32Array {
  const shares = new Float32Array(index.texts.length)
  const lists = innerGrams(term).map((key) => postingsOf(index, key))
  const weights = lists.map((list) => Math.log(1 + index.texts.length / (1 + list.length)))
  const whole = weights.reduce((sum, weight) => sum + weight, 0)
  lists.forEach((list, at) => {
    for (const id of list) shares[id] = (shares[id] ?? 0) + (weights[at] ?? 0) / whole
  })
  return shares.map((share) => (share < floor ? 0 : Math.min(1, share)))
}

function candidatesFor(index: GramIndex, term: string): Uint32Array {
  if (term.length === 1) return withLetter(index, term.charCodeAt(0))
  const lists = innerGrams(term)
    .map((key) => postingsOf(index, key))
    .toSorted((a, b) => a.length - b.length)
  const [shortest = new Uint32Array(0), ...others] = lists
  return others.reduce(intersect, shortest)
}

/** The bigrams within a term: its first letter has no neighbour to pair with. */
const innerGrams = (term: string): number[] => [...new Set(gramsOf(term).slice(1))]

/** Every letter is the second of some bigram, so one letter needs no index of its own. */
function withLetter(index: GramIndex, unit: number): Uint32Array {
  const ids = new Set<number>()
  for (const key of index.grams.keys()) if (key % 65536 === unit) for (const id of postingsOf(index, key)) ids.add(id)
  return Uint32Array.from(ids).toSorted()
}

function postingsOf({ grams, offsets, postings }: GramIndex, key: number): Uint32Array {
  const place = grams.get(key)
  return place === undefined ? new Uint32Array(0) : postings.subarray(offsets[place], offsets[place + 1])
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

function holds(text: string, term: string): boolean {
  if (!isLatin(term)) return text.includes(term)
  for (let at = text.indexOf(term); at >= 0; at = text.indexOf(term, at + 1))
    if (!isWordUnit(text, at - 1) && !isWordUnit(text, at + term.length)) return true
  return false
}

const isWordUnit = (text: string, at: number): boolean => /[a-z0-9]/.test(text.charAt(at))
