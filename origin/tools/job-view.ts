/** A job as tools show it. */
import * as z from 'zod'
import { isOver, type Job } from '../jobs/job.ts'
import { manifestKey, rawPrefix } from '../jobs/manifest.ts'
import type { ObjectStore } from '../ports.ts'
import type { DeepReadonly } from './define-tool.ts'
import { lakePath } from './lake-path.ts'

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
  error: z.object({ code: z.string(), message: z.string(), hint: z.string() }).nullable(),
  created_at: z.string(),
  updated_at: z.string(),
  next: z.string().describe('What to call next.'),
})
export type JobView = DeepReadonly<z.infer<typeof jobView>>

/** @param done Rows in the lake by now, where they were counted. */
export function viewOf(job: Job, store: Pick<ObjectStore, 'bucket'>, done = job.done): JobView {
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
    error: state === 'done' || error === null ? null : { code: error.code, message: error.message, hint: error.hint },
    created_at: new Date(job.created).toISOString(),
    updated_at: new Date(job.updated).toISOString(),
    next: nextOf(job),
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

function nextOf({ state, result, notBefore, error }: Job): string {
  if (result?.csv !== undefined) return 'download_csv_from_s3 with csv.s3_path.'
  if (state === 'done' || (state === 'cancelled' && result !== null))
    return 'transform_to_parquet or save_dataset_as_csv with s3_json_path.'
  if (state === 'cancelled')
    return 'Nothing was fetched before it was cancelled. Start the fetch again if it is wanted.'
  if (state === 'failed') return error?.hint ?? 'Start the fetch again.'
  if (state === 'needs_application_id')
    return 'get_job again with your own application ID in X-Estat-App-Id, as when the job was started.'
  const wait =
    notBefore === 0 ? '' : ` e-Stat did not answer; it is asked again after ${new Date(notBefore).toISOString()}.`
  return `get_job again with wait_seconds 20.${wait}`
}

/** One job in one line. */
export function renderJob({
  job_id,
  dataset_id,
  state,
  rows_done,
  rows_total,
  s3_json_path,
  csv,
  note,
  error,
}: JobView): string {
  const total = rows_total === null ? '' : ` of ${rows_total.toLocaleString('en')}`
  return [
    `${job_id}: ${dataset_id}, ${state}, ${rows_done.toLocaleString('en')}${total} rows.`,
    ...(note === null ? [] : [`Not complete: ${note}.`]),
    ...(s3_json_path === null ? [] : [`s3_json_path: ${s3_json_path}`]),
    ...(csv === null ? [] : [renderCsv(csv)]),
    ...(error === null ? [] : [`${error.code}: ${error.message}`]),
  ].join(' ')
}

/** What an unknown job id is told, another tenant's as well. */
export const NO_JOB = 'There is no such job.'
export const NO_JOB_HINT = 'get_job without job_id lists your jobs.'

const renderCsv = ({ s3_path, rows, rows_written, bytes }: NonNullable<JobView['csv']>): string =>
  s3_path === null
    ? `CSV: ${rows_written.toLocaleString('en')} rows written.`
    : `${s3_path}: ${rows?.toLocaleString('en')} rows, ${bytes?.toLocaleString('en')} bytes.`
