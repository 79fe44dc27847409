import { setTimeout as sleep } from 'node:timers/promises'
import { beforeEach, describe, expect, it } from 'vitest'
import { posting, type TestEdge, testEdge, unfinished } from '../fixture.ts'

let edge: TestEdge
let headers: Record<string, string>
beforeEach(async () => {
  edge = await testEdge()
  headers = { 'x-api-key': await edge.issueKey(['read']) }
})
const ping = { jsonrpc: '2.0', id: 1, method: 'ping' }
const ask = () => edge.request('/mcp', posting(ping, headers))

describe('forward', () => {
  it('brings the caller token, the request id and the trace, and leaves credentials behind', async () => {
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736'
    const sent = {
      ...headers,
      authorization: 'Bearer other',
      cookie: 'a=b',
      'x-estat-caller': 'forged',
      'x-forwarded-for': '1.2.3.4',
      'x-request-id': 'mine',
      'x-estat-app-id': 'own-id',
      traceparent: `00-${trace}-00f067aa0ba902b7-01`,
    }
    const response = await edge.request('/mcp?x=1', posting(ping, sent))
    const { request } = edge.heard[0] ?? {}
    expect(request?.url).toBe('http://origin.test/mcp')
    expect([...(request?.headers.keys() ?? [])].toSorted()).toEqual([
      'accept',
      'content-type',
      'traceparent',
      'x-estat-app-id',
      'x-estat-caller',
      'x-request-id',
    ])
    expect(request?.headers.get('x-request-id')).toBe(response.headers.get('x-request-id'))
    expect(request?.headers.get('traceparent')).toMatch(new RegExp(`^00-${trace}-(?!00f067aa0ba902b7)[0-9a-f]{16}-01$`))
  })

  it('passes on status, body and the headers that may pass', async () => {
    edge.origin(
      () =>
        new Response('{"no":1}', {
          status: 405,
          headers: {
            'content-type': 'application/json',
            allow: 'POST',
            server: 'x',
            'set-cookie': 'a=b',
            'x-internal': '1',
          },
        }),
    )
    const response = await edge.request('/mcp', { headers })
    expect(response.status).toBe(405)
    expect(await response.text()).toBe('{"no":1}')
    const passed = ['allow', 'server', 'set-cookie', 'x-internal'].map((name) => response.headers.get(name))
    expect(passed).toEqual(['POST', null, null, null])
  })

  it.each([
    ['an origin that is not there', () => Promise.reject(new TypeError('connect ECONNREFUSED 10.0.0.7:8080'))],
    [
      'a page of something between',
      () => new Response('<html>10.0.0.7', { status: 502, headers: { 'content-type': 'text/html' } }),
    ],
    ['a redirect', () => new Response(null, { status: 302, headers: { location: 'http://10.0.0.7' } })],
    ['an origin that does not know this edge', () => Response.json({ error: '10.0.0.7' }, { status: 401 })],
  ])('answers for %s, in the form of MCP and without its words', async (_name, answer) => {
    edge.origin(answer)
    const response = await ask()
    const text = await response.text()
    expect(response.status).toBe(503)
    expect(JSON.parse(text)).toMatchObject({ jsonrpc: '2.0', id: 1, error: { data: { code: 'ESTAT_UNAVAILABLE' } } })
    expect(text).not.toContain('10.0.0.7')
    expect(response.headers.has('www-authenticate')).toBe(false)
  })

  it('leaves the origin its own failures', async () => {
    edge.origin(() => Response.json({ jsonrpc: '2.0', id: 1, error: { code: -32603 } }, { status: 500 }))
    expect((await ask()).status).toBe(500)
  })

  it('passes a stream on piece by piece, and ends it when the reader leaves', async () => {
    const encoder = new TextEncoder()
    let cancelled = false
    let send: (text: string) => void = () => {}
    edge.origin(() => {
      const body = new ReadableStream<Uint8Array>({
        start: (controller) => void (send = (text) => controller.enqueue(encoder.encode(text))),
        cancel: () => void (cancelled = true),
      })
      return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
    })
    const response = await ask()
    expect(response.headers.get('x-accel-buffering')).toBe('no')
    const reader = (response.body as ReadableStream<Uint8Array>).getReader()
    for (const piece of [': hello\n\n', 'data: 1\n\n']) {
      send(piece)
      expect(new TextDecoder().decode((await reader.read()).value)).toBe(piece)
    }
    await reader.cancel()
    expect(cancelled).toBe(true)
  })

  it('bounds an answer to its end, but not a stream of events', async () => {
    edge = await testEdge({ timeouts: { origin: 50 } })
    headers = { 'x-api-key': await edge.issueKey(['read']) }
    edge.origin(unfinished('application/json', '{"jsonrpc":'))
    await expect((await ask()).text()).rejects.toThrow('did not answer in time')
    edge.origin(unfinished('text/event-stream', ': hello\n\n'))
    const reader = ((await ask()).body as ReadableStream<Uint8Array>).getReader()
    await reader.read()
    const next = reader.read()
    expect(await Promise.race([next, sleep(150, 'still open')])).toBe('still open')
    await reader.cancel()
  })

  it('tells the origin when the caller leaves before the answer', async () => {
    const leaving = new AbortController()
    let aborted = false
    edge.origin(({ request }) => {
      setTimeout(() => leaving.abort())
      return new Promise((_answer, reject) => {
        request.signal.addEventListener('abort', () => {
          aborted = true
          reject(new Error('aborted'))
        })
      })
    })
    const response = await edge.request('/mcp', { ...posting(ping, headers), signal: leaving.signal })
    expect({ aborted, status: response.status }).toEqual({ aborted: true, status: 499 })
  })
})
