/**
 * What one table is worth for one question, as named parts that add up to the score. No clock, no chance: the same
 * catalogue and question give the same order.
 */
import { rowOf, type SearchIndex } from './build-index.ts'
import { areaFit, freshness, trendFit, yearFit } from './fit.ts'
import { type GramIndex, meanLength, textsWith } from './gram-index.ts'
import { type GroupMatch, MET, matchGroup } from './match.ts'
import type { Understanding } from './model.ts'
import { searchForm } from './text.ts'
import { lengthOf } from './texts.ts'

export const PARTS = [
  'title', 'survey', 'topic', 'missing', 'phrase', 'named_survey', 'year', 'area', 'trend', 'fresh', 'bundled', 'small_area', 'id',
  'filter_unknown',
] as const // biome-ignore format: one line reads better
export type Part = (typeof PARTS)[number]
export type Parts = Partial<Record<Part, number>>

export interface Scored {
  /** 0 to 1: the part of the question's ideas that the table meets, rare ones counting more. */
  readonly met: number
  readonly score: number
  readonly parts: Parts
}

export interface Scorer {
  /** Ideas that no table of the catalogue meets. */
  readonly unknown: readonly string[]
  /** What sets editions of one series apart: the years asked for, bundled figures, the id asked for. */
  prefer(row: number): number
  /** The parts of one table, each rounded to 4 digits; null where it is no answer. */
  score(row: number): Scored | null
}

/** A table that meets less of the question than this is no answer; a sentence has many words, few of them in titles. */
const ENOUGH = 0.3
/** A survey's name says less about one table than its own title. */
const HEAD = 0.8
/** What our dictionary says of a survey is worth less than what e-Stat says. */
const TOPIC = 0.5
/** How far an idea is met that our dictionary alone has for the survey: no table is sure to hold it. */
const BY_TOPIC = { named: 0.25, unnamed: 0.9 } as const
/** Enough to decide among near equals, too little to lift a table above one that fits better. */
const BUNDLED = 0.6
const NAMED_ID = 100
/** What it is worth to belong to a survey that was asked for. */
const SURVEY = { code: 2, name: 1.5, dictionary: 1.2 } as const

export function enhancedScorer(index: SearchIndex, asked: Understanding): Scorer {
  const context = prepare(index, asked)
  return {
    unknown: context.unknown,
    prefer: (row) => preference(context, row),
    score: (row) => {
      const words = scoreWords(context, row)
      if (!words) return null
      const parts: Parts = {
        ...words.parts,
        phrase: context.phrases.has(index.titleOf[row] ?? 0) ? 1 : 0,
        named_survey: context.surveys.get(index.surveyOf[row] ?? 0) ?? 0,
        year: yearFit(index, asked, row),
        area: areaFit(index, asked, context.named, row),
        trend: trendFit(index, context.soft, row),
        fresh: freshness(index, asked, row),
        bundled: index.bundled[row] ? BUNDLED : 0,
        small_area: index.smallArea[row] && !asked.smallArea ? -1.5 : 0,
        id: context.ids.has(row) ? NAMED_ID : 0,
      }
      return total(words.met, parts)
    },
  }
}

/** Plain counting: 2 for an idea in the title, 1 in the survey's names; a term of the dictionary counts by its weight. */
export function basicScorer(index: SearchIndex, asked: Understanding): Scorer {
  const context = prepare(index, asked)
  return {
    unknown: context.unknown,
    prefer: (row) => preference(context, row),
    score: (row) => {
      const words = scoreWords(context, row)
      if (!words) return null
      const sum = (side: (match: GroupMatch) => number): number =>
        context.matches.reduce((all, match) => all + side(match), 0)
      return total(words.met, {
        title: 2 * sum((match) => match.titles[index.titleOf[row] ?? 0] ?? 0),
        survey: sum((match) => match.heads[index.headOf[row] ?? 0] ?? 0),
        topic: TOPIC * sum((match) => match.topics[index.surveyOf[row] ?? 0] ?? 0),
        bundled: index.bundled[row] ? 0.1 : 0,
        id: context.ids.has(row) ? NAMED_ID : 0,
      })
    },
  }
}

const preference = (context: Context, row: number): number =>
  yearFit(context.index, context.asked, row) +
  (context.index.bundled[row] ? BUNDLED : 0) +
  (context.ids.has(row) ? NAMED_ID : 0)

