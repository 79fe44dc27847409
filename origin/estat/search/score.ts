/**
 * What one table is worth for one question, as named parts that add up to the score. No clock, no chance: the same
 * catalogue and question give the same order.
 */
import { MUNICIPAL, PREFECTURAL, rowOf, type SearchIndex } from './build-index.ts'
import { type GramIndex, textsWith } from './gram-index.ts'
import { type GroupMatch, MET, matchGroup } from './match.ts'
import type { Understanding } from './model.ts'
import { OPEN_END } from './years.ts'

export const PARTS = [
  'title', 'survey', 'missing', 'phrase', 'named_survey', 'year', 'area', 'trend', 'fresh', 'bundled', 'small_area', 'id',
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

/** A table that meets less of the question than this is no answer. */
const ENOUGH = 0.5
/** A survey's name says less about one table than its own title. */
const HEAD = 0.8
const YEARS_TO_HALF = 8
/** Enough to decide among near equals, too little to lift a table above one that fits better. */
const BUNDLED = 0.6
const NAMED_ID = 100

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
        year: yearFit(context, row),
        area: areaFit(context, row),
        trend: trendFit(context, row),
        fresh: freshness(context, row),
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
        bundled: index.bundled[row] ? 0.1 : 0,
        id: context.ids.has(row) ? NAMED_ID : 0,
      })
    },
  }
}

const preference = (context: Context, row: number): number =>
  yearFit(context, row) + (context.index.bundled[row] ? BUNDLED : 0) + (context.ids.has(row) ? NAMED_ID : 0)

interface Context {
  readonly index: SearchIndex
  readonly asked: Understanding
  readonly matches: readonly GroupMatch[]
  readonly soft: readonly GroupMatch[]
  readonly weight: number
  readonly unknown: readonly string[]
  readonly phrases: ReadonlySet<number>
  readonly surveys: ReadonlyMap<number, number>
  readonly ids: ReadonlySet<number>
}

function prepare(index: SearchIndex, asked: Understanding): Context {
  const all = asked.groups.map((group) => matchGroup(index, group))
  const hard = all.filter(({ group }) => !group.soft)
  const matches = hard.filter(({ rarity }) => rarity > 0)
  const named = new Map(asked.surveys.map((survey) => [`${survey.code}\n${survey.name}`, survey.named ? 1.5 : 0.5]))
  return {
    index,
    asked,
    matches,
    soft: all.filter(({ group, rarity }) => group.soft && rarity > 0),
    weight: matches.reduce((sum, { rarity }) => sum + rarity, 0),
    unknown: hard.filter(({ rarity }) => rarity === 0).map(({ group }) => group.word),
    phrases: new Set(asked.phrases.flatMap((text) => [...textsWith(index.titles, text)])),
    surveys: new Map(
      index.surveys.flatMap(({ code, name }, place) => {
        const worth = named.get(`${code}\n${name}`)
        return worth === undefined ? [] : [[place, worth]]
      }),
    ),
    ids: new Set(asked.ids.map((id) => rowOf(index, id))),
  }
}

/** BM25's shape with one occurrence for each text: rarity, times a hit in the title (short titles more) and in the head. */
function scoreWords(
  { index, matches, weight, surveys, ids }: Context,
  row: number,
): { met: number; parts: Parts } | null {
  const titleId = index.titleOf[row] ?? 0
  const headId = index.headOf[row] ?? 0
  const titleBrevity = brevity(index.titles, titleId)
  const headBrevity = HEAD * brevity(index.heads, headId)
  let title = 0
  let survey = 0
  let met = 0
  for (const { titles, heads, rarity } of matches) {
    const inTitle = titles[titleId] ?? 0
    const inHead = heads[headId] ?? 0
    const best = Math.max(inTitle, inHead)
    met += rarity * (best >= MET ? 1 : best)
    title += rarity * inTitle * titleBrevity
    survey += rarity * inHead * headBrevity
  }
  const share = weight === 0 ? 0 : met / weight
  // A survey's code or a table's id alone is a question too.
  if (ids.has(row) || (weight === 0 && (surveys.get(index.surveyOf[row] ?? 0) ?? 0) > 0))
    return { met: 1, parts: { title, survey } }
  if (share < ENOUGH) return null
  return { met: share, parts: { title, survey, missing: (title + survey) * (share * share - 1) } }
}

/** A word says more about a short text: BM25's length normalisation, gentle, because long titles list what they cross. */
const brevity = ({ texts, meanLength }: GramIndex, id: number): number =>
  1 / (0.75 + (0.25 * (texts[id]?.length ?? 0)) / meanLength)

function yearFit({ index, asked }: Context, row: number): number {
  const to = index.to[row] ?? 0
  if (!asked.years || to === 0) return 0
  const last = Math.min(asked.years.to, Math.max(asked.years.from, to))
  const from = index.from[row] ?? 0
  const overlap = Math.min(last, to) - Math.max(asked.years.from, from) + 1
  if (overlap <= 0) return -1
  // All of what was asked counts most; a table of just these years comes before a long series.
  return (
    (1.5 * overlap) / (last - asked.years.from + 1) + (0.5 * overlap) / (Math.min(to, index.newest) - from + 1 || 1)
  )
}

function areaFit({ index, asked }: Context, row: number): number {
  const own = index.prefecture[row] ?? 0
  const levels = index.levels[row] ?? 0
  // A table of one prefecture answers fewer questions than one of all.
  if (asked.areas.length === 0) return own > 0 ? -0.3 : 0
  const title = index.entries[row]?.title ?? ''
  const wantsCity = asked.areas.some(({ level }) => level === 'municipality')
  if (asked.areas.some(({ name, level }) => level === 'municipality' && title.includes(name))) return 2
  if (own > 0) return asked.areas.some(({ prefecture }) => Number(prefecture) === own) ? 1.5 : -1
  if (wantsCity) return levels & MUNICIPAL ? 1 : 0
  return levels & PREFECTURAL ? 0.8 : levels & MUNICIPAL ? 0.5 : 0
}

function trendFit({ index, soft }: Context, row: number): number {
  if (soft.length === 0) return 0
  const years = Math.min(index.to[row] ?? 0, index.newest) - (index.from[row] ?? 0)
  const said = soft.some(
    ({ titles, heads }) => (titles[index.titleOf[row] ?? 0] ?? 0) > 0 || (heads[index.headOf[row] ?? 0] ?? 0) > 0,
  )
  return (said ? 1.2 : 0) + ((index.from[row] ?? 0) > 0 && years >= 10 ? 0.6 : 0)
}

/** Halves every eight years before the newest of the catalogue; an open series is as new as that; 0 where unknown. */
function freshness({ index, asked }: Context, row: number): number {
  const to = index.to[row] ?? 0
  if (to === 0) return 0
  const age = to === OPEN_END ? 0 : Math.max(0, index.newest - to)
  return (asked.latest ? 1.2 : 0.4) * 2 ** (-age / YEARS_TO_HALF)
}

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
