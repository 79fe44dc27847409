import { expect, it } from 'vitest'
import { memoryRecords } from '../../../edge/adapters/records-memory.ts'
import { generations } from '../../../edge/generation.ts'
import { posting, type TestEdge, testEdge } from '../fixture.ts'

const find = (query: string) => posting({ tool_name: 'find_tables', arguments: { query } })

async function scene(change: Parameters<typeof testEdge>[0] = {}) {
  const edge = await testEdge(change)
  edge.origin(() => Response.json({ success: true, result: {}, text: 'x' }))
  const key = await edge.issueKey(['admin'])
  const ask = async (query: string) => {
    const { headers } = await edge.request('/execute', withKey(find(query), key))
    await edge.settled()
    return headers.get('x-cache')
  }
  return { edge, key, ask, purge: (body: unknown) => edge.request('/admin/purge', withKey(posting(body), key)) }
}

const withKey = (init: RequestInit, key: string): RequestInit => ({
  ...init,
  headers: { ...(init.headers as Record<string, string>), 'x-api-key': key },
})

it.each([
  ['everything', {}, { all: true }],
  ['everything, without a body', '', { all: true }],
  ['one tool', { tool: 'find_tables' }, { tool: 'find_tables' }],
])('takes away %s, and says when that holds everywhere', async (_, body, purged) => {
  const { edge, ask, purge } = await scene()
  expect([await ask('a'), await ask('a')]).toEqual(['MISS', 'HIT'])
  const answer = await purge(body)
  expect(answer.status).toBe(200)
  expect(answer.headers.get('cache-control')).toBe('no-store')
  expect(await answer.json()).toEqual({
    success: true,
    result: {
      purged,
      generation: expect.stringMatching(/^\w{8,20}$/),
      holds_everywhere_from: new Date(edge.now() + 60_000).toISOString(),
    },
  })
  expect([await ask('a'), await ask('a')]).toEqual(['MISS', 'HIT'])
})

it('leaves the answers about another dataset alone', async () => {
  const { ask, purge } = await scene()
  await ask('a')
  expect(await (await purge({ dataset_id: '0003448237' })).json()).toMatchObject({
    result: { purged: { dataset_id: '0003448237' } },
  })
  expect(await ask('a')).toBe('HIT')
})

it('is for administrators alone', async () => {
  const edge = await testEdge()
  for (const [scopes, status] of [
    [['read'], 403],
    [['lake'], 403],
    [['admin'], 200],
  ] as const) {
    const answer = await edge.request('/admin/purge', withKey(posting({}), await edge.issueKey(scopes)))
    expect(answer.status).toBe(status)
  }
  expect((await edge.request('/admin/purge', posting({}))).status).toBe(401)
  const open = await testEdge({ mode: 'open' })
  expect((await open.request('/admin/purge', posting({}))).status).toBe(403)
})

it('counts against the limit, and takes POST alone', async () => {
  const { edge, key, purge } = await scene({ perMinute: 2 })
  expect((await edge.request('/admin/purge', { headers: { 'x-api-key': key } })).status).toBe(405)
  const states = [await purge({}), await purge({}), await purge({})].map(({ status }) => status)
  expect(states).toEqual([200, 200, 429])
})

it.each([
  ['no object', '[]'],
  ['no JSON', '{'],
  ['another member', { all: true }],
  ['two at once', { tool: 'find_tables', dataset_id: '0003448237' }],
  ['no dataset', { dataset_id: '../x' }],
  ['no tool', { tool: 'constructor' }],
  ['a tool whose answers are not kept', { tool: 'load_table' }],
])('purges nothing for %s', async (_, body) => {
  const { ask, purge } = await scene()
  await ask('a')
  const answer = await purge(body)
  expect(answer.status).toBe(400)
  expect(await answer.json()).toMatchObject({ success: false, error: { code: 'INVALID_PARAMETER' } })
  expect(await ask('a')).toBe('HIT')
})

it('names the tools whose answers are kept', async () => {
  const { purge } = await scene()
  expect(await (await purge({ tool: 'x' })).json()).toMatchObject({
    error: { candidates: [{ code: 'find_tables', name: 'find_tables' }] },
  })
})

it('says that nothing was purged where the store does not take it', async () => {
  let edge: TestEdge | null = null
  const now = () => edge?.now() ?? 0
  const records = { ...memoryRecords({ now }), put: () => Promise.reject(new Error('secret detail')) }
  const of = generations({ records, configured: '1', now, newId: () => crypto.randomUUID(), report: () => {} })
  const { edge: made, ask, purge } = await scene({ generations: of })
  edge = made
  await ask('a')
  const answer = await purge({})
  expect(answer.status).toBe(503)
  expect(await answer.text()).not.toContain('secret')
  expect(edge.reported).toEqual(['cache generation'])
  expect(await ask('a')).toBe('HIT')
})
