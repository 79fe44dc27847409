/**
 * What each survey asks, in everyday Japanese and in English: the words a person uses who does not know its name. Our
 * own dictionary by survey code (`data/survey-topics.json`), written from the official list alone; it widens, like the
 * other one, and a word in a title always counts for more.
 */
import file from './data/survey-topics.json' with { type: 'json' }
import { searchForm } from './text.ts'

const TOPICS: Readonly<Record<string, string>> = file

/** In search form; "" for a survey that has none, or whose code the catalogue does not know. */
export const topicsOf = (code: string): string => searchForm(TOPICS[code] ?? '')

const WORDS = new Set(Object.values(TOPICS).flatMap((text) => searchForm(text).split(' ')))

/** Whether any survey's topics have this as a word of their own, in search form. */
export const isTopicWord = (word: string): boolean => WORDS.has(word)
