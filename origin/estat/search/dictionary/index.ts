/**
 * The keyword dictionary: it widens a question by the terms that e-Stat's titles use and never replaces a word.
 * A target may be a survey's name; it is written in search form (`text.ts`), blanks where titles have signs.
 */
import { searchForm } from '../text.ts'
import { ECONOMY } from './economy.ts'
import { ENGLISH } from './english.ts'
import { ENGLISH_MEASURES } from './english-measures.ts'
import { LIVING } from './living.ts'
import { PEOPLE } from './people.ts'
import { SOCIETY } from './society.ts'
import { WORK } from './work.ts'

const ENTRIES: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({ ...ENGLISH, ...ENGLISH_MEASURES, ...PEOPLE, ...WORK, ...LIVING, ...ECONOMY, ...SOCIETY }).map(
    ([word, terms]) => [searchForm(word), terms.map(searchForm).filter((term) => term !== searchForm(word))],
  ),
)

/** Longest English phrase, in words. */
export const LONGEST_PHRASE = Math.max(...[...ENTRIES.keys()].map((word) => word.split(' ').length))

/** The official terms for a word in search form, the usual one first; English words also in the plural. */
export function termsFor(word: string): readonly string[] {
  return ENTRIES.get(word) ?? ENTRIES.get(singular(word)) ?? []
}

/** Every entry, for tests and generated tables. */
export const dictionaryEntries = (): ReadonlyMap<string, readonly string[]> => ENTRIES

/** "households", "cities", "imports"; good enough for look-ups, since an unknown word stays as it is. */
function singular(word: string): string {
  if (!/^[a-z ]+$/.test(word)) return word
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`
  return word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : word
}

/** An English word in its other number, for texts that have it so: "imports" and "import"; none for anything else. */
export function otherNumber(word: string): readonly string[] {
  if (!/^[a-z]{3,}$/.test(word)) return []
  const one = singular(word)
  return one === word ? [`${word}s`] : [one]
}
