import * as z from 'zod'
import { fold } from '../../shared/cacheable/fold.ts'
import { searchFiles as searching } from '../../shared/cacheable/search-files.ts'
import { staleMark } from '../../shared/stale.ts'
import { CREDIT, CREDIT_EN } from '../estat/source.ts'
import { figure, plural } from '../estat/words.ts'
import type { FilesPage } from '../ports.ts'
import { OF_DAILY_LISTS } from './cache-policies.ts'
import { cursorAt, positionOf } from './cursor.ts'
import { defineTool } from './define-tool.ts'
import { fileRow, formatsOf, noFiles, surveyPage, surveyPages, wordsOf } from './file-listing.ts'
import { placeOf, rowsOf, UNHEARD } from './file-page.ts'
import { nextCursor, READ_ONLY } from './params.ts'

/** The data catalogue takes more than 75 s at times (reference/estat-api.md, 5): an answer in words is better by then. */
const WAIT_MS = 12_000
/** Of a shorter budget, this part: what is left carries the answer. */
const WAIT_SHARE = 0.6

export const searchFiles = defineTool({
  name: searching.name,
  version: 1,
  title: 'ファイルを探す · Search files',
  description: [
    'Finds Excel, CSV and PDF files, to download by their url.',
    'Use it where search_estat_data has no table: only tables can be computed with. Slow: see complete.',
    '統計表のファイルを探します。',
  ].join(' '),
  input: searching.input,
  output: z.object({
    success: z.literal(true),
    query: z.string(),
    complete: z.boolean().describe('False where e-Stat did not answer in time: nothing is known of the files then.'),
    results: z.array(fileRow),
    counts: z.object({
      data_sets: z.int().nullable().describe("Data sets that match in all, by e-Stat's count; null: not heard."),
      matched: z.int().nullable().describe('Files that match in all; null where e-Stat tells of data sets alone.'),
      returned: z.int(),
      truncated: z.boolean().describe('True where files follow, or may: see next_cursor.'),
    }),
    surveys: z.array(surveyPage).describe('Where a person finds the files, where none are shown here.'),
    guidance: z.string().nullable().describe('What to do next, where there is something to do.'),
    source: z.object({ origin: z.literal('live'), retrieved_at: z.string().nullable(), credit: z.string() }),
    next_cursor: nextCursor,
    stale: staleMark,
  }),
  annotations: READ_ONLY,
  scope: 'read',
  toolsets: ['search'],
  weight: 2,
  cache: OF_DAILY_LISTS,
  mayKeep: ({ complete }) => complete,
  needs: ['files'],
  async run(raw, { files }, context) {
    const { query, stats_code = null, data_type, max_results, cursor, lang } = searching.normalise(raw)
    const formats = formatsOf(data_type)
    const words = wordsOf(query)
    const subject = [fold(query), stats_code, formats, lang]
    const position = await positionOf(subject, cursor)
    if (!files.configured && context.appId === null) throw noFiles(surveyPages(query, stats_code))
    const at = placeOf(position)
    const page = await files.find(
      { words, statsCode: stats_code, formats, start: at.dataset + 1, limit: max_results },
      { lang, signal: context.signal, ...(context.appId === null ? {} : { appId: context.appId }) },
      Math.min(WAIT_MS, Math.floor(context.limits.millis * WAIT_SHARE)),
    )
    const { results, next, matched } = page === null ? UNHEARD : rowsOf(page, formats, at, max_results)
    const pages = results.length > 0 ? [] : surveyPages(query, stats_code)
    return {
      success: true as const,
      query,
      complete: page !== null,
      results,
      counts: {
        data_sets: page?.total ?? null,
        matched,
        returned: results.length,
        truncated: page === null || next !== null,
      },
      surveys: pages,
      guidance: guidanceFor(
        page,
        { shown: results.length, more: next !== null, hasPages: pages.length > 0 },
        WORDS[lang],
      ),
      source: {
        origin: 'live' as const,
        retrieved_at: page === null ? null : new Date(context.now).toISOString(),
        credit: lang === 'E' ? CREDIT_EN : CREDIT,
      },
      next_cursor: page === null ? (cursor ?? null) : next === null ? null : await cursorAt(subject, next),
    }
  },
  render: ({ query, complete, results, counts, surveys, guidance, source, next_cursor }, words) =>
    [
      complete ? WORDS[words].found(query, counts.returned, counts.data_sets ?? 0) : WORDS[words].unheard(query),
      ...results.map((row) =>
        [
          row.format,
          row.table_name,
          row.title,
          row.organisation,
          row.survey_date,
          row.release_date,
          row.url ?? row.landing_page,
        ]
          .filter(Boolean)
          .join(' | '),
      ),
      ...surveys.map(({ code, name, files_page }) => `${code} | ${name} | ${files_page}`),
      ...(guidance === null ? [] : [guidance]),
      ...(next_cursor === null ? [] : [WORDS[words].next(next_cursor)]),
      source.credit,
    ].join('\n'),
})

const WORDS = {
  J: {
    found: (query: string, shown: number, sets: number) =>
      `「${query}」のファイル：${figure(shown)}件を表示（該当するデータセットは${figure(sets)}件）`,
    unheard: (query: string) => `「${query}」のファイル：e-Statが時間内に応答しませんでした。`,
    narrow:
      'stats_code（lookup の kind "survey" で調べられます）と data_type で絞り込んで、もう一度呼んでください。e-Statの応答が早くなることがあります。統計表なら search_estat_data がすぐに答えます。',
    otherKind: 'ここまでのデータセットには、その種類のファイルがありません。next_cursor で続きを調べてください。',
    nothing: 'すべての語を含むものがありません。語を減らすか、search_estat_data で統計表を探してください。',
    pages: '上の調査のページでも、同じファイルを一覧できます。',
    next: (cursor: string) => `続きは cursor "${cursor}" で取得できます。`,
  },
  E: {
    found: (query: string, shown: number, sets: number) =>
      `Files for "${query}": ${figure(shown)} shown, of ${plural(sets, 'data set')}.`,
    unheard: (query: string) => `Files for "${query}": e-Stat did not answer in time.`,
    narrow:
      'Narrow the question by stats_code (lookup, kind "survey", finds it) and data_type, then call again; e-Stat may be quicker then. search_estat_data finds tables at once.',
    otherKind: 'None of these data sets has a file of that kind: go on with next_cursor.',
    nothing: 'Nothing has all of these words: leave some out, or look in the tables with search_estat_data.',
    pages: ' Or open the page of the survey above: it lists the same files.',
    next: (cursor: string) => `More: call again with cursor "${cursor}".`,
  },
} as const

interface Shown {
  readonly shown: number
  readonly more: boolean
  readonly hasPages: boolean
}

function guidanceFor(
  page: FilesPage | null,
  { shown, more, hasPages }: Shown,
  words: (typeof WORDS)['J' | 'E'],
): string | null {
  if (shown > 0) return null
  const pages = hasPages ? words.pages : ''
  if (page === null) return `${words.narrow}${pages}`
  return more ? words.otherKind : `${words.nothing}${pages}`
}
