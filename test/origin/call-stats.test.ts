/** What a call adds to the port of e-Stat: one version of a table, the call's time, and the state told by /health. */
import { afterEach, describe, expect, it } from 'vitest'
import { statsHttp } from '../../origin/adapters/stats-http.ts'
import type { Ports, StatsSource } from '../../origin/ports.ts'
import { fakeStats, fakeTable, type FakeStats, infoOf } from '../fakes/stats-source.ts'
import { execute, openOrigin, type TestOrigin, type TestOriginOptions } from './support/origin.ts'

const ID = '0003410379'
let origin: TestOrigin
afterEach(() => origin.close())

const open = async (stats: StatsSource, limits: TestOriginOptions['limits'] = {}): Promise<TestOrigin> => {
  const ports: Partial<Ports> = { stats }
  origin = await openOrigin({ ports, limits })
  return origin
}

const args = { dataset_id: ID, max_rows: 1, save_to_s3: false }

describe('class lists that are older than the rows', () => {
  /** Keeps what it told of the table until a page says otherwise, as the client of e-Stat does. */
  function cached(rows: number): { readonly fake: FakeStats; readonly stats: StatsSource; described: number } {
    const fake = fakeStats(fakeTable(ID, rows))
    let known = fake.table.meta
    const made = {
      fake,
      described: 0,
      stats: {
        ...fake,
        async describe() {
          made.described++
          return await Promise.resolve(known)
        },
        async page(...asked: Parameters<StatsSource['page']>) {
          const page = await fake.page(...asked)
          known = fake.table.meta
          return page
        },
      } satisfies StatsSource,
    }
    return made
  }

  const updatedTable = (rows: number, name: string) => {
    const { meta, values } = fakeTable(ID, rows)
    const axes = meta.axes.map((axis) => ({ ...axis, items: axis.items.map((item) => ({ ...item, name })) }))
    return { meta: { ...meta, axes, info: infoOf(ID, '2026-02-01') }, values }
  }

  it('make the call begin anew, so that names and rows are of one version', async () => {
    const made = cached(2)
    await open(made.stats)
    expect((await execute(origin, 'fetch_dataset_auto', args)).text).toContain('地域000000')
    made.fake.table = updatedTable(3, '新しい名')
    const { success, result, text } = await execute(origin, 'fetch_dataset_auto', args)
    // Each call's validator looks as well, and again at no cost: the client of e-Stat remembers.
    expect([success, result['total_records'], made.described]).toEqual([true, 3, 3 + 2])
    expect(text).toContain('新しい名')
    expect(text).not.toContain('地域000000')
    expect(result['source']).toMatchObject({ updated_date: '2026-02-01' })
  })

  it('leave nothing of the first attempt behind', async () => {
    const made = cached(2)
    await open(made.stats)
    await execute(origin, 'describe_dataset', { dataset_id: ID })
    made.fake.table = updatedTable(3, '新しい名')
    const { result } = await execute(origin, 'fetch_dataset_auto', { ...args, save_to_s3: true })
    const manifests = (await origin.ports.store.list('raw/')).filter(({ key }) => key.endsWith('manifest.json'))
    expect([result['kept'], result['total_records'], manifests.length]).toEqual([true, 3, 1])
  })

  it('show by rows of another date, where the codes that were asked for have none any more', async () => {
    const made = cached(2)
    await open(made.stats)
    await execute(origin, 'describe_dataset', { dataset_id: ID })
    const gone = { area: '000001' }
    expect((await execute(origin, 'fetch_dataset_filtered', { ...args, filters: gone })).success).toBe(true)
    made.fake.table = updatedTable(1, '新しい名')
    const { success, error } = await execute(origin, 'fetch_dataset_filtered', { ...args, filters: gone })
    // Not NO_DATA: the new class lists do not have the code.
    expect([success, error.code]).toEqual([false, 'INVALID_PARAMETER'])
  })

  it('are put up with the second time: a table without end of updates is still answered', async () => {
    const made = cached(2)
    let day = 1
    made.fake.beforePage = () => {
      made.fake.table = { ...made.fake.table, meta: { ...made.fake.table.meta, info: infoOf(ID, `2026-03-0${day++}`) } }
    }
    await open(made.stats)
    expect((await execute(origin, 'fetch_dataset_auto', args)).success).toBe(true)
    expect(made.described).toBe(2 + 1)
  })
})

describe('the time of a call', () => {
  it('is handed down to every question, and no other ID than the caller’s own', async () => {
    const fake = fakeStats(fakeTable(ID, 2))
    const asks: Parameters<StatsSource['count']>[1][] = []
    const noted: StatsSource = {
      ...fake,
      describe: async (id, ask) => (asks.push(ask), await fake.describe(id, ask)),
      page: async (query, range, ask) => (asks.push(ask), await fake.page(query, range, ask)),
    }
    await open(noted, { millis: 3000 })
    const before = Date.now()
    await execute(origin, 'describe_dataset', { dataset_id: ID })
    expect(asks.length).toBeGreaterThanOrEqual(2)
    for (const ask of asks) {
      expect(ask.deadline).toBeGreaterThanOrEqual(before + 3000)
      expect(ask.deadline).toBeLessThanOrEqual(Date.now() + 3000)
      expect(ask).not.toHaveProperty('appId')
    }
  })

  it('is enough to say what happened instead of running out', async () => {
    let sent = 0
    const send = async (): Promise<Response> => {
      sent++
      return await Promise.resolve(new Response('<html>', { status: 503, headers: { 'retry-after': '5' } }))
    }
    await open(statsHttp({ send, appId: 'a', origin: 'live', now: () => Date.now() }), { millis: 3000 })
    const began = Date.now()
    const { status, error } = await execute(origin, 'describe_dataset', { dataset_id: ID })
    expect([status, error.code, sent]).toEqual([503, 'ESTAT_UNAVAILABLE', 1])
    expect(error.message).toContain('No time was left to ask again.')
    expect(Date.now() - began).toBeLessThan(1000)
  })
})

it('/health says that e-Stat fails, and stays healthy', async () => {
  const send = async (): Promise<Response> => await Promise.resolve(new Response('<html>', { status: 503 }))
  const retry = { attempts: 5, baseMs: 0, capMs: 0 }
  await open(statsHttp({ send, appId: 'a', origin: 'live', now: () => Date.now(), retry }))
  const health = async (): Promise<unknown> => (await origin.fetch(new Request('http://origin/health'))).json()
  expect(await health()).toMatchObject({ status: 'healthy', estat: 'ok' })
  await execute(origin, 'describe_dataset', { dataset_id: ID })
  expect(await health()).toMatchObject({ status: 'healthy', estat: 'failing' })
})
