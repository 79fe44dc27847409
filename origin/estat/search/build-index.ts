/**
 * The index over a catalogue. Titles and "heads" (survey, statistics name, organisation) repeat across tables, so each
 * distinct text is indexed once and a table is two numbers; what ranking reads of a table lies in typed arrays.
 */
import type { CatalogueEntry } from '../../ports.ts'
import type { TableInfo } from '../model.ts'
import { prefectureIn } from './areas.ts'
import { buildGramIndex, type GramIndex, occurs } from './gram-index.ts'
import type { Lexicon } from './model.ts'
import { coverage, type Names, namesOf, period, seriesKey, sideBySide } from './series.ts'
import { lettersOf, searchForm } from './text.ts'
import { SURVEYS } from './surveys.ts'
import { isTopicWord, topicsOf } from './topics.ts'

/** Bits of `levels`: what areas a table is known to be collected for. */
export const NATIONAL = 1
export const PREFECTURAL = 2
export const MUNICIPAL = 4
/** 該当なし and whatever else COLLECT_AREA may say. */
const OTHER = 8

/** Rows are tables in order of id; a row's number is what the other arrays are indexed by. */
export interface SearchIndex {
  /** Tables. */
  readonly count: number
  /** The listing of a row, from memory or from a file. */
  readonly entryAt: (row: number) => CatalogueEntry
  /** statsDataIds as numbers, ascending. */
  readonly ids: Float64Array
  readonly titles: GramIndex
  readonly heads: GramIndex
  /** What the surveys ask (`topics.ts`), in the order of `surveys`. */
  readonly topics: GramIndex
  readonly titleOf: Uint32Array
  readonly headOf: Uint32Array
  readonly surveyOf: Uint32Array
  readonly surveys: Lexicon['surveys']
  /** Years covered; 0 and 0 where unknown, `to` 9999 where open. */
  readonly from: Uint16Array
  readonly to: Uint16Array
  /** yyyymm for order among editions; 0 where unknown. */
  readonly period: Uint32Array
  readonly levels: Uint8Array
  /** Bits of COLLECT_AREA alone; 0 where the listing has none. */
  readonly collected: Uint8Array
  /** Listings as e-Stat counts them, once for each COLLECT_AREA. */
  readonly listings: Uint8Array
  /** Main category * 100 + sub category, 65535 where unknown; sub category 00 where that is unknown. */
  readonly field: Uint16Array
  /** Five digits; 0 where unknown. */
  readonly organisation: Uint32Array
  /** yyyymmdd, both ends of the survey date, and the dates of publication and update; 0 where unknown. */
  readonly surveyedFrom: Uint32Array
  readonly surveyedTo: Uint32Array
  readonly opened: Uint32Array
  readonly updated: Uint32Array
  /** JIS code of the one prefecture that the title names; 0 where it names none or several. */
  readonly prefecture: Uint8Array
  readonly bundled: Uint8Array
  readonly smallArea: Uint8Array
  /** Latest closed year of the catalogue: what "fresh" is measured from, so that ranking reads no clock. */
  readonly newest: number
  readonly seriesOf: Uint32Array
  /** Rows of series `s`: `seriesRows[seriesAt[s] .. seriesAt[s + 1]]`, newest first. */
  readonly seriesAt: Uint32Array
  readonly seriesRows: Uint32Array
}

/** @param entries Distinct by id, in any order. Time and memory grow in line with their number. */
export function buildIndex(entries: readonly CatalogueEntry[]): SearchIndex {
  const sorted = entries.toSorted((a, b) => (a.id < b.id ? -1 : 1))
  const names = sorted.map(namesOf)
  const titles = distinct(names.map(({ title }) => lettersOf(title)))
  const heads = distinct(sorted.map(headText))
  const surveys = distinct(sorted.map(({ statName }) => `${statName.code}\n${statName.name}`))
  const spans = names.map(coverage)
  const periods = Uint32Array.from(names, period)
  const series = distinct(seriesKeys(sorted, names))
  return {
    count: sorted.length,
    entryAt: (row) => sorted[row] as CatalogueEntry,
    ids: Float64Array.from(sorted, ({ id }) => Number(id)),
    titles: buildGramIndex(titles.values),
    heads: buildGramIndex(heads.values.map(searchForm)),
    ...surveyParts(surveys.values),
    titleOf: titles.of,
    headOf: heads.of,
    surveyOf: surveys.of,
    from: Uint16Array.from(spans, (span) => span?.from ?? 0),
    to: Uint16Array.from(spans, (span) => span?.to ?? 0),
    period: periods,
    levels: Uint8Array.from(sorted, ({ collectArea, title }) => levelsOf([...collectArea, title].join(' '))),
    collected: Uint8Array.from(sorted, collectedOf),
    listings: Uint8Array.from(sorted, ({ collectArea }) => Math.max(1, collectArea.length)),
    field: Uint16Array.from(sorted, fieldOf),
    organisation: Uint32Array.from(sorted, ({ govOrg }) => Number(govOrg.code) || 0),
    surveyedFrom: Uint32Array.from(sorted, ({ surveyDate }) => Number(surveyDate?.split('-')[0]?.padEnd(8, '0') ?? 0)),
    surveyedTo: Uint32Array.from(sorted, ({ surveyDate }) =>
      Number(surveyDate?.split('-').at(-1)?.padEnd(8, '9') ?? 0),
    ),
    opened: Uint32Array.from(sorted, ({ openDate }) => dateOf(openDate)),
    updated: Uint32Array.from(sorted, ({ updatedDate }) => dateOf(updatedDate)),
    prefecture: Uint8Array.from(sorted, ({ title }) => prefectureIn(title)),
    bundled: Uint8Array.from(sorted, ({ bundled }) => Number(bundled)),
    smallArea: Uint8Array.from(sorted, (entry) => Number(isSmallArea(entry))),
    newest: spans.reduce((year, span) => (span && span.to < 9999 ? Math.max(year, span.to) : year), 0),
    seriesOf: series.of,
    ...groupRows(series.of, series.values.length, periods),
  }
}

