/** The quick variant of `test/heavy/jobs-kill.test.ts`: two kills, and one more process that goes on. */
import { afterAll, beforeAll, it } from 'vitest'
import { openScene, type Scene, sleep, untilOver } from '../heavy/killed-job.ts'

let scene: Scene
beforeAll(async () => {
  scene = await openScene(8)
})
afterAll(() => scene.close())

it('a job survives two kills of its process, and asks for no page that is there', async () => {
  scene.upstream.delay = 60
  const id = await scene.begin()
  for (const pages of [2, 4]) {
    while ((await scene.kept()).size < pages) await sleep(10)
    await scene.origin.kill('SIGKILL')
    await scene.mark()
    await scene.origin.restart()
  }
  await untilOver(scene, id)
  await scene.expectWhole(id, 2)
})
