/** Resources, prompts and completion through the edge to a real origin: who may, what they count, whose they are. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import manifest from '../../shared/tool-manifest.json' with { type: 'json' }
import { ToolManifest } from '../../edge/domain/tools.ts'
import { type AnyClient, connect, LINES } from '../origin/support/mcp-clients.ts'
import { openOrigin, type TestOrigin } from '../origin/support/origin.ts'
import { posting, type TestEdge, testEdge } from './fixture.ts'

let edge: TestEdge
let origin: TestOrigin
beforeAll(async () => {
  edge = await testEdge({
    manifest: ToolManifest.parse(manifest),
    now: () => Date.now(),
    send: (request) => origin.fetch(request),
    perMinute: 1000,
  })
  origin = await openOrigin({ edgeKeys: [edge.publicKey] })
  await origin.ports.store.put('ours/csv/a.csv', new TextEncoder().encode('﻿a,b\n1,2\n'))
})
afterAll(() => origin.close())

const through =
  (key: string): typeof fetch =>
  async (input, init) => {
    const request = new Request(input, init)
    const body = request.method === 'POST' ? { body: await request.text() } : {}
    return edge.request('/mcp', {
      method: request.method,
      headers: { ...Object.fromEntries(request.headers), 'x-api-key': key },
      ...body,
    })
  }

async function walk(client: AnyClient): Promise<{ uris: string[]; prompts: string[] }> {
  const uris = (await client.listResources()).resources.map(({ uri }) => uri)
  for (const uri of uris) await client.readResource({ uri })
  const prompts = (await client.listPrompts()).prompts.map(({ name }) => name)
  return { uris, prompts }
}

it.each(LINES)('a client of %s reads, lists, completes and is led, as far as its scope goes', async (line) => {
  const [ours, theirs, reads] = await Promise.all([
    edge.issueKey(['lake'], { tenant: 'ours' }),
    edge.issueKey(['lake'], { tenant: 'theirs' }),
    edge.issueKey(['read'], { tenant: 'ours' }),
  ])
  const [owner, stranger, reader] = await Promise.all([ours, theirs, reads].map((key) => connect(line, through(key))))
  if (!owner || !stranger || !reader) throw new Error('three clients')
  const file = 'estat://file/ours/csv/a.csv'
  expect(await walk(owner)).toEqual({
    uris: expect.arrayContaining([file, 'estat://guide/search']),
    prompts: expect.arrayContaining(['lake_table']),
  })
  for (const client of [stranger, reader]) {
    expect((await walk(client)).uris).not.toContain(file)
    await expect(client.readResource({ uri: file })).rejects.toMatchObject({ code: -32_602, data: { uri: file } })
  }
  expect((await walk(reader)).prompts).not.toContain('lake_table')
  const { completion } = await reader.complete({
    ref: { type: 'ref/prompt', name: 'region_profile' },
    argument: { name: 'area', value: 'よこは' },
  })
  expect(completion.values).toEqual(['神奈川県 横浜市'])
  const { messages } = await reader.getPrompt({ name: 'time_series', arguments: { indicator: '人口' } })
  expect(JSON.stringify(messages)).toContain('search_estat_data')
  await Promise.all([owner, stranger, reader].map((client) => client.close()))
})

it('each counts 1 and needs a key that may read', async () => {
  const key = await edge.issueKey(['read'])
  const asked: readonly (readonly [string, object])[] = [
    ['resources/list', {}],
    ['resources/templates/list', {}],
    ['resources/read', { uri: 'estat://guide/symbols' }],
    ['prompts/list', {}],
    ['prompts/get', { name: 'time_series', arguments: { indicator: '人口' } }],
    [
      'completion/complete',
      { ref: { type: 'ref/prompt', name: 'time_series' }, argument: { name: 'area', value: '' } },
    ],
  ]
  const left: number[] = []
  for (const [method, params] of asked) {
    const body = { jsonrpc: '2.0', id: 1, method, params }
    const response = await edge.request('/mcp', posting(body, { 'x-api-key': key }))
    expect([method, response.status]).toEqual([method, 200])
    expect(await response.json()).toMatchObject({ id: 1, result: expect.anything() })
    left.push(Number(/r=(\d+)/.exec(response.headers.get('ratelimit') ?? '')?.[1]))
    const nobody = await edge.request('/mcp', posting(body))
    expect([method, nobody.status]).toEqual([method, 401])
  }
  expect(left.slice(1).map((now, at) => (left[at] ?? 0) - now)).toEqual([1, 1, 1, 1, 1])
})