/** What follows from the list of surveys alone, `code\nname` each: made anew wherever an index is read. */
export function surveyParts(lines: readonly string[]): Pick<SearchIndex, 'surveys' | 'topics'> {
  const surveys = lines.map(readSurvey)
  return { surveys, topics: buildGramIndex(surveys.map(({ code }) => topicsOf(code))) }
}

/** The row of a table, by binary search; -1 where the catalogue has none. */
export function rowOf({ ids }: SearchIndex, id: string): number {
  const wanted = Number(id)
  let low = 0
  let high = ids.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const found = ids[middle] ?? 0
    if (found === wanted) return middle
    if (found < wanted) low = middle + 1
    else high = middle - 1
  }
  return -1
}

export const lexiconOf = (index: SearchIndex): Lexicon => ({
  occurs: (text) => isTopicWord(text) || occurs(index.titles, text) || occurs(index.heads, text),
  hasId: (id) => rowOf(index, id) >= 0,
  surveys: [...index.surveys, ...officialBeside(index.surveys)],
})

const OFFICIAL: Lexicon['surveys'] = SURVEYS.map(({ code, name }) => ({ code, name, form: searchForm(name) }))

/** Surveys of the official list that the catalogue has no table of: their names and codes are understood all the same. */
function officialBeside(surveys: Lexicon['surveys']): Lexicon['surveys'] {
  const known = new Set(surveys.map(({ code }) => code))
  return OFFICIAL.filter(({ code }) => !known.has(code))
}

/** Small areas and meshes: e-Stat marks the first alone (SMALL_AREA is 0 for meshes), their ids all begin with 8003. */
export const isSmallArea = ({ id, smallArea }: CatalogueEntry): boolean => smallArea || id.startsWith('8003')

/** The organisation last; a survey's name is not said twice where the statistics name begins with it. */
const headText = ({ statName, statisticsName, govOrg }: CatalogueEntry): string =>
  statisticsName.startsWith(statName.name)
    ? `${statisticsName} ${govOrg.name}`
    : `${statName.name} ${statisticsName} ${govOrg.name}`

function readSurvey(line: string): Lexicon['surveys'][number] {
  const [code = '', name = ''] = line.split('\n')
  return { code, name, form: searchForm(name) }
}

/** COLLECT_AREA and what the title names: a recorded listing may show one area of several (reference: TABLE_INF). */
const levelsOf = (said: string): number =>
  (said.includes('全国') ? NATIONAL : 0) |
  (said.includes('都道府県') ? PREFECTURAL : 0) |
  (/市区町村|市町村/.test(said) ? MUNICIPAL : 0)

const collectedOf = ({ collectArea }: TableInfo): number =>
  collectArea.length === 0 ? 0 : levelsOf(collectArea.join(' ')) || OTHER

const fieldOf = ({ mainCategory, subCategory }: TableInfo): number =>
  mainCategory === null ? 65_535 : Number(mainCategory.code) * 100 + Number(subCategory?.code ?? 0)

const dateOf = (date: string | null): number => Number(date?.replaceAll('-', '') ?? 0)

function seriesKeys(entries: readonly CatalogueEntry[], names: readonly Names[]): string[] {
  const taken = new Set<string>()
  const twice = new Set<string>()
  const editions = names.map(sideBySide)
  const keys = names.map(seriesKey)
  for (const edition of editions) {
    if (edition === null) continue
    if (taken.has(edition)) twice.add(edition)
    taken.add(edition)
  }
  const split = new Set(keys.filter((_, row) => twice.has(editions[row] ?? '')))
  return keys.map((key, row) => (split.has(key) ? `${key}\n${entries[row]?.titleNo ?? entries[row]?.id}` : key))
}

function distinct(texts: readonly string[]): { values: string[]; of: Uint32Array } {
  const places = new Map<string, number>()
  const of = new Uint32Array(texts.length)
  texts.forEach((text, row) => {
    const place = places.get(text) ?? places.size
    places.set(text, place)
    of[row] = place
  })
  return { values: [...places.keys()], of }
}

function groupRows(
  seriesOf: Uint32Array,
  count: number,
  periods: Uint32Array,
): Pick<SearchIndex, 'seriesAt' | 'seriesRows'> {
  // Ids are given in the order of registration, so the higher one is the later where periods are equal or unknown.
  const rows = Uint32Array.from(seriesOf.keys()).toSorted(
    (a, b) => (seriesOf[a] ?? 0) - (seriesOf[b] ?? 0) || (periods[b] ?? 0) - (periods[a] ?? 0) || b - a,
  )
  const seriesAt = new Uint32Array(count + 1)
  for (const series of seriesOf) seriesAt[series + 1] = (seriesAt[series + 1] ?? 0) + 1
  for (let series = 0; series < count; series += 1)
    seriesAt[series + 1] = (seriesAt[series + 1] ?? 0) + (seriesAt[series] ?? 0)
  return { seriesAt, seriesRows: rows }
}
