/** `GET /admin/metrics`: what this process counted, as Prometheus scrapes it. */
import type { Context } from 'hono'
import { PROMETHEUS_TYPE, prometheusText } from '../../shared/metrics-prometheus.ts'
import type { JobState } from '../jobs/job.ts'
import type { JobStore } from '../ports.ts'
import type { AdminOptions } from './deps.ts'
import { sharedLook } from './shared-look.ts'

/** Scrapes come more often than jobs change. */
const KEEP_MS = 15_000
/** Records read for one scrape at the most; more are counted as queued. */
const MOST_READS = 200
const OPEN: readonly JobState[] = ['queued', 'running', 'needs_application_id']

export function adminMetrics({ metrics, ports, now }: Pick<AdminOptions, 'metrics' | 'ports' | 'now'>) {
  const open = sharedLook(() => openJobs(ports.jobs), KEEP_MS, now)
  return async (c: Context): Promise<Response> => {
    const counts = await open.read()
    for (const state of OPEN) metrics.set('estat_jobs_open', counts.get(state) ?? 0, { state })
    return c.body(prometheusText(metrics.read()), 200, { 'content-type': PROMETHEUS_TYPE })
  }
}

async function openJobs(jobs: JobStore): Promise<ReadonlyMap<JobState, number>> {
  const counts = new Map<JobState, number>()
  for (const [at, key] of (await jobs.open()).entries()) {
    const state = at < MOST_READS ? ((await jobs.get(key))?.job.state ?? null) : 'queued'
    if (state !== null) counts.set(state, (counts.get(state) ?? 0) + 1)
  }
  return counts
}
