/** Validators of answers: they change exactly when the table's update date does, and a known one costs no answer. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { statsHttp } from '../../origin/adapters/stats-http.ts'
import { generatedTable } from '../../origin/standin/generate/table.ts'
import { createStandin } from '../../origin/standin/standin.ts'
import type { StatsCatalogue, StatsSource } from '../../origin/ports.ts'
import { buildIndex } from '../../origin/estat/search/index.ts'
import { loadSample } from '../../origin/sample/load-sample.ts'
import { entry } from './estat/search/catalogue.ts'
import { openOrigin, type TestOrigin } from './support/origin.ts'

const ID = '0009000001'
const APP_ID = '0123456789abcdef0123456789abcdef01234567'

/** What the one origin of these tests has behind it at the moment. */
let stats: StatsSource
let catalogue: StatsCatalogue
const now = {
  stats: {
    get origin() {
      return stats.origin
    },
    describe: async (...asked) => stats.describe(...asked),
    count: async (...asked) => stats.count(...asked),
    page: async (...asked) => stats.page(...asked),
    packed: async (...asked) => stats.packed(...asked),
  } satisfies StatsSource,
  catalogue: {
    get origin() {
      return catalogue.origin
    },
    index: () => catalogue.index(),
    status: () => catalogue.status(),
    version: () => catalogue.version?.() ?? null,
    get lists() {
      return catalogue.lists
    },
  } satisfies StatsCatalogue,
}

let origin: TestOrigin
beforeAll(async () => {
  origin = await openOrigin({ ports: now })
})
beforeEach(() => {
  stats = estat().stats
  catalogue = loadSample().catalogue
})
afterAll(() => origin.close())

interface Asked {
  readonly status: number
  readonly etag: string | null
  readonly body: string
  readonly cacheControl: string | null
}

async function send(path: string, init: RequestInit): Promise<Asked> {
  const response = await origin.fetch(new Request(`http://origin${path}`, init))
  return {
    status: response.status,
    etag: response.headers.get('etag'),
    body: await response.text(),
    cacheControl: response.headers.get('cache-control'),
  }
}

function call(tool_name: string, args: object, headers: Readonly<Record<string, string>> = {}): Promise<Asked> {
  const body = JSON.stringify({ tool_name, arguments: args })
  return send('/execute', { method: 'POST', headers: { 'x-api-key': origin.adminKey, ...headers }, body })
}

interface Version {
  readonly updatedDate?: string
  readonly seed?: number
}

/** An e-Stat with one table, of this version, and how often it was asked. */
function estat({ updatedDate = '2026-01-31', seed = 1 }: Version = {}) {
  const table = generatedTable({ id: ID, seed, rows: 60, updatedDate })
  const standin = createStandin({ tables: [table], accepts: [APP_ID], now: Date.now })
  const asked = { count: 0 }
  const send = (request: Request): Promise<Response> => {
    asked.count++
    return Promise.resolve(standin(request))
  }
  return { stats: statsHttp({ send, appId: APP_ID, origin: 'live', now: Date.now }), asked }
}

const CALLS = [
  ['describe_dataset', { dataset_id: ID }],
  ['fetch_dataset_auto', { dataset_id: ID, save_to_s3: false }],
  ['fetch_dataset_filtered', { dataset_id: ID, filters: { time: 'latest' }, save_to_s3: false }],
] as const

describe.each(CALLS)('%s', (tool, args) => {
  it('has one validator for as long as the table is not updated', async () => {
    const tags: (string | null)[] = []
    for (const version of [{}, { seed: 2 }, { updatedDate: '2026-02-01' }, { updatedDate: '2025-02-01' }]) {
      stats = estat(version).stats
      tags.push((await call(tool, args)).etag)
    }
    expect(tags[0]).toMatch(/^W\/"[\x21\x23-\x7e]+"$/)
    expect(tags[1]).toBe(tags[0])
    expect(new Set(tags).size).toBe(3)
  })

  it('is not made again for who has it, until the table is updated', async () => {
    const first = estat()
    stats = first.stats
    const { etag } = await call(tool, args)
    const before = first.asked.count
    const again = await call(tool, args, { 'if-none-match': `"other", ${etag}` })
    expect(again).toEqual({ status: 304, etag, body: '', cacheControl: null })
    expect(first.asked.count).toBe(before)
    expect((await call(tool, args, { 'if-none-match': '*' })).status).toBe(200)
    stats = estat({ updatedDate: '2026-02-01' }).stats
    const updated = await call(tool, args, { 'if-none-match': etag ?? '' })
    expect([updated.status, updated.etag === etag, updated.body.length > 300]).toEqual([200, false, true])
  })

  it('costs no request of its own', async () => {
    const counts: number[] = []
    for (const origin of ['live', 'sample'] as const) {
      const { stats: asking, asked } = estat()
      stats = { ...asking, origin }
      await call(tool, args)
      counts.push(asked.count)
    }
    expect(counts[0]).toBe(counts[1])
  })

  it('has another in another language', async () => {
    expect((await call(tool, { ...args, lang: 'E' })).etag).not.toBe((await call(tool, args)).etag)
  })

  it.each<[string, () => StatsSource]>([
    ['updated today, which may happen twice', () => estat({ updatedDate: '2999-01-01' }).stats],
    ['without an update date', () => undated(estat().stats)],
    ['that is bundled', () => ({ ...estat().stats, origin: 'sample' })],
  ])('has none for a table %s', async (_what, made) => {
    stats = made()
    const { status, etag, cacheControl } = await call(tool, args)
    expect([status, etag, cacheControl]).toEqual([200, null, null])
  })

  it("has none for a caller's own application ID, and no answer is 304 to it", async () => {
    const { etag } = await call(tool, args)
    const own = await call(tool, args, { 'x-estat-app-id': APP_ID, 'if-none-match': etag ?? '' })
    expect([own.status, own.etag, own.cacheControl]).toEqual([200, null, 'no-store'])
  })

  it('fails as the tool would, once', async () => {
    const { stats: asking, asked } = estat()
    stats = asking
    const missing = { ...args, dataset_id: '0009999999' }
    const plain = await call(tool, missing)
    const spent = asked.count
    const conditional = await call(tool, missing, { 'if-none-match': '"x"' })
    expect([conditional.status, conditional.body, asked.count]).toEqual([plain.status, plain.body, 2 * spent])
  })
})

