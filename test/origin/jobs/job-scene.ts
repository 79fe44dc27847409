/** Several processes on one lake, each with a runner of its own, over a made-up table of 95 rows in pages of 10. */
import { jobStore } from '../../../origin/adapters/jobs-store.ts'
import type { FetchWork, Job } from '../../../origin/jobs/job.ts'
import { type FetchManifest, readManifest } from '../../../origin/jobs/manifest.ts'
import { readPages } from '../../../origin/jobs/read-pages.ts'
import { jobRunner, type RunnerLoop, type RunnerOptions } from '../../../origin/jobs/runner.ts'
import { submitFetch } from '../../../origin/jobs/submit-fetch.ts'
import type { JobStore, ObjectStore } from '../../../origin/ports.ts'
import { fakeObjectStore } from '../../fakes/object-store.ts'
import { type FakeStats, fakeStats, fakeTable } from '../../fakes/stats-source.ts'

export const ID = '0001234567'
export const PAGES = 10
const PAGE = 10
export const ROWS = 95
export const table = fakeTable(ID, ROWS)
/** The fake's values are 0 to ROWS-1. */
export const WHOLE = (ROWS * (ROWS - 1)) / 2
const WORK: FetchWork = { datasetId: ID, lang: 'J', queries: [[]], filters: {}, maxRecords: 1000, pageRows: PAGE }

export interface JobScene {
  readonly stats: FakeStats
  readonly store: ObjectStore
  readonly jobs: JobStore
  /** A process of its own on the same lake. */
  process(more?: Partial<RunnerOptions>): RunnerLoop
  submit(runner: RunnerLoop, more?: Partial<FetchWork>, appId?: string | null): Promise<Job>
  stateOf(job: Job): Promise<Job>
  /** Waits for its end, and where no loop runs works on it. */
  over(runner: RunnerLoop, job: Job): Promise<Job>
  /** `page <start>+<limit>` of each request for rows, sorted. */
  pagesAsked(): readonly string[]
  manifestOf(job: Job): Promise<FetchManifest>
  /** Sum over what the manifest of a finished job leads to. */
  sumOf(job: Job): Promise<number>
  close(): Promise<void>
}

let ids = 0

export function jobScene(): JobScene {
  const stats = fakeStats(table)
  const store = fakeObjectStore()
  const jobs = jobStore(store)
  const runners: RunnerLoop[] = []
  const report = (error: unknown): void => {
    throw error
  }
  const scene: JobScene = {
    stats,
    store,
    jobs,
    process(more = {}) {
      const settings = { holder: `p${runners.length}`, leaseMs: 300, pollMs: 20, workMs: 5_000, now: Date.now }
      const runner = jobRunner({ jobs, stats, store, report, ...settings, ...more })
      runners.push(runner)
      return runner
    },
    submit(runner, more = {}, appId = null) {
      const asked = { tenant: 'estat', tool: 'fetch_dataset_auto', work: { ...WORK, ...more }, appId, now: Date.now() }
      return submitFetch({ jobs, runner, store }, { ...asked, newId: () => `job-${++ids}` })
    },
    async stateOf(job) {
      const found = await jobs.get(job)
      if (found === null) throw new Error('the job is gone')
      return found.job
    },
    async over(runner, job) {
      await runner.advance(job, 5_000, new AbortController().signal)
      return scene.stateOf(job)
    },
    pagesAsked: () => stats.asked.filter((what) => what !== 'count').toSorted(),
    manifestOf: ({ result }) => readManifest(store, `raw/${ID}/${result?.fetchId}/manifest.json`),
    async sumOf(job) {
      let sum = 0
      for await (const rows of readPages(store, await scene.manifestOf(job), new AbortController().signal))
        for (const { value } of rows) sum += value ?? Number.NaN
      return sum
    },
    close: async () => void (await Promise.all(runners.map((runner) => runner.stop()))),
  }
  return scene
}

export const everyPage = (rows = ROWS): readonly string[] =>
  Array.from(
    { length: Math.ceil(rows / PAGE) },
    (_, at) => `page ${at * PAGE + 1}+${Math.min(PAGE, rows - at * PAGE)}`,
  ).toSorted()
