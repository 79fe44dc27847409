/**
 * A gigabyte through a real edge process on Node and a real origin process, to a reader that is slow at first: neither
 * holds more of it than of a fifth of it. `vitest run --config test/heavy/vitest.config.ts files-memory`.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir, open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { samplePeak } from '../bench/process-tree.ts'
import { callTool, freePort, type OriginProcess, startOrigin } from '../e2e/origin-process.ts'
import { newSigningKey } from '../platform/workerd.ts'

const SIZES = [200_000_000, 1_000_000_000] as const
/** Of either process, for five times the bytes: single runs differ by some 20 MB. */
const MOST_GROWTH_MB = 48
const ENTRY = fileURLToPath(new URL('../../edge/platform/node.ts', import.meta.url))
const sleep = (millis: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, millis))

let origin: OriginProcess
let edge: ChildProcess
beforeAll(async () => {
  const [signingKey, linkKey, port] = [await newSigningKey(), await newSigningKey(), await freePort()]
  const { d: _caller, ...edgeKey } = signingKey
  const { d: _link, ...linkPublic } = linkKey
  const url = `http://127.0.0.1:${port}`
  origin = await startOrigin({
    edgeKeys: [edgeKey],
    env: { LINK_SIGNING_KEY: JSON.stringify(linkKey), PUBLIC_URL: url },
  })
  edge = spawn(process.execPath, [ENTRY], {
    env: {
      PATH: process.env['PATH'],
      EDGE_PORT: String(port),
      ORIGIN_URL: origin.url,
      CALLER_SIGNING_KEY: JSON.stringify(signingKey),
      LINK_PUBLIC_KEYS: JSON.stringify([linkPublic]),
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  for (let tries = 0; !(await fetch(`${url}/health`).catch(() => null))?.ok; tries += 1) {
    if (tries > 200) throw new Error('the edge did not become healthy')
    await sleep(50)
  }
})
afterAll(async () => {
  edge?.kill('SIGKILL')
  await origin?.close()
})

/** Of zeros, but for its end. */
async function bigFile(size: number): Promise<string> {
  const key = `estat/parquet/1/${size}.parquet`
  const path = join(origin.dataDir, 'estat-lake', key)
  await mkdir(dirname(path), { recursive: true })
  const file = await open(path, 'w')
  await file.write('the end', size - 7)
  await file.close()
  return key
}

async function download(url: string): Promise<{ bytes: number; end: string }> {
  const response = await fetch(url)
  expect([response.status, response.headers.get('content-length')]).toEqual([200, expect.any(String)])
  const reader = (response.body as ReadableStream<Uint8Array>).getReader()
  let bytes = 0
  let last = Buffer.alloc(0)
  for (let piece = await reader.read(); piece.value; piece = await reader.read()) {
    if (bytes === 0) await sleep(1_500)
    bytes += piece.value.length
    last = Buffer.concat([last, piece.value]).subarray(-7)
  }
  return { bytes, end: last.toString() }
}

it('takes no memory that grows with the file', async () => {
  const peaks: { origin: number; edge: number }[] = []
  for (const size of SIZES) {
    const { download_url } = await callTool(origin, 'get_csv_download_url', { s3_path: await bigFile(size) })
    const [ofOrigin, ofEdge] = [samplePeak(origin.pid()), samplePeak(edge.pid ?? 0)]
    const from = performance.now()
    expect(await download(String(download_url))).toEqual({ bytes: size, end: 'the end' })
    const seconds = (performance.now() - from) / 1000
    const peak = { origin: ofOrigin() / 1e6, edge: ofEdge() / 1e6 }
    peaks.push(peak)
    process.stdout.write(
      `${size / 1e6} MB in ${seconds.toFixed(1)} s: peak ${peak.origin.toFixed(0)} MB of the origin, ${peak.edge.toFixed(0)} MB of the edge\n`,
    )
  }
  const [small, big] = peaks
  expect((big?.origin ?? 0) - (small?.origin ?? 0)).toBeLessThan(MOST_GROWTH_MB)
  expect((big?.edge ?? 0) - (small?.edge ?? 0)).toBeLessThan(MOST_GROWTH_MB)
})
