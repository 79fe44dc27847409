import * as z from 'zod'
import { fault } from '../../shared/fault.ts'
import { hasScope } from '../../shared/scope.ts'
import { parseTableId } from '../estat/table-url.ts'
import { figure, type Lang } from '../estat/words.ts'
import { PAGE_ROWS } from '../jobs/plan-pages.ts'
import { type CallContext, defineTool } from './define-tool.ts'
import { answerFetch, type FetchOutput, fetchOutput, renderFetch } from './fetch-answer.ts'
import { convertToJapanese, datasetId, KEEPS, lang, nextCursor, READ_ONLY, saveToS3 } from './params.ts'

/** This tool shows the first rows alone; the same rows are paged through by another. */
const PAGING_TOOL = 'fetch_dataset_auto'

export const fetchLargeDatasetComplete = defineTool({
  name: 'fetch_large_dataset_complete',
  version: 1,
  title: '大きな統計表を全件取得 · Fetch a large table whole',
  description: [
    'Fetches a table of over 100,000 rows into the lake, mostly as a job (get_job); complete is true only where every row is there.',
    'For smaller tables use fetch_dataset_auto.',
    '大きな統計表を全件取得します。',
  ].join(' '),
  input: z.object({
    dataset_id: datasetId,
    max_records: z.int().min(1).max(100_000_000).default(1_000_000).describe('Rows at most, e.g. 500000.'),
    chunk_size: z.int().min(1000).max(PAGE_ROWS).default(PAGE_ROWS).describe('Rows of a page.'),
    save_to_s3: saveToS3,
    convert_to_japanese: convertToJapanese,
    lang,
  }),
  output: fetchOutput.extend({
    next_cursor: nextCursor.describe(
      `For ${PAGING_TOOL} with the same dataset_id and lang: it shows the rows that follow.`,
    ),
    complete: z.boolean().describe('True where every row of the table is kept, or shown here.'),
    complete_note: z.string().nullable().describe('Why it is not complete (yet).'),
  }),
  annotations: READ_ONLY,
  lakeAnnotations: KEEPS,
  scope: 'read',
  toolsets: ['fetch'],
  weight: 3,
  cache: null,
  needs: ['stats', 'store', 'jobs', 'runner'],

  async run(input, ports, context) {
    const ask = { lang: input.lang, signal: context.signal }
    const id = parseTableId(input.dataset_id)
    const meta = await ports.stats.describe(id, ask)
    const plan = {
      meta,
      queries: [[]],
      filters: {},
      names: input.convert_to_japanese,
      maxRows: SHOWN_ROWS,
      cursor: undefined,
      save: input.save_to_s3,
      tool: 'fetch_large_dataset_complete',
      maxRecords: input.max_records,
      pageRows: input.chunk_size,
    }
    const keeps = plan.save && hasScope(context.caller, 'lake')
    if (!keeps) refuseTooLarge(id, await ports.stats.count({ id, narrow: [] }, ask), context)
    const answer = await answerFetch(plan, ports, context, ask)
    return { ...answer, ...completeness(answer, input.max_records, input.lang) }
  },
  render: (result, words) =>
    [
      renderFetch(result, words, PAGING_TOOL),
      ...(result.complete_note === null || result.complete_note === result.kept_note ? [] : [result.complete_note]),
    ].join('\n'),
})

/** First rows in the answer. */
const SHOWN_ROWS = 100

/** Without a lake there is nowhere to put more rows than one call may fetch. */
function refuseTooLarge(id: string, rows: number, { caller, limits }: CallContext): void {
  if (rows <= limits.fetchRows) return
  const hint = hasScope(caller, 'lake')
    ? 'Call again with save_to_s3, or narrow it with fetch_dataset_filtered.'
    : 'Narrow it with fetch_dataset_filtered, page through it with fetch_dataset_auto and its next_cursor, or use a key with the scope "lake".'
  const words = `${rows.toLocaleString('en')} rows of ${id} match; without keeping them one call reads ${limits.fetchRows.toLocaleString('en')} at the most.`
  throw fault('TOO_LARGE', words, { hint })
}

const NOT_COMPLETE = {
  J: {
    cut: (most: string, rows: string) => `全${rows}行のうち、max_recordsで指定された先頭${most}行だけを保存しました。`,
    cutting: (most: string, rows: string) =>
      `全${rows}行のうち、max_recordsで指定された先頭${most}行をジョブで取得しています。`,
    fetching: (rows: string) => `${rows}行をジョブで取得しています。`,
    shown: (shown: string, rows: string) => `全${rows}行のうち${shown}行を表示しています。保存はしていません。`,
  },
  E: {
    cut: (most: string, rows: string) => `Not complete: max_records kept the first ${most} of ${rows} rows.`,
    cutting: (most: string, rows: string) =>
      `Not complete yet: the job fetches the first ${most} of ${rows} rows, as max_records asks.`,
    fetching: (rows: string) => `Not complete yet: the job is fetching ${rows} rows.`,
    shown: (shown: string, rows: string) => `Not complete: ${shown} of ${rows} rows are shown, none is kept.`,
  },
} as const

interface Completeness {
  readonly complete: boolean
  readonly complete_note: string | null
}

function completeness(answer: FetchOutput, maxRecords: number, lang: Lang): Completeness {
  const { total_records: total, counts, kept, job_id, kept_note } = answer
  const [rows, most] = [figure(total), figure(maxRecords)]
  const words = NOT_COMPLETE[lang]
  const not = (note: string): Completeness => ({ complete: false, complete_note: note })
  if (kept && total <= maxRecords) return { complete: true, complete_note: null }
  if (kept) return not(words.cut(most, rows))
  if (job_id !== null) return not(total > maxRecords ? words.cutting(most, rows) : words.fetching(rows))
  if (counts.returned === total) return { complete: true, complete_note: null }
  return not(kept_note ?? words.shown(figure(counts.returned), rows))
}
