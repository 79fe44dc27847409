/** What both fetch tools answer with, made in one place: packed rows, counts, source, where the whole is kept. */
import * as z from 'zod'
import { fault } from '../../shared/fault.ts'
import { DERIVE_KINDS } from '../estat/derive-measure.ts'
import type { Narrowing } from '../estat/model.ts'
import { renderRows } from '../estat/render-rows.ts'
import { codesWithoutRows } from '../estat/without-rows.ts'
import type { Lang } from '../estat/words.ts'
import type { Ask, Ports, StatsSource } from '../ports.ts'
import { ANSWER_TOKENS, estimateTokens, fitting } from './budget.ts'
import { checkVersion, cursorAt, positionOf } from './cursor.ts'
import type { CallContext, DeepReadonly } from './define-tool.ts'
import { fetchTable, type FetchedTable, type TableRequest } from './fetch-table.ts'
import { type Kept, type KeepPlan, type KeepPorts, keepRows } from './keep-rows.ts'
import { counts, kept, nextCursor, packedRows, source } from './params.ts'
import { sourceFor } from './source-for.ts'

export const fetchOutput = z.object({
  success: z.literal(true),
  dataset_id: z.string(),
  title: z.string(),
  total_records: z.int().describe('Rows of e-Stat that match; counts.matched counts rows of this layout.'),
  ...packedRows,
  spread: z
    .object({
      axis: z.string(),
      name: z.string(),
      codes: z.array(z.string()).describe('Codes in the order of columns.'),
      columns: z.array(z.string()),
    })
    .nullable()
    .describe('layout "wide": the axis that became columns. A text cell there is a symbol; null is no such row.'),
  row_order: z
    .enum(['estat', 'by_query'])
    .describe('estat: the order of the codes, axis by axis. by_query: so within each block of 100 codes.'),
  derived: z
    .array(z.object({ kind: z.enum(DERIVE_KINDS), unit: z.string().nullable(), how: z.string() }))
    .describe('Columns worked out by us, not by the ministry; cite them as 加工して作成.'),
  without_rows: z
    .array(z.object({ axis: z.string(), code: z.string(), name: z.string() }))
    .nullable()
    .describe('The first 20 codes that filters name and of which no row is there. Null: not all rows were looked at.'),
  counts,
  ...kept,
  source,
  next_cursor: nextCursor,
})
export type FetchOutput = DeepReadonly<z.infer<typeof fetchOutput>>

/** An answer of the fetch tools that any other call may get: no rows were kept by it, and no job keeps them. */
export const keptNothing = ({ kept: isKept, job_id }: Pick<FetchOutput, 'kept' | 'job_id'>): boolean =>
  !isKept && job_id === null

export interface FetchPlan extends TableRequest, KeepPlan {
  /** Codes that the caller named one by one (`resolveSelection`). */
  readonly named?: readonly Narrowing[]
  readonly maxRows: number
  readonly cursor: string | undefined
}

/** More rows than this never fit an answer: the shortest row takes some ten tokens. */
const MOST_ROWS = 700
const MOST_WITHOUT_ROWS = 20

/**
 * Keeps the whole selection where that is asked for and allowed, and shows its first rows. A page asked for by cursor
 * keeps nothing: the first call did. What is kept is e-Stat's own rows, whatever the layout.
 */
export async function answerFetch(
  plan: FetchPlan,
  ports: KeepPorts,
  context: CallContext,
  ask: Ask,
): Promise<FetchOutput> {
  const { meta, queries, layout = 'long', derive = [] } = plan
  const subject = [meta.info.id, queries, ask.lang, layout, derive]
  const start = await positionOf(subject, plan.cursor)
  // Read first: a layout or figure that is refused keeps nothing.
  const { stats, version } = dated(ports.stats)
  const table = await fetchTable(
    stats,
    { ...plan, lang: ask.lang },
    { start, limit: Math.min(plan.maxRows, MOST_ROWS) },
    ask,
  )
  checkVersion(plan.cursor, version())
  const save = plan.save && plan.cursor === undefined
  const { rows: _rows, ...keptFields } = await keepRows({ ...plan, save }, table.records, ports, context, ask)
  const without_rows = table.whole && codesWithoutRows(meta, plan.named ?? [], table.whole).slice(0, MOST_WITHOUT_ROWS)
  const rest = { ...keptFields, row_order: table.rowOrder, derived: table.derived, without_rows }
  // Class lists may be older than the rows (`call-stats.ts`): what is cited is the rows' own date.
  const updatedDate = version() ?? meta.info.updatedDate
  const shown = show(
    { ...plan, meta: { ...meta, info: { ...meta.info, updatedDate } } },
    table,
    ports.stats,
    context.now,
    ask,
    rest,
  )
  const end = start + shown.rows.length
  const next = end < table.matched ? await cursorAt(subject, end, version()) : null
  return {
    ...shown,
    counts: { matched: table.matched, returned: shown.rows.length, truncated: next !== null },
    next_cursor: next,
  }
}

