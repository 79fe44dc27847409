/** The right to work on one job: a held record, and what its progress is known to be between two records. */
import type { HeldJob } from './advance-fetch.ts'
import { holdRecord } from './held-record.ts'
import { type Job, renewed } from './job.ts'
import type { JobStore, StoredJob } from './ports.ts'

export interface HoldOptions {
  readonly jobs: JobStore
  readonly now: () => number
  readonly leaseMs: number
  readonly stopping: () => boolean
}

export interface Held extends HeldJob {
  readonly done: () => number
  /** Rows written to the file by now. */
  readonly wrote: (rows: number) => void
  readonly written: () => number
  readonly lost: () => boolean
  /** Aborts what is under way. */
  abort(): void
  /** Ends the renewals. */
  release(): void
}

/** @param taken The record that claimed the job. */
export function holdJob(taken: StoredJob, options: HoldOptions): Held {
  const { jobs, now, leaseMs } = options
  let done = taken.job.done
  let written = 0
  const held = holdRecord<Job>(
    { record: taken.job, revision: taken.revision },
    {
      leaseMs,
      renewed: (job) => renewed(job, now() + leaseMs, done, now(), written),
      async replace({ record, revision }, next) {
        const stored = await jobs.replace({ job: record, revision }, next)
        return stored && { record: stored.job, revision: stored.revision }
      },
    },
    'the job',
  )

  return {
    get job() {
      return held.stored().record
    },
    signal: held.signal,
    stopping: options.stopping,
    update: held.update,
    async check() {
      if (held.lost()) held.lose()
      const newest = await jobs.get(held.stored().record)
      await held.settled() // a renewal of our own may be under way: only a revision that is not ours is a loss
      if (newest === null || newest.revision > held.stored().revision) held.lose()
    },
    report(rows) {
      done = rows
    },
    done: () => done,
    wrote(rows) {
      written = rows
    },
    written: () => written,
    lost: held.lost,
    abort: () => held.abort(),
    release: held.release,
  }
}
