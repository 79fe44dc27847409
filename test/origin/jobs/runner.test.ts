/** Jobs at work: every page once, whoever stops, dies, changes or cancels in between. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { jobStore } from '../../../origin/adapters/jobs-store.ts'
import { cancelJob } from '../../../origin/jobs/cancel-job.ts'
import type { FetchWork, Job } from '../../../origin/jobs/job.ts'
import { readManifest } from '../../../origin/jobs/manifest.ts'
import { readPages } from '../../../origin/jobs/read-pages.ts'
import { jobRunner, type RunnerLoop, type RunnerOptions } from '../../../origin/jobs/runner.ts'
import { submitFetch } from '../../../origin/jobs/submit-fetch.ts'
import type { ObjectStore } from '../../../origin/ports.ts'
import { fault } from '../../../shared/fault.ts'
import { fakeObjectStore } from '../../fakes/object-store.ts'
import { type FakeStats, fakeStats, fakeTable, infoOf } from '../../fakes/stats-source.ts'

const ID = '0001234567'
const PAGES = 10
const PAGE = 10
const ROWS = 95
const table = fakeTable(ID, ROWS)
const WORK: FetchWork = { datasetId: ID, lang: 'J', queries: [[]], filters: {}, maxRecords: 1000, pageRows: PAGE }

let stats: FakeStats
let store: ObjectStore
let runners: RunnerLoop[]
let ids = 0
beforeEach(() => {
  stats = fakeStats(table)
  store = fakeObjectStore()
  runners = []
})
afterEach(() => Promise.all(runners.map((runner) => runner.stop())))

/** A process of its own on the same lake. */
function process(more: Partial<RunnerOptions> = {}): RunnerLoop {
  const settings = { holder: `p${runners.length}`, leaseMs: 300, pollMs: 20, workMs: 5_000, now: Date.now }
  const report = (error: unknown): void => {
    throw error
  }
  const runner = jobRunner({ jobs: jobStore(store), stats, store, report, ...settings, ...more })
  runners.push(runner)
  return runner
}
const submit = (runner: RunnerLoop, more: Partial<FetchWork> = {}, appId: string | null = null): Promise<Job> => {
  const request = { tenant: 'estat', tool: 'fetch_dataset_auto', work: { ...WORK, ...more }, appId, now: Date.now() }
  return submitFetch({ jobs: jobStore(store), runner }, { ...request, newId: () => `job-${++ids}` })
}
const stateOf = async (job: Job): Promise<Job> => {
  const found = await jobStore(store).get(job)
  if (found === null) throw new Error('the job is gone')
  return found.job
}
const over = async (runner: RunnerLoop, job: Job): Promise<Job> => {
  await runner.advance(job, 5_000, new AbortController().signal)
  return stateOf(job)
}
const pagesAsked = () => stats.asked.filter((what) => what !== 'count').toSorted()
const everyPage = (rows = ROWS) =>
  Array.from({ length: Math.ceil(rows / PAGE) }, (_, at) => `page ${at * PAGE + 1}+${Math.min(PAGE, rows - at * PAGE)}`)
/** Sum over what the manifest of a finished job leads to: the fake's values are 0 to ROWS-1. */
async function sumOf({ result }: Job): Promise<number> {
  const manifest = await readManifest(store, `raw/${ID}/${result?.fetchId}/manifest.json`)
  let sum = 0
  for await (const rows of readPages(store, manifest, new AbortController().signal))
    for (const { value } of rows) sum += value ?? Number.NaN
  return sum
}
const WHOLE = (ROWS * (ROWS - 1)) / 2

