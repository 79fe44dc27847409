/** `?toolsets=` at the origin's front door. What the edge passes of it: `test/edge/toolsets.test.ts`. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TOOLS } from '../../origin/tools/registry.ts'
import { TOOLSETS, type Toolset } from '../../shared/toolsets.ts'
import { openOrigin, type TestOrigin } from './support/origin.ts'

let origin: TestOrigin
beforeAll(async () => {
  origin = await openOrigin()
})
afterAll(() => origin?.close())

const ask = (path: string, body?: object, headers: Record<string, string> = {}): Promise<Response> =>
  Promise.resolve(
    origin.fetch(
      new Request(`http://origin${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          'x-api-key': origin.adminKey,
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    ),
  )

const rpc = (method: string, params: object = {}) => ({ jsonrpc: '2.0', id: 1, method, params })
const namesOf = (sets: readonly Toolset[]) =>
  TOOLS.filter((tool) => tool.toolsets.some((set) => sets.includes(set))).map(({ name }) => name)

describe.each<[query: string, sets: readonly Toolset[]]>([
  ['', TOOLSETS],
  ['?toolsets=all', TOOLSETS],
  ['?toolsets=search', ['search']],
  ['?toolsets=jobs,search', ['search', 'jobs']],
])('/mcp%s', (query, sets) => {
  it('lists its tools, in the order of all', async () => {
    const answered = (await (await ask(`/mcp${query}`, rpc('tools/list'))).json()) as {
      result: { tools: { name: string }[] }
    }
    expect(answered.result.tools.map(({ name }) => name)).toEqual(namesOf(sets))
  })

  it('and so does /tools', async () => {
    const answered = (await (await ask(`/tools${query}`)).json()) as { tools: { name: string }[] }
    expect(answered.tools.map(({ name }) => name)).toEqual(namesOf(sets))
  })
})

describe('a tool outside', () => {
  const call = { name: 'get_estat_table_url', arguments: { dataset_id: '0003448237' } }
  const meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': {},
  }
  const modern = { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call', 'mcp-name': call.name }

  it.each<[era: string, body: object, headers: Record<string, string>]>([
    ['legacy', rpc('tools/call', call), {}],
    ['modern', rpc('tools/call', { ...call, _meta: meta }), modern],
  ])('is not there, as one that does not exist: %s', async (_era, body, headers) => {
    const inside = (await (await ask('/mcp?toolsets=search', body, headers)).json()) as { result?: object }
    expect(inside.result).toMatchObject({ structuredContent: { dataset_id: '0003448237' } })
    const outside = await ask('/mcp?toolsets=fetch,lake', body, headers)
    expect(await outside.json()).toMatchObject({ error: { code: -32602, message: expect.stringMatching(call.name) } })
  })
})

it.each(['/mcp', '/tools'])('%s refuses a name that is none, with those there are', async (path) => {
  const response = await ask(`${path}?toolsets=tables`, rpc('tools/list'))
  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({
    error: { code: 'INVALID_PARAMETER', hint: expect.stringContaining('search, fetch, files, lake, jobs, all') },
  })
})

it('every set is worth asking for, and every tool is in one', () => {
  for (const set of TOOLSETS) expect(namesOf([set]).length, set).toBeGreaterThan(1)
  expect(namesOf(TOOLSETS)).toHaveLength(TOOLS.length)
  // Whoever may start a job can see it to its end.
  for (const set of ['fetch', 'files', 'lake', 'jobs'] as const) expect(namesOf([set])).toContain('get_job')
})
