/** When e-Stat's own search is asked beside the catalogue, and for what. */
import type { SourceOrigin } from '../../ports.ts'
import type { Understanding } from './model.ts'
import type { SearchOutcome } from './search.ts'

/** Requests for one question at the most; they go out together. */
const MOST_REQUESTS = 3
/** Of a catalogue that holds all of e-Stat: below this no table is an answer. Of a sample, anything but a full one is weak. */
const WEAK = 0.5

export function isWeak({ hits, complete }: SearchOutcome, origin: SourceOrigin): boolean {
  return origin === 'sample' ? complete === 0 : (hits[0]?.met ?? 0) < WEAK
}

/**
 * searchWord for each request, joined by AND alone (manual 3.0: one kind of operator is safe): the words as asked,
 * the official terms for them, and the first word that carries meaning. None where there is nothing to ask for.
 */
export function liveWords({ groups }: Understanding): readonly string[] {
  const ideas = groups.filter(({ soft, generic }) => !soft && !generic)
  const asked = ideas.map(({ word }) => word)
  const official = ideas.map(({ word, also }) => also[0] ?? word)
  const all = [asked.join(' AND '), official.join(' AND '), official[0] ?? '']
  return [...new Set(all)].filter((words) => words !== '').slice(0, MOST_REQUESTS)
}
