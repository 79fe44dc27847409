/** `GET /admin/jobs` and `POST /admin/jobs/<tenant>/<id>/cancel`: the jobs of all tenants. */
import type { Context } from 'hono'
import * as z from 'zod'
import { fault } from '../../shared/fault.ts'
import { cancelJob } from '../jobs/cancel-job.ts'
import { isOver, type Job, type JobState } from '../jobs/job.ts'
import type { JobKey } from '../jobs/ports.ts'
import type { AdminOptions } from './deps.ts'
import { readQuery } from './read-query.ts'

const STATES = [
  'queued',
  'running',
  'needs_application_id',
  'done',
  'failed',
  'cancelled',
] as const satisfies JobState[]
/** Records read for one answer at the most: a filter that few jobs fit is answered page by page. */
const MOST_READS = 500

const Query = z.object({
  state: z.enum([...STATES, 'open']).optional(),
  tenant: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  /** `<id> <tenant>` of the last job that was looked at. */
  cursor: z.string().optional(),
})

type Deps = Pick<AdminOptions, 'ports' | 'now'>

export function adminJobs({ ports: { jobs } }: Deps) {
  return async (c: Context): Promise<Response> => {
    const { state, tenant, limit, cursor } = readQuery(Query, c)
    const open = state === 'open' || state === 'queued' || state === 'running' || state === 'needs_application_id'
    // Whatever was last written before the end of time: all of them.
    const keys = open ? await jobs.open() : await jobs.idle(Number.POSITIVE_INFINITY)
    const due = keys
      .filter((key) => tenant === undefined || key.tenant === tenant)
      .toSorted((a, b) => (orderOf(a) < orderOf(b) ? 1 : -1))
      .filter((key) => cursor === undefined || orderOf(key) < cursor)
    const shown: Job[] = []
    let read = 0
    for (const key of due) {
      if (shown.length === limit || read === MOST_READS) break
      read += 1
      const job = (await jobs.get(key))?.job
      if (job !== undefined && fits(job, state)) shown.push(job)
    }
    const last = due[read - 1]
    const next = read < due.length && last !== undefined ? orderOf(last) : null
    return c.json({ success: true, jobs: shown.map(viewOf), next_cursor: next })
  }
}

/** Ids begin with their time, so the newest come first. */
const orderOf = ({ id, tenant }: JobKey): string => `${id} ${tenant}`

const fits = (job: Job, state: z.infer<typeof Query>['state']): boolean =>
  state === undefined || (state === 'open' ? !isOver(job) : job.state === state)

/** What an operator needs: nothing of the rows, no argument but what table it is about. */
const viewOf = ({ id, tenant, tool, work, state, outline, done, attempts, lease, error, created, updated }: Job) => ({
  id,
  tenant,
  tool,
  dataset_id: work.datasetId,
  table_name: work.lake?.table ?? null,
  state,
  rows_done: done,
  rows_total: outline?.rows ?? null,
  attempts,
  holder: lease?.holder ?? null,
  error: error === null ? null : { code: error.code, message: error.message, hint: error.hint },
  created_at: new Date(created).toISOString(),
  updated_at: new Date(updated).toISOString(),
})

export function adminCancel({ ports, now }: Deps) {
  return async (c: Context): Promise<Response> => {
    const key = { tenant: c.req.param('tenant') ?? '', id: c.req.param('id') ?? '' }
    const job = await cancelJob(ports, key, now())
    if (job === null) throw fault('NOT_FOUND', 'There is no such job.', { hint: 'GET /admin/jobs lists them.' })
    return c.json({ success: true, job: viewOf(job) })
  }
}
