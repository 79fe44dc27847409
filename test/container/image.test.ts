/** The image itself: what is in it, that it serves under the limits of a small task, and that it ends without losing work. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, lstatSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { memoryLimit } from '../bench/memory-limit.ts'
import { samplePeak } from '../bench/process-tree.ts'
import { quarterCpu } from '../bench/quarter-cpu.ts'
import { freePort, healthy } from '../e2e/origin-process.ts'
import { openScene, sleep, untilOver } from '../heavy/killed-job.ts'
import { newSigningKey } from '../platform/workerd.ts'
import { type Container, startContainer } from './container.ts'
import { buildImage, type Image, whyNoImage } from './image.ts'
import { type ContainerOrigin, dataFolder, startContainerOrigin } from './origin.ts'

const why = whyNoImage()
/** Docker waits so long before it kills. */
const STOP_MS = 10_000
const MB = 1_000_000
const tell = (line: string): void => void process.stdout.write(`${line}\n`)
if (why !== null) tell(`The container is not tried: ${why}.`)

describe.runIf(why === null)('the image', () => {
  let image: Image
  const volumes: string[] = []
  const volume = async (): Promise<string> => {
    const folder = await dataFolder(image)
    volumes.push(folder)
    return folder
  }
  beforeAll(async () => {
    image = await buildImage()
    tell(
      `image: ${(image.bytes / MB).toFixed(1)} MB beyond its base; of these ${/together +([\d.]+) MB/.exec(image.log)?.[1]} MB /app`,
    )
  })
  afterAll(async () => {
    for (const folder of volumes) rmSync(folder, { recursive: true, force: true })
    await image?.remove()
  })

  it('runs as nobody of the machine, and says how it is asked, stopped and looked after', () => {
    expect(image.config).toMatchObject({
      User: '10001:10001',
      Entrypoint: ['/app/run'],
      Cmd: ['both'],
      StopSignal: 'SIGTERM',
      Volumes: { '/data': {} },
      Healthcheck: { Test: ['CMD', '/app/run', 'health'] },
    })
    expect(image.config.Env.join('\n')).not.toMatch(/KEY|SECRET|TOKEN|PASSWORD/)
  })

  it('holds the bundle, a Node, an empty volume of its user, and nothing that builds', () => {
    const has = (path: string): boolean => existsSync(join(image.files, path))
    expect(
      ['app/origin.mjs', 'app/edge.mjs', 'app/keys.mjs', 'app/run', 'usr/local/bin/node'].filter((path) => !has(path)),
    ).toEqual([])
    expect(['src', 'usr/local/bin/npm', 'app/node_modules/esbuild', 'root/.npm/_cacache'].filter(has)).toEqual([])
    const { uid, gid, mode } = lstatSync(join(image.files, 'data'))
    expect([uid, gid, mode & 0o777, readdirSync(join(image.files, 'data'))]).toEqual([10_001, 10_001, 0o755, []])
    const own = readdirSync(join(image.files, 'app'), { recursive: true, encoding: 'utf8' })
    const writable = own.filter((path) => (lstatSync(join(image.files, 'app', path)).mode & 0o022) !== 0)
    expect(writable.filter((path) => !lstatSync(join(image.files, 'app', path)).isSymbolicLink())).toEqual([])
  })

  describe('under 512 MB and a quarter of a CPU', () => {
    const key = 'a-key-of-this-test'
    let origin: ContainerOrigin
    let edge: Container
    let url: string
    let peak: () => number
    const limit = memoryLimit(`estat-container-${process.pid}`, 512 * 1024 * 1024)
    const released: (() => void)[] = []

    beforeAll(async () => {
      if (limit === null) throw new Error('no cgroup can be made here')
      const { d: secret, ...open } = await newSigningKey()
      origin = await limit.start(() => startContainerOrigin(image, { edgeKeys: [open] }))
      const port = await freePort()
      url = `http://127.0.0.1:${port}`
      const env = {
        EDGE_PORT: String(port),
        ORIGIN_URL: origin.url,
        CALLER_SIGNING_KEY: JSON.stringify({ ...open, d: secret }),
        MCP_API_KEY: key,
        KEYS_FILE: '/data/keys.json',
        // Nobody's.
        PORT: String(await freePort()),
      }
      edge = await startContainer(image, ['edge'], { data: await volume(), env })
      await healthy(url, edge.log)
      for (const pid of [origin.pid(), edge.pid]) {
        const release = quarterCpu(pid)
        if (release === null) throw new Error('no cgroup can be made here')
        released.push(release)
      }
      peak = samplePeak(origin.pid())
    })
    afterAll(async () => {
      await edge?.close()
      await origin?.close()
      for (const release of released) release()
      limit?.release()
    })

    it('passes the tour through the edge, nothing killed', async () => {
      const script = fileURLToPath(new URL('../../infra/scripts/tour.ts', import.meta.url))
      const tour = spawn(process.execPath, [script, '--url', url, '--key', key])
      let output = ''
      for (const stream of [tour.stdout, tour.stderr]) stream.on('data', (text: Buffer) => (output += text.toString()))
      const [code] = (await once(tour, 'exit')) as [number | null]
      expect([code, output]).toEqual([0, expect.stringMatching(/The tour holds: \d+ steps/)])
      expect(readFileSync(`/proc/${origin.pid()}/cgroup`, 'utf8')).toContain(`estat-container-${process.pid}`)
      expect(limit?.killed()).toBe(0)
      tell(
        `origin: none killed in 512 MiB (${(peak() / MB).toFixed(0)} MB resident at the peak, what processes share counted for each); ${/The tour holds.*/.exec(output)?.[0]}`,
      )
    })

    it('makes API keys with its own tool, which its edge takes', async () => {
      const grant = ['--label', 'test', '--scopes', 'read', '--platform', 'file', '--file', '/data/keys.json', '--json']
      const { code, output } = await edge.exec('/app/run', 'keys', 'create', ...grant)
      const { key: made } = JSON.parse(output) as { key: string }
      expect([code, made]).toEqual([0, expect.stringMatching(/^[a-z0-9]+\./)])
      const answer = await fetch(`${url}/search?q=%E4%BA%BA%E5%8F%A3`, { headers: { 'x-api-key': made } })
      expect(answer.status).toBe(200)
    })

    it('is told healthy by its own check, and only while it is', async () => {
      expect(await origin.container().exec('/app/run', 'health')).toMatchObject({ code: 0 })
      expect(await edge.exec('/app/run', 'health')).toMatchObject({ code: 0 })
      expect(await edge.exec('/app/run', 'health', 'origin')).not.toMatchObject({ code: 0 })
    })

    it('can write nothing but its volume and /tmp, and gains no right', async () => {
      const container = origin.container()
      const writes = async (path: string) => (await container.exec('/bin/sh', '-c', `touch ${path} 2>/dev/null`)).code
      expect([await writes('/data/x'), await writes('/tmp/x')]).toEqual([0, 0])
      for (const path of ['/app/x', '/etc/x', '/var/tmp/x', '/usr/local/bin/node'])
        expect(await writes(path)).not.toBe(0)
      const status = readFileSync(`/proc/${origin.pid()}/status`, 'utf8')
      expect(status).toMatch(/^Uid:\s+10001\s+10001/m)
      expect(status).toMatch(/^NoNewPrivs:\s+1$/m)
      expect(status).toMatch(/^Cap(Eff|Prm):\s+0+$/m)
    })

    it('the edge, asked to stop, ends by itself with 0', async () => {
      const since = Date.now()
      edge.signal('SIGTERM')
      expect(await edge.ended).toBe(0)
      expect(Date.now() - since).toBeLessThan(STOP_MS)
    })
  })

  it('asked to stop in the middle of a job, it ends in time and hands it over: nothing is lost or asked for twice', async () => {
    let made: ContainerOrigin | null = null
    // A lease that outlasts the test: only one that was handed back can be taken over.
    const env = { ESTAT_JOB_LEASE_SECONDS: '300' }
    const scene = await openScene(12, env, async (settings) => (made = await startContainerOrigin(image, settings)))
    try {
      scene.upstream.delay = 150
      const id = await scene.begin()
      while ((await scene.kept()).size < 4) await sleep(10)
      const since = Date.now()
      await scene.origin.kill('SIGTERM')
      const took = Date.now() - since
      expect(await (made as ContainerOrigin | null)?.container().ended).toBe(0)
      expect(took).toBeLessThan(STOP_MS)
      await scene.mark()
      await scene.origin.restart()
      await untilOver(scene, id)
      await scene.expectWhole(id, 1)
      tell(`stopped in the middle of a job after ${took} ms; another start finished it`)
    } finally {
      await scene.close()
    }
  })

  describe('both in one container', () => {
    const running: Container[] = []
    afterAll(async () => void (await Promise.all(running.map((container) => container.close()))))
    const start = async (): Promise<{ container: Container; url: string }> => {
      const { d: secret, ...open } = await newSigningKey()
      const [port, edgePort] = [await freePort(), await freePort()]
      const env = {
        PORT: String(port),
        EDGE_PORT: String(edgePort),
        ORIGIN_URL: `http://127.0.0.1:${port}`,
        ORIGIN_PUBLIC_KEYS: JSON.stringify([open]),
        CALLER_SIGNING_KEY: JSON.stringify({ ...open, d: secret }),
        MCP_API_KEY: 'a-key-of-this-test',
        ESTAT_CATALOGUE: 'off',
      }
      const container = await startContainer(image, image.config.Cmd, { data: await volume(), env })
      running.push(container)
      const url = `http://127.0.0.1:${edgePort}`
      // The edge answers first, and says whether the origin does; it asks once in five seconds.
      for (const until = Date.now() + 20_000; !(await originIsUp(url)); await sleep(200))
        if (Date.now() > until) throw new Error(`both did not start:\n${container.log()}`)
      return { container, url }
    }

    it('serves, is healthy, and ends with 0 when asked', async () => {
      const { container, url } = await start()
      const answer = await fetch(`${url}/search?q=%E4%BA%BA%E5%8F%A3`, {
        headers: { 'x-api-key': 'a-key-of-this-test' },
      })
      expect(answer.status).toBe(200)
      expect(await container.exec('/app/run', 'health')).toMatchObject({ code: 0 })
      const since = Date.now()
      container.signal('SIGTERM')
      expect(await container.ended).toBe(0)
      expect(Date.now() - since).toBeLessThan(STOP_MS)
      expect(container.log().match(/"event":"stopping"/g)).toHaveLength(2)
    })

    it('ends with a failure when either ends by itself', async () => {
      const { container } = await start()
      const kill = "kill -KILL $(grep -lz '[o]rigin.mjs' /proc/[0-9]*/cmdline | cut -d/ -f3)"
      expect(await container.exec('/bin/bash', '-c', kill)).toMatchObject({ code: 0 })
      expect(await container.ended).toBe(137)
    })
  })

  it('says which programs there are to whoever names none of them', async () => {
    const container = await startContainer(image, ['serve'], { data: await volume(), env: {} })
    expect(await container.ended).toBe(64)
    expect(container.log()).toContain('origin | edge | both')
  })
})

const originIsUp = (url: string): Promise<boolean> =>
  fetch(`${url}/health`).then(
    async (response) => ((await response.json()) as { origin?: string }).origin === 'up',
    () => false,
  )
