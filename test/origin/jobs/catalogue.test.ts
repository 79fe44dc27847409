/** The build of the catalogue, against the stand-in and a store: pages, position, swap, refresh; killed at every step. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { liveCatalogue } from '../../../origin/adapters/catalogue-live.ts'
import { indexMaker } from '../../../origin/adapters/catalogue-maker.ts'
import { statsListHttp } from '../../../origin/adapters/stats-list-http.ts'
import { localStore } from '../../../origin/adapters/store-local.ts'
import { search } from '../../../origin/estat/search/index.ts'
import { buildCatalogue, type CatalogueDeps } from '../../../origin/jobs/catalogue.ts'
import { readCatalogue } from '../../../origin/jobs/catalogue-record.ts'
import type { ListPage, ObjectStore, StatsLists } from '../../../origin/ports.ts'
import { loadSample } from '../../../origin/sample/load-sample.ts'
import { createStandin } from '../../../origin/standin/standin.ts'
import { generatedListings } from '../../../origin/standin/generate/catalogue.ts'
import { fakeObjectStore } from '../../fakes/object-store.ts'
import { entry, inputOf } from '../estat/search/catalogue.ts'

const DAY = 86_400_000
const START = Date.UTC(2026, 10, 20)
const LEASE_MS = 60_000
const watch = { signal: new AbortController().signal, progress: () => {} }

/** Lists of e-Stat in pages of three listings, some tables twice, once for each area. */
function scripted(tables: readonly ReturnType<typeof entry>[]): StatsLists & { readonly asked: string[] } {
  const asked: string[] = []
  return {
    asked,
    configured: true,
    async list({ searchKind, updatedDate, start }): Promise<ListPage> {
      asked.push(`${searchKind} ${start}${updatedDate === undefined ? '' : ` ${updatedDate}`}`)
      const all = tables.filter(({ id }) => id.startsWith('8003') === (searchKind === '2'))
      const page = all.slice(start - 1, start + 2)
      const end = start - 1 + page.length
      return { total: all.length, nextKey: end < all.length ? end + 1 : null, tables: page }
    },
  }
}

const LISTED = [
  entry(1, '人口', { collectArea: ['全国'] }),
  entry(2, '世帯'),
  entry(3, '住宅'),
  entry(1, '人口', { collectArea: ['都道府県'] }),
  entry(4, '賃金'),
  entry(8_003_000_001, 'メッシュ', { smallArea: true }),
]

/** Stands in for the process that makes the index: what it would be made of. */
function depsOf(store: ObjectStore, lists: StatsLists, now: number) {
  const made: (readonly string[])[] = []
  const deps: CatalogueDeps = {
    store,
    lists,
    now: () => now,
    holder: 'this',
    leaseMs: LEASE_MS,
    makeIndex: async (pages, key) => {
      made.push(pages)
      await store.put(key, new Uint8Array([1]))
      return 5
    },
  }
  return { deps, made }
}

describe('a build', () => {
  it('asks for both kinds page by page and names the result last', async () => {
    const store = fakeObjectStore()
    const lists = scripted(LISTED)
    const { deps } = depsOf(store, lists, START)
    expect(await buildCatalogue(deps, watch)).toMatchObject({
      state: 'built',
      current: { tables: 5, asOf: '2026-11-20', fullAsOf: '2026-11-20' },
    })
    expect(lists.asked).toEqual(['1 1', '2 1', '1 4'])
    const { record } = await readCatalogue(store)
    expect(record).toMatchObject({ current: { tables: 5 }, build: null, lease: null })
    expect(store.calls.findLast((call) => call.startsWith('put'))).toBe('put catalogue/record/00000005.json')
  })

  it('killed at any request or write it goes on: no page is asked for twice, and the result is the same', async () => {
    const whole = depsOf(fakeObjectStore(), scripted(LISTED), START)
    await buildCatalogue(whole.deps, watch)
    const steps = 12
    for (let step = 1; step <= steps; step += 1) {
      const store = fakeObjectStore()
      const lists = scripted(LISTED)
      let left = step
      const dying = <T>(value: T): T => {
        left -= 1
        // Dead, it hands nothing back either: its lease has to run out.
        if (left <= 0) throw new Error('killed')
        return value
      }
      const mortal: ObjectStore = { ...store, put: async (...args) => dying(await store.put(...args)) }
      const { deps } = depsOf(
        mortal,
        { configured: true, list: async (...args) => dying(await lists.list(...args)) },
        START,
      )
      await buildCatalogue(deps, watch).catch(() => null)
      expect(left, `step ${step}`).toBeLessThanOrEqual(0)
      await buildCatalogue(depsOf(store, lists, START + LEASE_MS).deps, watch)
      const { current } = (await readCatalogue(store)).record
      expect(current?.pages, `after step ${step}`).toEqual(whole.made[0])
      // The page under way when it died is asked for again, no other.
      expect(lists.asked.length, `after step ${step}`).toBeLessThanOrEqual(4)
    }
  })

  it('is left alone for the rest of the day, refreshed by update date on the next, and made anew after a week', async () => {
    const store = fakeObjectStore()
    await buildCatalogue(depsOf(store, scripted(LISTED), START).deps, watch)
    const idle = scripted([])
    expect(await buildCatalogue(depsOf(store, idle, START + DAY / 4).deps, watch)).toEqual({ state: 'fresh' })
    expect(idle.asked).toEqual([])
    const update = scripted([entry(2, '世帯数')])
    const next = depsOf(store, update, START + DAY)
    expect(await buildCatalogue(next.deps, watch)).toMatchObject({
      current: { asOf: '2026-11-21', fullAsOf: '2026-11-20' },
    })
    expect(update.asked).toEqual(['1 1 20261119-20261121', '2 1 20261119-20261121'])
    expect(next.made[0]).toHaveLength(4)
    const empty = depsOf(store, scripted([]), START + 2 * DAY)
    expect(await buildCatalogue(empty.deps, watch)).toMatchObject({
      current: { asOf: '2026-11-22', tables: 5 },
    })
    expect(empty.made).toEqual([])
    const anew = scripted(LISTED)
    await buildCatalogue(depsOf(store, anew, START + 8 * DAY).deps, watch)
    expect(anew.asked).toEqual(['1 1', '2 1', '1 4'])
    expect((await store.list('catalogue/')).map(({ key }) => key)).toHaveLength(5)
  })
})

