/** What jobs ask of the outside world, and what tools ask of jobs. */
import type { Job } from './job.ts'

/** A job, and which of its records this is. */
export interface StoredJob {
  readonly job: Job
  /** 1 and up. */
  readonly revision: number
}

export interface JobKey {
  readonly tenant: string
  readonly id: string
}

/** The records. Every look-up is by tenant: another's id is not there. */
export interface JobStore {
  /** @throws Fault INTERNAL_ERROR where the id is taken. */
  create(job: Job): Promise<StoredJob>
  get(key: JobKey): Promise<StoredJob | null>
  /**
   * The next record, if `current` still is the newest: exactly one of any number of writers succeeds.
   * @returns null where somebody else was first.
   */
  replace(current: StoredJob, next: Job): Promise<StoredJob | null>
  /** Takes a job that is over out of `open`, where a lost process left it there. */
  close(key: JobKey): Promise<void>
  /** Ids of all jobs of a tenant, the last in order of id first. */
  list(tenant: string): Promise<readonly string[]>
  /** Jobs of all tenants of which nothing was written since, over or not, those without a record too. */
  idle(before: number): Promise<readonly JobKey[]>
  /** Takes all of a job away; what is not there is no error. */
  forget(key: JobKey): Promise<void>
  /** Jobs that are not over, of one tenant or of all, in order of id. */
  open(tenant?: string): Promise<readonly JobKey[]>
}

/** Works on jobs in this process, one at a time. */
export interface JobRunner {
  /** A job was added: a loop that waits looks at once. Without one, nothing happens. */
  wake(): void
  /** Milliseconds that a question about a job should at least wait: 0 where a loop runs, else time to get on with it. */
  leastWait(): number
  /**
   * Waits until the job is over or `millis` have passed. Where no loop runs (a process that sleeps between requests)
   * the job is worked on meanwhile; pages under way at the end are still finished where the process stays awake.
   *
   * @param seen Told the newest record now and then, `done` as new as it is known here.
   */
  advance(key: JobKey, millis: number, signal: AbortSignal, seen?: (job: Job) => void): Promise<void>
  /** A caller's own application ID for its job: kept in the memory of this process alone, until the job is over. */
  bring(key: JobKey, appId: string): void
  /** Ends the work on a job that was cancelled, where it is this process that does it. */
  drop(key: JobKey): void
}
