/**
 * Arguments of `search_estat_data` and their one normal form. The edge keys its cache by it, the tool answers from it:
 * two calls that mean the same are one entry and one answer.
 */
import * as z from 'zod'
import { foldedFor } from './normal.ts'

const name = 'search_estat_data'

const EXAMPLE = 'for example "東京都の人口の推移" or "coffee imports"'

/** A filter: a text of the given form, or "" for none (models send both). */
const filter = (form: RegExp, wanted: string) => z.string().regex(form, `expected ${wanted}`).optional()

/** `yyyy`, `yyyymm` or `yyyymm-yyyymm` (e-Stat API manual, surveyYears and openYears). */
const YEARS = /^(\d{4}|\d{6}|\d{6}-\d{6})?$/

const input = z.object({
  query: z
    .string({ error: `Send the words to look for, ${EXAMPLE}` })
    .max(500, 'Send 500 characters at the most')
    .regex(/[\p{L}\p{N}]/u, `The query is empty: send the words to look for, ${EXAMPLE}`)
    .describe(
      'What to look for, in natural Japanese or English. Years and eras, prefectures, cities and survey names are understood. Example: "東京都の人口の推移", "令和2年 国勢調査 世帯", "unemployment rate".',
    ),
  max_results: z.int().min(1).max(20).default(5).describe('Results on one page, 1 to 20. Example: 5.'),
  auto_suggest: z
    .boolean()
    .default(true)
    .describe(
      'Also list the official terms for everyday words. They come beside the results, never instead. Example: true.',
    ),
  scoring_method: z
    .enum(['enhanced', 'basic'])
    .default('enhanced')
    .describe(
      '"enhanced" weighs rarity, phrase, survey, year and freshness; "basic" counts the words found. Example: "enhanced".',
    ),
  survey_years: filter(YEARS, 'yyyy, yyyymm or yyyymm-yyyymm').describe(
    'Only tables surveyed then: yyyy, yyyymm or yyyymm-yyyymm. Example: "2020" or "201501-202012".',
  ),
  open_years: filter(YEARS, 'yyyy, yyyymm or yyyymm-yyyymm').describe(
    'Only tables published then: yyyy, yyyymm or yyyymm-yyyymm. Example: "2024".',
  ),
  stats_field: filter(/^(\d{2}|\d{4})?$/, '2 or 4 digits').describe(
    'Statistical field: 2 digits for a major field, 4 for a minor one. Example: "02" (人口・世帯) or "0201".',
  ),
  stats_code: filter(/^(\d{5}|\d{8})?$/, '5 or 8 digits').describe(
    'Government statistics code: 5 digits for an organisation, 8 for a survey. Example: "00200521" (国勢調査).',
  ),
  collect_area: z
    .enum(['1', '2', '3'])
    .optional()
    .describe('Area of aggregation: 1 national, 2 prefectures, 3 municipalities. Example: "2".'),
  search_kind: z
    .enum(['1', '2'])
    .optional()
    .describe('1 statistics, 2 small areas and meshes; without it both, statistics first. Example: "1".'),
  updated_date: filter(/^(\d{4}|\d{6}|\d{8}|\d{8}-\d{8})?$/, 'yyyy, yyyymm, yyyymmdd or yyyymmdd-yyyymmdd').describe(
    'Only tables updated then: yyyy, yyyymm, yyyymmdd or yyyymmdd-yyyymmdd. Example: "20240101-20241231".',
  ),
  cursor: z
    .string()
    .max(200)
    .optional()
    .describe('next_cursor of the answer before, with the same query and filters. Example: "MTAuMTIz...".'),
  lang: z
    .enum(['J', 'E'])
    .default('J')
    .describe('Language of our notes; titles stay in Japanese where e-Stat has no English. Example: "E".'),
})

export type SearchInput = z.infer<typeof input>

const FILTERS = [
  'survey_years',
  'open_years',
  'stats_field',
  'stats_code',
  'collect_area',
  'search_kind',
  'updated_date',
  'cursor',
] as const

/** Same meaning, same object: keys in one order, the query folded, what was left out absent. Idempotent. */
function normalise(parsed: SearchInput): SearchInput {
  const { max_results, auto_suggest, scoring_method, lang } = parsed
  const filters = FILTERS.filter((key) => (parsed[key] ?? '') !== '').map((key) => [key, parsed[key]])
  return {
    query: foldedFor(input.shape.query, parsed.query),
    max_results,
    auto_suggest,
    scoring_method,
    ...(Object.fromEntries(filters) as Pick<SearchInput, (typeof FILTERS)[number]>),
    lang,
  }
}

export const searchEstatData = { name, input, normalise }
