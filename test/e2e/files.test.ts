/** Kept files on their whole way: a tool makes a link, the edge lets it pass, the origin streams the bytes. */
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { serve } from '@hono/node-server'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { fileLinks } from '../../origin/adapters/file-links.ts'
import { hasScope } from '../../shared/scope.ts'
import { type TestEdge, posting, testEdge } from '../edge/fixture.ts'
import { openOrigin, type TestOrigin } from '../origin/support/origin.ts'
import { newSigningKey } from '../platform/workerd.ts'
import { freePort } from './origin-process.ts'

const NAME = '人口 総数（男女別）.csv'
const KEY = `estat/csv/${NAME}`
const BYTES = new TextEncoder().encode(`\uFEFF地域,値\r\n${'東京都,14047594\r\n'.repeat(5_000)}`)

let edge: TestEdge
let origin: TestOrigin
let key: string
let base = 'http://127.0.0.1:8787'
beforeAll(async () => {
  const signingKey = await newSigningKey()
  const { d: _secret, ...publicKey } = signingKey
  edge = await testEdge({ linkKeys: [publicKey] })
  const links = fileLinks({ signingKey, publicUrl: null, newId: () => crypto.randomUUID() })
  origin = await openOrigin({ edgeKeys: [edge.publicKey], ports: { links } })
  edge.origin(({ request }) => origin.fetch(request))
  key = await edge.issueKey(['read', 'lake'])
  await origin.ports.store.put(KEY, BYTES)
  await origin.ports.store.put('other/csv/theirs.csv', BYTES)
})
// The edge's clock stands still; the origin's is the real one.
beforeEach(() => edge.advance((Date.now() - edge.now()) / 1000))
afterAll(() => origin.close())

async function call(tool_name: string, args: object, apiKey = key): Promise<Record<string, unknown>> {
  const response = await edge.request(
    '/execute',
    posting({ tool_name, arguments: args }, { 'x-api-key': apiKey }),
    base,
  )
  return (await response.json()) as Record<string, unknown>
}
const linkTo = async (args: object = {}) =>
  (await call('get_csv_download_url', { s3_path: `s3://estat-lake/${KEY}`, ...args }))['result'] as {
    download_url: string
    curl_command: string
  } & Record<string, unknown>
const open = (url: string, init: RequestInit = {}) => {
  const { origin: host, pathname, search } = new URL(url)
  return edge.request(pathname + search, init, host)
}

describe('a link', () => {
  it('gives exactly the bytes, as a download under the Japanese name, to whoever has it', async () => {
    const link = await linkTo()
    expect(link).toMatchObject({
      s3_path: `s3://estat-lake/${KEY}`,
      filename: NAME,
      expires_in: 3600,
      expires_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]{8}Z$/),
      size_bytes: BYTES.length,
      content_type: 'text/csv; charset=utf-8',
      note: null,
    })
    const response = await open(link.download_url)
    expect(Buffer.from(await response.arrayBuffer()).equals(BYTES)).toBe(true)
    expect([response.status, Object.fromEntries(response.headers)]).toEqual([
      200,
      expect.objectContaining({
        'accept-ranges': 'bytes',
        'cache-control': 'private, no-store, no-transform',
        'content-disposition': `attachment; filename="__ _______.csv"; filename*=UTF-8''${encodeURIComponent(NAME)}`,
        'content-length': String(BYTES.length),
        'content-type': 'text/csv; charset=utf-8',
        etag: expect.stringMatching(/^"[\w-]+"$/),
        'last-modified': expect.stringMatching(/ GMT$/),
        'x-content-type-options': 'nosniff',
      }),
    ])
  })

  it('names where its caller came from, and the name that was wished for', async () => {
    base = 'http://localhost:9000'
    const link = await linkTo({ filename: '東京' })
    base = 'http://127.0.0.1:8787'
    expect(link.download_url).toMatch(/^http:\/\/localhost:9000\/files\/estat\/csv\/%E4%BA%BA/)
    expect((await open(link.download_url)).headers.get('content-disposition')).toContain(
      `filename*=UTF-8''${encodeURIComponent('東京.csv')}`,
    )
  })

  it('never reaches the origin, which hears of the file and the tenant alone', async () => {
    const { download_url } = await linkTo()
    const response = await open(download_url, {
      headers: { cookie: 'a=b', 'x-api-key': 'wrong', referer: 'https://x' },
    })
    await response.body?.cancel()
    const { request, verified } = edge.heard.at(-1) ?? {}
    expect(request?.url).not.toContain('link')
    expect(JSON.stringify([...(request?.headers ?? [])])).not.toMatch(/a=b|wrong|https:\/\/x/)
    expect(verified?.caller).toEqual({ id: 'ip:unknown', tenant: 'estat', scopes: ['lake'] })
    expect(edge.reported).toEqual([])
  })

  it('serves HEAD, ranges and conditions', async () => {
    const { download_url } = await linkTo()
    const head = await open(download_url, { method: 'HEAD' })
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([
      200,
      String(BYTES.length),
      '',
    ])
    const etag = head.headers.get('etag') ?? ''
    const asked = async (headers: Record<string, string>) => {
      const { status, headers: told, body } = await open(download_url, { headers })
      const bytes = new Uint8Array(await new Response(body).arrayBuffer())
      return [status, told.get('content-range'), Buffer.from(bytes).equals(BYTES.subarray(10, 20))]
    }
    const part = `bytes 10-19/${BYTES.length}`
    expect(await asked({ range: 'bytes=10-19' })).toEqual([206, part, true])
    expect(await asked({ range: 'bytes=10-19', 'if-range': etag })).toEqual([206, part, true])
    expect(await asked({ range: 'bytes=10-19', 'if-range': '"another"' })).toEqual([200, null, false])
    expect(await asked({ 'if-none-match': etag })).toEqual([304, null, false])
    expect(await asked({ 'if-match': '"another"' })).toEqual([412, null, false])
    expect(await asked({ range: `bytes=${BYTES.length}-` })).toEqual([416, `bytes */${BYTES.length}`, false])
    expect((await open(download_url, { method: 'POST' })).status).toBe(405)
  })

  it('is what download_csv_from_s3 answers a caller on another machine', async () => {
    const { result, text } = await call('download_csv_from_s3', { s3_path: KEY })
    const { download_url, command } = result as { download_url: string; command: string }
    expect(text).toContain(download_url)
    expect(command).toBe(`curl -f -o '${NAME}' '${download_url}'`)
    expect(await (await open(download_url)).text()).toBe(new TextDecoder('utf-8').decode(BYTES))
  })
})

