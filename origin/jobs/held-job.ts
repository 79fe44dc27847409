/** The right to work on one job: renewed by a timer, lost as soon as somebody else wrote a record. */
import { type HeldJob, LeaseLost } from './advance-fetch.ts'
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
  const controller = new AbortController()
  let stored = taken
  let done = taken.job.done
  let written = 0
  let lost = false
  let turn: Promise<unknown> = Promise.resolve()

  const lose = (): never => {
    lost = true
    controller.abort(new LeaseLost('the job is no longer ours'))
    throw new LeaseLost('the job is no longer ours')
  }
  /** Records are written one after the other: each replaces the one before. */
  const update = (change: (job: Job) => Job): Promise<void> => {
    const write = turn.then(async () => {
      if (lost) lose()
      stored = (await jobs.replace(stored, change(stored.job))) ?? lose()
    })
    turn = write.catch(() => {})
    return write
  }
  const timer = setInterval(() => {
    // A renewal that cannot be written is tried again at the next beat; the lease outlasts three of them.
    update((job) => renewed(job, now() + leaseMs, done, now(), written)).catch(() => {})
  }, leaseMs / 3)
  timer.unref()

  return {
    get job() {
      return stored.job
    },
    signal: controller.signal,
    stopping: options.stopping,
    update,
    async check() {
      if (lost) lose()
      const newest = await jobs.get(stored.job)
      await turn // a renewal of our own may be under way: only a revision that is not ours is a loss
      if (newest === null || newest.revision > stored.revision) lose()
    },
    report(rows) {
      done = rows
    },
    done: () => done,
    wrote(rows) {
      written = rows
    },
    written: () => written,
    lost: () => lost,
    abort: () => controller.abort(),
    release: () => clearInterval(timer),
  }
}
