/** What jobs leave behind is swept when it is old, and nothing that anybody may still want. */
import { beforeEach, describe, expect, it } from 'vitest'
import { jobStore } from '../../../origin/adapters/jobs-store.ts'
import { holdForJob } from '../../../origin/jobs/held-name.ts'
import { claimed, failed, finished, type Job, outlined } from '../../../origin/jobs/job.ts'
import type { JobStore } from '../../../origin/jobs/ports.ts'
import { sweeper, sweepLake } from '../../../origin/jobs/sweep.ts'
import { someJob } from '../../contracts/job-store.ts'
import { type FakeObjectStore, fakeObjectStore } from '../../fakes/object-store.ts'

const DAY = 86_400_000
const KEEP = 7 * DAY
const ERROR = { code: 'ESTAT_UNAVAILABLE' as const, message: 'down', hint: 'later' }
const RESULT = { fetchId: 'x', rows: 1, matched: 1, complete: true, note: null }
const bytes = new Uint8Array(1)

let time: number
let store: FakeObjectStore
let jobs: JobStore
beforeEach(() => {
  time = 0
  store = fakeObjectStore('estat-lake', () => time)
  jobs = jobStore(store)
})
const now = (): number => time
const sweep = (onRequest = false, goOn = () => true) =>
  sweepLake({ jobs, store, now }, { keepMs: KEEP, onRequest, goOn })
const keys = async (prefix = ''): Promise<readonly string[]> => (await store.list(prefix)).map(({ key }) => key)
const outline = (id: string) => ({ fetchId: id, updatedDate: null, totals: [1], rows: 1, notes: [] })

async function jobIn(id: string, change: (job: Job) => Job): Promise<void> {
  const stored = await jobs.create(someJob(id))
  await jobs.replace(stored, change({ ...stored.job, updated: time }))
}
async function pagesOf(id: string, ...names: string[]): Promise<void> {
  for (const name of ['page-00001.json.gz', ...names]) await store.put(`raw/0001234567/${id}/${name}`, bytes)
}

describe('a job that ended', () => {
  it('is forgotten after its time, with pages that no manifest names, and with none that one names', async () => {
    await jobIn('failed', (job) => failed({ ...outlined(job, outline('failed-2'), 0), restarts: 1 }, ERROR, 0))
    await pagesOf('failed', 'meta.json')
    await pagesOf('failed-2')
    await jobIn('done', (job) => finished(job, RESULT, 0))
    await pagesOf('done', 'manifest.json')
    time = KEEP
    expect(await sweep()).toBe(true)
    expect(await jobs.list('estat')).toEqual(['failed', 'done'])
    time = KEEP + 1
    await sweep()
    expect(await keys('jobs/')).toEqual([])
    expect(await keys('raw/')).toEqual(['raw/0001234567/done/manifest.json', 'raw/0001234567/done/page-00001.json.gz'])
  })

  it('leaves everything of others, also of those whose id begins alike', async () => {
    await jobIn('job-1', (job) => failed(job, ERROR, 0))
    await jobs.create(someJob('job-1-2', 'theirs'))
    await pagesOf('job-10')
    time = KEEP + 1
    await sweep()
    expect(await jobs.list('theirs')).toEqual(['job-1-2'])
    expect(await keys('raw/')).toHaveLength(1)
  })
})

describe('a job that did not end', () => {
  const held = (job: Job): Job =>
    claimed(job, { holder: 'p', until: 10 * KEEP, now: time, done: 0, hasId: true }) ?? job

  it.each([true, false])('and is worked on stays whatever its age (asked for alone: %s)', async (onRequest) => {
    await jobIn('running', held)
    await pagesOf('running')
    const before = await keys()
    time = 5 * KEEP
    await sweep(onRequest)
    expect(await keys()).toEqual(before)
  })

  it('and waits in a loop stays; where jobs are only asked for, nobody has for so long, and it is given up', async () => {
    await jobs.create(someJob('queued'))
    await pagesOf('queued')
    time = KEEP + 1
    await sweep(false)
    expect((await jobs.get({ tenant: 'estat', id: 'queued' }))?.job.state).toBe('queued')
    await sweep(true)
    expect((await jobs.get({ tenant: 'estat', id: 'queued' }))?.job).toMatchObject({
      state: 'failed',
      error: { code: 'CANCELLED' },
    })
    expect(await keys('raw/')).toHaveLength(1)
    time += KEEP + 1
    await sweep(true)
    expect(await keys()).toEqual([])
  })

  it('for want of an application ID is given up', async () => {
    await jobIn('waiting', (job) => ({ ...job, state: 'needs_application_id' }))
    time = KEEP + 1
    await sweep()
    expect((await jobs.get({ tenant: 'estat', id: 'waiting' }))?.job.state).toBe('failed')
  })
})

describe('the rest', () => {
  it('a mark without a record, and a hold whose job is over, go; a hold of a job under way stays', async () => {
    await store.put('jobs/open/estat/lost', bytes)
    await jobIn('over', (job) => failed(job, ERROR, 0))
    await jobs.create(someJob('open'))
    for (const id of ['over', 'open', 'never'])
      await holdForJob({ store, jobs }, { tenant: 'estat', filename: `${id}.csv` }, id, 0)
    time = KEEP + 1
    await sweep()
    expect((await keys('jobs/')).filter((key) => !key.includes('records'))).toEqual([
      'jobs/names/estat/open.csv/00000001.json',
      'jobs/open/estat/open',
    ])
  })
})

describe('sweeping', () => {
  it('is done once a day by one of any number of processes, and a failure of it is told and no more', async () => {
    const reported: unknown[] = []
    const report = (error: unknown): void => void reported.push(error)
    const terms = { onRequest: false, goOn: () => true }
    time = 10 * DAY
    const [one, two] = [sweeper({ jobs, store, now, report }, KEEP), sweeper({ jobs, store, now, report }, KEEP)]
    const sweeps = (): number => store.calls.filter((call) => call === 'list jobs/names').length
    await one(terms)
    await two(terms)
    await one(terms)
    expect(sweeps()).toBe(1)
    time += DAY
    await two(terms)
    expect(sweeps()).toBe(2)
    const broken = { ...store, head: () => Promise.reject(new Error('disk')) }
    await sweeper({ jobs, store: broken, now, report }, KEEP)(terms)
    expect(reported).toHaveLength(1)
  })

  it('that runs out of time goes on another time', async () => {
    for (const id of ['a', 'b', 'c']) await jobIn(id, (job) => failed(job, ERROR, 0))
    time = KEEP + 1
    const run = sweeper({ jobs, store, now, report: () => {} }, KEEP)
    for (const left of [2, 1, 0, 0]) {
      let steps = 1
      await run({ onRequest: true, goOn: () => steps-- > 0 })
      expect(await jobs.list('estat')).toHaveLength(left)
      time += 60_000
    }
    expect(await store.head('jobs/swept')).toBeNull()
    await run({ onRequest: true, goOn: () => true })
    expect(await store.head('jobs/swept')).not.toBeNull()
  })

  it('by two at once takes nothing twice and nothing too much', async () => {
    for (let at = 0; at < 20; at++) {
      await jobIn(`old-${at}`, (job) => failed(job, ERROR, 0))
      await pagesOf(`old-${at}`)
    }
    time = KEEP + 1
    await jobIn('new', (job) => failed(job, ERROR, time))
    await Promise.all([sweep(), sweep()])
    expect([await jobs.list('estat'), await keys('raw/')]).toEqual([['new'], []])
  })
})
