/** What the edge frames from its cache, against what the origin's own MCP border answers to the same call. */
import { beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { createOrigin } from '../../origin/app.ts'
import { authenticator } from '../../origin/authenticate.ts'
import { createMcpEndpoint } from '../../origin/mcp.ts'
import type { Ports } from '../../origin/ports.ts'
import { type AnyTool, defineTool } from '../../origin/tools/define-tool.ts'
import { fault } from '../../shared/fault.ts'
import { MODERN_REVISION, PROTOCOL_REVISIONS } from '../../shared/server-info.ts'
import { fakeStats, fakeTable } from '../fakes/stats-source.ts'
import { CACHEABLES, posting, type TestEdge, testEdge, toolCall } from './fixture.ts'

const findTables = defineTool({
  name: 'find_tables',
  version: 3,
  title: 'Find tables',
  description: 'For this test.',
  input: CACHEABLES['find_tables']?.input ?? z.object({}),
  output: z.object({ found: z.array(z.string()), next_cursor: z.string().nullable() }),
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  scope: 'read',
  toolsets: ['search'],
  weight: 1,
  cache: { ttl: 60, swr: 60, sie: 600 },
  needs: [],
  async run({ query }) {
    if (query === 'both') throw fault('AMBIGUOUS_NAME', 'Two fit.', { candidates: [{ code: '1', name: '府中市' }] })
    if (query === 'down') throw fault('ESTAT_UNAVAILABLE', 'e-Stat is down.', { retryAfterSeconds: 60 })
    return { found: [String(query), '人口'], next_cursor: null }
  },
  render: ({ found }) => `# 検索\n${found.join('\t')}`,
}) as AnyTool

let edge: TestEdge
let key: string
beforeAll(async () => {
  edge = await testEdge({ perMinute: 10_000 })
  key = await edge.issueKey(['read'])
  const deps = {
    tools: [findTables],
    ports: { stats: fakeStats(fakeTable('0000000001', 1)) } as unknown as Ports,
    limits: { fetchRows: 1, millis: 5_000 },
    now: edge.now,
    newId: () => crypto.randomUUID(),
    report: () => {},
  }
  const authenticate = authenticator({ edgeKeys: [edge.publicKey], adminKeys: [], now: edge.now })
  const health = () => Promise.reject(new Error('not asked here'))
  const origin = createOrigin({ ...deps, authenticate, health, mcp: createMcpEndpoint(deps) })
  edge.origin(({ request }) => origin.request(request))
})

function request(revision: string | null, query: string, accept: string, id: string | number): RequestInit {
  const modern = revision === MODERN_REVISION
  const call = toolCall('find_tables', { query }, id) as { params: object }
  const meta = {
    'io.modelcontextprotocol/protocolVersion': revision,
    'io.modelcontextprotocol/clientCapabilities': {},
    'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
  }
  const body = modern ? { ...call, params: { ...call.params, _meta: meta } } : call
  return posting(body, {
    accept,
    'x-api-key': key,
    ...(revision === null ? {} : { 'mcp-protocol-version': revision }),
    ...(modern ? { 'mcp-method': 'tools/call', 'mcp-name': 'find_tables' } : {}),
  })
}

async function ask(init: RequestInit, headers: Record<string, string> = {}) {
  const response = await edge.request('/mcp', { ...init, headers: { ...(init.headers as object), ...headers } })
  await edge.settled()
  const text = await response.text()
  const type = response.headers.get('content-type')?.split(';')[0]
  const data = type === 'text/event-stream' ? /^data: (.+)$/m.exec(text)?.[1] : text
  return {
    status: response.status,
    type,
    cache: response.headers.get('x-cache'),
    message: JSON.parse(data ?? 'null') as unknown,
  }
}

/** A caller's own application ID is never answered from the cache: this is the origin's own reply. */
const OWN_ID = { 'x-estat-app-id': '0'.repeat(40) }
const BOTH = 'application/json, text/event-stream'

describe.each([null, ...PROTOCOL_REVISIONS])('revision %s', (revision) => {
  it.each([
    ['an answer', 'tokyo', 200],
    ['a failure of the caller', 'both', 200],
    ['a failure of the origin', 'down', 200],
  ])('%s is what the origin would have answered, on a miss and on a hit', async (_name, query, status) => {
    for (const [accept, id] of [
      [BOTH, 7],
      ['application/json', 'text-id'],
      ['*/*', 0],
    ] as const) {
      const init = request(revision, query, accept, id)
      const { cache, ...own } = await ask(init, OWN_ID)
      expect({ cache, status: own.status }).toEqual({ cache: 'BYPASS', status })
      for (let time = 0; time < 2; time++) {
        const { cache, ...framed } = await ask(init)
        expect(framed).toEqual(own)
        expect(cache).toMatch(query === 'tokyo' ? /^(MISS|HIT)$/ : /^MISS$/)
      }
    }
  })

  it('comes as an event for a client that takes nothing else', async () => {
    const init = request(revision, 'tokyo', 'text/event-stream', 5)
    const [own, framed] = [await ask(init, OWN_ID), await ask(init)]
    expect(framed).toMatchObject({ type: 'text/event-stream', cache: 'HIT' })
    expect(framed.message).toEqual(own.message)
  })
})

it('is one entry for all revisions, and the same over plain HTTP', async () => {
  await ask(request('2025-06-18', 'shared entry', BOTH, 1))
  const before = edge.heard.length
  for (const revision of PROTOCOL_REVISIONS)
    expect(await ask(request(revision, 'shared entry', BOTH, 1))).toMatchObject({ cache: 'HIT' })
  const plain = posting({ tool_name: 'find_tables', arguments: { query: 'Shared Entry' } }, { 'x-api-key': key })
  const hit = await edge.request('/execute', plain)
  expect(edge.heard.length).toBe(before)
  const own = await edge.request('/execute', { ...plain, headers: { ...(plain.headers as object), ...OWN_ID } })
  expect([hit.headers.get('x-cache'), own.headers.get('x-cache')]).toEqual(['HIT', 'BYPASS'])
  expect(await hit.json()).toEqual({
    ...((await own.json()) as object),
    result: { found: ['shared entry', '人口'], next_cursor: null },
    text: '# 検索\nshared entry\t人口',
  })
})

it.each(['both', 'down'])('a failure over plain HTTP (%s) is the origin’s, status and headers too', async (query) => {
  const plain = posting({ tool_name: 'find_tables', arguments: { query } }, { 'x-api-key': key })
  const framed = await edge.request('/execute', plain)
  const own = await edge.request('/execute', { ...plain, headers: { ...(plain.headers as object), ...OWN_ID } })
  expect(framed.status).toBe(own.status)
  expect(framed.headers.get('retry-after')).toBe(own.headers.get('retry-after'))
  expect(await framed.json()).toEqual(await own.json())
})
