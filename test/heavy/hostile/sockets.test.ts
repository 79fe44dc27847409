/** HTTP that no client library would write, by hand, at both platforms' own servers (issue 5, "Hostile input"). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FakeScene, openFakeScene } from './fake-scene.ts'
import { framings } from './framings.ts'
import { PLATFORMS } from './scene.ts'
import { speak, statuses } from './sockets.ts'

/** For the answer of both to come, and for nothing to come after it. */
const LISTEN_MS = 2_500

describe.each(PLATFORMS)('%s', (platform, start) => {
  let scene: FakeScene
  beforeAll(async () => {
    scene = await openFakeScene(start)
  })
  afterAll(() => scene?.close())

  it('reads each framing in one way, and tells the origin of nothing that it did not let in', async () => {
    const { url, host, key, origin } = scene
    const named = (what: string): string => what.replace(/\W+/g, '-')
    const cases = framings(host, key, named)
    const side = platform === 'workerd' ? 'workerd' : 'node'
    const found = await Promise.all(
      cases.map(async ({ what, pieces }) => {
        const { text } = await speak(url, { pieces, pause: 100, listen: LISTEN_MS })
        return { what, statuses: statuses(text) }
      }),
    )
    const heardOf = (what: string): readonly string[] =>
      origin.heard.filter(({ headers }) => headers['user-agent'] === named(what)).map(({ body }) => body.toString())
    expect(found.map(({ what, ...rest }) => ({ what, ...rest, heard: heardOf(what) }))).toEqual(
      cases.map(({ what, heard, ...expected }) => ({ what, statuses: expected[side], heard: heard?.[side] ?? [] })),
    )

    const all = cases.reduce((sum, { heard }) => sum + (heard?.[side].length ?? 0), 0)
    expect(origin.heard.length).toBe(all)
    expect(origin.heard.filter(({ path }) => path !== '/mcp' && path !== '/tools')).toEqual([])
    expect(JSON.stringify(origin.heard.map(({ headers }) => headers))).not.toMatch(/forged|trailing|evil/)
    const health = await fetch(`${url}/health`)
    expect(await health.json()).toMatchObject({ status: 'healthy', origin: 'up' })
    process.stdout.write(`${platform}: ${cases.length} framings, ${all} requests let in, none beside them\n`)
  })
})
