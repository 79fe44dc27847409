/**
 * Catalogues of any size from a seed: surveys have series, a series has an edition for each year, and some tables are
 * listed once for each area, as at e-Stat. Nothing is held: every entry is made when it is asked for.
 */
import type { TableInfo } from '../../estat/model.ts'
import { listingFrom } from '../listing-from-info.ts'
import type { StandinListing } from '../table.ts'
import { choicesAt } from './random.ts'
import { type GeneratedSurvey, SURVEYS } from './surveys.ts'
import { breakdownsOf, COVERAGES, subjectsOf, VOLUMES } from './title-words.ts'

export interface CatalogueOptions {
  /** Any 32-bit whole number. */
  readonly seed: number
  /** Distinct tables, 0 to 500,000. Listings are some 20 % more, since a table is listed once for each area. */
  readonly tables: number
  /** Those of `surveys.ts` where absent; at least one. The first ones get the most tables. */
  readonly surveys?: readonly GeneratedSurvey[]
}

/** Ids are from here on, above those of every recording: a generated table never takes a real one's place. */
const FIRST_ID = 4_500_000
/** Tables of one series: the same title in this many years at the most. */
const EDITIONS = 12
const NEWEST_YEAR = 2025

/** The entries in order of id, made one at a time. Iterating again gives the same. */
export const generatedCatalogue = (options: CatalogueOptions): Iterable<TableInfo> => ({
  *[Symbol.iterator]() {
    for (let place = 0; place < options.tables; place += 1) yield generatedEntry(options, place)
  },
})

/** The same as the stand-in lists them: `createStandin({ listed: generatedListings({ seed, tables }) })`. */
export const generatedListings = (options: CatalogueOptions): Iterable<StandinListing> => ({
  *[Symbol.iterator]() {
    for (const entry of generatedCatalogue(options)) yield listingFrom(entry)
  },
})

/** One entry. @param place 0 to `tables` - 1. */
export function generatedEntry({ seed, surveys = SURVEYS }: CatalogueOptions, place: number): TableInfo {
  // Editions of a series lie beside each other; series of a survey do not.
  const series = choicesAt(seed, Math.floor(place / EDITIONS))
  const edition = choicesAt(seed ^ 0x5bd1e995, place)
  // The product of two choices is small more often than large: the first surveys weigh most.
  const survey = surveys[
    Math.floor((series.below(1000) * series.below(1000) * surveys.length) / 1_000_000)
  ] as GeneratedSurvey
  const coverage = series.of(COVERAGES)
  const volume = series.of(VOLUMES)
  const number = 1 + series.below(120)
  const numbered = series.below(3)
  const year = NEWEST_YEAR - (place % EDITIONS) * (survey.cycle === '-' ? 5 : 1)
  const published = `${year + 1}-${twoDigits(1 + edition.below(12))}-${twoDigits(1 + edition.below(28))}`
  return {
    id: String(FIRST_ID + place).padStart(10, '0'),
    statName: { code: survey.code, name: survey.name },
    govOrg: survey.organisation,
    statisticsName: `${eraName(year)}${survey.name} ${volume}`,
    title: titleOf(series, survey, coverage.words),
    titleNo: numbered === 0 ? null : numbered === 1 ? String(number).padStart(3, '0') : `${1 + (number % 9)}-${number}`,
    cycle: survey.cycle === '-' ? null : survey.cycle,
    surveyDate: surveyDateOf(survey.cycle, year, 1 + edition.below(12)),
    openDate: published,
    updatedDate: edition.chance(0.2) ? `${year + 2}-${published.slice(5)}` : published,
    smallArea: false,
    collectArea: coverage.areas,
    mainCategory: survey.field,
    subCategory: { code: '99', name: 'その他' },
    totalRecords: edition.chance(0.05) ? null : 10 + edition.below(10 ** (2 + edition.below(5))),
    description: [],
  }
}

/** `男女，年齢（5歳階級）別人口－全国，都道府県` and its like. */
function titleOf(series: ReturnType<typeof choicesAt>, { field }: GeneratedSurvey, coverage: string): string {
  const by = neighbours(breakdownsOf(field.code), series.below(1000), series.below(4))
  const subjects = neighbours(subjectsOf(field.code), series.below(1000), series.chance(0.25) ? 2 : 1)
  const split = by.length === 0 ? '' : `${by.join('，')}別`
  return `${split}${subjects.join('及び')}${coverage === '' ? '' : `－${coverage}`}`
}

/** `count` words that stand beside each other, from any place: no word comes twice. */
const neighbours = (words: readonly string[], from: number, count: number): string[] =>
  Array.from({ length: count }, (_, at) => words[(from + at) % words.length] ?? '')

/** `平成27年`, `令和2年`. */
function eraName(year: number): string {
  if (year >= 2019) return `令和${year === 2019 ? '元' : year - 2018}年`
  return year >= 1989 ? `平成${year === 1989 ? '元' : year - 1988}年` : `昭和${year - 1925}年`
}

/** A month, a span of months, or a year's last month, as SURVEY_DATE has it. */
function surveyDateOf(cycle: string, year: number, month: number): string {
  if (cycle === '月次') return `${year}${twoDigits(month)}`
  if (cycle === '四半期')
    return `${year}${twoDigits(3 * Math.ceil(month / 3) - 2)}-${year}${twoDigits(3 * Math.ceil(month / 3))}`
  return cycle === '年次' ? `${year}01-${year}12` : `${year}10`
}

const twoDigits = (value: number): string => String(value).padStart(2, '0')
