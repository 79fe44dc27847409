/** A job as tools show it. */
import * as z from 'zod'
import { isOver, type Job } from '../jobs/job.ts'
import { manifestKey, rawPrefix } from '../jobs/manifest.ts'
import type { Lang } from '../estat/words.ts'
import type { ObjectStore } from '../ports.ts'
import type { DeepReadonly } from './define-tool.ts'
import { lakePath } from './lake-path.ts'
import { LAKE_STEPS, lakeStep } from './wait-for-job.ts'

export const jobView = z.object({
  job_id: z.string(),
  tool: z.string().describe('The tool that started it.'),
  dataset_id: z.string(),
  filters: z.record(z.string(), z.string()).describe('Axis to what was chosen, in words; empty for the whole table.'),
  state: z.enum(['queued', 'running', 'done', 'failed', 'cancelled', 'needs_application_id']),
  rows_done: z.int().describe('Rows in the lake.'),
  rows_total: z.int().nullable().describe('Rows that will be there at the end; null before they were counted.'),
  matched: z.int().nullable().describe("Rows that match, by e-Stat's own count."),
  complete: z.boolean().nullable().describe('Once over: true where rows_done equals matched. Null before.'),
  note: z.string().nullable().describe('Why it is not complete.'),
  s3_json_path: z.string().nullable().describe('The kept pages, for transform_to_parquet and save_dataset_as_csv.'),
  csv: z
    .object({
      rows_written: z.int().describe('Rows of e-Stat in the file so far, as last heard.'),
      s3_path: z.string().nullable().describe('The file, for download_csv_from_s3; null until it is whole.'),
      filename: z.string().nullable(),
      layout: z.enum(['long', 'wide']),
      spread: z.string().nullable(),
      rows: z.int().nullable().describe('Lines in the file, without its heading.'),
      cells: z.int().nullable(),
      bytes: z.int().nullable(),
      columns: z.array(z.string()).nullable().describe('Headings, the first 60 of them.'),
      column_count: z.int().nullable(),
    })
    .nullable()
    .describe('The file that save_dataset_as_csv wants of the rows; null for a fetch alone.'),
  lake: z
    .object({
      table_name: z.string(),
      mode: z.enum(['replace', 'merge']),
      data_type: z.string(),
      step: z.enum(LAKE_STEPS).describe('How far it is; "not_loaded": it ended before.'),
      created: z.boolean().nullable(),
      rows_before: z
        .int()
        .nullable()
        .describe('Rows in the table before; null until it is loaded, as all that follows.'),
      rows_loaded: z.int().nullable(),
      rows_after: z.int().nullable(),
      snapshot_id: z.string().nullable(),
    })
    .nullable()
    .describe('The table that ingest_dataset loads the rows into; null for other jobs.'),
  error: z.object({ code: z.string(), message: z.string(), hint: z.string() }).nullable(),
  created_at: z.string(),
  updated_at: z.string(),
  next: z.string().describe('What to call next.'),
})
export type JobView = DeepReadonly<z.infer<typeof jobView>>

/** @param done Rows in the lake by now, where they were counted. */
export function viewOf(job: Job, store: Pick<ObjectStore, 'bucket'>, lang: Lang, done = job.done): JobView {
  const { id, tool, work, state, outline, result, error } = job
  const kept = work.csv?.kept ?? null
  const prefix = result === null ? null : rawPrefix(work.datasetId, result.fetchId)
  return {
    job_id: id,
    tool,
    dataset_id: work.datasetId,
    filters: work.filters,
    state,
    rows_done: result?.rows ?? done,
    rows_total: outline?.rows ?? kept?.rows ?? null,
    matched: outline === null ? (kept?.matched ?? null) : outline.totals.reduce((sum, total) => sum + total, 0),
    complete: isOver(job) ? (result?.complete ?? false) : null,
    note: result?.note ?? null,
    s3_json_path: prefix === null ? null : lakePath(store, manifestKey(prefix)),
    csv: csvOf(job, store),
    lake: lakeOf({ ...job, done }),
    error: state === 'done' || error === null ? null : { code: error.code, message: error.message, hint: error.hint },
    created_at: new Date(job.created).toISOString(),
    updated_at: new Date(job.updated).toISOString(),
    next: nextOf(job, lang),
  }
}

