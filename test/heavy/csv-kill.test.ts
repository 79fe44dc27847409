/**
 * Kill -9 and a freeze in the middle of writing a CSV file: `vitest run --config test/heavy/vitest.config.ts csv-kill`.
 * `CSV_ROWS` and `CSV_KILLS` choose another size.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OriginProcess } from '../e2e/origin-process.ts'
import { type CsvScene, openCsvScene } from './csv-scene.ts'

const ROWS = Number(process.env['CSV_ROWS'] ?? 400_000)
/** Rows of one page of a fetch. */
const PAGE = 100_000
const KILLS = Number(process.env['CSV_KILLS'] ?? 5)
const sleep = (millis: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, millis))

let scene: CsvScene
beforeAll(async () => {
  scene = await openCsvScene(ROWS)
})
afterAll(() => scene.close())

/** Waits until some process has begun to write a file that was not begun before. */
async function untilWriting(before: readonly string[]): Promise<void> {
  const until = Date.now() + 30_000
  while (Date.now() < until) {
    const { unfinished } = await scene.files()
    if (unfinished.some((name) => !before.includes(name))) return
    await sleep(5)
  }
  throw new Error(`nothing was written:\n${scene.origin.log()}`)
}

const LAYOUTS = [
  ['long', {}],
  ['wide', { layout: 'wide' }],
] as const

describe.each(LAYOUTS)('the writer of a file, layout %s', (layout, more) => {
  it(`killed ${KILLS} times at random moments: the file is there once, whole, and half a file never`, async () => {
    const output_filename = `killed-${layout}.csv`
    const asked = scene.upstream.pages.length
    const whole = (await scene.files()).whole
    let before = (await scene.files()).unfinished
    const id = await scene.begin({ output_filename, ...more })
    for (let kill = 0; kill < KILLS; kill++) {
      await untilWriting(before)
      await sleep(Math.random() * 400)
      await scene.origin.kill('SIGKILL')
      const there = await scene.files()
      expect(there.whole).toEqual(whole)
      before = there.unfinished
      await scene.origin.restart()
    }
    await scene.expectWhole(await scene.untilOver(scene.origin, id))
    expect((await scene.files()).whole).toEqual([...whole, output_filename].toSorted())
    expect(scene.upstream.pages).toHaveLength(asked + Math.ceil(ROWS / PAGE))
  })

  it('frozen beyond its lease: another process writes it, and the one that wakes changes nothing', async () => {
    const output_filename = `frozen-${layout}.csv`
    const { unfinished } = await scene.files()
    const id = await scene.begin({ output_filename, ...more })
    await untilWriting(unfinished)
    await sleep(Math.random() * 400)
    scene.origin.freeze()
    const other: OriginProcess = await scene.another()
    const done = await scene.untilOver(other, id).finally(() => scene.origin.thaw())
    const sum = await scene.expectWhole(done)
    await sleep(3_000)
    expect(await scene.job(scene.origin, id)).toEqual(done)
    expect(await scene.expectWhole(done)).toBe(sum)
    // What the frozen one had begun is gone: it found out that the job was no longer its own.
    expect((await scene.files()).unfinished).toEqual(unfinished)
    await other.kill('SIGKILL')
  })
})