interface Context {
  readonly index: SearchIndex
  readonly asked: Understanding
  readonly matches: readonly GroupMatch[]
  readonly soft: readonly GroupMatch[]
  readonly weight: number
  readonly unknown: readonly string[]
  readonly phrases: ReadonlySet<number>
  /** Titles that name a city asked for. */
  readonly named: ReadonlySet<number>
  /** Letters of a title and of a head in the mean. */
  readonly means: { readonly titles: number; readonly heads: number }
  readonly surveys: ReadonlyMap<number, number>
  /** Surveys whose code the question holds: others are no answer. Empty where it holds none. */
  readonly bound: ReadonlySet<number>
  readonly ids: ReadonlySet<number>
}

function prepare(index: SearchIndex, asked: Understanding): Context {
  const all = asked.groups.map((group) => matchGroup(index, group))
  const hard = all.filter(({ group }) => !group.soft)
  const matches = hard.filter(({ rarity }) => rarity > 0)
  const placeOf = new Map(index.surveys.map(({ code, name }, place) => [`${code}\n${name}`, place]))
  const surveysOf = (how: keyof typeof SURVEY): number[] =>
    asked.surveys.filter(({ by }) => by === how).map(({ code, name }) => placeOf.get(`${code}\n${name}`) ?? -1)
  const cities = asked.areas.filter(({ level }) => level === 'municipality')
  const kinds = ['dictionary', 'name', 'code'] as const
  return {
    index,
    asked,
    matches,
    soft: all.filter(({ group, rarity }) => group.soft && rarity > 0),
    weight: matches.reduce((sum, { rarity }) => sum + rarity, 0),
    unknown: hard.filter(({ rarity }) => rarity === 0).map(({ group }) => group.word),
    phrases: new Set(asked.phrases.flatMap((text) => [...textsWith(index.titles, text)])),
    named: new Set(cities.flatMap(({ name }) => [...textsWith(index.titles, searchForm(name))])),
    means: { titles: meanLength(index.titles), heads: meanLength(index.heads) },
    surveys: new Map(kinds.flatMap((how) => surveysOf(how).map((place) => [place, SURVEY[how]]))),
    bound: new Set(surveysOf('code')),
    ids: new Set(asked.ids.map((id) => rowOf(index, id))),
  }
}

/** BM25's shape with one occurrence for each text: rarity, times a hit in the title (short titles more) and in the head. */
function scoreWords(
  { index, matches, weight, bound, ids, means }: Context,
  row: number,
): { met: number; parts: Parts } | null {
  const titleId = index.titleOf[row] ?? 0
  const headId = index.headOf[row] ?? 0
  const titleBrevity = brevity(index.titles, titleId, means.titles)
  const headBrevity = HEAD * brevity(index.heads, headId, means.heads)
  let title = 0
  let survey = 0
  let topic = 0
  let met = 0
  const surveyId = index.surveyOf[row] ?? 0
  for (const { titles, heads, topics, named, rarity } of matches) {
    const inTitle = titles[titleId] ?? 0
    const inHead = heads[headId] ?? 0
    const inTopics = topics[surveyId] ?? 0
    const best = Math.max(inTitle, inHead)
    met += rarity * (best >= MET ? 1 : Math.max(best, inTopics * (named ? BY_TOPIC.named : BY_TOPIC.unnamed)))
    title += rarity * inTitle * titleBrevity
    survey += rarity * inHead * headBrevity
    // The word itself in our dictionary says something also beside a wider word in the title (出生率 beside 出生数).
    if (best === 0 || (inTopics === 1 && best < 1)) topic += rarity * inTopics * TOPIC
  }
  const share = weight === 0 ? 0 : met / weight
  // A table's id or a survey's code alone is a question too.
  if (ids.has(row)) return { met: 1, parts: { title, survey, topic } }
  if (bound.size > 0 && !bound.has(surveyId)) return null
  if (bound.size > 0 && weight === 0) return { met: 1, parts: {} }
  if (share < ENOUGH) return null
  return { met: share, parts: { title, survey, topic, missing: (title + survey + topic) * (share * share - 1) } }
}

/** A word says more about a short text: BM25's length normalisation, gentle, because long titles list what they cross. */
const brevity = ({ texts }: GramIndex, id: number, mean: number): number =>
  1 / (0.75 + (0.25 * lengthOf(texts, id)) / mean)

/** Parts are rounded first, so that what is shown adds up to the score exactly. */
function total(met: number, raw: Parts): Scored {
  const parts: Parts = {}
  let tenThousandths = 0
  for (const part of PARTS) {
    const rounded = Math.round((raw[part] ?? 0) * 1e4)
    if (rounded === 0) continue
    parts[part] = rounded / 1e4
    tenThousandths += rounded
  }
  return { met, score: tenThousandths / 1e4, parts }
}