describe('a job', () => {
  it('fetches every page once and is done once, by a loop', async () => {
    const runner = process()
    runner.start()
    const job = await submit(runner)
    const done = await over(runner, job)
    expect(done).toMatchObject({
      state: 'done',
      done: ROWS,
      lease: null,
      result: { rows: ROWS, matched: ROWS, complete: true },
    })
    expect(pagesAsked()).toEqual(everyPage().toSorted())
    expect(await sumOf(done)).toBe(WHOLE)
    expect(await jobStore(store).open()).toEqual([])
  })

  it('goes on only while somebody asks, where no loop runs', async () => {
    const runner = process({ workMs: 1 })
    const job = await submit(runner)
    stats.beforePage = () => new Promise((resolve) => setTimeout(resolve, 20))
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(stats.asked).toEqual([])
    await runner.advance(job, 30, new AbortController().signal)
    await new Promise((resolve) => setTimeout(resolve, 100))
    const paused = await stateOf(job)
    expect([paused.state, paused.lease, paused.done > 0, paused.done < ROWS]).toEqual(['queued', null, true, true])
    expect(await over(runner, job)).toMatchObject({ state: 'done' })
    expect(pagesAsked()).toEqual(everyPage().toSorted())
  })

  it('hands its lease back when its process ends, and another goes on at once', async () => {
    const first = process({ leaseMs: 60_000 })
    first.start()
    const job = await submit(first)
    stats.beforePage = (start) => (start === 51 ? void first.stop() : undefined)
    const gone = await over(first, job)
    await first.stop()
    expect((await stateOf(job)).lease).toBeNull()
    expect(gone.state).not.toBe('done')
    const second = process()
    expect(await sumOf(await over(second, job))).toBe(WHOLE)
    const again = pagesAsked().length - PAGES
    expect(again).toBeLessThanOrEqual(2) // pages on their way when it ended
  })

  it('is taken over when its holder is frozen, who then finds it gone', async () => {
    let freeze = Promise.resolve()
    let thaw = (): void => {}
    const stuck = {
      ...stats,
      page: async (...args: Parameters<FakeStats['page']>) => (await freeze, stats.page(...args)),
    }
    // A frozen process renews nothing: its lease is never longer than it was.
    const frozen = process({ stats: stuck, leaseMs: 100, now: () => Math.min(Date.now(), stop) })
    let stop = Number.POSITIVE_INFINITY
    stats.beforePage = (start) => {
      if (start !== 41 || stop !== Number.POSITIVE_INFINITY) return
      stop = Date.now()
      freeze = new Promise((resolve) => (thaw = resolve))
    }
    frozen.start()
    const job = await submit(frozen)
    const second = process()
    while (stop === Number.POSITIVE_INFINITY) await new Promise((resolve) => setTimeout(resolve, 5))
    const done = await over(second, job)
    expect([done.state, await sumOf(done)]).toEqual(['done', WHOLE])
    thaw()
    await frozen.stop()
    expect(await stateOf(job)).toEqual(done)
  })

  it('waits after a failure that may pass, and asks again for nothing that is there', async () => {
    let ahead = 0
    const runner = process({ now: () => Date.now() + ahead, workMs: 100 })
    let down = true
    stats.beforePage = (start) => {
      if (down && start === 61) throw fault('ESTAT_UNAVAILABLE', 'down')
    }
    const job = await submit(runner)
    await runner.advance(job, 100, new AbortController().signal)
    const waiting = await stateOf(job)
    expect(waiting).toMatchObject({ state: 'queued', attempts: 1, error: { code: 'ESTAT_UNAVAILABLE' }, lease: null })
    expect(waiting.notBefore - waiting.updated).toBe(5_000)
    down = false
    const before = stats.asked.length
    ahead = 5_000
    expect(await sumOf(await over(runner, job))).toBe(WHOLE)
    expect(stats.asked.slice(before)).not.toContain('page 1+10')
  })

  it('fails at once where asking again would not help', async () => {
    const runner = process()
    const job = await submit(runner, { queries: [[{ axis: 'area', codes: ['none'] }]] })
    expect(await over(runner, job)).toMatchObject({ state: 'failed', error: { code: 'NO_DATA' }, result: null })
  })

  it('begins anew when the table changed under way, and mixes nothing', async () => {
    stats.beforePage = (start) => {
      if (start < 51 || stats.table !== table) return
      stats.table = { meta: { ...table.meta, info: infoOf(ID, '2026-02-02') }, values: table.values.slice(0, 40) }
    }
    const runner = process()
    const job = await submit(runner)
    const done = await over(runner, job)
    expect(done).toMatchObject({ state: 'done', restarts: 1, result: { fetchId: `${job.id}-2`, rows: 40 } })
    expect(await sumOf(done)).toBe((40 * 39) / 2)
    const keys = (await store.list(`raw/${ID}/`)).map(({ key }) => key.split('/')[2])
    expect(new Set(keys)).toEqual(new Set([`${job.id}-2`]))
  })

  it('keeps the class lists of the same version as its rows, where older ones were remembered', async () => {
    const fake = stats
    let remembered = { ...table.meta, info: infoOf(ID, '2025-01-01') }
    const runner = process({
      stats: {
        ...fake,
        describe: async () => remembered,
        page: async (...asked) => {
          remembered = await fake.describe(ID, asked[2])
          return fake.page(...asked)
        },
      },
    })
    const { result } = await over(runner, await submit(runner))
    const { meta } = await readManifest(store, `raw/${ID}/${result?.fetchId}/manifest.json`)
    expect(meta.info.updatedDate).toBe(table.meta.info.updatedDate)
  })

  it('holds max_records rows, and says that they are not all', async () => {
    const runner = process()
    const done = await over(runner, await submit(runner, { maxRecords: 33 }))
    expect(done.result).toMatchObject({
      rows: 33,
      matched: ROWS,
      complete: false,
      note: expect.stringContaining('first 33 of 95'),
    })
    expect(await sumOf(done)).toBe((33 * 32) / 2)
    const manifest = await readManifest(store, `raw/${ID}/${done.result?.fetchId}/manifest.json`)
    expect(manifest).toMatchObject({ rows: 33, matched: ROWS, meta: { extent: { rows: 33, totalRows: ROWS } } })
  })

  it('joins the rows of several queries, each of them whole', async () => {
    const codes = (from: number, to: number) => table.values.slice(from, to).map((row) => row['@area'] ?? '')
    const queries = [
      [0, 25],
      [25, 25],
      [25, 40],
    ].map(([from = 0, to = 0]) => [{ axis: 'area', codes: codes(from, to) }])
    const runner = process()
    const done = await over(runner, await submit(runner, { queries }))
    expect(done).toMatchObject({ outline: { totals: [25, 0, 15] }, result: { rows: 40, matched: 40, complete: true } })
    expect(pagesAsked()).toEqual(['page 1+10', 'page 1+10', 'page 11+10', 'page 11+5', 'page 21+5'])
    expect(await sumOf(done)).toBe((40 * 39) / 2)
  })

  it('that is asked for again while it runs is the same one', async () => {
    const runner = process()
    const one = await submit(runner)
    expect([(await submit(runner)).id, (await submit(runner, { lang: 'E' })).id === one.id]).toEqual([one.id, false])
  })

  it('of a caller with an own application ID waits for it in another process', async () => {
    const first = process()
    const job = await submit(first, {}, 'a'.repeat(40))
    const second = process()
    await second.advance(job, 100, AbortSignal.timeout(300))
    expect(await stateOf(job)).toMatchObject({ state: 'needs_application_id', lease: null })
    expect(stats.asked).toEqual([])
    second.bring(job, 'b'.repeat(40))
    expect(await over(second, job)).toMatchObject({ state: 'done' })
    const texts = await Promise.all(
      (await store.list('')).map(async ({ key }) => (await store.get(key)) ?? new Uint8Array()),
    )
    expect(texts.some((bytes) => /a{40}|b{40}/.test(new TextDecoder().decode(bytes)))).toBe(false)
  })
})

