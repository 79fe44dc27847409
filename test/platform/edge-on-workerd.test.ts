/** The production Worker in a real workerd, before an origin that verifies every token. */
import { type IncomingHttpHeaders, request as httpRequest } from 'node:http'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FakeOrigin, fakeOrigin, sendJson } from './fake-origin.ts'
import { type RunningEdge, startEdge } from './workerd.ts'

let origin: FakeOrigin
let edge: RunningEdge
beforeAll(async () => {
  origin = await fakeOrigin()
  edge = await startEdge({ originUrl: origin.url })
  origin.trust(edge.publicKey)
})
afterAll(async () => {
  await edge?.close()
  await origin?.close()
})

const call = (name: string, args: object, id = 1) => ({
  jsonrpc: '2.0',
  id,
  method: 'tools/call',
  params: { name, arguments: args },
})
const post = (path: string, key: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${edge.url}${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', accept: 'application/json', 'x-api-key': key, ...headers },
  })
const ok = () => origin.answer((_heard, response) => sendJson(response, 200, { jsonrpc: '2.0', id: 1, result: {} }))

/** What fetch would not send. */
const rawRequest = (method: string, headers: Record<string, string>, pieces: readonly string[] = []) =>
  new Promise<{ status: number | undefined; headers: IncomingHttpHeaders }>((resolve, reject) => {
    const sent = { 'content-type': 'application/json', ...headers }
    const request = httpRequest(`${edge.url}/mcp`, { method, headers: sent }, (response) => {
      response.resume()
      resolve({ status: response.statusCode, headers: response.headers })
    })
    request.on('error', reject)
    for (const piece of pieces) request.write(piece)
    request.end()
  })

describe('who and how much', () => {
  it('lets exactly the limit through, also after the counting object was evicted', async () => {
    ok()
    const { text, id } = await edge.issueKey()
    const before = origin.heard.length
    const ask = () => post('/mcp', text, call('describe_dataset', {}))
    const answers = await Promise.all(Array.from({ length: 150 }, ask))
    const passed = answers.filter(({ status }) => status === 200).length
    expect({ passed, heard: origin.heard.length - before }).toEqual({ passed: 100, heard: 100 })
    const refused = answers.find(({ status }) => status === 429)
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(50)
    expect(await refused?.json()).toMatchObject({ jsonrpc: '2.0', id: 1, error: { data: { code: 'RATE_LIMITED' } } })
    await edge.evictCounter(id)
    expect((await ask()).status).toBe(429)
  })

  it('takes no wrong key, and tells the origin who has a right one', async () => {
    ok()
    const { id, text } = await edge.issueKey({ tenant: 'other', scopes: ['read'] })
    for (const wrong of [`${id}.${'x'.repeat(43)}`, text.replace(id, '0000000000000000'), ''])
      expect((await post('/mcp', wrong, call('describe_dataset', {}))).status).toBe(401)
    expect((await post('/mcp', text, call('describe_dataset', {}))).status).toBe(200)
    expect(origin.heard.at(-1)?.verified.caller).toEqual({ id, tenant: 'other', scopes: ['read'] })
    expect((await post('/mcp', text, call('load_to_iceberg', {}))).status).toBe(403)
  })

  it('lets no header through that a client could use to be somebody else', async () => {
    ok()
    const { text } = await edge.issueKey()
    const spoofed = {
      authorization: 'Bearer other',
      cookie: 'a=b',
      forwarded: 'for=9.9.9.9',
      'cf-connecting-ip': '9.9.9.9',
      'x-api-key': text,
      'x-estat-caller': 'forged',
      'x-estat-tenant': 'other',
      'x-forwarded-for': '9.9.9.9',
      'x-real-ip': '9.9.9.9',
      'x-request-id': 'forged',
    }
    await post('/mcp', text, call('describe_dataset', {}), spoofed)
    const heard = JSON.stringify(origin.heard.at(-1)?.headers)
    for (const trace of ['9.9.9.9', 'forged', 'other', 'a=b', text]) expect(heard).not.toContain(trace)
  })

  it('refuses more than 1 MB that comes without a length', async () => {
    const { text } = await edge.issueKey()
    const pieces = Array.from({ length: 20 }, () => ' '.repeat(65_536))
    expect((await rawRequest('POST', { 'x-api-key': text, 'transfer-encoding': 'chunked' }, pieces)).status).toBe(413)
  })

  it('drops the body of a GET, which fetch could not send', async () => {
    ok()
    const { text } = await edge.issueKey()
    const headers = { 'x-api-key': text, 'content-length': '2' }
    expect((await rawRequest('GET', headers, ['{}'])).status).toBe(200)
    expect(origin.heard.at(-1)).toMatchObject({ method: 'GET', path: '/mcp', body: Buffer.alloc(0) })
  })

  it('opens no stream for a HEAD', async () => {
    const { text } = await edge.issueKey()
    const before = origin.heard.length
    const { status, headers } = await rawRequest('HEAD', { 'x-api-key': text, accept: 'text/event-stream' })
    expect([status, headers['allow']]).toEqual([405, 'GET, POST, DELETE'])
    expect(origin.heard).toHaveLength(before)
  })

  it('passes an answer on that came compressed', async () => {
    origin.answer((_heard, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
      response.end(gzipSync('{"jsonrpc":"2.0","id":1,"result":{}}'))
    })
    const { text } = await edge.issueKey()
    const answer = await post('/mcp', text, call('describe_dataset', {}))
    expect(await answer.json()).toEqual({ jsonrpc: '2.0', id: 1, result: {} })
  })
})