/** The same source, and the update date of the rows that came from it: one, or the call fails (`call-stats.ts`). */
function dated(stats: StatsSource): { readonly stats: StatsSource; readonly version: () => string | null } {
  let version: string | null = null
  const page: StatsSource['page'] = async (...asked) => {
    const found = await stats.page(...asked)
    version = found.info.updatedDate
    return found
  }
  return { stats: { ...stats, page }, version: () => version }
}

/** As many rows as fit the budget beside the rest of the answer. */
function show(
  { meta }: FetchPlan,
  table: FetchedTable,
  stats: Ports['stats'],
  now: number,
  { lang }: Ask,
  rest: Omit<Kept, 'rows'> & Pick<FetchOutput, 'row_order' | 'derived' | 'without_rows'>,
) {
  const answer = (count: number) => {
    const { packed, period } = table.pack(count)
    return {
      success: true as const,
      dataset_id: meta.info.id,
      title: meta.info.title,
      total_records: table.records,
      ...rowsOf(packed),
      spread: packed.spread ?? null,
      ...rest,
      source: sourceFor(meta, stats, now, { period, derived: table.derived.length > 0, lang }),
    }
  }
  const all = answer(table.held)
  const left = ANSWER_TOKENS - MARGIN_TOKENS - estimateTokens(JSON.stringify({ ...all, rows: [] }))
  if (all.spread !== null && all.rows[0] !== undefined && left < estimateTokens(JSON.stringify(all.rows[0])))
    throw fault('TOO_LARGE', `One row of ${all.spread.codes.length} columns is more than an answer holds.`, {
      hint: `Narrow ${all.spread.axis}, or use layout "long".`,
    })
  const count = fitting(all.rows, left)
  return count === all.rows.length ? all : answer(count)
}

/** Counts, cursor, and what the estimate may be wrong by. */
const MARGIN_TOKENS = 150

const rowsOf = ({ columns, fixed, rows, legend, symbols }: ReturnType<FetchedTable['pack']>['packed']) => ({
  columns,
  fixed,
  rows,
  legend,
  symbols,
})

const DERIVED = {
  J: ({ kind, unit, how }: FetchOutput['derived'][number]) => `${kind}${unit === null ? '' : `（${unit}）`}：${how}`,
  E: ({ kind, unit, how }: FetchOutput['derived'][number]) => `${kind}${unit === null ? '' : ` (${unit})`}: ${how}`,
} as const

/** Where paging to the end would take dozens of calls. */
const WHOLE = {
  J: '全行を一つのファイルにするには save_dataset_as_csv、必要な行だけにするには fetch_dataset_filtered を使ってください。',
  E: 'For all rows in one file use save_dataset_as_csv; for some of them fetch_dataset_filtered.',
} as const

const isMostlyAbsent = ({ counts: { matched, returned, truncated } }: FetchOutput): boolean =>
  truncated && matched > 10 * returned

const WITHOUT_ROWS = { J: '該当する行がないコード：', E: 'Codes without any row here: ' } as const

/**
 * The same rows as text: heading, TSV, legends, symbols, citation, and where the whole is kept.
 * @param nextTool The tool that takes the cursor, where it is another.
 */
export function renderFetch(result: FetchOutput, lang: Lang, nextTool?: string): string {
  const { dataset_id, title, counts: count, source: from, next_cursor, kept_note, s3_json_path } = result
  const without = (result.without_rows ?? []).map(({ axis, code, name }) => `${axis} ${code} ${name}`)
  const heading = {
    title: `${dataset_id} ${title}`,
    counts: count,
    source: from,
    nextCursor: next_cursor,
    ...(nextTool === undefined ? {} : { nextTool }),
    ...(isMostlyAbsent(result) && kept_note === null ? { whole: WHOLE[lang] } : {}),
  }
  return [
    renderRows(result, heading, lang),
    ...(without.length === 0 ? [] : [`${WITHOUT_ROWS[lang]}${without.join('; ')}`]),
    ...result.derived.map((column) => DERIVED[lang](column)),
    ...(kept_note === null ? [] : [kept_note]),
    ...(s3_json_path === null ? [] : [`s3_json_path: ${s3_json_path}`]),
  ].join('\n')
}
