/** The upkeep of a day: once, by one instance; raw pages that newer ones replace go, what is used stays. */
import { utimes } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { jobStore } from '../../../origin/adapters/jobs-store.ts'
import { newJob } from '../../../origin/jobs/job.ts'
import { RAW_AGE_MS } from '../../../origin/jobs/raw-expiry.ts'
import { upkeepOfToday } from '../../../origin/jobs/upkeep.ts'
import type { ObjectStore } from '../../../origin/ports.ts'
import { calm, type Lake, openLake } from '../lake/support/lake.ts'
import { smallFile } from '../lake/support/parquet-file.ts'

const ID = '0003280145'
const DAY = 86_400_000
const NOW = Date.UTC(2026, 10, 20, 12)
let lake: Lake
let failures: string[]
beforeEach(async () => {
  lake = await openLake()
  failures = []
})
afterEach(() => lake.close())

const deps = (more: { readonly now?: number; readonly store?: ObjectStore } = {}) => ({
  store: more.store ?? lake.store,
  tables: lake.tables,
  jobs: jobStore(lake.store),
  now: () => more.now ?? NOW,
  report: (error: unknown, where: string) => failures.push(`${where}: ${String(error)}`),
})

/** A fetch of so many days ago: two pages and, where it was finished, a manifest. */
async function keep(fetchId: string, days: number, manifest: object | null = {}): Promise<void> {
  const at = NOW - days * DAY
  const prefix = `raw/${ID}/${fetchId}/`
  const whole = { version: 1, dataset_id: ID, pages: [], filters: {}, lang: 'J', rows: 10, ...manifest }
  const put = async (name: string, body: string) => {
    await lake.store.put(prefix + name, new TextEncoder().encode(body))
    await utimes(await lake.store.localPath(prefix + name), at / 1000, at / 1000)
  }
  await put('page-00001.json.gz', 'x')
  await put('page-00002.json.gz', 'x')
  if (manifest !== null)
    await put('manifest.json', JSON.stringify({ retrieved_at: new Date(at).toISOString(), ...whole }))
}
const kept = async () => [...new Set((await lake.store.list('raw/')).map(({ key }) => key.split('/')[2]))]

describe('raw pages', () => {
  it('are kept for seven days, and the newest of a selection for ever', async () => {
    expect(RAW_AGE_MS).toBe(7 * DAY)
    await keep('a-first', 400)
    await keep('b-older', 20)
    await keep('c-newest', 10)
    await keep('d-brazil', 300, { filters: { area: 'ブラジル' } })
    await keep('e-english', 300, { lang: 'E' })
    const done = await upkeepOfToday(deps(), calm)
    expect(await kept()).toEqual(['c-newest', 'd-brazil', 'e-english'])
    expect(done).toMatchObject({ objectsDeleted: 6, snapshotsExpired: 0 })
    expect(failures).toEqual([])
  })

  it('stay where they are young, though newer ones are there', async () => {
    await keep('a-older', 6.9)
    await keep('b-newest', 1)
    await upkeepOfToday(deps(), calm)
    expect(await kept()).toEqual(['a-older', 'b-newest'])
  })

  it('that were cut short do not replace the whole', async () => {
    await keep('a-whole', 30)
    await keep('b-part', 20, { rows: 5, matched: 10 })
    await keep('c-part', 10, { rows: 5, matched: 10 })
    await upkeepOfToday(deps(), calm)
    expect(await kept()).toEqual(['a-whole', 'c-part'])
  })

  it('that were never finished go after seven days, but for those of a job that is not over', async () => {
    await keep('a-lost', 8, null)
    await keep('b-recent', 6, null)
    await keep('c-waiting', 30, null)
    await keep('d-for-csv', 30)
    await keep('e-newest', 1)
    const work = { datasetId: ID, lang: 'J', queries: [[]], filters: {}, maxRecords: 1, pageRows: 1 } as const
    const job = newJob({ id: 'j1', tenant: 'estat', tool: 't', work, callersId: true, now: NOW })
    const outline = { fetchId: 'c-waiting', updatedDate: null, totals: [], rows: 1, notes: [] }
    await jobStore(lake.store).create({ ...job, outline })
    const csv = {
      filename: null,
      layout: 'long',
      spread: null,
      raw: false,
      kept: { fetchId: 'd-for-csv', rows: 1, matched: 1, note: null },
    } as const
    await jobStore(lake.store).create({ ...job, id: 'j2', work: { ...work, csv } })
    await upkeepOfToday(deps(), calm)
    expect(await kept()).toEqual(['b-recent', 'c-waiting', 'd-for-csv', 'e-newest'])
  })

  it('whose deletion is cut off are not read half: the manifest goes first', async () => {
    await keep('a-older', 20)
    await keep('b-newest', 10)
    const deleted: string[] = []
    const watching: ObjectStore = {
      ...lake.store,
      delete: (key) => {
        deleted.push(key)
        return lake.store.delete(key)
      },
    }
    await upkeepOfToday(deps({ store: watching }), calm)
    expect(deleted.map((key) => key.split('/').at(-1))).toEqual([
      'manifest.json',
      'page-00001.json.gz',
      'page-00002.json.gz',
    ])
  })

  it('with a manifest that cannot be read stay, and it is said', async () => {
    await keep('a-older', 20)
    await keep('b-newest', 10)
    await lake.store.put(`raw/${ID}/b-newest/manifest.json`, new TextEncoder().encode('{}'))
    await upkeepOfToday(deps(), calm)
    expect(await kept()).toEqual(['a-older', 'b-newest'])
    expect(failures).toEqual([expect.stringContaining('upkeep of raw pages')])
  })
})