describe('search', () => {
  it('is asked once, framed for each revision, and says where it came from', async () => {
    const { text: key } = await edge.issueKey({ scopes: ['read'] })
    const query = `人口 ${crypto.randomUUID()}`
    const before = origin.heard.length
    origin.answer((_heard, response) =>
      sendJson(response, 200, { success: true, result: { total_found: 1 }, text: '1 table' }),
    )
    const first = await post('/mcp', key, call('search_estat_data', { query }))
    expect([first.status, first.headers.get('x-cache')]).toEqual([200, 'MISS'])
    const second = await post('/mcp', key, call('search_estat_data', { query: ` ${query.toUpperCase()}` }))
    expect([second.headers.get('x-cache'), second.headers.get('age')]).toEqual(['HIT', expect.stringMatching(/^\d+$/)])
    expect(await second.json()).toEqual(await first.json())
    const plain = await post('/execute', key, { tool_name: 'search_estat_data', arguments: { query } })
    expect(plain.headers.get('x-cache')).toBe('HIT')
    expect(await plain.json()).toEqual({ success: true, result: { total_found: 1 }, text: '1 table' })
    const stream = { accept: 'text/event-stream' }
    const event = await post('/mcp', key, call('search_estat_data', { query }), stream)
    expect(await event.text()).toMatch(/^event: message\ndata: \{"jsonrpc":"2.0".*"total_found":1.*\}\n\n$/)
    expect(origin.heard.slice(before).map(({ path }) => path)).toEqual(['/execute'])
  })

  it('is asked again once an administrator has purged it', async () => {
    const { text: key } = await edge.issueKey({ scopes: ['admin'] })
    origin.answer((_heard, response) => sendJson(response, 200, { success: true, result: {}, text: '' }))
    const body = call('search_estat_data', { query: `出生 ${crypto.randomUUID()}` })
    const ask = async () => (await post('/mcp', key, body)).headers.get('x-cache')
    expect([await ask(), await ask()]).toEqual(['MISS', 'HIT'])
    const purged = await post('/admin/purge', key, { tool: 'search_estat_data' })
    expect(await purged.json()).toMatchObject({ success: true, result: { purged: { tool: 'search_estat_data' } } })
    expect([await ask(), await ask()]).toEqual(['MISS', 'HIT'])
    const { text: reader } = await edge.issueKey({ scopes: ['read', 'lake'] })
    expect((await post('/admin/purge', reader, {})).status).toBe(403)
  })

  it('is asked again as long as the origin says no-store: while its catalogue is being built', async () => {
    const { text: key } = await edge.issueKey({ scopes: ['read'] })
    const body = call('search_estat_data', { query: `世帯 ${crypto.randomUUID()}` })
    const answer = (state: string, headers: Record<string, string>) =>
      origin.answer((_heard, response) => {
        for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
        sendJson(response, 200, { success: true, result: { catalogue: { state } }, text: state })
      })
    const ask = async () => {
      const response = await post('/mcp', key, body)
      const { result } = (await response.json()) as { result: { structuredContent: unknown } }
      return [response.headers.get('x-cache'), result.structuredContent]
    }
    answer('building', { 'cache-control': 'no-store' })
    expect(await ask()).toEqual(['MISS', { catalogue: { state: 'building' } }])
    expect(await ask()).toEqual(['MISS', { catalogue: { state: 'building' } }])
    answer('complete', {})
    expect(await ask()).toEqual(['MISS', { catalogue: { state: 'complete' } }])
    expect(await ask()).toEqual(['HIT', { catalogue: { state: 'complete' } }])
  })

  it('tells a model that the origin is down', async () => {
    const { text: key } = await edge.issueKey()
    origin.answer((_heard, response) => void response.destroy())
    for (const name of ['search_estat_data', 'describe_dataset']) {
      const response = await post('/mcp', key, call(name, { query: crypto.randomUUID() }, 8))
      expect(response.status).toBe(503)
      expect(await response.json()).toMatchObject({ id: 8, error: { data: { code: 'ESTAT_UNAVAILABLE' } } })
    }
  })
})

describe('streams', () => {
  const EVENT = { 'content-type': 'text/event-stream' }

  it('pass at once, piece by piece', async () => {
    const { text: key } = await edge.issueKey()
    let next: () => void = () => {}
    origin.answer(async (_heard, response) => {
      for (let piece = 0; piece < 3; piece++) {
        if (piece === 0) response.writeHead(200, EVENT)
        response.write(`data: ${performance.timeOrigin + performance.now()}\n\n`)
        await new Promise<void>((resolve) => (next = resolve))
      }
      response.end()
    })
    const headers = { accept: 'text/event-stream', 'x-api-key': key }
    const response = await fetch(`${edge.url}/mcp`, { headers })
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    const reader = (response.body as ReadableStream<Uint8Array>).getReader()
    const lags: number[] = []
    for (let piece = 0; piece < 3; piece++) {
      const sent = Number(/data: ([\d.]+)/.exec(new TextDecoder().decode((await reader.read()).value))?.[1])
      lags.push(performance.timeOrigin + performance.now() - sent)
      next()
    }
    expect((await reader.read()).done).toBe(true)
    // Held back, a piece would wait for the next one, which waits for it. 10 ms is the aim on a quiet machine.
    expect(Math.max(...lags)).toBeLessThan(1_000)
  })
})