describe('through the stand-in, the process that makes the index, and the disk', () => {
  let folder: string
  beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'catalogue-'))))
  afterAll(() => rm(folder, { recursive: true }))

  it('takes over from the sample, keeps its answers to a restart, and gathers the areas of a table', async () => {
    const store = localStore({ dataDir: folder, bucket: 'estat-lake' })
    const sample = loadSample()
    const send = createStandin({
      tables: sample.tables,
      listed: generatedListings({ seed: 7, tables: 500 }),
      accepts: ['id'],
      now: () => START,
    })
    const peaks: number[] = []
    const options = {
      sample: sample.catalogue,
      store,
      lists: statsListHttp({ send, appId: 'id', now: () => START }),
      makeIndex: indexMaker({ store, tempDir: join(folder, 'tmp'), onMade: ({ peak }) => void peaks.push(peak) }),
      now: () => START,
      holder: 'this',
      leaseMs: 60_000,
      report: (error: unknown) => expect.unreachable(String(error)),
    }
    const catalogue = liveCatalogue(options)
    expect([catalogue.origin, catalogue.index().count]).toEqual(['sample', sample.catalogue.entries().length])
    expect(catalogue.status()).toEqual({ state: 'building', progress: null, asOf: null })
    await catalogue.refresh(watch.signal)
    expect([catalogue.origin, catalogue.index().count]).toEqual(['live', 507])
    expect(catalogue.status()).toEqual({ state: 'ready', progress: null, asOf: '2026-11-20' })
    expect(peaks).toHaveLength(1)
    const found = search(catalogue.index(), inputOf({ query: '国内総生産' }))
    expect(found.hits[0]?.entry.id).toBe('0003109741')
    const areas = Array.from({ length: 507 }, (_, row) => catalogue.index().entryAt(row).collectArea.length)
    expect(Math.max(...areas)).toBeGreaterThan(1)

    const restarted = liveCatalogue({
      ...options,
      lists: { configured: true, list: () => Promise.reject(new Error('asked')) },
    })
    await restarted.refresh(watch.signal)
    expect([restarted.origin, restarted.index().count]).toEqual(['live', 507])
  })

  it('makes the index anew where its file is damaged, without asking e-Stat again', async () => {
    const store = localStore({ dataDir: folder, bucket: 'estat-lake' })
    const files = await store.list('catalogue/')
    const index = files.find(({ key }) => key.endsWith('.bin'))?.key ?? ''
    await store.put(index, new TextEncoder().encode('not an index, and long enough to be read'))
    const failures: unknown[] = []
    const catalogue = liveCatalogue({
      sample: loadSample().catalogue,
      store,
      lists: { configured: true, list: () => Promise.reject(new Error('asked')) },
      makeIndex: indexMaker({ store, tempDir: join(folder, 'tmp') }),
      now: () => START + 1000,
      holder: 'this',
      leaseMs: 60_000,
      report: (error) => void failures.push(error),
    })
    await catalogue.refresh(watch.signal)
    expect(failures).toHaveLength(1)
    expect([catalogue.origin, catalogue.index().count]).toEqual(['live', 507])
  })
})
