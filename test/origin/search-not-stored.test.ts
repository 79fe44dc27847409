/** What the origin forbids every cache: answers of a catalogue that is still being built, partial ones, and those of a caller's own ID. */
import { afterEach, describe, expect, it } from 'vitest'
import { fault } from '../../shared/fault.ts'
import { buildIndex } from '../../origin/estat/search/index.ts'
import type { CatalogueStatus, ListPage, StatsCatalogue, StatsLists } from '../../origin/ports.ts'
import { loadSample } from '../../origin/sample/load-sample.ts'
import type { SearchAnswer } from '../../origin/tools/table-listing.ts'
import { entry } from './estat/search/catalogue.ts'
import { openOrigin, type TestOrigin } from './support/origin.ts'

const HELD = entry(1, '人口')
const OWN = 'cd'.repeat(20)
const PROGRESS = { listed: 60_000, total: 230_000, secondsLeft: 200 }

let origin: TestOrigin | null = null
afterEach(() => origin?.close())

const answers = async (): Promise<ListPage> => ({ total: 1, nextKey: null, tables: [entry(9, 'ビットコイン')] })
const listsOf = (list: StatsLists['list'], configured = true): StatsLists => ({ configured, list })

const building = (progress: CatalogueStatus['progress'], lists = listsOf(answers)): StatsCatalogue => ({
  ...loadSample().catalogue,
  status: () => ({ state: 'building', progress, asOf: null }),
  lists,
})
function built(lists: StatsLists): StatsCatalogue {
  const index = buildIndex([HELD])
  return {
    origin: 'live',
    index: () => index,
    status: () => ({ state: 'ready', progress: null, asOf: '2026-11-20' }),
    lists,
  }
}

async function search(catalogue: StatsCatalogue, query: string, more: { lang?: 'E'; appId?: string } = {}) {
  origin = await openOrigin({ ports: { catalogue } })
  const { lang = 'J', appId } = more
  const response = await origin.fetch(
    new Request('http://origin/execute', {
      method: 'POST',
      headers: { 'x-api-key': origin.adminKey, ...(appId === undefined ? {} : { 'x-estat-app-id': appId }) },
      body: JSON.stringify({ tool_name: 'search_estat_data', arguments: { query, lang } }),
    }),
  )
  const { result } = (await response.json()) as { result: SearchAnswer }
  return { result, cacheControl: response.headers.get('cache-control') }
}

describe('while the catalogue is being built', () => {
  it('no cache may keep an answer, which says how far it is and how long it takes', async () => {
    const { result, cacheControl } = await search(building(PROGRESS), '人口', { lang: 'E' })
    expect(cacheControl).toBe('no-store')
    expect(result.catalogue).toEqual({
      state: 'building',
      as_of: null,
      listed: 60_000,
      listings: 230_000,
      seconds_left: 200,
    })
    expect(result.source.note).toMatch(/being built \(60,000 of 230,000 listings fetched, about 4 min left\)/)
    expect(result.source.note).not.toMatch(/sample|ESTAT_APP_ID/)
  })

  it('says so in Japanese, and before anything is known of it', async () => {
    const { result } = await search(building(null), '人口')
    expect(result.source.note).toMatch(/作成中です（0 件を取得済み）/)
    expect(result.source.note).not.toMatch(/見本|ESTAT_APP_ID|約\d+分/)
    expect(result.catalogue).toMatchObject({ state: 'building', listed: null, seconds_left: null })
  })
})

describe('afterwards', () => {
  it('an answer may be kept', async () => {
    const { result, cacheControl } = await search(built(listsOf(answers)), '人口')
    expect([cacheControl, result.catalogue.state, result.catalogue.as_of]).toEqual([null, 'complete', '2026-11-20'])
    expect((await search(loadSample().catalogue, '人口')).cacheControl).toBeNull()
  })

  it('one that e-Stat should have completed and did not may not', async () => {
    const down = listsOf(() => Promise.reject(fault('ESTAT_UNAVAILABLE', 'down')))
    const { result, cacheControl } = await search(built(down), 'ビットコイン')
    expect([cacheControl, result.live_complete]).toEqual(['no-store', false])
  })
})

describe("a caller's own application ID", () => {
  it('asks e-Stat beside the bundled sample, and no cache keeps what it heard', async () => {
    const asked: unknown[] = []
    const lists = listsOf(async (_query, { appId }) => (asked.push(appId), await answers()), false)
    const catalogue = { ...loadSample().catalogue, lists }
    const own = await search(catalogue, 'ビットコイン', { appId: OWN })
    expect([own.cacheControl, own.result.live_complete]).toEqual(['no-store', true])
    expect(own.result.live_results?.map(({ dataset_id }) => dataset_id)).toEqual(['0000000009'])
    expect(asked).toEqual([OWN])
    const without = await search(catalogue, 'ビットコイン')
    expect([without.cacheControl, without.result.live_complete]).toEqual([null, null])
    expect(asked).toHaveLength(1)
  })

  it('is asked with instead of the configured one, and its answer is not kept even where nobody was asked', async () => {
    const asked: unknown[] = []
    const lists = listsOf(async (_query, { appId }) => (asked.push(appId), await answers()))
    await search(built(lists), 'ビットコイン', { appId: OWN })
    expect(asked).toEqual([OWN])
    expect((await search(built(lists), '人口', { appId: OWN })).cacheControl).toBe('no-store')
  })
})
