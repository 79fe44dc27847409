/** A job in words. */
import { figure, type Lang, plural } from '../estat/words.ts'
import type { JobView } from './job-view.ts'

const WORDS = {
  J: {
    state: {
      queued: '待機中',
      running: '実行中',
      done: '完了',
      failed: '失敗',
      cancelled: '中止',
      needs_application_id: 'アプリケーションID待ち',
    },
    rows: (done: number, total: number | null) =>
      total === null ? `${figure(done)}行` : `${figure(total)}行のうち${figure(done)}行`,
    head: (id: string, dataset: string, state: string, rows: string) => `${id}：${dataset}、${state}、${rows}`,
    part: (note: string) => `一部だけです（${note}）。`,
    step: {
      fetching: '取得中',
      writing_parquet: 'Parquetを作成中',
      committing: '登録中',
      committed: '登録済み',
      not_loaded: '登録なし',
    },
    loading: (table: string, step: string) => `${table}：${step}`,
    loaded: (table: string, before: number, rows: number, after: number, snapshot: string) =>
      `${table}：${figure(rows)}行を登録し、${figure(before)}行から${figure(after)}行になりました（スナップショット ${snapshot}）。`,
    writing: (rows: number) => `CSVに${figure(rows)}行を書き込みました。`,
    file: (path: string, rows: number, bytes: number) => `${path}：${figure(rows)}行、${figure(bytes)}バイト`,
  },
  E: {
    state: {
      queued: 'queued',
      running: 'running',
      done: 'done',
      failed: 'failed',
      cancelled: 'cancelled',
      needs_application_id: 'waiting for an application ID',
    },
    rows: (done: number, total: number | null) =>
      total === null ? plural(done, 'row') : `${figure(done)} of ${plural(total, 'row')}`,
    head: (id: string, dataset: string, state: string, rows: string) => `${id}: ${dataset}, ${state}, ${rows}.`,
    part: (note: string) => `Not complete: ${note}.`,
    step: {
      fetching: 'fetching',
      writing_parquet: 'writing Parquet',
      committing: 'committing',
      committed: 'committed',
      not_loaded: 'not loaded',
    },
    loading: (table: string, step: string) => `${table}: ${step}.`,
    loaded: (table: string, before: number, rows: number, after: number, snapshot: string) =>
      `${table}: ${plural(before, 'row')} before, ${figure(rows)} loaded, ${figure(after)} after (snapshot ${snapshot}).`,
    writing: (rows: number) => `CSV: ${plural(rows, 'row')} written.`,
    file: (path: string, rows: number, bytes: number) => `${path}: ${plural(rows, 'row')}, ${plural(bytes, 'byte')}.`,
  },
} as const

/** One job, its state first and what came of it below. */
export function renderJob(job: JobView, lang: Lang): string {
  const { rows_done, rows_total, note, s3_json_path, csv, lake, error } = job
  const words = WORDS[lang]
  return [
    words.head(job.job_id, job.dataset_id, words.state[job.state], words.rows(rows_done, rows_total)),
    ...(note === null ? [] : [words.part(note)]),
    ...(s3_json_path === null ? [] : [`s3_json_path: ${s3_json_path}`]),
    ...(csv === null ? [] : [renderCsv(csv, lang)]),
    ...(lake === null ? [] : [renderLake(lake, lang)]),
    ...(error === null ? [] : [`${error.code}: ${error.message}`]),
  ].join('\n  ')
}

const renderCsv = ({ s3_path, rows, rows_written, bytes }: NonNullable<JobView['csv']>, lang: Lang): string =>
  s3_path === null ? WORDS[lang].writing(rows_written) : WORDS[lang].file(s3_path, rows ?? 0, bytes ?? 0)

function renderLake({ table_name, step, ...load }: NonNullable<JobView['lake']>, lang: Lang): string {
  const words = WORDS[lang]
  const { rows_before, rows_loaded, rows_after, snapshot_id } = load
  if (rows_before === null || rows_loaded === null || rows_after === null || snapshot_id === null)
    return words.loading(table_name, words.step[step])
  return words.loaded(table_name, rows_before, rows_loaded, rows_after, snapshot_id)
}
