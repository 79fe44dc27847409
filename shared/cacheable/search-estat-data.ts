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
    .describe('E.g. 東京都の人口の推移, coffee imports.'),
  max_results: z.int().min(1).max(20).default(5).describe('E.g. 10.'),
  auto_suggest: z.boolean().default(true).describe('Suggest official terms.'),
  scoring_method: z.enum(['enhanced', 'basic']).default('enhanced').describe('basic only counts words.'),
  survey_years: filter(YEARS, 'yyyy, yyyymm or yyyymm-yyyymm').describe('yyyy, yyyymm or yyyymm-yyyymm, e.g. 2020.'),
  open_years: filter(YEARS, 'yyyy, yyyymm or yyyymm-yyyymm').describe('The same of publication, e.g. 2024.'),
  stats_field: filter(/^(\d{2}|\d{4})?$/, '2 or 4 digits').describe('Field, e.g. 02 (population).'),
  stats_code: filter(/^(\d{5}|\d{8})?$/, '5 or 8 digits').describe('Survey or organisation, e.g. 00200521.'),
  collect_area: z.enum(['1', '2', '3']).optional().describe('1 national, 2 prefectures, 3 municipalities.'),
  search_kind: z.enum(['1', '2']).optional().describe('1 statistics, 2 meshes.'),
  updated_date: filter(/^(\d{4}|\d{6}|\d{8}|\d{8}-\d{8})?$/, 'yyyy, yyyymm, yyyymmdd or yyyymmdd-yyyymmdd').describe(
    'Of update, also yyyymmdd-yyyymmdd, e.g. 2024.',
  ),
  cursor: z.string().max(200).optional().describe('next_cursor of the last answer.'),
  lang: z.enum(['J', 'E']).default('J').describe('E: English.'),
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
