/** Kept files through the production Worker in a real workerd: from the real origin over HTTP, and straight from an S3. */
import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { serve } from '@hono/node-server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fileLinks } from '../../origin/adapters/file-links.ts'
import { freePort } from '../e2e/origin-process.ts'
import type { ObjectStore } from '../../origin/ports.ts'
import { openOrigin, type TestOrigin } from '../origin/support/origin.ts'
import { type RawEdges, startRawEdges } from '../platform/raw-workerd.ts'
import { newSigningKey } from '../platform/workerd.ts'
import { openS3, type S3Lab } from '../support/s3-store.ts'
import { WIRE_KEYS, WIRE_REGION } from '../support/wire-s3/server.ts'

const NAME = '人口 (総数).csv'
const KEY = `estat/csv/${NAME}`
const BYTES = Uint8Array.from({ length: 3_000_000 }, (_, at) => 32 + ((at * 7 + (at >> 10)) % 90))

let lab: S3Lab
let origin: TestOrigin
let server: ReturnType<typeof serve>
let byOrigin: RawEdges
let byS3: RawEdges
/** Bytes of a file that the origin was made to read. */
let read = 0
function countReads(store: ObjectStore): void {
  const open = store.stream.bind(store)
  const counted = () =>
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        read += chunk.length
        controller.enqueue(chunk)
      },
    })
  Object.assign(store, {
    stream: async (...args: Parameters<typeof open>) => (await open(...args))?.pipeThrough(counted()) ?? null,
  })
}
beforeAll(async () => {
  lab = await openS3()
  const { store: s3, options } = lab.fresh()
  await s3.put(KEY, BYTES)
  const [linkKey, port] = [await newSigningKey(), await freePort()]
  const { d: _links, ...linkPublic } = linkKey
  const common = { originUrl: `http://127.0.0.1:${port}`, instances: 1 }
  const vars = { LINK_PUBLIC_KEYS: JSON.stringify([linkPublic]) }
  byOrigin = await startRawEdges({ ...common, vars })
  byS3 = await startRawEdges({
    ...common,
    vars: {
      ...vars,
      FILES_BUCKET: options.bucket,
      FILES_ENDPOINT: lab.server.url,
      FILES_REGION: WIRE_REGION,
      FILES_ACCESS_KEY_ID: WIRE_KEYS.accessKeyId,
      FILES_SECRET_ACCESS_KEY: WIRE_KEYS.secretAccessKey,
    },
  })
  const links = fileLinks({ signingKey: linkKey, publicUrl: null, newId: () => crypto.randomUUID() })
  origin = await openOrigin({ edgeKeys: [byOrigin.publicKey, byS3.publicKey], ports: { links } })
  await origin.ports.store.put(KEY, BYTES)
  countReads(origin.ports.store)
  server = serve({ port, hostname: '127.0.0.1', fetch: (request) => origin.fetch(request) })
})
afterAll(async () => {
  await byOrigin?.close()
  await byS3?.close()
  server?.close()
  await origin?.close()
  await lab?.close()
})

async function linkAt(edge: RawEdges): Promise<string> {
  const { text } = await edge.issueKey({ scopes: ['lake'] })
  const response = await fetch(`${edge.urls[0]}/execute`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': text },
    body: JSON.stringify({ tool_name: 'get_csv_download_url', arguments: { s3_path: KEY } }),
  })
  const { result } = (await response.json()) as { result: { download_url: string } }
  return result.download_url
}

/** As fetch would not: no decoding, and every header as it came. */
const raw = (url: string, method: string, headers: Record<string, string> = {}) =>
  new Promise<{ status: number | undefined; headers: Record<string, unknown>; body: Buffer }>((resolve, reject) => {
    const request = httpRequest(url, { method, headers }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () =>
        resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) }),
      )
    })
    request.on('error', reject)
    request.end()
  })

describe.each([
  ['the origin', () => byOrigin],
  ['S3', () => byS3],
])('from %s', (_where, edgeOf) => {
  it('a link that a tool made there gives the bytes, their length, and the Japanese name', async () => {
    const url = await linkAt(edgeOf())
    expect(url.startsWith(`${edgeOf().urls[0]}/files/estat/csv/`)).toBe(true)
    const { status, headers, body } = await raw(url, 'GET', { 'accept-encoding': 'gzip, br' })
    expect([status, headers['content-length'], headers['content-encoding']]).toEqual([
      200,
      String(BYTES.length),
      undefined,
    ])
    expect(body.equals(BYTES)).toBe(true)
    expect(headers['content-disposition']).toContain(`filename*=UTF-8''${encodeURIComponent('人口 ')}%28`)
    expect(headers['etag']).toMatch(/^"/)
  })

  it('HEAD, a range and conditions are answered as the file stands', async () => {
    const url = await linkAt(edgeOf())
    const head = await raw(url, 'HEAD')
    expect([head.status, head.headers['content-length'], head.body.length]).toEqual([200, String(BYTES.length), 0])
    const etag = String(head.headers['etag'])
    const part = await raw(url, 'GET', { range: 'bytes=1000-1999', 'if-range': etag })
    expect([part.status, part.headers['content-length'], part.headers['content-range']]).toEqual([
      206,
      '1000',
      `bytes 1000-1999/${BYTES.length}`,
    ])
    expect(part.body.equals(BYTES.subarray(1000, 2000))).toBe(true)
    expect((await raw(url, 'GET', { 'if-none-match': etag })).status).toBe(304)
    expect((await raw(url, 'GET', { range: 'bytes=9000000-' })).status).toBe(416)
    expect((await raw(url.replace('csv?', 'csv?x=1&'), 'GET', { range: 'bytes=0-0' })).status).toBe(206)
  })

  it('an altered one opens nothing', async () => {
    const url = await linkAt(edgeOf())
    const altered = url.replace(/.$/, (end) => (end === 'A' ? 'Q' : 'A'))
    const { status, body } = await raw(altered, 'GET')
    expect([status, JSON.parse(body.toString())]).toMatchObject([403, { error: { code: 'FORBIDDEN' } }])
  })
})

it('a client that leaves ends the reading at the origin', async () => {
  const big = 'estat/parquet/1/big.parquet'
  const size = 100_000_000
  await origin.ports.store.put(big, new Uint8Array(size))
  const { text } = await byOrigin.issueKey({ scopes: ['lake'] })
  const { hostname, port } = new URL(byOrigin.urls[0] as string)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => {})
  read = 0
  socket.write(`GET /files/${big} HTTP/1.1\r\nHost: ${hostname}\r\nX-API-Key: ${text}\r\n\r\n`)
  await once(socket, 'data')
  socket.pause()
  // What is on its way: in the sockets' buffers and the streams' queues between four parties.
  await steady()
  const held = read
  expect(held).toBeLessThan(size / 4)
  socket.destroy()
  await steady()
  expect(read - held).toBeLessThan(size / 4)
})

/** Waits until nothing more is read. */
async function steady(): Promise<void> {
  for (let before = -1; before !== read; ) {
    before = read
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
}
