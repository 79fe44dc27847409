/** Several origins on one store: one builds the catalogue at a time, the others look on and take what it made. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { liveCatalogue } from '../../../origin/adapters/catalogue-live.ts'
import { indexMaker } from '../../../origin/adapters/catalogue-maker.ts'
import { localStore } from '../../../origin/adapters/store-local.ts'
import { buildCatalogue, type CatalogueDeps } from '../../../origin/jobs/catalogue.ts'
import { readCatalogue } from '../../../origin/jobs/catalogue-record.ts'
import type { ListPage, ListQuery, ObjectStore, StatsLists } from '../../../origin/ports.ts'
import { loadSample } from '../../../origin/sample/load-sample.ts'
import { fakeObjectStore } from '../../fakes/object-store.ts'
import { entry } from '../estat/search/catalogue.ts'

const START = Date.UTC(2026, 10, 20)
const LEASE_MS = 300
const TITLES = ['人口', '世帯', '住宅', '賃金', '家計']
const watch = { signal: new AbortController().signal, progress: () => {} }
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** One listing a page, five pages; a page may be held back until `gate` opens. */
function listsOf(gate: (query: ListQuery) => Promise<void> = async () => {}): StatsLists & { asked: string[] } {
  const asked: string[] = []
  return {
    asked,
    configured: true,
    async list(query, { signal }): Promise<ListPage> {
      const { searchKind, start } = query
      asked.push(`${searchKind} ${start}`)
      await gate(query)
      signal.throwIfAborted()
      if (searchKind === '2') return { total: 0, nextKey: null, tables: [] }
      const nextKey = start < TITLES.length ? start + 1 : null
      return { total: TITLES.length, nextKey, tables: [entry(start, TITLES[start - 1] ?? '')] }
    },
  }
}

function depsOf(store: ObjectStore, lists: StatsLists, holder: string, now: () => number = Date.now): CatalogueDeps {
  const makeIndex: CatalogueDeps['makeIndex'] = async (pages, key) => {
    await store.put(key, new Uint8Array([1]))
    return pages.length
  }
  return { store, lists, makeIndex, now, holder, leaseMs: LEASE_MS }
}

describe('two processes at once', () => {
  it('one builds, the other is told how far it is, and each page is asked for once', async () => {
    const store = fakeObjectStore()
    const first = listsOf(() => pause(2))
    const second = listsOf()
    const outcomes = await Promise.all([
      buildCatalogue(depsOf(store, first, 'a'), watch),
      buildCatalogue(depsOf(store, second, 'b'), watch),
    ])
    expect(outcomes.map(({ state }) => state).toSorted()).toEqual(['built', 'elsewhere'])
    expect([...first.asked, ...second.asked]).toEqual(['1 1', '2 1', '1 2', '1 3', '1 4', '1 5'])
  })

  it('a build longer than its lease keeps it', async () => {
    const store = fakeObjectStore()
    const first = listsOf(() => pause(LEASE_MS / 3))
    const slow = buildCatalogue(depsOf(store, first, 'a'), watch)
    await pause(LEASE_MS * 1.2)
    while (first.asked.length < 4) await pause(5)
    const other = listsOf()
    expect(await buildCatalogue(depsOf(store, other, 'b'), watch)).toMatchObject({
      state: 'elsewhere',
      build: {
        passes: [
          { kind: '1', total: 5 },
          { kind: '2', total: 0 },
        ],
      },
    })
    expect(await slow).toMatchObject({ state: 'built', current: { tables: 5 } })
    expect(other.asked).toEqual([])
  })

  it('whoever fails or is told to stop hands the lease back at once', async () => {
    const store = fakeObjectStore()
    const failing = listsOf(async ({ start }) => {
      if (start === 3) throw new Error('e-Stat is down')
    })
    await expect(
      buildCatalogue(
        depsOf(store, failing, 'a', () => START),
        watch,
      ),
    ).rejects.toThrow('down')
    const next = listsOf()
    const outcome = await buildCatalogue(
      depsOf(store, next, 'b', () => START),
      watch,
    )
    expect(outcome).toMatchObject({ state: 'built', current: { tables: 5 } })
    expect(next.asked).toEqual(['1 3', '1 4', '1 5'])
  })

  it('one that slept through its lease writes nothing any more, and its pages harm nobody', async () => {
    const store = fakeObjectStore()
    let now = START
    const { promise: woken, resolve: wake } = Promise.withResolvers<void>()
    const sleeper = listsOf(({ start }) => (start === 3 ? woken : Promise.resolve()))
    // Frozen: its renewals stand still with it, as those of a process that sleeps between two requests do.
    let asleep = false
    const frozen: ObjectStore = {
      ...store,
      put: async (key, ...rest) => {
        if (asleep && key.startsWith('catalogue/record/')) await woken
        return store.put(key, ...rest)
      },
    }
    const sleeping = buildCatalogue(
      depsOf(frozen, sleeper, 'a', () => now),
      watch,
    )
    while (sleeper.asked.length < 4) await pause(1)
    asleep = true
    now += LEASE_MS + 1
    const heir = listsOf()
    const taken = await buildCatalogue(
      depsOf(store, heir, 'b', () => now),
      watch,
    )
    expect(taken).toMatchObject({ state: 'built', current: { tables: 5 } })
    expect(heir.asked).toEqual(['1 3', '1 4', '1 5'])
    const before = await readCatalogue(store)
    wake()
    expect(await sleeping).toMatchObject({ state: 'elsewhere' })
    expect(await readCatalogue(store)).toEqual(before)
    for (const key of [...(before.record.current?.pages ?? []), before.record.current?.file ?? ''])
      expect(await store.head(key), key).not.toBeNull()
  })
})

describe('two origins on one disk', () => {
  let folder: string
  beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'catalogue-lease-'))))
  afterAll(() => rm(folder, { recursive: true }))

  it('the one that waits shows the progress, and searches what the other built', async () => {
    const origin = (lists: StatsLists, holder: string) => {
      const store = localStore({ dataDir: folder, bucket: 'estat-lake' })
      return liveCatalogue({
        sample: loadSample().catalogue,
        store,
        lists,
        makeIndex: indexMaker({ store, tempDir: join(folder, 'tmp') }),
        now: Date.now,
        holder,
        leaseMs: 2_000,
        report: (error) => expect.unreachable(String(error)),
      })
    }
    const { promise: open, resolve } = Promise.withResolvers<void>()
    const builder = listsOf(({ start }) => (start === 4 ? open : pause(5)))
    const idle = listsOf()
    const [one, two] = [origin(builder, 'a'), origin(idle, 'b')]
    const building = one.refresh(watch.signal)
    while (builder.asked.length < 5) await pause(2)
    await two.refresh(watch.signal)
    expect(two.status()).toMatchObject({ state: 'building', progress: { listed: 3, total: 5 } })
    expect(one.status()).toMatchObject({ state: 'building', progress: { listed: 3 } })
    expect(one.status()?.progress?.secondsLeft).toBeGreaterThan(0)
    resolve()
    await building
    await two.refresh(watch.signal)
    expect([one.origin, two.origin, two.index().count, two.status()?.progress]).toEqual(['live', 'live', 5, null])
    expect(idle.asked).toEqual([])
  })
})
