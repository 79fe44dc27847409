/** The MCP endpoint by the clients people have: both SDK lines, and requests written by hand for every revision. */
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { Client as ClientOne } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport as TransportOne } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { defineTool } from '../../origin/tools/define-tool.ts'
import { CAPABILITIES } from '../../origin/lists.ts'
import { READ_ONLY } from '../../origin/tools/params.ts'
import { TOOLS } from '../../origin/tools/registry.ts'
import { ERROR_META_KEY, PROTOCOL_REVISIONS, SERVER_INFO } from '../../shared/server-info.ts'
import { openOrigin, type TestOrigin } from './support/origin.ts'

const probe = defineTool({
  name: 'probe_tool',
  version: 1,
  title: 'probe',
  description: 'Waits, tells progress, fails: what a test needs.',
  input: z.object({ wait: z.int().default(0), fail: z.string().optional() }),
  output: z.object({ success: z.literal(true), aborted: z.boolean() }),
  annotations: READ_ONLY,
  scope: 'read',
  toolsets: ['search'],
  weight: 1,
  cache: null,
  needs: [],
  async run({ wait, fail }, _ports, { signal, progress }) {
    progress(1, 2, 'half way')
    if (fail !== undefined) throw new Error(fail)
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, wait)
      signal.addEventListener('abort', () => {
        clearTimeout(timer)
        aborts.push(Date.now())
        resolve()
      })
    })
    return { success: true as const, aborted: signal.aborted }
  },
  render: ({ aborted }) => `aborted: ${aborted}`,
})
const aborts: number[] = []

let origin: TestOrigin
beforeAll(async () => {
  origin = await openOrigin({ tools: [...TOOLS, probe] })
})
afterAll(() => origin.close())

const endpoint = new URL('http://origin/mcp')
const headers = () => ({ 'x-api-key': origin.adminKey })
const through: typeof fetch = (input, init) => origin.fetch(new Request(input, init))

async function clientTwo(): Promise<Client> {
  const client = new Client({ name: 'test', version: '0' }, { versionNegotiation: { mode: 'auto' } })
  await client.connect(
    new StreamableHTTPClientTransport(endpoint, { fetch: through, requestInit: { headers: headers() } }),
  )
  return client
}

async function clientOne(): Promise<ClientOne> {
  const client = new ClientOne({ name: 'test', version: '0' })
  const transport = new TransportOne(endpoint, { fetch: through, requestInit: { headers: headers() } })
  await client.connect(transport)
  return client
}

const question = { name: 'get_estat_table_url', arguments: { dataset_id: '0003410379' } }
const answer = { success: true, dataset_id: '0003410379', table_url: 'https://www.e-stat.go.jp/dbview?sid=0003410379' }

interface Frame {
  readonly result?: Record<string, unknown>
  readonly error?: { code: number; message: string }
}

async function post(body: unknown, more: Record<string, string> = {}): Promise<Response> {
  return origin.fetch(
    new Request(endpoint, {
      method: 'POST',
      headers: {
        ...headers(),
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...more,
      },
      body: JSON.stringify(body),
    }),
  )
}
const json = async (response: Response): Promise<Frame> => (await response.json()) as Frame
const request = (method: string, params: object = {}, id: number | string = 1) => ({
  jsonrpc: '2.0',
  id,
  method,
  params,
})

