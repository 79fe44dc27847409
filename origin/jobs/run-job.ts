/** One stretch of work on one job: claim, advance, and a record of how it ended. */
import { FAULTS, Fault, fault } from '../../shared/fault.ts'
import type { Ask, ObjectStore, StatsSource } from '../ports.ts'
import { advanceJob } from './advance-job.ts'
import { type Held, holdJob } from './held-job.ts'
import { LeaseLost } from './held-record.ts'
import { claimed, failed, finished, isOver, type Job, type JobError, released, resultOfKept, setBack } from './job.ts'
import type { LakePorts } from './load-rows.ts'
import { jobPages, rowsOf, splitPages } from './job-pages.ts'
import { rawPrefix } from './manifest.ts'
import type { JobKey, JobStore } from './ports.ts'
import type { JobTurn } from './turn.ts'

export interface RunDeps {
  /** Without it no job that wants a table can be worked on. */
  readonly lake?: LakePorts
  readonly jobs: JobStore
  readonly stats: StatsSource
  readonly store: ObjectStore
  /** Names this process among all that may work on the same jobs. */
  readonly holder: string
  readonly leaseMs: number
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Called with every failure that is ours. */
  readonly report: (error: unknown, where: string) => void
}

export interface Stretch {
  /** The caller's own application ID, for a job that was begun with one; null where it is not at hand. */
  readonly appId: string | null
  readonly turn: JobTurn
  /** Whether a file may be begun, that may have to rest half written. */
  readonly mayRest: () => boolean
  /** Given the means to abort the work, once the job is ours. */
  readonly onHeld: (held: Held) => void
  readonly onOver: () => void
}

/** Works on a job until it is over, it fails, or its turn is. @returns False where it is not to be had now. */
export async function runJob(deps: RunDeps, key: JobKey, stretch: Stretch): Promise<boolean> {
  const { jobs, now, leaseMs, holder } = deps
  const stored = await jobs.get(key)
  if (stored === null) return false
  if (isOver(stored.job)) {
    stretch.onOver()
    await jobs.close(key)
    return false
  }
  const done = await rowsKept(deps.store, stored.job)
  const claim = {
    holder,
    until: now() + leaseMs,
    now: now(),
    done,
    // Once all rows are kept, nobody is asked for any.
    hasId: !stored.job.callersId || stretch.appId !== null || done === stored.job.outline?.rows,
  }
  const next = claimed(stored.job, claim)
  const taken = next === null ? null : await jobs.replace(stored, next)
  if (taken === null || taken.job.lease === null) return false
  const held = holdJob(taken, { jobs, now, leaseMs, stopping: stretch.turn.over })
  stretch.onHeld(held)
  try {
    await work(deps, held, stretch, stored.job.callersId ? stretch.appId : null)
    if (isOver(held.job)) stretch.onOver()
  } catch (error) {
    if (!(error instanceof LeaseLost)) throw error
  } finally {
    held.release()
  }
  return true
}

async function work(deps: RunDeps, held: Held, stretch: Stretch, appId: string | null): Promise<void> {
  const { store, now, report, lake = null } = deps
  const stats = appId === null ? deps.stats : { ...deps.stats, origin: 'live' as const }
  const ask: Ask = { lang: held.job.work.lang, signal: held.signal, ...(appId === null ? {} : { appId }) }
  try {
    const result = await advanceJob({ stats, store, now, lake }, held, stretch, ask)
    await held.update((job) => (result === null ? released(job, held.done(), now()) : finished(job, result, now())))
  } catch (error) {
    if (error instanceof LeaseLost || held.lost()) return
    if (held.signal.aborted) return held.update((job) => released(job, held.done(), now()))
    if (!(error instanceof Fault)) report(error, 'job')
    await held.update((job) => afterFailure(job, error, held.done(), now()))
  }
}

/** What may pass is tried again; what e-Stat or the table will say again is final. */
function afterFailure(job: Job, error: unknown, done: number, now: number): Job {
  const passes = !(error instanceof Fault) || FAULTS[error.code].retry || error.code === 'INTERNAL_ERROR'
  return passes ? setBack(job, errorOf(error), done, now) : failed({ ...job, done }, errorOf(error), now)
}

/** How a failure is kept in the record: our own words only. */
function errorOf(error: unknown): JobError {
  const known = error instanceof Fault ? error : fault('INTERNAL_ERROR', 'The job failed in a way nobody expected.')
  return { code: known.code, message: known.message, hint: known.hint }
}

/** Rows of a job that lie in the lake. */
export async function rowsKept(store: ObjectStore, { outline, work }: Job): Promise<number> {
  const { datasetId, pageRows } = work
  const kept = resultOfKept(work)
  if (kept !== null) return kept.rows
  if (outline === null) return 0
  const keys = await store.list(rawPrefix(datasetId, outline.fetchId))
  return rowsOf(splitPages(jobPages(datasetId, outline, pageRows), new Set(keys.map(({ key }) => key))).present)
}
