/** What both fetch tools answer with, made in one place: packed rows, counts, source, where the whole is kept. */
import * as z from 'zod'
import { hasScope } from '../../shared/scope.ts'
import { decodeObservation } from '../estat/observation.ts'
import type { Narrowing, TableMeta } from '../estat/model.ts'
import { packRows, periodOfRows } from '../estat/rows.ts'
import { renderRows } from '../estat/render-rows.ts'
import { fetchDataset } from '../jobs/fetch-dataset.ts'
import { type FetchManifest, manifestKey, rawPrefix } from '../jobs/manifest.ts'
import { readRows } from '../jobs/read-rows.ts'
import type { Ask, Ports } from '../ports.ts'
import { estimateTokens, fitting, ROW_TOKENS } from './budget.ts'
import { cursorAt, positionOf } from './cursor.ts'
import type { CallContext, DeepReadonly } from './define-tool.ts'
import { lakePath } from './lake-path.ts'
import { counts, kept, nextCursor, packedRows, source } from './params.ts'
import { sourceFor } from './source-for.ts'

export const fetchOutput = z.object({
  success: z.literal(true),
  dataset_id: z.string(),
  title: z.string(),
  total_records: z.int().describe('Rows that match; the same as counts.matched.'),
  ...packedRows,
  counts,
  ...kept,
  source,
  next_cursor: nextCursor,
})
export type FetchOutput = DeepReadonly<z.infer<typeof fetchOutput>>

export interface FetchPlan {
  readonly meta: TableMeta
  readonly queries: readonly (readonly Narrowing[])[]
  /** What was narrowed, in words, for the manifest. */
  readonly filters: Readonly<Record<string, string>>
  readonly names: boolean
  readonly maxRows: number
  readonly cursor: string | undefined
  readonly save: boolean
}

/** More rows than this never fit an answer: the shortest row takes some ten tokens. */
const MOST_ROWS = 700

/**
 * Keeps the whole selection where that is asked for and allowed, and shows its first rows. A page asked for by cursor
 * keeps nothing: the first call did.
 */
export async function answerFetch(
  plan: FetchPlan,
  { stats, store }: Pick<Ports, 'stats' | 'store'>,
  context: CallContext,
  ask: Ask,
): Promise<FetchOutput> {
  const { meta, queries } = plan
  const { id } = meta.info
  const subject = [id, queries, ask.lang]
  const start = await positionOf(subject, plan.cursor)
  const mayKeep = hasScope(context.caller, 'lake')
  const manifest =
    plan.save && mayKeep && plan.cursor === undefined ? await keep(plan, { stats, store }, context, ask) : null
  const window = await readRows(stats, id, queries, { start, limit: Math.min(plan.maxRows, MOST_ROWS) }, ask)
  const rows = window.values.map(decodeObservation)
  const { rows: packed, legend } = packRows(meta, rows, window.notes, { names: plan.names })
  const shown = rows.slice(0, fitting(packed, ROW_TOKENS - estimateTokens(JSON.stringify(legend))))
  const end = start + shown.length
  const next = end < window.matched ? await cursorAt(subject, end) : null
  return {
    success: true,
    dataset_id: id,
    title: meta.info.title,
    total_records: window.matched,
    ...packRows(meta, shown, window.notes, { names: plan.names }),
    counts: { matched: window.matched, returned: shown.length, truncated: next !== null },
    ...keptFields(plan, mayKeep, manifest, store),
    source: sourceFor(meta, stats, context.now, { period: periodOfRows(meta, shown) }),
    next_cursor: next,
  }
}

function keep(
  plan: FetchPlan,
  ports: Pick<Ports, 'stats' | 'store'>,
  context: CallContext,
  ask: Ask,
): Promise<FetchManifest> {
  const { meta, queries, filters } = plan
  const request = {
    meta,
    queries,
    filters,
    fetchId: context.newId(),
    now: context.now,
    maxRows: context.limits.fetchRows,
  }
  return fetchDataset(ports, { ...request, progress: context.progress }, ask)
}

function keptFields(
  plan: FetchPlan,
  mayKeep: boolean,
  manifest: FetchManifest | null,
  store: Pick<Ports['store'], 'bucket'>,
): Pick<FetchOutput, 'kept' | 'kept_note' | 's3_json_path' | 'fetch_id'> {
  if (manifest !== null) {
    const path = lakePath(store, manifestKey(rawPrefix(manifest.dataset_id, manifest.fetch_id)))
    return {
      kept: true,
      kept_note: 'All matching rows are kept. Next: transform_to_parquet or save_dataset_as_csv with s3_json_path.',
      s3_json_path: path,
      fetch_id: manifest.fetch_id,
    }
  }
  const note = plan.save && !mayKeep ? 'The rows were not kept: this key has no scope "lake".' : null
  return { kept: false, kept_note: note, s3_json_path: null, fetch_id: null }
}

/** The same rows as text: heading, TSV, legends, symbols, citation, and where the whole is kept. */
export function renderFetch(result: FetchOutput): string {
  const { dataset_id, title, counts: count, source: from, next_cursor, kept_note, s3_json_path } = result
  const heading = { title: `${dataset_id} ${title}`, counts: count, source: from, nextCursor: next_cursor }
  return [
    renderRows(result, heading),
    ...(kept_note === null ? [] : [kept_note]),
    ...(s3_json_path === null ? [] : [`s3_json_path: ${s3_json_path}`]),
  ].join('\n')
}
