/** The surveys that a question is about, ranked as tables are: each survey stands as one listing of its own name. */
import type { CatalogueEntry } from '../../ports.ts'
import { buildIndex, type SearchIndex } from './build-index.ts'
import { search } from './search.ts'
import { SURVEYS, type Survey } from './surveys.ts'
import { NOTHING_KNOWN } from '../nothing-known.ts'

export interface SurveyHit {
  readonly survey: Survey
  readonly score: number
  /** 0 to 1: the part of the question's ideas that its name or our dictionary has. */
  readonly met: number
}

/** Listings of the surveys: id is `00` and the code. Made once; a cache of a pure function. */
let index: SearchIndex | null = null
const byId = new Map(SURVEYS.map((survey) => [`00${survey.code}`, survey]))

/** Best first; a code in the question, or the beginning of one, is found as well. Never throws for a question. */
export function findSurveys(query: string, limit: number): readonly SurveyHit[] {
  if (/^\d{3,8}$/.test(query))
    return SURVEYS.filter(({ code }) => code.startsWith(query)).map((survey) => ({ survey, score: 100, met: 1 }))
  index ??= buildIndex(SURVEYS.map(listingOf))
  const found = search(index, {
    query,
    max_results: limit,
    auto_suggest: false,
    scoring_method: 'enhanced',
    lang: 'J',
  })
  return found.hits.flatMap(({ entry, score, met }) => {
    const survey = byId.get(entry.id)
    return survey ? [{ survey, score, met }] : []
  })
}

const listingOf = ({ code, name, organisation }: Survey): CatalogueEntry => ({
  id: `00${code}`,
  statName: { code, name },
  govOrg: { code: code.slice(0, 5), name: organisation },
  statisticsName: '',
  title: name,
  ...NOTHING_KNOWN,
  bundled: false,
})

/** Beside the results, never instead: at the most this many. */
const BESIDE = 3
/** A survey that meets less of the question is no answer. */
const ENOUGH = 0.5

/** Surveys that answer and have no table in this catalogue: files alone, or tables that the catalogue lacks. */
export function surveysWithoutTables(query: string, index: SearchIndex): readonly SurveyHit[] {
  const listed = new Set(index.surveys.map(({ code }) => code))
  return findSurveys(query, BESIDE)
    .filter(({ survey, met }) => met >= ENOUGH && !listed.has(survey.code))
    .slice(0, BESIDE)
}