describe('cancelling', () => {
  const cancel = (runner: RunnerLoop, job: Job) => cancelJob({ jobs: jobStore(store), runner, store }, job, Date.now())

  it('stops the work under way, and what was fetched stays and says how much it is', async () => {
    const runner = process()
    runner.start()
    let reached = (): void => {}
    const half = new Promise<void>((resolve) => (reached = resolve))
    stats.beforePage = (start) => {
      if (start !== 51) return undefined
      reached()
      return new Promise((resolve) => setTimeout(resolve, 50))
    }
    const job = await submit(runner)
    await half
    const told = await cancel(runner, job)
    expect(told).toMatchObject({ state: 'cancelled', lease: null, result: { complete: false, matched: ROWS } })
    await new Promise((resolve) => setTimeout(resolve, 100))
    const asked = stats.asked.length
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect([stats.asked.length, await stateOf(job)]).toEqual([asked, told])
    const manifest = await readManifest(store, `raw/${ID}/${told?.result?.fetchId}/manifest.json`)
    expect(manifest.rows).toBe(told?.result?.rows)
    expect(manifest.meta.extent?.note).toContain('cancelled')
    expect(await sumOf(told as Job)).toBeGreaterThan(0)
  })

  it('changes nothing of a job that is over, or of none', async () => {
    const runner = process()
    const done = await over(runner, await submit(runner))
    expect(await cancel(runner, done)).toEqual(done)
    expect(await cancel(runner, { ...done, tenant: 'theirs' })).toBeNull()
  })

  it('of a job that has not begun leaves nothing', async () => {
    const runner = process()
    const job = await submit(runner)
    expect(await cancel(runner, job)).toMatchObject({ state: 'cancelled', result: null })
    expect(await store.list('raw/')).toEqual([])
  })
})
