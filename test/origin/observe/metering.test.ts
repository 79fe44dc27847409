/** What is counted of ports: e-Stat through its client, jobs through their store, SQL through its engine. */
import { expect, it } from 'vitest'
import { pacer, UNPACED } from '../../../origin/adapters/stats-http-pace.ts'
import { statsHttp } from '../../../origin/adapters/stats-http.ts'
import { cancelled, newJob } from '../../../origin/jobs/job.ts'
import { jobStore } from '../../../origin/adapters/jobs-store.ts'
import { metering } from '../../../origin/observe/metering.ts'
import { withTally } from '../../../origin/observe/tally.ts'
import type { QueryAnswer, QueryRequest } from '../../../origin/ports.ts'
import { loadSample } from '../../../origin/sample/load-sample.ts'
import { createStandin } from '../../../origin/standin/standin.ts'
import { type Metrics, metricsRegistry } from '../../../shared/metrics.ts'
import { fakeObjectStore } from '../../fakes/object-store.ts'

const valuesOf = (metrics: Metrics, name: string): Record<string, number> =>
  Object.fromEntries(
    (metrics.read().find((family) => family.name === name)?.series ?? []).map(({ labels, value }) => [
      Object.values(labels).join(' '),
      value,
    ]),
  )

const ask = { lang: 'J', signal: new AbortController().signal } as const

it('requests to e-Stat, how they ended, and whose they were', async () => {
  const metrics = metricsRegistry()
  const meter = metering(metrics)
  const standin = createStandin({ tables: loadSample().tables, accepts: ['an-id'], now: () => 0 })
  let down = false
  let clock = 0
  const stats = meter.stats(
    statsHttp({
      send: (request) => {
        clock += 700
        return down ? Promise.reject(new TypeError('fetch failed')) : standin(request)
      },
      appId: 'an-id',
      origin: 'live',
      now: () => clock,
      pacer: meter.pacer(pacer(UNPACED)),
      retry: { attempts: 1, baseMs: 1, capMs: 1 },
    }),
  )
  const tally = await withTally(async (tally) => {
    await stats.page({ id: '0003410379', narrow: [] }, { start: 1, limit: 7 }, ask)
    return tally
  })
  expect(tally).toMatchObject({ estatRequests: 1, estatMillis: 700 })
  down = true
  await expect(stats.count({ id: '0003410379', narrow: [] }, ask)).rejects.toThrow('could not be reached')
  expect(valuesOf(metrics, 'estat_upstream_requests_total')).toEqual({ answered: 1, failed: 1 })
  expect(valuesOf(metrics, 'estat_upstream_seconds')).toEqual({ answered: 0.7, failed: 0.7 })
  expect(valuesOf(metrics, 'estat_rows_fetched_total')).toEqual({ live: 7 })
})

it('jobs by the states they enter, once for each change that was written', async () => {
  const metrics = metricsRegistry()
  const jobs = metering(metrics).jobs(jobStore(fakeObjectStore()))
  const work = { datasetId: '0003410379', lang: 'J', queries: [], filters: {}, maxRecords: 1, pageRows: 1 } as const
  const stored = await jobs.create(newJob({ id: 'j1', tenant: 'estat', tool: 't', work, callersId: false, now: 0 }))
  const over = cancelled(stored.job, null, 1)
  expect(await jobs.replace(stored, over)).not.toBeNull()
  // Somebody else was first: nothing was written, nothing counts.
  expect(await jobs.replace(stored, over)).toBeNull()
  expect(valuesOf(metrics, 'estat_job_changes_total')).toEqual({ queued: 1, cancelled: 1 })
})

it('bytes scanned and dollars by engine', async () => {
  const metrics = metricsRegistry()
  const answer: QueryAnswer = {
    columns: [],
    rows: [],
    more: false,
    bytesScanned: 1e9,
    costUsd: 0.005,
    engine: 'athena',
  }
  const engine = metering(metrics).engine({ query: () => Promise.resolve(answer) })
  for (let asked = 0; asked < 3; asked++) await engine.query({} as QueryRequest, ask.signal)
  expect(valuesOf(metrics, 'estat_queries_total')).toEqual({ athena: 3 })
  expect(valuesOf(metrics, 'estat_bytes_scanned_total')).toEqual({ athena: 3e9 })
  expect(valuesOf(metrics, 'estat_query_dollars_total')['athena']).toBeCloseTo(0.015)
})
