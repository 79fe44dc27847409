/** Keeping a whole selection: at once where it is one page, as a job where it is more. */
import { fault } from '../../shared/fault.ts'
import { hasScope } from '../../shared/scope.ts'
import type { Narrowing, TableMeta } from '../estat/model.ts'
import { fetchDataset } from '../jobs/fetch-dataset.ts'
import { isOver, type Job } from '../jobs/job.ts'
import { manifestKey, rawPrefix } from '../jobs/manifest.ts'
import { PAGE_ROWS } from '../jobs/plan-pages.ts'
import { submitFetch } from '../jobs/submit-fetch.ts'
import type { Ask, Ports } from '../ports.ts'
import type { CallContext } from './define-tool.ts'
import { lakePath } from './lake-path.ts'

export interface KeepPlan {
  readonly meta: TableMeta
  readonly queries: readonly (readonly Narrowing[])[]
  /** What was narrowed, in words, for the manifest. */
  readonly filters: Readonly<Record<string, string>>
  /** False where the caller wants nothing kept, or asks for a further page of what was kept. */
  readonly save: boolean
  /** Name of the tool that asks. */
  readonly tool: string
  /** Rows at most; all where absent. */
  readonly maxRecords?: number
  /** Rows of one page, at most and by default 100,000. */
  readonly pageRows?: number
}

export interface Kept {
  readonly kept: boolean
  readonly kept_note: string | null
  readonly s3_json_path: string | null
  readonly fetch_id: string | null
  readonly job_id: string | null
  /** Rows in the lake, where it is over. */
  readonly rows: number | null
}

export type KeepPorts = Pick<Ports, 'stats' | 'store' | 'jobs' | 'runner'>

const NOTHING: Kept = { kept: false, kept_note: null, s3_json_path: null, fetch_id: null, job_id: null, rows: null }
/** The share of a call's time that it waits for a job that may be done within it; the rest is for the answer. */
const WAIT_SHARE = 0.5

const WORDS = {
  J: {
    notAllowed: '保存していません：このキーには権限（scope "lake"）がありません。',
    kept: '該当する全行を保存しました。続けて s3_json_path を transform_to_parquet か save_dataset_as_csv に渡せます。',
    part: (note: string) => `一部の行を保存しました（${note}）。続けて s3_json_path を渡せます。`,
    started: (rows: string, id: string) =>
      `${rows}行をジョブ ${id} で取得しています。続けて get_job に job_id と wait_seconds 20 を渡し、s3_json_path が出るまで繰り返してください。`,
  },
  E: {
    notAllowed: 'The rows were not kept: this key has no scope "lake".',
    kept: 'All matching rows are kept. Next: transform_to_parquet or save_dataset_as_csv with s3_json_path.',
    part: (note: string) => `Kept: ${note}. Next: transform_to_parquet or save_dataset_as_csv with s3_json_path.`,
    started: (rows: string, id: string) =>
      `${rows} rows are being fetched as job ${id}. Next: get_job with that job_id and wait_seconds 20, until it gives s3_json_path.`,
  },
} as const

/**
 * @param matched Rows of the selection.
 * @throws Fault as `StatsSource` says, and what ended the job where it failed within the call.
 */
export async function keepRows(
  plan: KeepPlan,
  matched: number,
  ports: KeepPorts,
  context: CallContext,
  ask: Ask,
): Promise<Kept> {
  if (!plan.save) return NOTHING
  if (!hasScope(context.caller, 'lake')) return { ...NOTHING, kept_note: WORDS[ask.lang].notAllowed }
  const { maxRecords = Number.MAX_SAFE_INTEGER, pageRows = PAGE_ROWS } = plan
  const { now, newId, limits, progress } = context
  if (matched <= Math.min(maxRecords, pageRows, limits.fetchRows)) {
    const request = { ...plan, fetchId: newId(), now, maxRows: limits.fetchRows, progress }
    const manifest = await fetchDataset(ports, request, ask)
    const path = pathOf(ports, manifest.dataset_id, manifest.fetch_id)
    return {
      kept: true,
      kept_note: WORDS[ask.lang].kept,
      s3_json_path: path,
      fetch_id: manifest.fetch_id,
      job_id: null,
      rows: manifest.rows,
    }
  }
  const { meta, queries, filters, tool } = plan
  const work = { datasetId: meta.info.id, lang: ask.lang, queries, filters, maxRecords, pageRows }
  const job = await submitFetch(ports, {
    tenant: context.caller.tenant,
    tool,
    work,
    appId: context.appId,
    newId,
    now,
  })
  const wanted = Math.min(matched, maxRecords)
  return wanted > limits.fetchRows ? started(job, wanted) : waitFor(job, wanted, ports, context)
}

async function waitFor(job: Job, wanted: number, ports: KeepPorts, context: CallContext): Promise<Kept> {
  const { limits, signal, progress } = context
  await ports.runner.advance(job, limits.millis * WAIT_SHARE, signal, ({ done }) =>
    progress(done, wanted, `${done} of ${wanted} rows`),
  )
  const now = (await ports.jobs.get(job))?.job ?? job
  if (now.state === 'failed' && now.error !== null) throw fault(now.error.code, now.error.message, now.error)
  if (!isOver(now) || now.result === null) return started(now, wanted)
  const { fetchId, rows, note } = now.result
  progress(rows, rows, `${rows} of ${rows} rows`)
  const { lang } = now.work
  return {
    kept: true,
    kept_note: note === null ? WORDS[lang].kept : WORDS[lang].part(note),
    s3_json_path: pathOf(ports, now.work.datasetId, fetchId),
    fetch_id: fetchId,
    job_id: now.id,
    rows,
  }
}

const started = ({ id, work: { lang } }: Job, wanted: number): Kept => ({
  ...NOTHING,
  kept_note: WORDS[lang].started(wanted.toLocaleString('en'), id),
  job_id: id,
})

const pathOf = ({ store }: Pick<Ports, 'store'>, id: string, fetchId: string): string =>
  lakePath(store, manifestKey(rawPrefix(id, fetchId)))