function csvOf({ work: { csv }, result, written = 0 }: Job, store: Pick<ObjectStore, 'bucket'>): JobView['csv'] {
  if (csv === undefined) return null
  const file = result?.csv
  return {
    rows_written: file?.cells ?? written,
    s3_path: file === undefined ? null : lakePath(store, file.key),
    filename: file?.filename ?? csv.filename,
    layout: csv.layout,
    spread: file?.spread ?? csv.spread,
    rows: file?.rows ?? null,
    cells: file?.cells ?? null,
    bytes: file?.bytes ?? null,
    columns: file?.columns ?? null,
    column_count: file?.columnCount ?? null,
  }
}

function lakeOf(job: Job): JobView['lake'] {
  const { work, result } = job
  const step = lakeStep(job)
  if (work.lake === undefined || step === null) return null
  const loaded = result?.lake
  return {
    table_name: work.lake.table,
    mode: work.lake.mode,
    data_type: work.lake.dataType,
    step,
    created: loaded?.created ?? null,
    rows_before: loaded?.rowsBefore ?? null,
    rows_loaded: loaded?.rowsLoaded ?? null,
    rows_after: loaded?.rowsAfter ?? null,
    snapshot_id: loaded?.snapshotId ?? null,
  }
}

const NEXT = {
  J: {
    file: 'csv.s3_path を download_csv_from_s3 に渡すとファイルを取り出せ、get_csv_download_url に渡すと人に渡せるリンクになります。',
    table: (name: string) => `analyze_with_athena に table_name "${name}" を渡すと集計できます。`,
    kept: 's3_json_path を transform_to_parquet か save_dataset_as_csv に渡せます。',
    nothing: '取得する前に中止されたため、何も保存されていません。必要なら取得をもう一度始めてください。',
    again: '取得をもう一度始めてください。',
    appId: '開始したときと同じく、ご自分のアプリケーションIDを X-Estat-App-Id に付けて get_job を呼んでください。',
    wait: 'get_job を wait_seconds 20 で呼び、終わるまで繰り返してください。',
    waitUntil: (moment: string) => `e-Statが応答しなかったため、${moment} 以降に問い合わせ直します。`,
  },
  E: {
    file: 'Get the file with download_csv_from_s3 and csv.s3_path; get_csv_download_url makes a link for a person.',
    table: (name: string) => `Ask with analyze_with_athena and table_name "${name}".`,
    kept: 'Go on with transform_to_parquet or save_dataset_as_csv and s3_json_path.',
    nothing: 'Nothing was fetched before it was cancelled. Start the fetch again if it is wanted.',
    again: 'Start the fetch again.',
    appId: 'Call get_job again with your own application ID in X-Estat-App-Id, as when the job was started.',
    wait: 'Call get_job again with wait_seconds 20, until it is over.',
    waitUntil: (moment: string) => ` e-Stat did not answer; it is asked again after ${moment}.`,
  },
} as const

function nextOf({ state, result, notBefore, error }: Job, lang: Lang): string {
  const words = NEXT[lang]
  if (result?.csv !== undefined) return words.file
  if (result?.lake !== undefined) return words.table(result.lake.table)
  if (state === 'done' || (state === 'cancelled' && result !== null)) return words.kept
  if (state === 'cancelled') return words.nothing
  if (state === 'failed') return error?.hint ?? words.again
  if (state === 'needs_application_id') return words.appId
  return `${words.wait}${notBefore === 0 ? '' : words.waitUntil(new Date(notBefore).toISOString())}`
}

/** What an unknown job id is told, another tenant's as well. */
export const NO_JOB = 'There is no such job.'
export const NO_JOB_HINT = 'get_job without job_id lists your jobs.'