const undated = (dated: StatsSource): StatsSource => ({
  ...dated,
  async describe(...asked) {
    const meta = await dated.describe(...asked)
    return { ...meta, info: { ...meta.info, updatedDate: null } }
  },
})

it('a call that keeps rows is made, whatever its caller holds', async () => {
  const [tool, args] = CALLS[1]
  const { etag } = await call(tool, args)
  const kept = await call(tool, { ...args, save_to_s3: true }, { 'if-none-match': etag ?? '' })
  expect([kept.status, kept.etag, kept.cacheControl]).toEqual([200, null, 'no-store'])
  expect(kept.body).toContain('"kept":true')
})

const index = buildIndex([entry(1, '人口')])
const built = (version: string | null, lists: StatsCatalogue['lists'] = null): StatsCatalogue => ({
  origin: 'live',
  index: () => index,
  status: () => ({ state: 'ready', progress: null, asOf: '2026-11-20' }),
  ...(version === null ? {} : { version: () => version }),
  lists,
})

describe('search_estat_data', () => {
  it('has one validator for each catalogue', async () => {
    const tags: (string | null)[] = []
    for (const version of ['a 2026-11-19', 'a 2026-11-19', 'b 2026-11-20', null]) {
      catalogue = built(version)
      tags.push((await call('search_estat_data', { query: '人口' })).etag)
    }
    expect([tags[1], tags[3]]).toEqual([tags[0], null])
    expect(new Set(tags).size).toBe(3)
  })

  it('has none where e-Stat was asked beside it', async () => {
    const list = async () => ({ total: 1, nextKey: null, tables: [entry(9, 'ビットコイン')] })
    catalogue = built('a', { configured: true, list })
    const { etag, cacheControl } = await call('search_estat_data', { query: 'ビットコイン' })
    expect([etag, cacheControl]).toEqual([null, null])
  })
})

it.each([
  ['lookup', { kind: 'area', find: '府中' }],
  ['search_files', { query: '人口' }],
  ['get_estat_table_url', { dataset_id: ID }],
])('%s has none', async (tool, args) => {
  const { status, etag } = await call(tool, args, { 'if-none-match': '""' })
  expect([status === 304, etag]).toEqual([false, null])
})

describe('GET /search', () => {
  const get = (query: string, headers: Readonly<Record<string, string>> = {}) =>
    send(`/search?${query}`, { headers: { 'x-api-key': origin.adminKey, ...headers } })

  it('answers as the tool does, with the arguments in the query', async () => {
    const executed = await call('search_estat_data', { query: '人口', max_results: 3, lang: 'E' })
    const { status, body, cacheControl } = await get('q=人口&max_results=3&lang=E')
    expect([status, body, cacheControl]).toEqual([200, executed.body, 'private, no-cache'])
  })

  it('is 304 for as long as the catalogue is the same', async () => {
    catalogue = built('a')
    const { etag } = await get('q=人口')
    const known = { 'if-none-match': etag ?? '' }
    expect(await get('q=人口', known)).toMatchObject({ status: 304, etag, body: '' })
    catalogue = built('b')
    expect((await get('q=人口', known)).status).toBe(200)
  })

  it('refuses with the name of the tool, and without a key', async () => {
    const { status, body } = await get('q=')
    expect([status, JSON.parse(body)]).toMatchObject([400, { success: false, error: { tool: 'search_estat_data' } }])
    expect((await send('/search?q=人口', {})).status).toBe(401)
  })
})
