import * as z from 'zod'
import { fault } from '../../shared/fault.ts'
import { figure, type Lang, plural } from '../estat/words.ts'
import { isOver, type Job } from '../jobs/job.ts'
import { rowsKept } from '../jobs/run-job.ts'
import type { Ports } from '../ports.ts'
import { cursorAt, positionOf } from './cursor.ts'
import { type CallContext, defineTool } from './define-tool.ts'
import { jobView, type JobView, NO_JOB, NO_JOB_HINT, viewOf } from './job-view.ts'
import { counts, cursor, lang, nextCursor, READ_ONLY } from './params.ts'
import { renderJob } from './render-job.ts'
import { mostWait, waitForJob } from './wait-for-job.ts'

/** Jobs of one page of the list. */
const PAGE_JOBS = 10

export const getJob = defineTool({
  name: 'get_job',
  version: 3,
  title: 'ジョブの進み具合 · Progress of a job',
  description: [
    'Shows progress and result (s3_json_path, csv, lake) of a job; without job_id, your jobs.',
    'Call it with wait_seconds 20 until state is done. To stop one use cancel_job.',
    'ジョブの進み具合と結果を示します。',
  ].join(' '),
  input: z.object({
    job_id: z.string().optional().describe('E.g. 01K3Z; absent: your jobs.'),
    wait_seconds: z.int().min(0).max(20).default(0).describe('Wait for its end, e.g. 20.'),
    cursor,
    lang,
  }),
  output: z.object({
    success: z.literal(true),
    job: jobView.nullable().describe('The job that was asked for; null for a list.'),
    jobs: z.array(jobView).describe('Without job_id: your jobs, the last first.'),
    counts,
    next_cursor: nextCursor,
  }),
  annotations: READ_ONLY,
  scope: 'lake',
  toolsets: ['fetch', 'files', 'lake', 'jobs'],
  weight: 1,
  cache: null,
  needs: ['jobs', 'runner', 'store'],

  async run({ job_id, wait_seconds, cursor: at, lang: words }, ports, context) {
    if (job_id === undefined) return listJobs(ports, context, at, words)
    if (at !== undefined)
      throw fault('INVALID_PARAMETER', 'cursor pages the list of jobs, not one job.', {
        hint: 'Leave out cursor or job_id.',
      })
    const job = await waitFor(ports, job_id, wait_seconds, context)
    const done = isOver(job) ? job.done : await rowsKept(ports.store, job)
    return {
      success: true as const,
      job: viewOf(job, ports.store, words, done),
      jobs: [],
      counts: { matched: 1, returned: 1, truncated: false },
      next_cursor: null,
    }
  },

  render: ({ job, jobs, counts: { matched }, next_cursor }, words) =>
    [
      ...(job === null
        ? [WORDS[words].jobs(matched), ...jobs.map((one) => renderJob(one, words))]
        : [renderJob(job, words), job.next]),
      ...(next_cursor === null ? [] : [WORDS[words].more(next_cursor)]),
    ].join('\n'),
})

const WORDS = {
  J: {
    jobs: (count: number) => (count === 0 ? 'ジョブはありません。' : `ジョブは${figure(count)}件です。`),
    more: (next: string) => `続きは cursor "${next}" で取得できます。`,
  },
  E: {
    jobs: (count: number) => `${plural(count, 'job')}.`,
    more: (next: string) => `More: call again with cursor "${next}".`,
  },
} as const

type JobPorts = Pick<Ports, 'jobs' | 'runner' | 'store'>

/** A caller's own application ID goes to its job. */
async function waitFor(ports: JobPorts, id: string, seconds: number, context: CallContext): Promise<Job> {
  const { jobs, runner } = ports
  const { caller, appId } = context
  const key = { tenant: caller.tenant, id: id.trim() }
  const found = await jobs.get(key)
  if (found === null) throw fault('NOT_FOUND', NO_JOB, { hint: NO_JOB_HINT })
  if (found.job.callersId && appId !== null && !isOver(found.job)) runner.bring(key, appId)
  const millis = Math.min(Math.max(seconds * 1000, runner.leastWait()), mostWait(context.limits))
  return (await waitForJob(ports, key, millis, context)) ?? found.job
}

async function listJobs(
  { jobs, store }: JobPorts,
  { caller: { tenant } }: CallContext,
  cursor: string | undefined,
  words: Lang,
) {
  const subject = ['jobs', tenant]
  const ids = await jobs.list(tenant)
  const start = await positionOf(subject, cursor)
  const views: JobView[] = []
  for (const id of ids.slice(start, start + PAGE_JOBS)) {
    const found = await jobs.get({ tenant, id })
    if (found !== null) views.push(viewOf(found.job, store, words))
  }
  const end = start + PAGE_JOBS
  const truncated = end < ids.length
  return {
    success: true as const,
    job: null,
    jobs: views,
    counts: { matched: ids.length, returned: views.length, truncated },
    next_cursor: truncated ? await cursorAt(subject, end) : null,
  }
}
