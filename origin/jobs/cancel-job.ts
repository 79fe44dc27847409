import type { ObjectStore } from '../ports.ts'
import { cancelled, isOver, type Job, type JobResult, resultOfKept } from './job.ts'
import { jobPages, rowsOf, splitPages } from './job-pages.ts'
import { putManifest } from './kept-page.ts'
import { rawPrefix } from './manifest.ts'
import type { JobKey, JobRunner, JobStore, StoredJob } from './ports.ts'

export interface CancelPorts {
  readonly jobs: JobStore
  readonly runner: JobRunner
  readonly store: ObjectStore
}

/**
 * Stops a job. The pages that are there stay and get a manifest that says how many of how many they are; a file that
 * is being written is not there. A job that
 * is over stays as it is; called twice, it completes what a lost process left.
 *
 * @returns The newest record; null where there is no such job.
 */
export async function cancelJob(ports: CancelPorts, key: JobKey, now: number): Promise<Job | null> {
  const stopped = await replaceUntilDone(ports.jobs, key, (job) => (isOver(job) ? null : cancelled(job, null, now)))
  if (stopped === null) return null
  ports.runner.drop(key)
  if (stopped.job.state !== 'cancelled' || stopped.job.result !== null) return stopped.job
  const result = await keepPages(ports.store, stopped.job, now)
  if (result === null) return stopped.job
  const told = await replaceUntilDone(ports.jobs, key, (job) =>
    job.result === null ? cancelled(job, result, now) : null,
  )
  return (told ?? stopped).job
}

/** Changes the newest record, whoever else writes; `change` answers null where nothing is to be changed. */
async function replaceUntilDone(
  jobs: JobStore,
  key: JobKey,
  change: (job: Job) => Job | null,
): Promise<StoredJob | null> {
  for (;;) {
    const stored = await jobs.get(key)
    const next = stored === null ? null : change(stored.job)
    if (stored === null || next === null) return stored
    const replaced = await jobs.replace(stored, next)
    if (replaced !== null) return replaced
  }
}

async function keepPages(store: ObjectStore, job: Job, now: number): Promise<JobResult | null> {
  const { outline, work } = job
  if (outline === null) return resultOfKept(work)
  const keys = await store.list(rawPrefix(work.datasetId, outline.fetchId))
  const pages = jobPages(work.datasetId, outline, work.pageRows)
  const { present } = splitPages(pages, new Set(keys.map(({ key }) => key)))
  if (present.length === 0) return null
  const rows = rowsOf(present).toLocaleString('en')
  const matched = outline.totals.reduce((sum, total) => sum + total, 0).toLocaleString('en')
  const why = {
    note: `${rows} of ${matched} rows: the fetch was cancelled`,
    noteJa: `取得が中止されたため${matched}行のうち${rows}行`,
  }
  return putManifest(store, job, present, why, now)
}
