/** The answer of `search_estat_data`: its shape, and how a search outcome fills it. */
import * as z from 'zod'
import type { SearchInput } from '../../shared/cacheable/search-estat-data.ts'
import { PARTS, type SearchHit, type SearchOutcome } from '../estat/search/index.ts'
import { catalogueNote, type Searched } from '../estat/search/wording.ts'
import { surveysWithoutTables } from '../estat/search/survey-search.ts'
import { staleMark } from '../../shared/stale.ts'
import { CREDIT, CREDIT_EN } from '../estat/source.ts'
import { tableUrl } from '../estat/table-url.ts'
import type { CatalogueEntry } from '../ports.ts'
import type { LiveFound } from './live-tables.ts'
import { counts, nextCursor } from './params.ts'

/** e-Stat gives 100,000 rows in one answer (API manual, limit of getStatsData): more is several pages. */
const ONE_PAGE = 100_000
/** Editions named in a row; `editions_total` says how many there are. */
export const EDITIONS_SHOWN = 3

const edition = z.object({ dataset_id: z.string(), title: z.string(), survey_date: z.string().nullable() })

const row = z.object({
  dataset_id: z.string().describe('Table id (statsDataId) for describe_dataset and the fetch tools.'),
  title: z.string(),
  survey: z.string().describe('The government statistics it belongs to.'),
  statistics_name: z.string(),
  gov_org: z.string(),
  stats_code: z.string().nullable(),
  survey_date: z.string().nullable().describe('yyyymm or yyyymm-yyyymm; null where the listing does not say.'),
  open_date: z.string().nullable(),
  updated_date: z.string().nullable(),
  cycle: z.string().nullable(),
  collect_area: z.array(z.string()),
  total_records: z.int().nullable().describe("Cells by e-Stat's own count, stale at times; null where not known."),
  total_records_formatted: z.string().nullable(),
  requires_filtering: z.boolean().nullable().describe('True above 100,000 cells: filter, or fetch in pages.'),
  rank: z.int(),
  score: z.number().describe('Sum of score_parts; comparable within one query.'),
  score_parts: z
    .partialRecord(z.enum(PARTS), z.number())
    .describe(
      'title, survey: words found there, rare ones more. topic: words that our dictionary has for the survey. missing: words not found. phrase: words side by side. named_survey, year, area, trend: fit to what was asked. fresh: newer. bundled: fetchable without an application ID. small_area: put behind. filter_unknown: a filter could not be told.',
    ),
  categories: z.object({ main: z.string(), sub: z.string().nullable() }).nullable().describe("e-Stat's fields."),
  editions: z.array(edition).describe('Other editions of the same series, newest first.'),
  editions_total: z.int().describe('Other editions in the catalogue; more than are listed where above their number.'),
  newer_edition: z.string().nullable().describe('Id of the newest edition, where this row is not it.'),
  table_url: z.string(),
  bundled: z.boolean().describe('Rows can be fetched without an application ID.'),
})

export const searchAnswer = z.object({
  success: z.literal(true),
  query: z.string(),
  total_found: z.int().describe('Distinct tables that answer.'),
  estat_listings: z.int().describe('The same as e-Stat counts them: once for each area of aggregation.'),
  counts: counts.describe('Results on all pages, after editions of one series are grouped.'),
  results: z.array(row),
  suggestions: z
    .array(z.object({ from: z.string(), to: z.string(), alternatives: z.array(z.string()) }))
    .describe('Official terms for words of the query; already searched for as well.'),
  understood: z.object({
    words: z.array(z.string()),
    unknown_words: z.array(z.string()).describe('Found in no table of the catalogue.'),
    ignored_words: z.array(z.string()).optional().describe('Not searched for: a question may hold 16 words.'),
    years: z.object({ from: z.int(), to: z.int().nullable() }).nullable(),
    areas: z.array(z.object({ name: z.string(), prefecture_code: z.string().nullable() })),
    surveys: z.array(z.object({ code: z.string(), name: z.string() })),
    all_words: z.int().describe('Tables, of total_found, that meet every word.'),
    filter_unknown: z.int().describe('Tables kept although their listing lacks what a filter asks for.'),
  }),
  surveys: z
    .array(z.object({ code: z.string(), name: z.string(), organisation: z.string(), in_database: z.boolean() }))
    .describe(
      'Surveys that answer but have no table in this catalogue; in_database false: their results are files alone.',
    ),
  live_results: z
    .array(row)
    .optional()
    .describe("Tables that e-Stat's own search found beside these, asked where the answer was weak."),
  catalogue: z
    .object({
      state: z
        .enum(['sample', 'building', 'complete'])
        .describe(
          'What was searched: a bundled sample for good, the sample until the catalogue of all e-Stat tables is built, or that catalogue.',
        ),
      as_of: z.string().nullable().describe('Day the catalogue was last compared with e-Stat, yyyy-mm-dd.'),
      listed: z.int().nullable().describe('Listings fetched so far of a build under way.'),
      listings: z.int().nullable().describe('Listings that it will have in all, once known.'),
      seconds_left: z.int().nullable().describe('About how long it takes yet.'),
    })
    .describe('Which catalogue answered. While state is "building", ask again later for all of e-Stat.'),
  source: z.object({ origin: z.enum(['live', 'sample']), note: z.string(), credit: z.string() }),
  live_complete: z.boolean().nullable().describe('False where e-Stat was asked and not all heard; null: not asked.'),
  next_cursor: nextCursor,
  stale: staleMark,
})
export type SearchAnswer = z.infer<typeof searchAnswer>

