import * as z from 'zod'
import { fold } from '../../shared/cacheable/fold.ts'
import { fault } from '../../shared/fault.ts'
import { lookUpAreas, lookUpFields } from '../estat/search/look-up.ts'
import { findSurveys } from '../estat/search/survey-search.ts'
import { cursorAt, positionOf } from './cursor.ts'
import { defineTool } from './define-tool.ts'
import { counts, cursor, nextCursor, READ_ONLY } from './params.ts'

/** Matches on one page: enough for the wards of any city, and far below the budget. */
const PAGE = 30
/** More surveys than this answer no question. */
const MOST_SURVEYS = 200

const input = z.object({
  kind: z
    .enum(['survey', 'area', 'field'])
    .describe(
      'What to look up: "survey" (government statistics code), "area" (JIS code of prefecture, city or ward), "field" (statistical field).',
    ),
  find: z
    .string()
    .max(100, 'Send 100 characters at the most')
    .regex(/[\p{L}\p{N}]/u, 'Send a name, a part of one, or a code')
    .describe(
      'A name, a part of one, or a code. Example: "労働力", "府中市", "Tokyo", "00200521", "prices" (surveys also by what they ask).',
    ),
  level: z
    .int()
    .min(1)
    .max(3)
    .optional()
    .describe(
      'Areas: 1 nation and prefectures, 2 municipalities, 3 wards of designated cities. Fields: 1 major, 2 minor. Not for surveys.',
    ),
  cursor,
})

const match = z.object({
  code: z.string(),
  name: z.string(),
  level: z.int().nullable(),
  parent_code: z.string().nullable(),
  exact: z.boolean().describe('True where the words name this and nothing less.'),
  organisation: z.string().nullable().describe('Of a survey.'),
  in_database: z
    .boolean()
    .nullable()
    .describe('Of a survey: false where its results are files alone, which no table id reaches.'),
  note: z.string().nullable(),
})
type LookupMatch = z.infer<typeof match>

export const lookup = defineTool({
  name: 'lookup',
  version: 1,
  title: 'コードを調べる · Look up a code',
  description: [
    'The code behind a name: of a survey (stats_code of search_estat_data), of a prefecture, city or ward (area filters), of a statistical field (stats_field). Every reading of an ambiguous name is listed, and an area code that was merged away leads to the one that counts it today. It asks nobody: tables may hold other areas than these, which describe_dataset tells.',
    '統計調査・地域・分野のコードを名前から調べます。',
  ].join(' '),
  input,
  output: z.object({
    success: z.literal(true),
    kind: z.enum(['survey', 'area', 'field']),
    find: z.string(),
    matches: z.array(match),
    counts,
    hint: z.string().nullable().describe('What to do next, where there is something to do.'),
    next_cursor: nextCursor,
  }),
  annotations: { ...READ_ONLY, openWorldHint: false },
  scope: 'read',
  weight: 1,
  cache: null,
  needs: [],
  async run({ kind, find, level, cursor }) {
    if (kind === 'survey' && level !== undefined)
      throw fault('INVALID_PARAMETER', 'level: surveys have no levels.', { hint: 'Leave level out for surveys.' })
    const subject = [kind, fold(find), level ?? null]
    const start = await positionOf(subject, cursor)
    const all = matchesOf(kind, find, level ?? null)
    const matches = all.slice(start, start + PAGE)
    const end = start + matches.length
    return {
      success: true as const,
      kind,
      find,
      matches,
      counts: { matched: all.length, returned: matches.length, truncated: end < all.length },
      hint: hintFor(kind, all),
      next_cursor: end < all.length ? await cursorAt(subject, end) : null,
    }
  },
  render: ({ kind, find, matches, counts: { matched }, hint, next_cursor }) =>
    [
      `${kind} "${find}": ${matched} found.`,
      ...matches.map(({ code, name, organisation, in_database, note }) =>
        [code, name, organisation, in_database === false ? 'files alone' : null, note].filter(Boolean).join(' | '),
      ),
      ...(hint === null ? [] : [hint]),
      ...(next_cursor === null ? [] : [`More: call again with cursor "${next_cursor}".`]),
    ].join('\n'),
})

function matchesOf(kind: 'survey' | 'area' | 'field', find: string, level: number | null): LookupMatch[] {
  if (kind === 'survey') return surveysFor(find)
  const found = kind === 'area' ? lookUpAreas(find, level) : lookUpFields(find, level)
  return found.map(({ parentCode, ...rest }) => ({
    ...rest,
    parent_code: parentCode,
    organisation: null,
    in_database: null,
  }))
}

const surveysFor = (find: string): LookupMatch[] =>
  findSurveys(fold(find), MOST_SURVEYS).map(({ survey: { code, name, organisation, hasTables } }) => ({
    code,
    name,
    level: null,
    parent_code: null,
    exact: fold(name) === fold(find) || code === find,
    organisation,
    in_database: hasTables,
    note: null,
  }))

function hintFor(kind: 'survey' | 'area' | 'field', matches: readonly LookupMatch[]): string | null {
  if (matches.length === 0)
    return kind === 'survey'
      ? 'No survey of the official list answers to this. Try another word for what it asks, or search_estat_data.'
      : kind === 'area'
        ? 'No area of the bundled list has this name. Try it without its suffix, or see the area axis of the table with describe_dataset.'
        : 'No field has this name. Leave stats_field out, or find "0" to see them all.'
  if (kind === 'area' && matches.filter(({ exact }) => exact).length > 1)
    return 'More than one area has this name: say which by its code.'
  if (kind === 'survey' && matches.every(({ in_database }) => in_database === false))
    return 'The results of these surveys are files, not tables of the database.'
  return null
}
