/** The edge's cache in front of the origin's own tools: who gets an answer of another's call, and who never does. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ToolManifest } from '../../edge/domain/tools.ts'
import { CACHEABLE } from '../../shared/cacheable/index.ts'
import type { Scope } from '../../shared/server-info.ts'
import manifest from '../../shared/tool-manifest.json' with { type: 'json' }
import { posting, type TestEdge, testEdge } from '../edge/fixture.ts'
import { openOrigin, type TestOrigin } from '../origin/support/origin.ts'

const ID = '0003410379'

let origin: TestOrigin
let edge: TestEdge
beforeAll(async () => {
  edge = await testEdge({
    manifest: ToolManifest.parse(manifest),
    cacheables: CACHEABLE,
    perMinute: 10_000,
    now: Date.now,
    send: (request) => origin.fetch(request),
  })
  origin = await openOrigin({ edgeKeys: [edge.publicKey] })
})
afterAll(() => origin.close())

const keyFor = (scopes: readonly Scope[], tenant: string): Promise<string> => edge.issueKey(scopes, { tenant })

async function call(key: string, tool_name: string, args: object, headers: Readonly<Record<string, string>> = {}) {
  const response = await edge.request(
    '/execute',
    posting({ tool_name, arguments: args }, { 'x-api-key': key, ...headers }),
  )
  await edge.settled()
  const { result } = (await response.json()) as { result: Readonly<Record<string, unknown>> }
  return { cache: response.headers.get('x-cache'), result }
}

describe.each([
  ['fetch_dataset_auto', { dataset_id: ID }],
  ['fetch_dataset_filtered', { dataset_id: ID, filters: { time: 'latest' } }],
])('%s', (tool, args) => {
  it('gives nobody who keeps rows the answer of one who may not', async () => {
    const [reader, other, keeper] = [
      await keyFor(['read'], 'ours'),
      await keyFor(['read'], 'theirs'),
      await keyFor(['lake'], 'ours'),
    ]
    const told = await call(reader, tool, args)
    expect([told.cache, told.result['kept'], told.result['kept_note']]).toEqual(['MISS', false, expect.any(String)])
    expect(await call(other, tool, args)).toEqual({ cache: 'HIT', result: told.result })
    for (let time = 0; time < 2; time++) {
      const kept = await call(keeper, tool, args)
      expect([kept.cache, kept.result['kept'], kept.result['s3_json_path']]).toEqual([
        'BYPASS',
        true,
        expect.stringContaining(ID),
      ])
    }
    expect(await call(reader, tool, args)).toEqual({ cache: 'HIT', result: told.result })
  })

  it('shares what keeps nothing among all', async () => {
    const plain = { ...args, save_to_s3: false, max_rows: 7 }
    const keeper = await call(await keyFor(['admin'], 'ours'), tool, plain)
    expect([keeper.cache, keeper.result['kept_note']]).toEqual(['MISS', null])
    expect(await call(await keyFor(['read'], 'theirs'), tool, plain)).toEqual({ cache: 'HIT', result: keeper.result })
    // A further page keeps nothing, whatever its caller may and asks.
    const page = { ...args, max_rows: 7, cursor: keeper.result['next_cursor'] }
    const next = await call(await keyFor(['read'], 'theirs'), tool, page)
    expect(next.cache).toBe('MISS')
    expect(await call(await keyFor(['lake'], 'ours'), tool, page)).toEqual({ cache: 'HIT', result: next.result })
  })
})

it.each([
  ['describe_dataset', { dataset_id: ID }, { dataset_id: `https://www.e-stat.go.jp/dbview?sid=${ID}`, axis: '' }],
  ['lookup', { kind: 'area', find: 'Tokyo' }, { kind: 'area', find: '　ＴＯＫＹＯ' }],
  ['search_estat_data', { query: '人口 東京' }, { query: '人口　東京', max_results: '5' }],
])('%s is asked of the origin once', async (tool, one, other) => {
  const key = await keyFor(['read'], 'ours')
  const first = await call(key, tool, one)
  expect(first.cache).toBe('MISS')
  expect(await call(key, tool, other)).toEqual({ cache: 'HIT', result: first.result })
  expect((await call(key, tool, { ...one, lang: 'E' })).cache).toBe('MISS')
})

it.each([
  ['get_estat_table_url', { dataset_id: ID }],
  ['lake_tables', {}],
])('%s is never kept', async (tool, args) => {
  const key = await keyFor(['lake'], 'ours')
  const asked = [await call(key, tool, args), await call(key, tool, args)]
  expect(asked.map(({ cache }) => cache)).toEqual(['BYPASS', 'BYPASS'])
})