/** @param live What e-Stat itself was heard of; null where it was not asked. */
export function toSearchAnswer(
  found: SearchOutcome,
  input: SearchInput,
  searched: Searched,
  live: LiveFound | null,
): SearchAnswer {
  const { understood } = found
  return {
    success: true,
    query: input.query,
    total_found: found.tables,
    estat_listings: found.listings,
    counts: { matched: found.results, returned: found.hits.length, truncated: found.nextCursor !== null },
    results: found.hits.map(toRow),
    suggestions: input.auto_suggest
      ? understood.suggestions.map((one) => ({ ...one, alternatives: [...one.alternatives] }))
      : [],
    understood: {
      words: understood.groups.map(({ word }) => word),
      unknown_words: [...found.unknown],
      ...(understood.ignored.length > 0 ? { ignored_words: [...understood.ignored] } : {}),
      years: understood.years && {
        from: understood.years.from,
        to: understood.years.to === 9999 ? null : understood.years.to,
      },
      areas: understood.areas.map(({ name, prefecture }) => ({ name, prefecture_code: prefecture })),
      surveys: understood.surveys.filter(({ by }) => by !== 'dictionary').map(({ code, name }) => ({ code, name })),
      all_words: found.complete,
      filter_unknown: found.unfiltered,
    },
    surveys: surveysWithoutTables(input.query, searched.index).map(({ survey }) => ({
      code: survey.code,
      name: survey.name,
      organisation: survey.organisation,
      in_database: survey.hasTables,
    })),
    ...(live === null || live.hits.length === 0 ? {} : { live_results: live.hits.map(toRow) }),
    catalogue: {
      state: stateOf(searched),
      as_of: searched.status?.asOf ?? null,
      listed: searched.status?.progress?.listed ?? null,
      listings: searched.status?.progress?.total ?? null,
      seconds_left: searched.status?.progress?.secondsLeft ?? null,
    },
    source: {
      origin: searched.origin,
      note: catalogueNote(searched, input.lang),
      credit: input.lang === 'E' ? CREDIT_EN : CREDIT,
    },
    live_complete: live === null ? null : live.complete,
    next_cursor: found.nextCursor,
  }
}

const stateOf = ({ origin, status }: Searched): SearchAnswer['catalogue']['state'] =>
  origin === 'live' ? 'complete' : status === null ? 'sample' : 'building'

function toRow({
  entry,
  rank,
  score,
  parts,
  editions,
  editionsTotal,
  newer,
}: SearchHit): SearchAnswer['results'][number] {
  const total = entry.totalRecords
  return {
    dataset_id: entry.id,
    title: entry.title,
    survey: entry.statName.name,
    statistics_name: entry.statisticsName,
    gov_org: entry.govOrg.name,
    stats_code: entry.statName.code || null,
    survey_date: entry.surveyDate,
    open_date: entry.openDate,
    updated_date: entry.updatedDate,
    cycle: entry.cycle,
    collect_area: [...entry.collectArea],
    total_records: total,
    total_records_formatted: total === null ? null : total.toLocaleString('en-US'),
    requires_filtering: total === null ? null : total > ONE_PAGE,
    rank,
    score,
    score_parts: parts,
    categories: entry.mainCategory && { main: entry.mainCategory.name, sub: entry.subCategory?.name ?? null },
    editions: editions.map(toEdition),
    editions_total: editionsTotal,
    newer_edition: newer?.id ?? null,
    table_url: tableUrl(entry.id),
    bundled: entry.bundled,
  }
}

const toEdition = ({ id, title, surveyDate }: CatalogueEntry): z.infer<typeof edition> => ({
  dataset_id: id,
  title,
  survey_date: surveyDate,
})
