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
    'Stops a job. What was fetched before stays in the lake: the answer says how many rows of how many, and gives their s3_json_path; a file half written is not there, and a table that was not loaded yet is as it was. A job that is over stays as it is.',
    'Use it when a large fetch is no longer wanted. get_job lists your jobs.',
    '取得のジョブを中止します。取得済みの行は残ります。',
  ].join(' '),
  input: z.object({
    job_id: z.string().min(1).describe('job_id of the fetch that started it, or from get_job.'),
    lang,
  }),
  output: z.object({ success: z.literal(true), job: jobView }),
  annotations: KEEPS,
  scope: 'lake',
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
