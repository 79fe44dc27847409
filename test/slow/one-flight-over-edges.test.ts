/**
 * 1,000 identical searches at once, cold, over two instances of the edge: one reaches the origin and one e-Stat (issue
 * 5, "What it must show"). The real origin, its e-Stat the stand-in over HTTP.
 */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { serve } from '@hono/node-server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadSample } from '../../origin/sample/load-sample.ts'
import { createStandin } from '../../origin/standin/standin.ts'
import { freePort, type OriginProcess, startOrigin } from '../e2e/origin-process.ts'
import { startNodeEdges } from '../platform/node-edges.ts'
import { type RawEdges, startRawEdges } from '../platform/raw-workerd.ts'
import { searchAtOnce, tally } from '../support/search-load.ts'
import { WIRE_KEYS, type WireS3, wireS3 } from '../support/wire-s3/server.ts'

/** Forty hex digits, as e-Stat's are: made up. */
const APP_ID = 'ab'.repeat(20)
/** e-Stat's answer takes this long, so that all ask before there is one. */
const SLOW_MS = 1_000

const toEstat: string[] = []
const toOrigin: string[] = []
let estat: Server
let relay: Server
let origin: OriginProcess
let s3: WireS3
let workers: RawEdges
let processes: RawEdges

beforeAll(async () => {
  const standin = createStandin({ tables: loadSample().tables, accepts: [APP_ID], now: () => Date.now() })
  const port = await freePort()
  const fetch = async (request: Request): Promise<Response> => {
    toEstat.push(new URL(request.url).pathname)
    await sleep(SLOW_MS)
    return standin(request)
  }
  estat = serve({ fetch, port, hostname: '127.0.0.1' }) as Server
  let target = ''
  relay = await relayTo(() => target)
  const originUrl = `http://127.0.0.1:${(relay.address() as AddressInfo).port}`
  s3 = await wireS3()
  s3.bucket('answers')
  const vars = { RATE_LIMIT_PER_MINUTE: '1000000' }
  const onAws = {
    CACHE_BUCKET: 'answers',
    AWS_ENDPOINT_URL_S3: s3.url,
    AWS_ACCESS_KEY_ID: WIRE_KEYS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: WIRE_KEYS.secretAccessKey,
  }
  ;[workers, processes] = await Promise.all([
    startRawEdges({ originUrl, instances: 2, vars }),
    startNodeEdges({ originUrl, instances: 2, vars: { ...vars, ...onAws } }),
  ])
  origin = await startOrigin({
    edgeKeys: [workers.publicKey, processes.publicKey],
    env: { ESTAT_APP_ID: APP_ID, ESTAT_BASE_URL: `http://127.0.0.1:${port}` },
  })
  target = origin.url
})
afterAll(async () => {
  await Promise.all([workers?.close(), processes?.close(), origin?.close(), s3?.close()])
  for (const server of [estat, relay]) server?.close()
})

/** Before the origin, counting what reaches it. */
async function relayTo(target: () => string): Promise<Server> {
  const server = createServer((request, response) => {
    const { method = '', url = '', headers } = request
    if (url !== '/health') toOrigin.push(`${method} ${url}`)
    const passed = Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.includes(name)))
    void buffer(request)
      .then((body) => fetch(target() + url, { method, headers: passed as Record<string, string>, body }))
      .then(async (answer) => {
        response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' })
        response.end(Buffer.from(await answer.arrayBuffer()))
      })
      .catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}
const HOP_BY_HOP = ['host', 'connection', 'content-length', 'transfer-encoding']

describe.each([
  ['two Workers that share a Durable Object', '半導体', () => workers],
  ['two Node processes that share DynamoDB and S3', '鉱工業', () => processes],
])('%s', (_name, query, edges) => {
  it('ask the origin once, and e-Stat once, for 1,000 who ask the same at once', async () => {
    const { text: key } = await edges().issueKey()
    toOrigin.length = toEstat.length = 0
    const searched = await searchAtOnce(edges().urls, key, query, 1_000)
    expect({ toOrigin, toEstat }).toEqual({
      toOrigin: ['POST /execute'],
      toEstat: [expect.stringMatching(/getStatsList$/)],
    })
    const [first] = searched
    expect(first?.body).toMatchObject({ success: true, result: { live_complete: true } })
    for (const { body } of searched) expect(body).toEqual(first?.body)
    const { '200 MISS': led, '200 COALESCED': joined = 0, '200 HIT': hit = 0, ...others } = tally(searched)
    expect({ led, sum: joined + hit, others }).toEqual({ led: 1, sum: 999, others: {} })
    expect(joined).toBeGreaterThan(500)
  })

  it('have it at hand for whoever comes later, on both', async () => {
    const { text: key } = await edges().issueKey()
    toOrigin.length = 0
    await expect
      .poll(async () => tally(await searchAtOnce(edges().urls, key, query, 20)), { timeout: 8_000, interval: 500 })
      .toEqual({ '200 HIT': 20 })
    expect(toOrigin).toEqual([])
  })
})
