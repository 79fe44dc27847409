/** What a request leaves behind for the operator: one line, and counts. Through the origin's own app. */
import { Hono } from 'hono'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { fault } from '../../../shared/fault.ts'
import { metricsRegistry } from '../../../shared/metrics.ts'
import { isOurs } from '../../../origin/is-ours.ts'
import { metering } from '../../../origin/observe/metering.ts'
import { requestLog } from '../../../origin/observe/request-log.ts'
import { execute, openOrigin, type TestOrigin } from '../support/origin.ts'

const metrics = metricsRegistry()
const lines: Record<string, unknown>[] = []
const around = requestLog({
  log: (level, event, fields) => void lines.push({ level, event, ...fields }),
  metrics,
  now: () => Date.now(),
  routes: ['/health', '/execute', '/mcp', '/files/*'],
})

let origin: TestOrigin
beforeAll(async () => {
  origin = await openOrigin({ around, metering: metering(metrics) })
})
afterAll(() => origin.close())
beforeEach(() => void lines.splice(0))

const countOf = (name: string, labels: Record<string, string>): number =>
  metrics
    .read()
    .find((family) => family.name === name)
    ?.series.find((series) => Object.entries(labels).every(([label, value]) => series.labels[label] === value))
    ?.value ?? 0

const mcp = (accept: string, meta: Record<string, unknown> = {}) =>
  origin.fetch(
    new Request('http://origin/mcp', {
      method: 'POST',
      headers: { 'x-api-key': origin.adminKey, 'content-type': 'application/json', accept },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name: 'get_estat_table_url', arguments: { dataset_id: '0003410379' }, ...meta },
      }),
    }),
  )

describe('the line of a request', () => {
  it('says who asked for what, how it ended and how long it took', async () => {
    const id = origin.adminKey.split('.')[0]
    await origin.fetch(
      new Request('http://origin/execute', {
        method: 'POST',
        headers: {
          'x-api-key': origin.adminKey,
          'x-request-id': 'r-1',
          traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
        },
        body: JSON.stringify({ tool_name: 'get_estat_table_url', arguments: { dataset_id: '0003410379' } }),
      }),
    )
    expect(lines).toEqual([
      {
        level: 'info',
        event: 'request',
        request_id: 'r-1',
        trace_id: '0af7651916cd43dd8448eb211c80319c',
        caller: id,
        tenant: 'estat',
        method: 'POST',
        route: '/execute',
        status: 200,
        duration_ms: expect.any(Number),
        tools: ['get_estat_table_url'],
        tool_ms: expect.any(Number),
        bytes: null,
      },
    ])
  })

  it('holds neither the key nor what was asked', async () => {
    await execute(origin, 'search_estat_data', { query: '内緒の質問' })
    expect(JSON.stringify(lines)).not.toMatch(new RegExp(`${origin.adminKey.split('.')[1]}|内緒`))
  })

  it('names the fault of a call that failed, and of a caller who was refused', async () => {
    await execute(origin, 'get_estat_table_url', { dataset_id: 'x' })
    await origin.fetch(new Request('http://origin/tools', { headers: { 'x-api-key': 'nonsense' } }))
    expect(lines).toMatchObject([
      { tools: ['get_estat_table_url'], fault: 'INVALID_PARAMETER', status: 400 },
      { route: 'other', fault: 'UNAUTHORIZED', status: 401, caller: null },
    ])
  })

  it('of an MCP call names its tool too', async () => {
    await (await mcp('application/json')).text()
    expect(lines).toMatchObject([{ route: '/mcp', status: 200, tools: ['get_estat_table_url'] }])
  })

  it('of a stream comes when the stream has ended, with its bytes', async () => {
    const response = await mcp('text/event-stream')
    expect(response.headers.get('content-type')).toContain('text/event-stream')
    expect(lines).toEqual([])
    const text = await response.text()
    expect(lines).toMatchObject([{ route: '/mcp', tools: ['get_estat_table_url'], bytes: Buffer.byteLength(text) }])
  })

  it('of a stream that its reader leaves comes all the same', async () => {
    const app = new Hono()
    app.use(around)
    let left = false
    const never = (): Response =>
      new Response(new ReadableStream({ cancel: () => void (left = true) }), {
        headers: { 'content-type': 'text/event-stream' },
      })
    app.get('/mcp', never)
    await (await app.request('/mcp')).body?.cancel()
    expect([left, lines]).toMatchObject([true, [{ route: '/mcp', bytes: 0 }]])
  })

  it('is quiet about health', async () => {
    await origin.fetch(new Request('http://origin/health'))
    expect(lines).toMatchObject([{ level: 'debug', route: '/health' }])
  })
})

it('tells the edge on /execute what took how long (W3C Server Timing)', async () => {
  const response = await origin.fetch(
    new Request('http://origin/execute', {
      method: 'POST',
      headers: { 'x-api-key': origin.adminKey },
      body: JSON.stringify({ tool_name: 'lookup', arguments: { kind: 'area', find: '東京都' } }),
    }),
  )
  expect(response.headers.get('server-timing')).toMatch(/^tool;dur=\d+, estat;dur=\d+$/)
})

it('counts requests, calls, rows and refusals as they happen', async () => {
  const before = {
    requests: countOf('estat_requests_total', { route: '/execute', status: '2xx' }),
    rows: countOf('estat_rows_fetched_total', { source: 'sample' }),
  }
  const args = { dataset_id: '0003410379', save_to_s3: false, max_rows: 5 }
  const { result } = await execute(origin, 'fetch_dataset_auto', args)
  expect(result).toMatchObject({ counts: { returned: 5 } })
  expect(countOf('estat_requests_total', { route: '/execute', status: '2xx' })).toBe(before.requests + 1)
  expect(countOf('estat_tool_calls_total', { tool: 'fetch_dataset_auto', outcome: 'ok' })).toBe(1)
  expect(countOf('estat_rows_fetched_total', { source: 'sample' }) - before.rows).toBe(5)
  await execute(origin, 'no_such_tool', {})
  expect(countOf('estat_tool_calls_total', { tool: 'unknown', outcome: 'NOT_FOUND' })).toBe(1)
  for (const headers of [{}, { 'x-api-key': 'nonsense' }, { 'x-estat-caller': 'nonsense' }])
    await origin.fetch(new Request('http://origin/tools', { headers }))
  for (const reason of ['nothing_sent', 'admin_key', 'token_signature'])
    expect([reason, countOf('estat_auth_failures_total', { reason }) > 0]).toEqual([reason, true])
})

describe('what goes into the log as a failure of ours', () => {
  it.each([
    ['an error of the code', new Error('x'), null, true],
    ['e-Stat that is down', fault('ESTAT_UNAVAILABLE', 'x'), null, true],
    ['the server’s own ID refused', fault('ESTAT_API_ERROR', 'x'), null, true],
    ['the caller’s own ID refused', fault('ESTAT_API_ERROR', 'x'), 'their-id', false],
    ['e-Stat that is down for a caller with an ID', fault('ESTAT_UNAVAILABLE', 'x'), 'their-id', true],
    ['a wrong argument', fault('INVALID_PARAMETER', 'x'), null, false],
  ])('%s', (_what, error, appId, ours) => {
    expect(isOurs(error, appId)).toBe(ours)
  })
})
