import * as z from 'zod'
import { fault } from '../../shared/fault.ts'
import { parseTableId } from '../estat/table-url.ts'
import { figure, type Lang, plural } from '../estat/words.ts'
import type { FetchWork, Job } from '../jobs/job.ts'
import type { LakeResult } from '../jobs/lake-work.ts'
import { manifestKey, rawPrefix, readManifest } from '../jobs/manifest.ts'
import { PAGE_ROWS } from '../jobs/plan-pages.ts'
import { resolveSelection } from '../jobs/resolve-selection.ts'
import { sourceOfFetch } from '../jobs/source-of-fetch.ts'
import { submitFetch } from '../jobs/submit-fetch.ts'
import { DATA_TYPES } from '../lake/ports.ts'
import { assertTableName } from '../lake/table-name.ts'
import type { Ports } from '../ports.ts'
import { type CallContext, defineTool } from './define-tool.ts'
import { viewOf } from './job-view.ts'
import { lakePath } from './lake-path.ts'
import { datasetId, filters, KEEPS, lang, source, tableName } from './params.ts'
import { sourceFor } from './source-for.ts'
import { waitForJob } from './wait-for-job.ts'

/** Of a call's budget, what is spent waiting: e-Stat is asked for counts before. */
const WAITING = 0.6

const WORDS = {
  J: {
    loaded: (table: string, { created, rowsBefore, rowsLoaded, rowsAfter }: LakeResult) =>
      `${table}${created ? '（新しいテーブル）' : ''}：${figure(rowsLoaded)}行を登録しました。${figure(rowsBefore)}行から${figure(rowsAfter)}行になりました。`,
    snapshot: (id: string) => `スナップショット ${id}`,
    working: (matched: number, table: string) => `${figure(matched)}行をテーブル ${table} に登録しています。`,
    wait: (job: string) =>
      `ジョブ ${job}：get_job に job_id と wait_seconds 20 を渡し、state が done になるまで繰り返してください。`,
  },
  E: {
    loaded: (table: string, { created, rowsBefore, rowsLoaded, rowsAfter }: LakeResult) =>
      `${table}: ${plural(rowsBefore, 'row')} before, ${figure(rowsLoaded)} loaded, ${figure(rowsAfter)} after${created ? '; the table is new' : ''}.`,
    snapshot: (id: string) => `Snapshot ${id}.`,
    working: (matched: number, table: string) => `${plural(matched, 'row')} are on their way into table ${table}.`,
    wait: (job: string) => `Job ${job}: call get_job with that job_id and wait_seconds 20, until state is done.`,
  },
} as const

const input = z.object({
  dataset_id: datasetId,
  table_name: tableName.optional().describe('E.g. population; d_<dataset_id> if absent.'),
  filters: filters.optional(),
  data_type: z.enum(DATA_TYPES).default('generic').describe('Adds columns (year, region_name).'),
  mode: z.enum(['replace', 'merge']).default('replace').describe('merge: replace only cells of the same codes.'),
  lang,
})

