/**
 * What jobs leave behind, swept: records of jobs that are long over, their pages that no manifest names, holds of names,
 * what killed writers left unfinished. Pages with a manifest stay: they are somebody's data (`raw-expiry.ts`).
 *
 * Any number of processes may sweep at once: everything that is taken away is wanted by nobody, and taking away what is
 * gone is no error. What may still be worked on has a record of a job that is not over, and stays whatever its age.
 */
import type { ObjectStore } from '../ports.ts'
import { NAMES, sweepHold } from './held-name.ts'
import { failed, isOver, type Job, type JobError } from './job.ts'
import { fetchIdOf } from './job-pages.ts'
import { manifestKey, rawPrefix } from './manifest.ts'
import type { JobStore } from './ports.ts'

export interface SweepPorts {
  readonly jobs: JobStore
  readonly store: ObjectStore
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

export interface SweepTerms {
  /** Milliseconds that a job is remembered after its end. */
  readonly keepMs: number
  /** True where jobs go on only while they are asked for: one that nobody asked for so long is given up. */
  readonly onRequest: boolean
  /** Asked between two steps: false ends the sweep, which goes on another time. */
  readonly goOn: () => boolean
}

const DAY_MS = 86_400_000
/** Every file that is being written is touched within minutes, also one that rests (`turn.ts`). */
const UNFINISHED_MS = DAY_MS

const GIVEN_UP: JobError = {
  code: 'CANCELLED',
  message: 'Nobody asked for the job, or sent the application ID it needs, for a long time.',
  hint: 'Start the fetch again if it is wanted.',
}

/** @returns True where all was looked at. */
export async function sweepLake(ports: SweepPorts, terms: SweepTerms): Promise<boolean> {
  return (await sweepJobs(ports, terms)) && sweepRest(ports, terms)
}

async function sweepJobs({ jobs, store, now }: SweepPorts, { keepMs, onRequest, goOn }: SweepTerms): Promise<boolean> {
  const before = now() - keepMs
  for (const key of await jobs.idle(before)) {
    if (!goOn()) return false
    const stored = await jobs.get(key)
    if (stored === null) await jobs.forget(key)
    else if (isOver(stored.job) && stored.job.updated < before) {
      await clearPages(store, stored.job)
      await jobs.forget(key)
    }
    // Another's record in between keeps it: somebody works on it after all.
    else if (isGivenUp(stored.job, onRequest, now())) await jobs.replace(stored, failed(stored.job, GIVEN_UP, now()))
  }
  return true
}

const isGivenUp = (job: Job, onRequest: boolean, now: number): boolean =>
  job.state === 'needs_application_id' || (onRequest && !isOver(job) && (job.lease === null || job.lease.until < now))

/** Pages of a job that is over which no manifest names: nobody can ask for them any more. Those of lost calls go with `upkeep.ts`. */
async function clearPages(store: ObjectStore, { id, restarts, work }: Job): Promise<void> {
  for (let begun = 0; begun <= restarts; begun++) {
    const prefix = rawPrefix(work.datasetId, fetchIdOf(id, begun))
    const keys = (await store.list(prefix)).map(({ key }) => key)
    if (keys.includes(manifestKey(prefix))) continue
    for (const key of keys) await store.delete(key)
  }
}

async function sweepRest(ports: SweepPorts, { goOn }: SweepTerms): Promise<boolean> {
  const { store, now } = ports
  for (const { key, modified } of await store.list(NAMES)) {
    if (!goOn()) return false
    if (modified < now() - DAY_MS) await sweepHold(ports, key, now())
  }
  if (goOn()) await store.clearUnfinished?.(now() - UNFINISHED_MS)
  return goOn()
}

/** Its age is that of the last sweep that came to its end, by whichever process. */
const SWEPT = 'jobs/swept'
/** Milliseconds between two looks of a process at whether a sweep is due. */
const LOOK_MS = 3_600_000
/** The same, where the last one had no time to end. */
const AGAIN_MS = 60_000

/** Sweeps the lake once a day, whichever process comes first. @returns To be called often: mostly it does nothing. */
export function sweeper(
  ports: SweepPorts & { readonly report: (error: unknown, where: string) => void },
  keepMs: number,
): (terms: Omit<SweepTerms, 'keepMs'>) => Promise<void> {
  const { store, now, report } = ports
  let next = 0
  return async function sweep(terms) {
    if (now() < next) return
    next = now() + LOOK_MS
    try {
      const swept = await store.head(SWEPT)
      if (swept !== null && swept.modified > now() - DAY_MS) return
      if (await sweepLake(ports, { ...terms, keepMs })) await store.put(SWEPT, new Uint8Array())
      else next = now() + AGAIN_MS
    } catch (error) {
      // Jobs go on without it.
      report(error, 'sweep')
    }
  }
}