describe('the SDK clients', () => {
  it('2.x speaks 2026-07-28, lists every tool and calls one', async () => {
    const client = await clientTwo()
    expect(client.getNegotiatedProtocolVersion()).toBe('2026-07-28')
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual([
      ...TOOLS.map(({ name }) => name),
      'probe_tool',
    ])
    expect((await client.callTool(question)).structuredContent).toEqual(answer)
    await client.close()
  })

  it('1.x speaks 2025-11-25, lists every tool and calls one', async () => {
    const client = await clientOne()
    expect((await client.listTools()).tools.length).toBe(TOOLS.length + 1)
    expect((await client.callTool(question)).structuredContent).toEqual(answer)
    await client.close()
  })

  it.each([
    ['1.x', clientOne],
    ['2.x', clientTwo],
  ])('%s is told of progress when it asks', async (_line, connect) => {
    const client = await connect()
    const heard: unknown[] = []
    const onprogress = (progress: unknown): void => void heard.push(progress)
    const call = { name: 'probe_tool', arguments: { wait: 20 } }
    if (client instanceof ClientOne) await client.callTool(call, undefined, { onprogress })
    else await client.callTool(call, { onprogress })
    expect(heard).toEqual([expect.objectContaining({ progress: 1, total: 2, message: 'half way' })])
    await client.close()
  })

  it.each([
    ['1.x', clientOne],
    ['2.x', clientTwo],
  ])('%s reads an error with code, hint and candidates', async (_line, connect) => {
    const client = await connect()
    const filters = { cat01: 'A1101', area: '府中市' }
    await client.listTools() // so that the client knows the output schema it would check the answer against
    const reply = await client.callTool({
      name: 'fetch_dataset_filtered',
      arguments: { dataset_id: '0000020201', filters },
    })
    expect(reply['isError']).toBe(true)
    expect((reply['content'] as { text: string }[])[0]?.text).toMatch(
      /^AMBIGUOUS_NAME: 名前.*\n.*\n.*\n候補：\n- 13206 東京都 府中市/,
    )
    expect(reply['_meta']).toMatchObject({
      [ERROR_META_KEY]: { code: 'AMBIGUOUS_NAME', tool: 'fetch_dataset_filtered' },
    })
    await client.close()
  })
})

describe('every revision, by hand', () => {
  const legacy = PROTOCOL_REVISIONS.filter((revision) => revision !== '2026-07-28')

  it.each(legacy)('%s: initialize echoes the version, later requests need no session', async (protocolVersion) => {
    const hello = request('initialize', {
      protocolVersion,
      capabilities: {},
      clientInfo: { name: 'hand', version: '0' },
    })
    const response = await post(hello)
    expect(response.headers.get('content-type')).toMatch(/^application\/json/)
    expect((await json(response)).result).toMatchObject({
      protocolVersion,
      serverInfo: SERVER_INFO,
      capabilities: CAPABILITIES,
    })
    expect((await post({ jsonrpc: '2.0', method: 'notifications/initialized' })).status).toBe(202)
    const called = await json(await post(request('tools/call', question)))
    expect(called.result?.['structuredContent']).toEqual(answer)
    expect((await json(await post(request('ping')))).result).toEqual({})
  })

  it('2026-07-28: discover, list and call without initialize', async () => {
    const _meta = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientCapabilities': {},
      'io.modelcontextprotocol/clientInfo': { name: 'hand', version: '0' },
    }
    const modern = (method: string, params: object = {}, name?: string) =>
      post(request(method, { ...params, _meta }), {
        'mcp-protocol-version': '2026-07-28',
        'mcp-method': method,
        ...(name === undefined ? {} : { 'mcp-name': name }),
      })
    const found = await json(await modern('server/discover'))
    expect(found.result).toMatchObject({ resultType: 'complete', ttlMs: 3_600_000, cacheScope: 'private' })
    expect(String(found.result?.['instructions'])).toContain('search_estat_data')
    const called = await json(await modern('tools/call', question, question.name))
    expect(called.result).toMatchObject({ resultType: 'complete', structuredContent: answer })
    const mismatch = await modern('tools/call', question, 'another_tool')
    expect([mismatch.status, (await json(mismatch)).error?.code]).toEqual([400, -32020])
  })

  it('answers a batch of 2025-03-26', async () => {
    const response = await post([request('ping', {}, 'a'), request('tools/call', question, 'b')])
    const frames = (await response.json()) as { id: string }[]
    expect(frames.map(({ id }) => id).toSorted()).toEqual(['a', 'b'])
  })

  it('serves a client that accepts JSON alone, and one that accepts a stream alone', async () => {
    const plain = await post(request('tools/call', question), { accept: 'application/json' })
    expect((await json(plain)).result?.['structuredContent']).toEqual(answer)
    const stream = await post(request('tools/call', question), { accept: 'text/event-stream' })
    expect(stream.headers.get('content-type')).toMatch(/^text\/event-stream/)
    expect(await stream.text()).toContain('"structuredContent"')
  })

  it('serves them in 2026-07-28 too, also where progress was asked for', async () => {
    const revision = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientCapabilities': {},
    }
    const names = { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call' }
    const called = { name: 'probe_tool', arguments: { wait: 20 }, _meta: { ...revision, progressToken: 1 } }
    const one = { ...names, 'mcp-name': called.name }
    const plain = await post(request('tools/call', called), { ...one, accept: 'application/json' })
    expect(plain.headers.get('content-type')).toMatch(/^application\/json/)
    expect((await json(plain)).result).toHaveProperty('structuredContent')
    const asked = { ...question, _meta: revision }
    const wants = { ...names, 'mcp-name': asked.name, accept: 'text/event-stream' }
    const stream = await post(request('tools/call', asked), wants)
    expect(stream.headers.get('content-type')).toMatch(/^text\/event-stream/)
    expect(await stream.text()).toContain('"structuredContent"')
  })
})