export const ingestDataset = defineTool({
  name: 'ingest_dataset',
  version: 1,
  title: '統計表をテーブルに登録 · Ingest a dataset',
  description: [
    'Fetches a dataset, or what filters select, into an Iceberg table, atomically; again gives the same table. A large one becomes a job (get_job).',
    'Use it before analyze_with_athena. For a few figures use fetch_dataset_filtered.',
    '統計表をテーブルに登録します。',
  ].join(' '),
  input,
  output: z.object({
    success: z.literal(true),
    dataset_id: z.string(),
    table_name: z.string(),
    mode: z.enum(['replace', 'merge']),
    job_id: z.string(),
    state: z.string().describe('"done": loaded. Else the job goes on: see next.'),
    filters: z.record(z.string(), z.string()).describe('Axis to what was chosen, in words; empty for the whole table.'),
    matched: z.int().describe("Rows that match, by e-Stat's own count."),
    created: z.boolean().nullable().describe('Whether the table is new; null until it is loaded, as all that follows.'),
    rows_before: z.int().nullable().describe('Rows in the table before.'),
    rows_loaded: z.int().nullable(),
    rows_after: z.int().nullable().describe('Rows in the table now.'),
    snapshot_id: z.string().nullable(),
    s3_json_path: z.string().nullable().describe('The kept pages, for save_dataset_as_csv.'),
    next: z.string().describe('What to call next.'),
    source,
  }),
  annotations: KEEPS,
  scope: 'lake',
  toolsets: ['lake'],
  weight: 3,
  cache: null,
  made: ({ table_name, snapshot_id }) => ({ table: snapshot_id === null ? null : table_name }),
  needs: ['stats', 'store', 'tables', 'jobs', 'runner'],

  async run(args, ports, context) {
    const { work, matched, from } = await workOf(args, ports, context)
    const { caller, appId, newId, now, limits } = context
    const { tenant } = caller
    const begun = await submitFetch(ports, { tenant, tool: 'ingest_dataset', work, appId, newId, now })
    const job = (await waitForJob(ports, begun, limits.millis * WAITING, context)) ?? begun
    assertAlive(job)
    const { result } = job
    const loaded = result?.lake ?? null
    const key = result === null ? null : manifestKey(rawPrefix(work.datasetId, result.fetchId))
    return {
      success: true as const,
      dataset_id: work.datasetId,
      table_name: work.lake.table,
      mode: work.lake.mode,
      job_id: job.id,
      state: job.state,
      filters: work.filters,
      matched: result?.matched ?? matched,
      created: loaded?.created ?? null,
      rows_before: loaded?.rowsBefore ?? null,
      rows_loaded: loaded?.rowsLoaded ?? null,
      rows_after: loaded?.rowsAfter ?? null,
      snapshot_id: loaded?.snapshotId ?? null,
      s3_json_path: key === null ? null : lakePath(ports.store, key),
      next: nextOf(job, ports, args.lang),
      source: key === null ? from : sourceOfFetch(await readManifest(ports.store, key)),
    }
  },
  render: (result, words) => {
    const { table_name, matched, created, rows_before, rows_loaded, rows_after, snapshot_id, next } = result
    const { citation, note } = result.source
    const isLoaded =
      created !== null && rows_before !== null && rows_loaded !== null && rows_after !== null && snapshot_id !== null
    const rows = { rowsBefore: rows_before ?? 0, rowsLoaded: rows_loaded ?? 0, rowsAfter: rows_after ?? 0 }
    const load = { table: table_name, created: created ?? false, snapshotId: snapshot_id ?? '', ...rows }
    return [
      ...(isLoaded
        ? [WORDS[words].loaded(table_name, load), WORDS[words].snapshot(load.snapshotId)]
        : [WORDS[words].working(matched, table_name)]),
      next,
      citation,
      ...(note === null ? [] : [note]),
    ].join('\n')
  },
})

type IngestWork = FetchWork & Required<Pick<FetchWork, 'lake'>>

/** What can be refused is refused before anything is fetched. @throws Fault INVALID_PARAMETER, NO_DATA, and as `StatsSource` says. */
async function workOf(
  args: z.infer<typeof input>,
  { stats, tables }: Pick<Ports, 'stats' | 'tables'>,
  { caller: { tenant }, signal, now }: CallContext,
) {
  const id = parseTableId(args.dataset_id)
  const table = args.table_name ?? `d_${id}`
  assertTableName(tenant, table)
  if (args.filters !== undefined && Object.keys(args.filters).length === 0)
    throw fault('INVALID_PARAMETER', 'filters is empty.', { hint: 'Name at least one axis, or leave filters out.' })
  const ask = { lang: args.lang, signal }
  const meta = await stats.describe(id, ask)
  const { queries, filters: said } =
    args.filters === undefined ? { queries: [[]], filters: {} } : await resolveSelection(stats, meta, args.filters, ask)
  let matched = 0
  for (const narrow of queries) matched += await stats.count({ id, narrow }, ask)
  if (matched === 0) throw fault('NO_DATA', `No row of ${id} matches these filters.`)
  // A table that another engine made what this server cannot read refuses itself here.
  await tables.load(tenant, table)
  const work: IngestWork = {
    datasetId: id,
    lang: args.lang,
    queries,
    filters: said,
    maxRecords: Number.MAX_SAFE_INTEGER,
    pageRows: PAGE_ROWS,
    lake: { table, dataType: args.data_type, mode: args.mode },
  }
  return { work, matched, from: sourceFor(meta, stats, now, { lang: args.lang }) }
}

/** @throws Fault of the job, where it failed or was cancelled while the call waited. */
function assertAlive({ state, error }: Job): void {
  if (state === 'failed' && error !== null) throw fault(error.code, error.message, { hint: error.hint })
  if (state === 'cancelled')
    throw fault('CANCELLED', 'The job was cancelled.', { hint: 'Call ingest_dataset again if the table is wanted.' })
}

function nextOf(job: Job, { store }: Pick<Ports, 'store'>, words: Lang): string {
  const waits = (job.state === 'queued' && job.notBefore === 0) || job.state === 'running'
  return waits ? WORDS[words].wait(job.id) : viewOf(job, store, words).next
}
