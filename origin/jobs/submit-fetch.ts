import { type FetchWork, type Job, newJob, sameWork } from './job.ts'
import type { ObjectStore } from '../ports.ts'
import { heldByJob, holdForJob } from './held-name.ts'
import type { JobRunner, JobStore } from './ports.ts'

export interface SubmitRequest {
  readonly tenant: string
  readonly tool: string
  readonly work: FetchWork
  /** The caller's own application ID, or null. */
  readonly appId: string | null
  readonly newId: () => string
  /** Milliseconds since the epoch. */
  readonly now: number
}

export interface SubmitPorts {
  readonly jobs: JobStore
  readonly runner: JobRunner
  readonly store: ObjectStore
}

/**
 * Starts a job, or finds the one under way that fetches the same: a call repeated is not the work repeated.
 *
 * @throws Fault INVALID_PARAMETER where the file's name is another's, or is being written by another.
 */
export async function submitFetch(ports: SubmitPorts, request: SubmitRequest): Promise<Job> {
  const { jobs, runner } = ports
  const { tenant, tool, work, appId, newId, now } = request
  for (const key of await jobs.open(tenant)) {
    const found = await jobs.get(key)
    if (found !== null && sameWork(found.job.work, work)) return joined(runner, found.job, appId)
  }
  const id = newId()
  const filename = work.csv?.filename ?? null
  const holder = filename === null ? null : await holdForJob(ports, { tenant, filename }, id, now)
  // Begun by the same call a moment ago.
  if (holder !== null && sameWork(holder.work, work)) return joined(runner, holder, appId)
  if (holder !== null) throw heldByJob(holder)
  const { job } = await jobs.create(newJob({ id, tenant, tool, work, callersId: appId !== null, now }))
  if (appId !== null) runner.bring(job, appId)
  runner.wake()
  return job
}

function joined(runner: JobRunner, job: Job, appId: string | null): Job {
  if (appId !== null) runner.bring(job, appId)
  return job
}
