/** Validators of answers: they change exactly when the table's update date does, and a known one costs no answer. */
import { afterEach, describe, expect, it } from 'vitest'
import { statsHttp } from '../../origin/adapters/stats-http.ts'
import { generatedTable } from '../../origin/standin/generate/table.ts'
import { createStandin } from '../../origin/standin/standin.ts'
import type { StatsCatalogue, StatsSource } from '../../origin/ports.ts'
import { buildIndex } from '../../origin/estat/search/index.ts'
import { entry } from './estat/search/catalogue.ts'
import { openOrigin, type TestOrigin, type TestOriginOptions } from './support/origin.ts'

const ID = '0009000001'
const APP_ID = '0123456789abcdef0123456789abcdef01234567'

const open: TestOrigin[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((origin) => origin.close()))
})

interface Asked {
  readonly status: number
  readonly etag: string | null
  readonly body: string
  readonly cacheControl: string | null
}
type Ask = (tool: string, args: object, headers?: Readonly<Record<string, string>>) => Promise<Asked>

async function ask(options: TestOriginOptions = {}): Promise<Ask> {
  const origin = await openOrigin(options)
  open.push(origin)
  return async (tool_name, args, headers = {}) => {
    const request = new Request('http://origin/execute', {
      method: 'POST',
      headers: { 'x-api-key': origin.adminKey, ...headers },
      body: JSON.stringify({ tool_name, arguments: args }),
    })
    const response = await origin.fetch(request)
    return {
      status: response.status,
      etag: response.headers.get('etag'),
      body: await response.text(),
      cacheControl: response.headers.get('cache-control'),
    }
  }
}

interface Version {
  readonly updatedDate?: string
  readonly seed?: number
}

/** An e-Stat with one table, of this version, and how often it was asked. */
function estat({ updatedDate = '2026-01-31', seed = 1 }: Version = {}) {
  const table = generatedTable({ id: ID, seed, rows: 300, updatedDate })
  const standin = createStandin({ tables: [table], accepts: [APP_ID], now: Date.now })
  const asked = { count: 0 }
  const send = (request: Request): Promise<Response> => {
    asked.count++
    return Promise.resolve(standin(request))
  }
  return { stats: statsHttp({ send, appId: APP_ID, origin: 'live', now: Date.now }), asked }
}
const over = (version: Version) => ask({ ports: { stats: estat(version).stats } })

const CALLS = [
  ['describe_dataset', { dataset_id: ID }],
  ['fetch_dataset_auto', { dataset_id: ID, save_to_s3: false }],
  ['fetch_dataset_filtered', { dataset_id: ID, filters: { time: 'latest' }, save_to_s3: false }],
] as const

describe.each(CALLS)('%s', (tool, args) => {
  it('has one validator for as long as the table is not updated', async () => {
    const tags: (string | null)[] = []
    for (const version of [{}, { seed: 2 }, { updatedDate: '2026-02-01' }, { updatedDate: '2025-02-01' }])
      tags.push((await (await over(version))(tool, args)).etag)
    expect(tags[0]).toMatch(/^W\/"[\x21\x23-\x7e]+"$/)
    expect(tags[1]).toBe(tags[0])
    expect(new Set(tags).size).toBe(3)
  })

  it('is not made again for who has it', async () => {
    const { stats, asked } = estat()
    const call = await ask({ ports: { stats } })
    const { etag } = await call(tool, args)
    const before = asked.count
    const again = await call(tool, args, { 'if-none-match': `"other", ${etag}` })
    expect(again).toEqual({ status: 304, etag, body: '', cacheControl: null })
    expect(asked.count).toBe(before)
    const updated = await (await over({ updatedDate: '2026-02-01' }))(tool, args, { 'if-none-match': etag ?? '' })
    expect([updated.status, updated.etag === etag, updated.body.length > 300]).toEqual([200, false, true])
    expect((await call(tool, args, { 'if-none-match': '*' })).status).toBe(200)
  })

  it('costs no request of its own', async () => {
    const counts: number[] = []
    for (const validated of [true, false]) {
      const { stats, asked } = estat()
      const origin = validated ? stats : { ...stats, origin: 'sample' as const }
      await (await ask({ ports: { stats: origin } }))(tool, args)
      counts.push(asked.count)
    }
    expect(counts[0]).toBe(counts[1])
  })

  it('has another in another language', async () => {
    const call = await over({})
    expect((await call(tool, { ...args, lang: 'E' })).etag).not.toBe((await call(tool, args)).etag)
  })

  it.each<[string, Version, ((stats: StatsSource) => StatsSource)?]>([
    ['updated today, which may happen twice', { updatedDate: '2999-01-01' }],
    [
      'without an update date',
      {},
      (stats) => ({
        ...stats,
        describe: async (...asked) => {
          const meta = await stats.describe(...asked)
          return { ...meta, info: { ...meta.info, updatedDate: null } }
        },
      }),
    ],
    ['that is bundled', {}, (stats) => ({ ...stats, origin: 'sample' })],
  ])('has none for a table %s', async (_what, version, change = (stats) => stats) => {
    const call = await ask({ ports: { stats: change(estat(version).stats) } })
    const { status, etag, cacheControl } = await call(tool, args)
    expect([status, etag, cacheControl]).toEqual([200, null, null])
  })

  it("has none for a caller's own application ID, and no answer is 304 to it", async () => {
    const call = await over({})
    const { etag } = await call(tool, args)
    const own = await call(tool, args, { 'x-estat-app-id': APP_ID, 'if-none-match': etag ?? '' })
    expect([own.status, own.etag, own.cacheControl]).toEqual([200, null, 'no-store'])
  })

  it('fails as the tool would, once', async () => {
    const { stats, asked } = estat()
    const call = await ask({ ports: { stats } })
    const missing = { ...args, dataset_id: '0009999999' }
    const plain = await call(tool, missing)
    const spent = asked.count
    const conditional = await call(tool, missing, { 'if-none-match': '"x"' })
    expect([conditional.status, conditional.body]).toEqual([plain.status, plain.body])
    expect(asked.count - spent).toBeLessThanOrEqual(spent)
  })
})

