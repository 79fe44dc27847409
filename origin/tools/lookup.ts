import * as z from 'zod'
import { fold } from '../../shared/cacheable/fold.ts'
import { lookup as looking } from '../../shared/cacheable/lookup.ts'
import { fault } from '../../shared/fault.ts'
import { staleMark } from '../../shared/stale.ts'
import { figure, type Lang } from '../estat/words.ts'
import { lookUpAreas, lookUpFields } from '../estat/search/look-up.ts'
import { findSurveys } from '../estat/search/survey-search.ts'
import { OF_BUNDLED_LISTS } from './cache-policies.ts'
import { cursorAt, positionOf } from './cursor.ts'
import { defineTool } from './define-tool.ts'
import { counts, nextCursor, READ_ONLY } from './params.ts'

/** Matches on one page: enough for the wards of any city, and far below the budget. */
const PAGE = 30
/** More surveys than this answer no question. */
const MOST_SURVEYS = 200

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
  name: looking.name,
  version: 1,
  title: 'コードを調べる · Look up a code',
  description: [
    'Finds the code of a survey (stats_code), area or field (stats_field) by name: every reading of an ambiguous one, successors of merged areas.',
    'For the codes of one table use describe_dataset.',
    '調査・地域・分野のコードを調べます。',
  ].join(' '),
  input: looking.input,
  output: z.object({
    success: z.literal(true),
    kind: z.enum(['survey', 'area', 'field']),
    find: z.string(),
    matches: z.array(match),
    counts,
    hint: z.string().nullable().describe('What to do next, where there is something to do.'),
    next_cursor: nextCursor,
    stale: staleMark,
  }),
  annotations: { ...READ_ONLY, openWorldHint: false },
  scope: 'read',
  toolsets: ['search'],
  weight: 1,
  cache: OF_BUNDLED_LISTS,
  needs: [],
  async run(raw) {
    const { kind, find, level, cursor, lang: words } = looking.normalise(raw)
    if (kind === 'survey' && level !== undefined)
      throw fault('INVALID_PARAMETER', 'level: surveys have no levels.', { hint: 'Leave level out for surveys.' })
    const subject = [kind, fold(find), level ?? null]
    const start = await positionOf(subject, cursor)
    const all = matchesOf(kind, find, level ?? null, words)
    const matches = all.slice(start, start + PAGE)
    const end = start + matches.length
    return {
      success: true as const,
      kind,
      find,
      matches,
      counts: { matched: all.length, returned: matches.length, truncated: end < all.length },
      hint: hintFor(kind, all, words),
      next_cursor: end < all.length ? await cursorAt(subject, end) : null,
    }
  },
  render: ({ kind, find, matches, counts: { matched }, hint, next_cursor }, words) =>
    [
      WORDS[words].found(kind, find, matched),
      ...matches.map(({ code, name, organisation, in_database, note }) =>
        [code, name, organisation, in_database === false ? WORDS[words].filesAlone : null, note]
          .filter(Boolean)
          .join(' | '),
      ),
      ...(hint === null ? [] : [hint]),
      ...(next_cursor === null ? [] : [WORDS[words].more(next_cursor)]),
    ].join('\n'),
})

function matchesOf(kind: Kind, find: string, level: number | null, lang: Lang): LookupMatch[] {
  if (kind === 'survey') return surveysFor(find)
  const found = kind === 'area' ? lookUpAreas(find, level, lang) : lookUpFields(find, level)
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

function hintFor(kind: Kind, matches: readonly LookupMatch[], lang: Lang): string | null {
  const words = WORDS[lang]
  if (matches.length === 0) return words.none[kind]
  if (kind === 'area' && matches.filter(({ exact }) => exact).length > 1) return words.several
  if (kind === 'survey' && matches.every(({ in_database }) => in_database === false)) return words.files
  return null
}

type Kind = 'survey' | 'area' | 'field'

const WORDS = {
  J: {
    found: (kind: Kind, find: string, count: number) =>
      `${{ survey: '統計調査', area: '地域', field: '分野' }[kind]}「${find}」：${figure(count)}件`,
    filesAlone: 'ファイルのみ',
    none: {
      survey:
        '公式の一覧に該当する統計調査がありません。調査内容を表す別の言葉で調べるか、search_estat_data で探してください。',
      area: '収録している一覧にこの名前の地域がありません。都・道・府・県・市・区・町・村を除いて調べるか、describe_dataset で統計表の地域を確かめてください。',
      field: 'この名前の分野がありません。stats_field を付けずに検索するか、find "0" で一覧を見てください。',
    },
    several: 'この名前の地域は複数あります。どれかをコードで指定してください。',
    files: 'これらの調査の結果はファイルで公表されており、データベースの統計表はありません。',
    more: (cursor: string) => `続きは cursor "${cursor}" で取得できます。`,
  },
  E: {
    found: (kind: Kind, find: string, count: number) => `${kind} "${find}": ${figure(count)} found.`,
    filesAlone: 'files alone',
    none: {
      survey:
        'No survey of the official list answers to this. Try another word for what it asks, or search_estat_data.',
      area: 'No area of the bundled list has this name. Try it without its suffix, or see the area axis of the table with describe_dataset.',
      field: 'No field has this name. Leave stats_field out, or find "0" to see them all.',
    },
    several: 'More than one area has this name: say which by its code.',
    files: 'The results of these surveys are files, not tables of the database.',
    more: (cursor: string) => `More: call again with cursor "${cursor}".`,
  },
} as const