describe('a day', () => {
  it('has one upkeep, whatever the number of instances, and reads one object where it is done', async () => {
    const all = await Promise.all([1, 2, 3, 4].map(() => upkeepOfToday(deps(), calm)))
    expect(all.filter((done) => done !== null)).toHaveLength(1)
    const calls: string[] = []
    const counted = new Proxy(lake.store, {
      get: (target, name: keyof ObjectStore) => {
        calls.push(name)
        return target[name]
      },
    })
    expect(await upkeepOfToday(deps({ store: counted }), calm)).toBeNull()
    expect(calls).toEqual(['head'])
    expect(await upkeepOfToday(deps({ now: NOW + DAY }), calm)).not.toBeNull()
    expect((await lake.store.list('cache/upkeep/')).map(({ key }) => key)).toEqual(['cache/upkeep/2026-11-21.json'])
  })

  it('lets snapshots expire in the tables of every tenant, though one table is broken', async () => {
    const file = await smallFile(lake, ID, ['1', '2'])
    const properties = { 'history.expire.min-snapshots-to-keep': '1' }
    const change = { kind: 'replace', datasetId: ID, files: [file], properties } as const
    for (const [tenant, name] of [
      ['ours', 'a'],
      ['theirs', 'b'],
      ['ours', 'broken'],
    ] as const)
      for (const days of [3, 2]) {
        const options = { create: true, now: NOW - days * DAY, signal: calm }
        await lake.tables.commit(tenant, name, change, options)
      }
    for (const { key } of await lake.store.list('ours/iceberg/broken/metadata/snap-')) await lake.store.delete(key)
    expect(await upkeepOfToday(deps(), calm)).toMatchObject({ snapshotsExpired: 2 })
    expect((await lake.tables.load('ours', 'a'))?.snapshots).toHaveLength(1)
    expect((await lake.tables.load('theirs', 'b'))?.snapshots).toHaveLength(1)
    expect(failures).toEqual([expect.stringContaining('upkeep of a table')])
  })

  it('goes on to the raw pages where the tables of a tenant cannot be listed', async () => {
    await keep('a-older', 20)
    await keep('b-newest', 10)
    await lake.store.put('ours/iceberg/a/metadata/v1.metadata.json', new Uint8Array([1]))
    const list = async () => Promise.reject(new Error('Glue is away'))
    await upkeepOfToday({ ...deps(), tables: { ...lake.tables, list } }, calm)
    expect(await kept()).toEqual(['b-newest'])
    expect(failures).toEqual(['upkeep of a lake: Error: Glue is away'])
  })
})