it('a call that keeps rows is made, whatever its caller holds', async () => {
  const call = await over({})
  const [tool, args] = CALLS[1]
  const { etag } = await call(tool, args)
  const kept = await call(tool, { ...args, save_to_s3: true }, { 'if-none-match': etag ?? '' })
  expect([kept.status, kept.etag, kept.cacheControl]).toEqual([200, null, 'no-store'])
  expect(kept.body).toContain('"kept":true')
})

describe('search_estat_data', () => {
  const index = buildIndex([entry(1, '人口')])
  const catalogue = (version: string | null, lists: StatsCatalogue['lists'] = null): StatsCatalogue => ({
    origin: 'live',
    index: () => index,
    status: () => ({ state: 'ready', progress: null, asOf: '2026-11-20' }),
    ...(version === null ? {} : { version: () => version }),
    lists,
  })
  const search = (of: StatsCatalogue) => ask({ ports: { catalogue: of } })

  it('has one validator for each catalogue', async () => {
    const tags: (string | null)[] = []
    for (const version of ['a 2026-11-19', 'a 2026-11-19', 'b 2026-11-20', null])
      tags.push((await (await search(catalogue(version)))('search_estat_data', { query: '人口' })).etag)
    expect([tags[1], tags[3]]).toEqual([tags[0], null])
    expect(new Set(tags).size).toBe(3)
  })

  it('has none where e-Stat was asked beside it', async () => {
    const list = async () => ({ total: 1, nextKey: null, tables: [entry(9, 'ビットコイン')] })
    const call = await search(catalogue('a', { configured: true, list }))
    const { etag, cacheControl } = await call('search_estat_data', { query: 'ビットコイン' })
    expect([etag, cacheControl]).toEqual([null, null])
  })
})

it.each(['lookup', 'search_files', 'get_estat_table_url'])('%s has none', async (tool) => {
  const args = { lookup: { kind: 'area', find: '府中' }, search_files: { query: '人口' } }[tool] ?? { dataset_id: ID }
  const call = await over({})
  expect((await call(tool, args, { 'if-none-match': '""' })).etag).toBeNull()
})

describe('GET /search', () => {
  async function get(query: string, headers: Readonly<Record<string, string>> = {}) {
    const origin = await openOrigin()
    open.push(origin)
    const request = new Request(`http://origin/search?${query}`, {
      headers: { 'x-api-key': origin.adminKey, ...headers },
    })
    const response = await origin.fetch(request)
    const body = (await response.json()) as { success: boolean; result?: object; text: string; error?: object }
    return { status: response.status, body, cacheControl: response.headers.get('cache-control') }
  }

  it('answers as the tool does, with the arguments in the query', async () => {
    const call = await ask()
    const executed = await call('search_estat_data', { query: '人口', max_results: 3, lang: 'E' })
    const { status, body, cacheControl } = await get('q=人口&max_results=3&lang=E')
    expect([status, body, cacheControl]).toEqual([200, JSON.parse(executed.body), 'private, no-cache'])
  })

  it('refuses in the same words and the language asked for', async () => {
    const { status, body } = await get('q=&lang=E')
    expect([status, body]).toEqual([
      400,
      expect.objectContaining({ success: false, error: expect.objectContaining({ tool: 'search_estat_data' }) }),
    ])
  })
})
