/** Jobs at work: every page once, whoever stops, dies or cancels in between. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { cancelJob } from '../../../origin/jobs/cancel-job.ts'
import type { Job } from '../../../origin/jobs/job.ts'
import type { RunnerLoop } from '../../../origin/jobs/runner.ts'
import { fault } from '../../../shared/fault.ts'
import type { FakeStats } from '../../fakes/stats-source.ts'
import { everyPage, type JobScene, jobScene, PAGES, ROWS, WHOLE } from './job-scene.ts'

let scene: JobScene
beforeEach(() => {
  scene = jobScene()
})
afterEach(() => scene.close())

describe('a job', () => {
  it('fetches every page once and is done once, by a loop', async () => {
    const runner = scene.process()
    runner.start()
    const job = await scene.submit(runner)
    const done = await scene.over(runner, job)
    expect(done).toMatchObject({
      state: 'done',
      done: ROWS,
      lease: null,
      result: { rows: ROWS, matched: ROWS, complete: true },
    })
    expect(scene.pagesAsked()).toEqual(everyPage())
    expect(await scene.sumOf(done)).toBe(WHOLE)
    expect(await scene.jobs.open()).toEqual([])
  })

  it('goes on only while somebody asks, where no loop runs', async () => {
    const runner = scene.process({ workMs: 1 })
    const job = await scene.submit(runner)
    scene.stats.beforePage = () => new Promise((resolve) => setTimeout(resolve, 20))
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(scene.stats.asked).toEqual([])
    await runner.advance(job, 30, new AbortController().signal)
    await new Promise((resolve) => setTimeout(resolve, 100))
    const paused = await scene.stateOf(job)
    expect([paused.state, paused.lease, paused.done > 0, paused.done < ROWS]).toEqual(['queued', null, true, true])
    expect(await scene.over(runner, job)).toMatchObject({ state: 'done' })
    expect(scene.pagesAsked()).toEqual(everyPage())
  })

  it('hands its lease back when its process ends, and another goes on at once', async () => {
    const first = scene.process({ leaseMs: 60_000 })
    first.start()
    const job = await scene.submit(first)
    scene.stats.beforePage = (start) => (start === 51 ? void first.stop() : undefined)
    const gone = await scene.over(first, job)
    await first.stop()
    expect((await scene.stateOf(job)).lease).toBeNull()
    expect(gone.state).not.toBe('done')
    const second = scene.process()
    expect(await scene.sumOf(await scene.over(second, job))).toBe(WHOLE)
    const again = scene.pagesAsked().length - PAGES
    expect(again).toBeLessThanOrEqual(2) // pages on their way when it ended
  })

  it('is taken over when its holder is frozen, who then finds it gone', async () => {
    let freeze = Promise.resolve()
    let thaw = (): void => {}
    const stuck = {
      ...scene.stats,
      packed: async (...args: Parameters<FakeStats['packed']>) => (await freeze, scene.stats.packed(...args)),
    }
    // A frozen process renews nothing: its lease is never longer than it was.
    const frozen = scene.process({ stats: stuck, leaseMs: 100, now: () => Math.min(Date.now(), stop) })
    let stop = Number.POSITIVE_INFINITY
    scene.stats.beforePage = (start) => {
      if (start !== 41 || stop !== Number.POSITIVE_INFINITY) return
      stop = Date.now()
      freeze = new Promise((resolve) => (thaw = resolve))
    }
    frozen.start()
    const job = await scene.submit(frozen)
    const second = scene.process()
    while (stop === Number.POSITIVE_INFINITY) await new Promise((resolve) => setTimeout(resolve, 5))
    const done = await scene.over(second, job)
    expect([done.state, await scene.sumOf(done)]).toEqual(['done', WHOLE])
    thaw()
    await frozen.stop()
    expect(await scene.stateOf(job)).toEqual(done)
  })

  it('waits after a failure that may pass, and asks again for nothing that is there', async () => {
    let ahead = 0
    const runner = scene.process({ now: () => Date.now() + ahead, workMs: 100 })
    let down = true
    scene.stats.beforePage = (start) => {
      if (down && start === 61) throw fault('ESTAT_UNAVAILABLE', 'down')
    }
    const job = await scene.submit(runner)
    await runner.advance(job, 100, new AbortController().signal)
    const waiting = await scene.stateOf(job)
    expect(waiting).toMatchObject({ state: 'queued', attempts: 1, error: { code: 'ESTAT_UNAVAILABLE' }, lease: null })
    expect(waiting.notBefore - waiting.updated).toBe(5_000)
    down = false
    const before = scene.stats.asked.length
    ahead = 5_000
    expect(await scene.sumOf(await scene.over(runner, job))).toBe(WHOLE)
    expect(scene.stats.asked.slice(before)).not.toContain('page 1+10')
  })

  it('gives way to others in turn, and is whole all the same', async () => {
    const runner = scene.process({ pollMs: 30 })
    const [one, two] = [await scene.submit(runner), await scene.submit(runner, { lang: 'E' })]
    scene.stats.beforePage = () => new Promise((resolve) => setTimeout(resolve, 15))
    runner.start()
    const ends = [await scene.over(runner, one), await scene.over(runner, two)]
    expect(ends.map(({ state }) => state)).toEqual(['done', 'done'])
    expect(await Promise.all(ends.map((job) => scene.sumOf(job)))).toEqual([WHOLE, WHOLE])
    expect(scene.pagesAsked()).toHaveLength(2 * PAGES)
  })

  it('that is asked for again while it runs is the same one', async () => {
    const runner = scene.process()
    const one = await scene.submit(runner)
    expect([(await scene.submit(runner)).id, (await scene.submit(runner, { lang: 'E' })).id === one.id]).toEqual([
      one.id,
      false,
    ])
  })

  it('of a caller with an own application ID waits for it in another process', async () => {
    const first = scene.process()
    const job = await scene.submit(first, {}, 'a'.repeat(40))
    const second = scene.process()
    await second.advance(job, 100, AbortSignal.timeout(300))
    expect(await scene.stateOf(job)).toMatchObject({ state: 'needs_application_id', lease: null })
    expect(scene.stats.asked).toEqual([])
    second.bring(job, 'b'.repeat(40))
    expect(await scene.over(second, job)).toMatchObject({ state: 'done' })
    const texts = await Promise.all(
      (await scene.store.list('')).map(async ({ key }) => (await scene.store.get(key)) ?? new Uint8Array()),
    )
    expect(texts.some((bytes) => /a{40}|b{40}/.test(new TextDecoder().decode(bytes)))).toBe(false)
  })
})

describe('cancelling', () => {
  const cancel = (runner: RunnerLoop, job: Job) => cancelJob({ ...scene, runner }, job, Date.now())

  it('stops the work under way, and what was fetched stays and says how much it is', async () => {
    const runner = scene.process()
    runner.start()
    let reached = (): void => {}
    const half = new Promise<void>((resolve) => (reached = resolve))
    scene.stats.beforePage = (start) => {
      if (start !== 51) return undefined
      reached()
      return new Promise((resolve) => setTimeout(resolve, 50))
    }
    const job = await scene.submit(runner)
    await half
    const told = await cancel(runner, job)
    expect(told).toMatchObject({ state: 'cancelled', lease: null, result: { complete: false, matched: ROWS } })
    await new Promise((resolve) => setTimeout(resolve, 100))
    const asked = scene.stats.asked.length
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect([scene.stats.asked.length, await scene.stateOf(job)]).toEqual([asked, told])
    const manifest = await scene.manifestOf(told as Job)
    expect(manifest.rows).toBe(told?.result?.rows)
    expect(manifest.meta.extent?.note).toContain('cancelled')
    expect(await scene.sumOf(told as Job)).toBeGreaterThan(0)
  })

  it('changes nothing of a job that is over, or of none', async () => {
    const runner = scene.process()
    const done = await scene.over(runner, await scene.submit(runner))
    expect(await cancel(runner, done)).toEqual(done)
    expect(await cancel(runner, { ...done, tenant: 'theirs' })).toBeNull()
  })

  it('of a job that has not begun leaves nothing', async () => {
    const runner = scene.process()
    const job = await scene.submit(runner)
    expect(await cancel(runner, job)).toMatchObject({ state: 'cancelled', result: null })
    expect(await scene.store.list('raw/')).toEqual([])
  })
})
