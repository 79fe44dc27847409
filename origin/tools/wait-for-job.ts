/** Waiting for a job within a call, as one process works on it or another. */
import { isOver, type Job } from '../jobs/job.ts'
import type { JobKey } from '../jobs/ports.ts'
import type { Ports } from '../ports.ts'
import { firstHalf, type Progress, secondHalf } from '../progress.ts'
import type { CallContext } from './define-tool.ts'

/** What is left of a call's time for the answer, milliseconds. */
const ANSWER_MS = 3_000

/** Milliseconds that a call may wait for a job. */
export const mostWait = ({ millis }: Pick<CallContext['limits'], 'millis'>): number =>
  Math.max(millis - ANSWER_MS, millis / 2)

/**
 * Waits, and where no loop runs works on it meanwhile; progress is told.
 *
 * @returns The newest record; null where there is no such job.
 */
export async function waitForJob(
  { jobs, runner }: Pick<Ports, 'jobs' | 'runner'>,
  key: JobKey,
  millis: number,
  { signal, progress }: Pick<CallContext, 'signal' | 'progress'>,
): Promise<Job | null> {
  await runner.advance(key, millis, signal, (job) => tell(progress, job))
  const job = (await jobs.get(key))?.job ?? null
  if (job?.state === 'done') tell(progress, { ...job, written: job.result?.csv?.cells ?? 0 })
  return job
}

/** A file or a table is a second step over the same rows, where the job fetches them first. */
function tell(progress: Progress, job: Job): void {
  const { done, outline, written = 0, work } = job
  const { csv, lake } = work
  const rows = outline?.rows ?? csv?.kept?.rows ?? null
  const fetched = `${done} of ${rows ?? '?'} rows`
  const wrote = `${written} of ${rows ?? '?'} rows written`
  if (lake !== undefined) {
    firstHalf(progress)(done, rows, fetched)
    if (rows !== null) tellLake(secondHalf(progress), job, rows)
  } else if (csv === undefined) progress(done, rows, fetched)
  else if (csv.kept !== null) progress(written, rows, wrote)
  else if (written === 0) firstHalf(progress)(done, rows, fetched)
  else secondHalf(progress)(written, rows, wrote)
}

/** How far the rows are on their way into the table; null where the job wants none. */
export function lakeStep({ work, outline, done, staged, state, result }: Job): LakeStep | null {
  if (work.lake === undefined) return null
  if (result?.lake !== undefined) return 'committed'
  if (isOver({ state })) return 'not_loaded'
  if (outline === null || done < outline.rows) return 'fetching'
  return staged === undefined ? 'writing_parquet' : 'committing'
}

export const LAKE_STEPS = ['fetching', 'writing_parquet', 'committing', 'committed', 'not_loaded'] as const
type LakeStep = (typeof LAKE_STEPS)[number]

/** DuckDB says nothing while it writes: a small part of the way stands for having begun. */
const LAKE_PROGRESS = {
  writing_parquet: [0.05, 'writing Parquet'],
  committing: [0.9, 'committing'],
  committed: [1, 'committed'],
} as const

function tellLake(progress: Progress, job: Job, rows: number): void {
  const step = lakeStep(job)
  if (step === null || step === 'fetching' || step === 'not_loaded') return
  const [part, words] = LAKE_PROGRESS[step]
  progress(rows * part, rows, words)
}
