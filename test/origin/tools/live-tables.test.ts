/** e-Stat itself beside the catalogue: asked where the answer is weak, for three words at the most, never waited for long. */
import { describe, expect, it } from 'vitest'
import { searchEstatData } from '../../../shared/cacheable/search-estat-data.ts'
import { fault } from '../../../shared/fault.ts'
import { statsListHttp } from '../../../origin/adapters/stats-list-http.ts'
import { buildIndex } from '../../../origin/estat/search/index.ts'
import type { CatalogueEntry, ListQuery, StatsCatalogue, StatsLists } from '../../../origin/ports.ts'
import { loadSample } from '../../../origin/sample/load-sample.ts'
import { always, firstTimes, withFaults } from '../../../origin/standin/faults.ts'
import { createStandin } from '../../../origin/standin/standin.ts'
import { searchTables } from '../../../origin/tools/table-search.ts'
import { entry } from '../estat/search/catalogue.ts'

const signal = new AbortController().signal
const ask = (query: string, catalogue: StatsCatalogue) =>
  searchTables(searchEstatData.normalise(searchEstatData.input.parse({ query })), catalogue, {
    signal,
    appId: null,
    now: Date.now(),
  })

function catalogueOf(entries: readonly CatalogueEntry[], lists: StatsLists | null): StatsCatalogue {
  const index = buildIndex(entries)
  return { origin: 'live', index: () => index, status: () => null, lists }
}

function listsOf(answer: (query: ListQuery) => Promise<readonly CatalogueEntry[]>): StatsLists & { asked: string[] } {
  const asked: string[] = []
  return {
    asked,
    configured: true,
    async list(query) {
      asked.push(query.searchWord ?? '')
      const tables = await answer(query)
      return { total: tables.length, nextKey: null, tables }
    },
  }
}

const HELD = entry(1, '人口')
const NEW = entry(2, 'ビットコインの保有')

describe('a weak answer', () => {
  it('is helped by e-Stat: tables beside the results, none of them twice', async () => {
    const lists = listsOf(async () => [HELD, NEW, NEW])
    const answer = await ask('ビットコイン', catalogueOf([HELD], lists))
    expect(answer).toMatchObject({ total_found: 0, results: [], live_complete: true })
    expect(answer.live_results?.map(({ dataset_id }) => dataset_id)).toEqual(['0000000002'])
    expect(lists.asked).toEqual(['ビットコイン'])
  })

  it('asks three times at the most, each with AND alone', async () => {
    const lists = listsOf(async () => [])
    await ask('未確認飛行物体 給料 がん', catalogueOf([HELD], lists))
    expect(lists.asked).toHaveLength(3)
    for (const words of lists.asked) expect(words).toMatch(/^[^ ]+( AND [^ ]+)*$/)
  })

  it('says so where not all was heard', async () => {
    const lists = listsOf(async ({ searchWord }) => {
      if (searchWord?.includes('AND')) throw fault('ESTAT_UNAVAILABLE', 'down')
      return [NEW]
    })
    const answer = await ask('ビットコイン 給料', catalogueOf([HELD], lists))
    expect(answer.live_complete).toBe(false)
    expect((await ask('ビットコイン', catalogueOf([HELD], lists))).live_results).toHaveLength(1)
  })

  it('has nobody to ask in the sample', async () => {
    const answer = await ask('ビットコイン', loadSample().catalogue)
    expect(answer).toMatchObject({ live_complete: null })
    expect(answer).not.toHaveProperty('live_results')
  })
})

it('a good answer asks nobody', async () => {
  const lists = listsOf(async () => [NEW])
  expect(await ask('人口', catalogueOf([HELD, entry(3, '世帯')], lists))).toMatchObject({ live_complete: null })
  expect(lists.asked).toEqual([])
})

it('names surveys that answer and have no table here, beside the results', async () => {
  const answer = await ask('パスポートの発行数', catalogueOf([HELD], null))
  expect(answer.surveys[0]).toEqual({ code: '00300400', name: '旅券統計', organisation: '外務省', in_database: true })
  const files = await ask('民間企業退職金実態調査', catalogueOf([HELD], null))
  expect(files.surveys[0]).toMatchObject({ code: '00000001', in_database: false })
  const named = await ask('患者調査', catalogueOf([HELD], null))
  expect(named.surveys[0]).toMatchObject({ code: '00450022', in_database: true })
  expect(named.understood.surveys).toContainEqual({ code: '00450022', name: '患者調査' })
})

