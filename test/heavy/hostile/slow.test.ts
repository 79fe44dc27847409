/**
 * Those who send or read as slowly as they can, and those who only connect: others are served meanwhile, and each
 * platform ends them in its own time (issue 5, "Hostile input").
 *
 * The edge itself waits 25 s for a body on every platform. Headers and silence are the server's own business: workerd
 * gives them 15 s, Node what `edge/platform/node/http-server.ts` says. A reader who takes nothing costs a socket and its
 * buffers, for three minutes on Node; workerd alone has no bound for it, Cloudflare's front has.
 */
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { residentBytes } from '../../bench/process-tree.ts'
import { type Answering, sendJson } from '../../platform/fake-origin.ts'
import { type FakeScene, openFakeScene } from './fake-scene.ts'
import { PLATFORMS } from './scene.ts'

const DRIP_MS = 200
const SLOW = 40
const IDLE = 500
const LARGE = 20_000_000
const READERS = 10
/** Longer than twice the 90 s that Node is told: with a write under way it looks once more. */
const OVER_SILENCE_MS = 200_000

const BODY = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping', params: { x: 'a'.repeat(2_000) } })

interface Dripping {
  readonly socket: Socket
  readonly text: () => string
  /** Milliseconds until the server closed; undefined while it has not. */
  readonly ended: () => number | undefined
}

/** Sends `first` at once and then the rest byte by byte; none: only listens. */
function drip(url: string, first: string, rest = ''): Dripping {
  const { hostname, port } = new URL(url)
  const began = Date.now()
  let [text, ended] = ['', undefined as number | undefined]
  const socket = connect({ host: hostname, port: Number(port) })
  if (first !== '') socket.write(first)
  let at = 0
  const timer = setInterval(() => {
    if (at < rest.length) socket.write(rest[at++] ?? '')
  }, DRIP_MS)
  const over = (): void => {
    clearInterval(timer)
    ended ??= Date.now() - began
  }
  socket.on('data', (chunk) => (text += chunk.toString('latin1')))
  socket.on('error', over)
  socket.on('close', over)
  return { socket, text: () => text, ended: () => ended }
}

const readers = { gone: 0 }
/** Much, to those who call themselves so; `readers.gone` counts whose connections the edge has given up. */
const large: Answering = (heard, response) => {
  if (heard.headers['user-agent'] !== 'reader') return sendJson(response, 200, { ok: true })
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.on('error', () => undefined)
  void heard.left.then(() => (readers.gone += 1))
  const line = `data: ${'x'.repeat(64_000)}\n\n`
  let sent = 0
  const more = (): void => {
    while (sent < LARGE && !response.destroyed) {
      sent += line.length
      if (!response.write(line)) return void response.once('drain', more)
    }
    response.end()
  }
  more()
}

describe.each(PLATFORMS)('%s', (platform, start) => {
  let scene: FakeScene
  let head: string
  beforeAll(async () => {
    scene = await openFakeScene(start)
    head = `POST /mcp HTTP/1.1\r\nHost: ${scene.host}\r\nX-Api-Key: ${scene.key}\r\nContent-Type: application/json\r\n`
  })
  afterAll(() => scene?.close())

  /** 20 calls of somebody who behaves: the slowest in milliseconds. */
  async function served(): Promise<number> {
    const took: number[] = []
    for (let call = 0; call < 20; call++) {
      const began = Date.now()
      const headers = { 'x-api-key': scene.key, 'content-type': 'application/json' }
      const response = await fetch(`${scene.url}/mcp`, { method: 'POST', headers, body: BODY })
      expect([response.status, await response.json()]).toEqual([200, { ok: true }])
      took.push(Date.now() - began)
    }
    return Math.max(...took)
  }
  const endAll = (many: readonly Dripping[]): void => many.forEach(({ socket }) => socket.destroy())
  const timesOf = (many: readonly Dripping[]): readonly number[] =>
    many.map((one) => one.ended() ?? Number.POSITIVE_INFINITY)
  const say = (what: string, times: readonly number[], slowest: number): void =>
    void process.stdout.write(
      `${platform}: ${what}: ended after ${(Math.max(...times) / 1000).toFixed(1)} s; others waited ${slowest} ms at the most\n`,
    )

  it('serves others beside slow headers, slow bodies and silence, and ends them in bounded time', async () => {
    const before = scene.origin.heard.length
    const many = (count: number, first: string, rest: string): readonly Dripping[] =>
      Array.from({ length: count }, () => drip(scene.url, first, rest))
    const headers = many(SLOW, head, `X-A: ${'a'.repeat(1_000)}`)
    const bodies = many(SLOW, `${head}Content-Length: ${BODY.length}\r\n\r\n`, BODY)
    const chunks = many(SLOW, `${head}Transfer-Encoding: chunked\r\n\r\n`, `${BODY.length.toString(16)}\r\n${BODY}`)
    const silent = many(IDLE, '', '')
    await sleep(1_000)
    let slowest = await served()
    await sleep(36_000)
    slowest = Math.max(slowest, await served())

    const times = { headers, bodies, chunks, silent }
    for (const [what, ones] of Object.entries(times)) say(`slow ${what}`, timesOf(ones), slowest)
    expect(slowest).toBeLessThan(2_000)
    // What never came whole reached nobody.
    expect(scene.origin.heard.length - before).toBe(40)
    for (const one of [...bodies, ...chunks]) {
      expect(one.text()).toMatch(/^HTTP\/1\.1 4\d\d /)
      expect(one.text()).not.toMatch(/^HTTP\/1\.1 2/)
    }
    expect(Math.max(...timesOf(headers), ...timesOf(silent))).toBeLessThan(18_000)
    expect(Math.max(...timesOf(bodies), ...timesOf(chunks))).toBeLessThan(30_000)
    endAll([...headers, ...bodies, ...chunks, ...silent])
  })

  it('holds no answer in memory for those who do not read it, and serves others', async () => {
    scene.origin.answer(large)
    readers.gone = 0
    const memory = (): number => scene.edges.pids.reduce((sum, pid) => sum + residentBytes(pid), 0)
    const before = memory()
    const began = Date.now()
    const many = Array.from({ length: READERS }, () => {
      const one = drip(scene.url, `${head}User-Agent: reader\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`)
      one.socket.pause()
      return one
    })
    await sleep(6_000)
    expect(await served()).toBeLessThan(2_000)
    const grown = memory() - before
    process.stdout.write(
      `${platform}: ${READERS} readers who read nothing of ${LARGE / 1e6} MB each: ${(grown / 1e6).toFixed(0)} MB more\n`,
    )
    // All of it would be 200 MB: what is held is what sockets and their buffers take.
    expect(grown).toBeLessThan(80e6)
    const allGone = async (): Promise<number> => {
      for (const until = Date.now() + OVER_SILENCE_MS; Date.now() < until; await sleep(500))
        if (readers.gone === READERS) break
      return readers.gone
    }
    const gone = platform === 'workerd' ? readers.gone : await allGone()
    process.stdout.write(`${platform}: ${gone} of them were let go after ${(Date.now() - began) / 1000} s\n`)
    expect(gone).toBe(platform === 'workerd' ? 0 : READERS)
    endAll(many)
  })
})
