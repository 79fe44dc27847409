/** Several jobs in one process: none is held up by another's long step, and no step is done twice for it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CsvWork, Job } from '../../../origin/jobs/job.ts'
import type { ObjectStore } from '../../../origin/ports.ts'
import { type JobScene, jobScene, PAGES, ROWS, WHOLE } from './job-scene.ts'

const CSV: CsvWork = { filename: 'big.csv', layout: 'long', spread: null, raw: false, kept: null }
const LINES = ROWS + 1
const sleep = (millis: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, millis))

let scene: JobScene
let streamed: string[]
let slow: ObjectStore
beforeEach(() => {
  scene = jobScene()
  streamed = []
  // Each kept page takes a while to read: writing the file is a long step.
  slow = {
    ...scene.store,
    async stream(key, from) {
      streamed.push(key)
      await sleep(30)
      return scene.store.stream(key, from)
    },
  }
})
afterEach(() => scene.close())

const linesOf = async (job: Job): Promise<number> => {
  const bytes = await scene.store.get(job.result?.csv?.key ?? '')
  return new TextDecoder().decode(bytes ?? undefined).split('\r\n').length - 1
}

async function untilWriting(job: Job): Promise<void> {
  while (streamed.length === 0) {
    expect((await scene.stateOf(job)).state).not.toBe('done')
    await sleep(5)
  }
}

describe('a file being written', () => {
  it('rests while a small job has its turn, and goes on where it was', async () => {
    const runner = scene.process({ store: slow, pollMs: 40 })
    runner.start()
    const big = await scene.submit(runner, { csv: CSV })
    await untilWriting(big)
    const small = await scene.submit(runner, { lang: 'E', maxRecords: 10 })
    const ended = await scene.over(runner, small)
    const meanwhile = await scene.stateOf(big)
    expect([ended.state, meanwhile.state]).toEqual(['done', 'running'])
    expect(streamed.length).toBeLessThan(PAGES)
    const whole = await scene.over(runner, big)
    expect([whole.state, await linesOf(whole)]).toEqual(['done', LINES])
    expect(streamed).toHaveLength(PAGES)
  })

  it('is one of several, and all end', async () => {
    const runner = scene.process({ store: slow, pollMs: 40 })
    const names = ['a.csv', 'b.csv', 'c.csv', 'd.csv', 'e.csv']
    const jobs = await Promise.all(names.map((filename) => scene.submit(runner, { csv: { ...CSV, filename } })))
    runner.start()
    const ends = await Promise.all(jobs.map((job) => scene.over(runner, job)))
    expect(ends.map(({ state }) => state)).toEqual(names.map(() => 'done'))
    expect(await Promise.all(ends.map(linesOf))).toEqual(names.map(() => LINES))
    expect(streamed).toHaveLength(names.length * PAGES)
  })

  it('gives way to who asks for another job, where no loop runs, and goes on with the next question', async () => {
    const runner = scene.process({ store: slow, pollMs: 40 })
    const big = await scene.submit(runner, { csv: CSV })
    const small = await scene.submit(runner, { lang: 'E' })
    const leaving = new AbortController()
    const asking = runner.advance(big, 20_000, leaving.signal)
    await untilWriting(big)
    leaving.abort()
    expect(await scene.over(runner, small)).toMatchObject({ state: 'done' })
    await asking
    const whole = await scene.over(runner, big)
    expect([whole.state, await linesOf(whole)]).toEqual(['done', LINES])
    expect(streamed.length).toBeLessThanOrEqual(PAGES)
  })

  it('is handed back where it rests and nobody asks for it again', async () => {
    const runner = scene.process({ store: slow, pollMs: 10, leaseMs: 300 })
    const big = await scene.submit(runner, { csv: CSV })
    const small = await scene.submit(runner, { lang: 'E' })
    const leaving = new AbortController()
    const asking = runner.advance(big, 20_000, leaving.signal)
    await untilWriting(big)
    leaving.abort()
    await asking
    await scene.over(runner, small)
    while ((await scene.stateOf(big)).state === 'running') await sleep(20)
    expect(await scene.stateOf(big)).toMatchObject({ state: 'queued', lease: null, error: null, attempts: 0 })
    const other = scene.process()
    const whole = await scene.over(other, big)
    expect([whole.state, await linesOf(whole)]).toEqual(['done', LINES])
  })

  it('that rests is let go with its process, and leaves nothing', async () => {
    const runner = scene.process({ store: slow, pollMs: 10 })
    runner.start()
    const big = await scene.submit(runner, { csv: CSV })
    await untilWriting(big)
    scene.stats.beforePage = () => sleep(60)
    await scene.submit(runner, { lang: 'E' })
    await sleep(30)
    await runner.stop()
    expect(await scene.stateOf(big)).toMatchObject({ state: 'queued', lease: null })
    expect(await scene.store.list('estat/csv/')).toEqual([])
  })
})

describe('a page that does not come', () => {
  it('holds no other job up for long', async () => {
    const runner = scene.process({ pollMs: 20 })
    let release = (): void => {}
    const gate = new Promise<void>((resolve) => (release = resolve))
    scene.stats.beforePage = (start) => (start === 31 ? gate : undefined)
    const stuck = await scene.submit(runner)
    const free = await scene.submit(runner, { lang: 'E', maxRecords: 30 })
    runner.start()
    expect(await scene.over(runner, free)).toMatchObject({ state: 'done' })
    expect((await scene.stateOf(stuck)).state).toBe('running')
    release()
    const end = await scene.over(runner, stuck)
    expect([end.state, await scene.sumOf(end)]).toEqual(['done', WHOLE])
  })
})

describe('sweeping', () => {
  it('is done by the loop beside the jobs, and by questions where no loop runs', async () => {
    const asked: string[] = []
    let release = (): void => {}
    const gate = new Promise<void>((resolve) => (release = resolve))
    const sweep = async ({ onRequest, goOn }: { onRequest: boolean; goOn: () => boolean }): Promise<void> => {
      asked.push(`${onRequest ? 'question' : 'loop'} ${goOn()}`)
      await gate
    }
    const loop = scene.process({ sweep })
    loop.start()
    const job = await scene.submit(loop)
    // A sweep under way holds no job up.
    expect(await scene.over(loop, job)).toMatchObject({ state: 'done' })
    release()
    await scene.over(scene.process({ sweep }), job)
    expect([asked[0], asked.at(-1)]).toEqual(['loop true', 'question true'])
  })
})
