import { expect, it } from 'vitest'
import { posting, testEdge, toolCall } from '../fixture.ts'

it('asks the scope of every tool that a body calls', async () => {
  const edge = await testEdge()
  const tools = { find_tables: 'read', load_table: 'lake', purge: 'admin' } as const
  const order = ['read', 'lake', 'admin'] as const
  for (const [at, has] of order.entries()) {
    const headers = { 'x-api-key': await edge.issueKey([has]), 'x-estat-app-id': 'own' }
    for (const [name, needs] of Object.entries(tools)) {
      const expected = at >= order.indexOf(needs) ? 200 : 403
      const bodies = [
        ['/mcp', toolCall(name, {})],
        ['/mcp', [toolCall('find_tables', {}), toolCall(name, {})]],
        ['/execute', { tool_name: name }],
      ] as const
      for (const [path, body] of bodies)
        expect((await edge.request(path, posting(body, headers))).status).toBe(expected)
    }
  }
})

it('says which scope is missing, to the call that waits', async () => {
  const edge = await testEdge()
  const headers = { 'x-api-key': await edge.issueKey(['read']) }
  const refused = await edge.request('/mcp', posting(toolCall('load_table', {}, 'abc'), headers))
  expect(await refused.json()).toEqual({
    jsonrpc: '2.0',
    id: 'abc',
    error: {
      code: -32000,
      message: expect.stringMatching(/^FORBIDDEN: load_table needs the scope "lake"/),
      data: expect.objectContaining({ code: 'FORBIDDEN', hint: expect.any(String) }),
    },
  })
  const batch = [toolCall('find_tables', {}, 1), toolCall('load_table', {}, 2), { jsonrpc: '2.0', method: 'x' }]
  const all = await edge.request('/mcp', posting(batch, headers))
  expect(await all.json()).toMatchObject([
    { id: 1, error: {} },
    { id: 2, error: {} },
  ])
  const plain = await edge.request('/execute', posting({ tool_name: 'load_table' }, headers))
  expect(await plain.json()).toMatchObject({ success: false, error: { code: 'FORBIDDEN' } })
  expect(edge.heard).toEqual([])
})

it('leaves to the origin what it does not know', async () => {
  const edge = await testEdge()
  const headers = { 'x-api-key': await edge.issueKey(['read']) }
  for (const body of [toolCall('brand_new', {}), toolCall('constructor', {}), 'no json', '', '[]', 'null'])
    expect((await edge.request('/mcp', posting(body, headers))).status).toBe(200)
  expect(edge.heard).toHaveLength(6)
})