describe('without a link', () => {
  const path = (file: string) => `/files/${file.split('/').map(encodeURIComponent).join('/')}`
  const get = async (file: string, headers: Record<string, string>) =>
    (await edge.request(path(file), { headers })).status

  it('a caller has its own files alone', async () => {
    const own = { 'x-api-key': key }
    const theirs = { 'x-api-key': await edge.issueKey(['lake'], { tenant: 'other' }) }
    expect([await get(KEY, own), await get('other/csv/theirs.csv', own)]).toEqual([200, 404])
    expect([await get(KEY, theirs), await get('other/csv/theirs.csv', theirs)]).toEqual([404, 200])
    expect(await get(KEY, {})).toBe(401)
    for (const scopes of [['read'], ['admin']] as const) {
      const held = { 'x-api-key': await edge.issueKey([...scopes]) }
      expect(await get(KEY, held)).toBe(hasScope({ scopes }, 'lake') ? 200 : 403)
    }
  })

  it.each([
    'estat/csv/../../other/csv/theirs.csv',
    '../other/csv/theirs.csv',
    'estat/jobs/1.json',
    'jobs/1.json',
    'raw/0003280145/f/manifest.json',
    'estat/csv-sources/a.csv.json',
    'estat/csv/none.csv',
    'estat/csv/',
    '',
  ])('nobody has %s', async (file) => {
    expect(await get(file, { 'x-api-key': key })).toBe(404)
    for (const raw of [`/files/${file}`, path(file).replaceAll('%2F', '%252F')])
      expect((await edge.request(raw, { headers: { 'x-api-key': key } })).status).toBe(404)
  })

  it('the origin itself holds to the tenant, whatever the edge lets pass', async () => {
    const direct = async (file: string) =>
      (await origin.fetch(new Request(`http://origin${path(file)}`, { headers: { 'x-api-key': origin.adminKey } })))
        .status
    expect([await direct(KEY), await direct('other/csv/theirs.csv'), await direct('estat/jobs/1.json')]).toEqual([
      200, 404, 404,
    ])
    expect((await origin.fetch(new Request(`http://origin${path(KEY)}`))).status).toBe(401)
  })
})

it('curl saves the file under its name with the command that the tool gives', async () => {
  const port = await freePort()
  const server = serve({
    port,
    hostname: '127.0.0.1',
    fetch: (request) => open(request.url, { method: request.method, headers: request.headers }),
  })
  const folder = await mkdtemp(join(tmpdir(), 'curl-'))
  try {
    base = `http://127.0.0.1:${port}`
    const { curl_command } = await linkTo()
    await promisify(execFile)('sh', ['-c', curl_command], { cwd: folder })
    expect((await readFile(join(folder, NAME))).equals(BYTES)).toBe(true)
  } finally {
    base = 'http://127.0.0.1:8787'
    server.close()
    await rm(folder, { recursive: true })
  }
})
