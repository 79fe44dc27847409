/** The job model: who may take a job up, what failures cost, which pages are left. */
import { describe, expect, it } from 'vitest'
import {
  claimed,
  failed,
  finished,
  isOver,
  type Job,
  MOST_FAILURES,
  renewed,
  setBack,
} from '../../../origin/jobs/job.ts'
import { jobPages, rowsOf, splitPages } from '../../../origin/jobs/job-pages.ts'
import { someJob } from '../../contracts/job-store.ts'

const claim = { holder: 'a', until: 130, now: 100, done: 0, hasId: true }
const error = { code: 'ESTAT_UNAVAILABLE', message: 'down', hint: 'wait' } as const
const result = { fetchId: 'f', rows: 5, matched: 5, complete: true, note: null }

describe('a claim', () => {
  const running = claimed(someJob('j'), claim) as Job

  it('takes a job that waits', () => {
    expect(running).toMatchObject({ state: 'running', lease: { holder: 'a', until: 130 }, attempts: 0 })
  })

  it.each([
    ['while the lease holds', 129, null],
    ['at its end', 130, 'running'],
  ])('of another: %s', (_when, now, state) => {
    expect(claimed(running, { ...claim, holder: 'b', now })?.state ?? null).toBe(state)
  })

  it('is put off by a renewal', () => {
    expect(claimed(renewed(running, 160, 0, 120), { ...claim, holder: 'b', now: 140 })).toBeNull()
  })

  it.each([
    ['done', finished(running, result, 1)],
    ['failed', failed(running, error, 1)],
  ])('finds nothing to take in one that is %s', (_state, job) => {
    expect([isOver(job), claimed(job, claim)]).toEqual([true, null])
  })

  it('without the application ID of the caller leaves it waiting for one', () => {
    const waiting = claimed(someJob('j'), { ...claim, hasId: false })
    expect(waiting).toMatchObject({ state: 'needs_application_id', lease: null })
    expect(claimed(waiting as Job, { ...claim, hasId: false })).toBeNull()
    expect(claimed(waiting as Job, claim)).toMatchObject({ state: 'running' })
  })

  it('gives up on a job that loses its process again and again, without one more page', () => {
    let job: Job = someJob('j')
    for (let at = 0; at < 50 && !isOver(job); at++)
      job = claimed(job, { ...claim, now: 100 + at * 50, until: 130 + at * 50 }) as Job
    expect(job).toMatchObject({ state: 'failed', error: { code: 'INTERNAL_ERROR' }, attempts: 21 })
  })

  it('counts no loss against a job that got on', () => {
    let job: Job = someJob('j')
    for (let at = 0; at < 50; at++)
      job = claimed(job, { ...claim, now: 100 + at * 50, until: 130 + at * 50, done: at }) as Job
    expect(job).toMatchObject({ state: 'running', attempts: 1 })
  })
})

describe('a failure that may pass', () => {
  it('waits longer each time, then ends the job', () => {
    const waits: number[] = []
    let job: Job = someJob('j')
    while (!isOver(job)) {
      job = setBack(job, error, 0, 1000)
      waits.push(job.notBefore)
    }
    const seconds = [5, 10, 20, 40, 80, 160, 300, 300, 300, 300, 300]
    expect(waits).toEqual([...seconds.map((wait) => wait * 1000 + 1000), 0])
    expect([waits.length, job]).toMatchObject([MOST_FAILURES, { state: 'failed', error }])
  })

  it('begins to count anew after a page', () => {
    const twice = setBack(setBack(someJob('j'), error, 0, 0), error, 0, 0)
    expect(setBack(twice, error, 5, 0)).toMatchObject({ state: 'queued', attempts: 1, notBefore: 5_000, done: 5 })
  })

  it('is not taken up before its time', () => {
    const waiting = setBack(someJob('j'), error, 0, 0)
    expect([claimed(waiting, { ...claim, now: 4_999 }), claimed(waiting, { ...claim, now: 5_000 })?.state]).toEqual([
      null,
      'running',
    ])
  })
})

describe('the pages of a job', () => {
  const outline = { fetchId: 'f1', updatedDate: null, totals: [5, 0, 3], rows: 8, notes: [] }
  const numbers = (rows: number) =>
    jobPages('0001234567', { ...outline, rows }, 2).map(({ query, start, limit }) => [query, start, limit])

  it('are all rows of all queries, each once', () => {
    expect(numbers(8)).toEqual([
      [0, 1, 2],
      [0, 3, 2],
      [0, 5, 1],
      [2, 1, 2],
      [2, 3, 1],
    ])
  })

  it('end where max_records does, in the middle of a page too', () => {
    expect(numbers(6)).toEqual([
      [0, 1, 2],
      [0, 3, 2],
      [0, 5, 1],
      [2, 1, 1],
    ])
    expect(numbers(3)).toEqual([
      [0, 1, 2],
      [0, 3, 1],
    ])
  })

  it('are there or missing by their keys', () => {
    const pages = jobPages('0001234567', outline, 2)
    const keys = new Set(['raw/0001234567/f1/page-00002.json.gz', 'raw/0001234567/f0/page-00001.json.gz'])
    const { present, missing } = splitPages(pages, keys)
    expect([present.map(({ start }) => start), rowsOf(present), rowsOf(missing)]).toEqual([[3], 2, 6])
  })
})
