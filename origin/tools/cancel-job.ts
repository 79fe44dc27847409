import * as z from 'zod'
import { fault } from '../../shared/fault.ts'
import { cancelJob as cancel } from '../jobs/cancel-job.ts'
import { defineTool } from './define-tool.ts'
import { jobView, NO_JOB, NO_JOB_HINT, viewOf } from './job-view.ts'
import { KEEPS, lang } from './params.ts'
import { renderJob } from './render-job.ts'

export const cancelJob = defineTool({
  name: 'cancel_job',
  version: 3,
  title: 'ジョブの中止 · Stop a job',
  description: [
    'Stops a job that is no longer wanted; rows fetched stay, a half-written file or table is never left.',
    'To watch it use get_job.',
    'ジョブを中止します。',
  ].join(' '),
  input: z.object({
    job_id: z.string().min(1).describe('Of get_job, e.g. 01K3Z.'),
    lang,
  }),
  output: z.object({ success: z.literal(true), job: jobView }),
  annotations: KEEPS,
  scope: 'lake',
  toolsets: ['jobs'],
  weight: 1,
  cache: null,
  needs: ['jobs', 'runner', 'store'],

  async run({ job_id, lang: words }, ports, { caller, now }) {
    const job = await cancel(ports, { tenant: caller.tenant, id: job_id.trim() }, now)
    if (job === null) throw fault('NOT_FOUND', NO_JOB, { hint: NO_JOB_HINT })
    return { success: true as const, job: viewOf(job, ports.store, words) }
  },
  render: ({ job }, words) => `${renderJob(job, words)}\n${job.next}`,
})
