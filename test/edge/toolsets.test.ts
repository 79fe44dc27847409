/** Toolsets on their way through the edge: read and written anew, never from the cache past what was asked for. */
import { expect, it } from 'vitest'
import { MANIFEST, testEdge } from './fixture.ts'

const manifest = {
  tools: MANIFEST.tools.map((tool) =>
    tool.name === 'find_tables' ? { ...tool, toolsets: ['search' as const] } : tool,
  ),
}

async function edgeWithKey() {
  const edge = await testEdge({ manifest })
  const key = await edge.issueKey(['read'])
  const post = (path: string, method: string, params: object = {}, headers: Record<string, string> = {}) =>
    edge.request(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', 'x-api-key': key, ...headers },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    })
  return { edge, post }
}

const search = { name: 'find_tables', arguments: { query: 'rice' } }
const asked = (request: Request): string => new URL(request.url).pathname + new URL(request.url).search

it.each<[sent: string, passed: string]>([
  ['/mcp', '/mcp'],
  ['/mcp?toolsets=lake,search,lake', '/mcp?toolsets=search,lake'],
  ['/mcp?toolsets=all', '/mcp'],
  ['/mcp?admin=1&toolsets=jobs&toolsets=fetch#x', '/mcp?toolsets=fetch,jobs'],
  ['/tools?toolsets=files&x=y', '/tools?toolsets=files'],
  ['/execute?toolsets=lake', '/execute'],
])('%s asks the origin for %s', async (sent, passed) => {
  const { edge, post } = await edgeWithKey()
  await post(sent, 'tools/list', {}, { 'x-estat-toolsets': 'lake' })
  expect(edge.heard.map(({ request }) => asked(request))).toEqual([passed])
  expect(edge.heard[0]?.request.headers.has('x-estat-toolsets')).toBe(false)
})

it('a name that is none is refused before the origin is asked', async () => {
  const { edge, post } = await edgeWithKey()
  const response = await post('/mcp?toolsets=tables', 'tools/call', search)
  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({
    id: 1,
    error: {
      data: { code: 'INVALID_PARAMETER', hint: expect.stringContaining('search, fetch, files, lake, jobs, all') },
    },
  })
  expect(edge.heard).toHaveLength(0)
})

it('a kept answer is served within its toolset alone', async () => {
  const { edge, post } = await edgeWithKey()
  edge.origin(() => Response.json({ success: true, result: { found: 1 }, text: 'one' }))
  await post('/mcp', 'tools/call', search)
  await edge.settled()
  const inside = await post('/mcp?toolsets=search', 'tools/call', search)
  const outside = await post('/mcp?toolsets=lake', 'tools/call', search)
  expect([inside.headers.get('x-cache'), outside.headers.get('x-cache')]).toEqual(['HIT', 'BYPASS'])
  expect(edge.heard.map(({ request }) => asked(request))).toEqual(['/execute', '/mcp?toolsets=lake'])
})