describe('the list over HTTP', () => {
  const answers = createStandin({ tables: loadSample().tables, accepts: ['id', 'own'], now: () => 0 })
  const over = (send: (request: Request) => Promise<Response>, appId: string | null = 'id') => {
    let sent = 0
    const counted = (request: Request): Promise<Response> => (sent++, send(request))
    const retry = { attempts: 4, baseMs: 1, capMs: 1 }
    return { lists: statsListHttp({ send: counted, appId, now: Date.now, retry }), sent: () => sent }
  }

  it('asks again after a failure that passes', async () => {
    const { lists, sent } = over(withFaults(answers, firstTimes(2, { kind: 'maintenance', status: 503 })))
    expect((await lists.list(query, { signal })).tables).toHaveLength(3)
    expect(sent()).toBe(3)
  })

  it('a circuit breaker opens for searches and leaves a build its own chances; a caller with an ID has neither', async () => {
    const { lists, sent } = over(
      withFaults(
        answers,
        always({ kind: 'http', status: 500 }, ({ query: q }) => q.get('appId') === 'id'),
      ),
    )
    const search = () => lists.list({ ...query, searchWord: '人口' }, { signal, deadline: Date.now() + 8_000 })
    await expect(search()).rejects.toMatchObject({ code: 'ESTAT_UNAVAILABLE' })
    const asked = sent()
    await expect(search()).rejects.toMatchObject({ code: 'ESTAT_UNAVAILABLE' })
    expect(sent()).toBe(asked)
    await expect(lists.list(query, { signal })).rejects.toMatchObject({ code: 'ESTAT_UNAVAILABLE' })
    expect(sent()).toBeGreaterThan(asked)
    expect((await lists.list(query, { signal, appId: 'own' })).tables).toHaveLength(3)
  })

  it('without an ID only who brings one is answered, and never waits beyond the deadline', async () => {
    const { lists } = over(answers, null)
    expect(lists.configured).toBe(false)
    await expect(lists.list(query, { signal })).rejects.toMatchObject({ code: 'ESTAT_API_ERROR' })
    expect((await lists.list(query, { signal, appId: 'own' })).tables).toHaveLength(3)
    await expect(lists.list(query, { signal, appId: 'stranger' })).rejects.toMatchObject({
      code: 'ESTAT_API_ERROR',
      hint: expect.stringContaining('X-Estat-App-Id'),
    })
    const began = performance.now()
    const silent = over(() => new Promise(() => {}))
    await expect(silent.lists.list(query, { signal, deadline: Date.now() + 600 })).rejects.toMatchObject({
      code: 'TIMEOUT_ERROR',
    })
    expect(performance.now() - began).toBeLessThan(2_000)
  })

  const standin = createStandin({ tables: loadSample().tables, accepts: ['id'], now: () => 0 })
  const query = { start: 1, limit: 3 }

  it('reads pages that join', async () => {
    const lists = statsListHttp({ send: standin, appId: ' id\n', now: () => 0 })
    const first = await lists.list(query, { signal })
    const second = await lists.list({ ...query, start: first.nextKey ?? 0 }, { signal })
    expect(new Set([...first.tables, ...second.tables].map(({ id }) => id)).size).toBe(
      first.tables.length + second.tables.length,
    )
    expect(await lists.list({ ...query, searchWord: 'どこにもない' }, { signal })).toEqual({
      total: 0,
      nextKey: null,
      tables: [],
    })
  })

  it.each<[string, (request: Request) => Promise<Response>, string]>([
    [
      'a wrong application ID',
      (request) => createStandin({ tables: [], accepts: [], now: () => 0 })(request),
      'ESTAT_API_ERROR',
    ],
    ['a maintenance page', async () => new Response('<html>'), 'ESTAT_UNAVAILABLE'],
    ['no connection', () => Promise.reject(new Error('https://secret')), 'ESTAT_UNAVAILABLE'],
    ['silence', () => new Promise(() => {}), 'TIMEOUT_ERROR'],
  ])('%s is a fault without the URL', async (_what, send, code) => {
    const lists = statsListHttp({ send, appId: 'my-secret-id', attemptMs: 50, now: () => 0, random: () => 0 })
    const error: unknown = await lists.list(query, { signal }).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code })
    expect(String(error)).not.toMatch(/secret/)
  })
})
