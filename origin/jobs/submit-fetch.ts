import { type FetchWork, type Job, newJob, sameWork } from './job.ts'
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

/** Starts a job, or finds the one under way that fetches the same: a call repeated is not the work repeated. */
export async function submitFetch(
  { jobs, runner }: { readonly jobs: JobStore; readonly runner: JobRunner },
  { tenant, tool, work, appId, newId, now }: SubmitRequest,
): Promise<Job> {
  for (const key of await jobs.open(tenant)) {
    const found = await jobs.get(key)
    if (found === null || !sameWork(found.job.work, work)) continue
    if (appId !== null) runner.bring(key, appId)
    return found.job
  }
  const { job } = await jobs.create(newJob({ id: newId(), tenant, tool, work, callersId: appId !== null, now }))
  if (appId !== null) runner.bring(job, appId)
  runner.wake()
  return job
}
