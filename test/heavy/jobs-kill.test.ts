/** Ten times kill -9, and ten times frozen, in the middle of a job (issue 3): `vitest run --config test/heavy/vitest.config.ts`. */
import { afterEach, it } from 'vitest'
import { openScene, type Scene, sleep, untilOver } from './killed-job.ts'

const TIMES = 10
const PAGES = 60
let scene: Scene
afterEach(() => scene.close())

it(`is whole after ${TIMES} kills at random points, each page asked for once but those on their way`, async () => {
  scene = await openScene(PAGES)
  scene.upstream.delay = 60
  const id = await scene.begin()
  const points = Array.from({ length: TIMES }, () => Math.random() * (PAGES - 4)).toSorted((a, b) => a - b)
  for (const point of points) {
    // As soon as so many pages are there, and some moment more: in the middle of a request, a write, a renewal.
    while ((await scene.kept()).size < Math.floor(point)) await sleep(5)
    await sleep(Math.random() * 60)
    await scene.origin.kill('SIGKILL')
    await scene.mark()
    await scene.origin.restart()
  }
  await untilOver(scene, id)
  await scene.expectWhole(id, TIMES)
})

it(`is whole after ${TIMES} freezes between requests, where a process works only while it is asked`, async () => {
  scene = await openScene(PAGES, { ESTAT_JOBS: 'on_request', ESTAT_CALL_SECONDS: '4' })
  scene.upstream.delay = 60
  const id = await scene.begin()
  for (let at = 0; at < TIMES; at++) {
    await scene.job(id)
    scene.origin.freeze()
    await sleep(Math.random() * 1500) // shorter and longer than the lease
    scene.origin.thaw()
  }
  await untilOver(scene, id)
  await scene.expectWhole(id, TIMES)
})