describe('other methods of /mcp', () => {
  const other = (method: string, more: Record<string, string> = {}) =>
    origin.fetch(new Request(endpoint, { method, headers: { ...headers(), ...more } }))

  it('GET without a revision opens a stream with an event at once', async () => {
    const response = await other('GET', { accept: 'text/event-stream' })
    const reader = response.body?.getReader()
    const { value } = (await reader?.read()) ?? {}
    expect(new TextDecoder().decode(value)).toMatch(/^event: connection\ndata: \{"status":"ready","timestamp":"/)
    await reader?.cancel()
  })

  it('one caller keeps five streams open at the most, and HEAD opens none', async () => {
    const wants = { accept: 'text/event-stream' }
    for (let at = 0; at < 20; at++) expect((await other('HEAD', wants)).status).toBe(405)
    const streams = await Promise.all(Array.from({ length: 6 }, () => other('GET', wants)))
    expect(streams.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 200, 200, 200, 200, 429])
    for (const { body } of streams) await body?.cancel()
    const again = await other('GET', wants)
    expect(again.status).toBe(200)
    await again.body?.cancel()
  })

  it('GET of an SDK client, and PUT, are not allowed', async () => {
    const probed = await other('GET', { accept: 'text/event-stream', 'mcp-protocol-version': '2025-11-25' })
    expect([probed.status, probed.headers.get('allow')]).toEqual([405, 'POST'])
    expect((await other('PUT')).status).toBe(405)
  })

  it('DELETE answers at once', async () => expect((await other('DELETE')).status).toBe(200))
})

describe('what a caller may not see', () => {
  it('keeps an unknown error’s words from the model, and reports it', async () => {
    const secret = 'GET https://api.e-stat.go.jp/?appId=0123456789 failed'
    const reply = await json(await post(request('tools/call', { name: 'probe_tool', arguments: { fail: secret } })))
    expect(reply.result).toMatchObject({ isError: true, _meta: { [ERROR_META_KEY]: { code: 'INTERNAL_ERROR' } } })
    expect(JSON.stringify(reply)).not.toContain('appId')
    expect(origin.reported.map(String)).toContain(`Error: ${secret}`)
  })

  it('answers nobody without a token or a key', async () => {
    for (const path of ['/mcp', '/execute', '/tools']) {
      const response = await origin.fetch(new Request(`http://origin${path}`, { method: 'POST', body: '{}' }))
      expect([path, response.status]).toEqual([path, 401])
    }
  })
})

it('a client that leaves ends the work', async () => {
  const leaving = new AbortController()
  const body = JSON.stringify(request('tools/call', { name: 'probe_tool', arguments: { wait: 10_000 } }))
  const call = origin.fetch(
    new Request(endpoint, {
      method: 'POST',
      headers: { ...headers(), 'content-type': 'application/json', accept: 'application/json' },
      body,
      signal: leaving.signal,
    }),
  )
  const before = aborts.length
  setTimeout(() => leaving.abort(), 50)
  await Promise.race([call.catch(() => {}), new Promise((resolve) => setTimeout(resolve, 500))])
  expect(aborts.length).toBe(before + 1)
})
