/** Every row or none: what a fetch keeps, and what it leaves behind when it fails. */
import { beforeEach, describe, expect, it } from 'vitest'
import { fetchDataset, type FetchRequest } from '../../../origin/jobs/fetch-dataset.ts'
import { readManifest } from '../../../origin/jobs/manifest.ts'
import { planPages } from '../../../origin/jobs/plan-pages.ts'
import { readPages } from '../../../origin/jobs/read-pages.ts'
import { readRows } from '../../../origin/jobs/read-rows.ts'
import type { ObjectStore } from '../../../origin/ports.ts'
import { fault } from '../../../shared/fault.ts'
import { fakeObjectStore } from '../../fakes/object-store.ts'
import { type FakeStats, fakeStats, fakeTable, infoOf } from '../../fakes/stats-source.ts'

const ID = '0001234567'
const ROWS = 250_000
const table = fakeTable(ID, ROWS)

let stats: FakeStats
let store: ObjectStore
beforeEach(() => {
  stats = fakeStats(table)
  store = fakeObjectStore()
})

const ask = (signal = new AbortController().signal) => ({ lang: 'J' as const, signal })
const request = (more: Partial<FetchRequest> = {}): FetchRequest => ({
  meta: table.meta,
  queries: [[]],
  filters: {},
  fetchId: 'f1',
  now: 0,
  maxRows: 1_000_000,
  progress: () => {},
  ...more,
})
const keys = async () => (await store.list('')).map(({ key }) => key)

describe('planPages', () => {
  it.each([
    ['one row', [1], [[0, 1, 1]]],
    ['a full page', [4], [[0, 1, 4]]],
    [
      'a page and one',
      [5],
      [
        [0, 1, 4],
        [0, 5, 1],
      ],
    ],
    [
      'two queries',
      [5, 2],
      [
        [0, 1, 4],
        [0, 5, 1],
        [1, 1, 2],
      ],
    ],
    ['nothing', [0], []],
  ])('%s', (_name, totals, pages) => {
    expect(planPages(totals, 4).map(({ query, start, limit }) => [query, start, limit])).toEqual(pages)
  })
})

describe('a fetch', () => {
  it('keeps every row in pages and writes the manifest last', async () => {
    const heard: number[] = []
    const manifest = await fetchDataset({ stats, store }, request({ progress: (done) => heard.push(done) }), ask())
    expect(manifest).toMatchObject({ rows: ROWS, pages: [{ rows: 100_000 }, { rows: 100_000 }, { rows: 50_000 }] })
    expect(stats.asked.toSorted()).toEqual(['count', 'page 1+100000', 'page 100001+100000', 'page 200001+50000'])
    expect(heard.at(-1)).toBe(ROWS)
    const read = await readManifest(store, `raw/${ID}/f1/manifest.json`)
    let sum = 0
    for await (const rows of readPages(store, read, ask().signal)) for (const { value } of rows) sum += value ?? 0
    expect(sum).toBe((ROWS * (ROWS - 1)) / 2)
  })

  it('refuses what is too large before a page is asked for, and writes nothing', async () => {
    await expect(fetchDataset({ stats, store }, request({ maxRows: ROWS - 1 }), ask())).rejects.toMatchObject({
      code: 'TOO_LARGE',
      message: expect.stringContaining('250,000'),
    })
    expect([stats.asked, await keys()]).toEqual([['count'], []])
  })

  it('takes its pages away again when a later one fails', async () => {
    stats.beforePage = (start) => {
      if (start > 200_000) throw fault('ESTAT_UNAVAILABLE', 'down')
    }
    await expect(fetchDataset({ stats, store }, request(), ask())).rejects.toMatchObject({ code: 'ESTAT_UNAVAILABLE' })
    expect(await keys()).toEqual([])
  })

  it('leaves nothing behind when the caller leaves', async () => {
    const leaving = new AbortController()
    stats.beforePage = (start) => (start > 100_000 ? leaving.abort() : undefined)
    await expect(fetchDataset({ stats, store }, request(), ask(leaving.signal))).rejects.toThrow(/abort/)
    expect(await keys()).toEqual([])
  })

  it('begins anew when the table changed between two pages', async () => {
    stats.beforePage = (start) => {
      if (start === 1 || stats.table !== table) return
      stats.table = { meta: { ...table.meta, info: infoOf(ID, '2026-02-02') }, values: table.values.slice(0, 150_000) }
    }
    const manifest = await fetchDataset({ stats, store }, request(), ask())
    expect(manifest).toMatchObject({ rows: 150_000, fetch_id: 'f1-2' })
    expect(await keys()).toEqual(
      ['manifest.json', 'page-00001.json.gz', 'page-00002.json.gz'].map((name) => `raw/${ID}/f1-2/${name}`),
    )
  })

  it('gives up on a table that changes each time', async () => {
    let version = 0
    stats.beforePage = (start) => {
      if (start > 1) stats.table = { ...table, meta: { ...table.meta, info: infoOf(ID, `2026-03-0${++version}`) } }
    }
    await expect(fetchDataset({ stats, store }, request(), ask())).rejects.toMatchObject({ code: 'ESTAT_UNAVAILABLE' })
    expect(await keys()).toEqual([])
  })

  it('says that nothing matches', async () => {
    const queries = [[{ axis: 'area', codes: ['none'] }]]
    await expect(fetchDataset({ stats, store }, request({ queries }), ask())).rejects.toMatchObject({ code: 'NO_DATA' })
  })
})

describe('what was kept', () => {
  it.each(['raw/0001234567/f9/manifest.json', 'raw/x', 'estat/csv/a.csv'])(
    'there is no fetch under %s',
    async (key) => {
      await expect(readManifest(store, key)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    },
  )

  it('a page that is damaged or short is not read as data', async () => {
    const manifest = await fetchDataset({ stats, store }, request(), ask())
    const [first] = manifest.pages
    await store.put(first?.key ?? '', new TextEncoder().encode('not gzip'))
    await expect(readPages(store, manifest, ask().signal).next()).rejects.toMatchObject({
      code: 'DATA_TRANSFORM_ERROR',
    })
    const short = { pages: [{ key: manifest.pages[2]?.key ?? '', rows: 49_999 }] }
    const drain = async (): Promise<void> => {
      for await (const batch of readPages(store, short, ask().signal)) expect(batch.length).toBeGreaterThan(0)
    }
    await expect(drain()).rejects.toThrow(/50000 rows/)
  })
})

describe('readRows', () => {
  const part = (from: number, to: number) => [
    { axis: 'area', codes: table.values.slice(from, to).map((row) => row['@area'] ?? '') },
  ]

  it('reads a window over one query in one request', async () => {
    const { matched, values } = await readRows(stats, ID, [[]], { start: 10, limit: 2 }, ask())
    expect([matched, values.map(({ $ }) => $), stats.asked]).toEqual([ROWS, ['10', '11'], ['page 11+2']])
  })

  it('reads across the border of two queries', async () => {
    const { matched, values } = await readRows(stats, ID, [part(0, 3), part(3, 6)], { start: 2, limit: 2 }, ask())
    expect([matched, values.map(({ $ }) => $)]).toEqual([6, ['2', '3']])
  })
})
