/** A catalogue kept fresh against a stand-in whose tables change: what is new, changed and withdrawn, and when it shows. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { liveCatalogue } from '../../../origin/adapters/catalogue-live.ts'
import { indexMaker } from '../../../origin/adapters/catalogue-maker.ts'
import { statsListHttp } from '../../../origin/adapters/stats-list-http.ts'
import { localStore } from '../../../origin/adapters/store-local.ts'
import type { CatalogueEntry } from '../../../origin/ports.ts'
import { loadSample } from '../../../origin/sample/load-sample.ts'
import { listingFrom } from '../../../origin/standin/listing-from-info.ts'
import { createStandin } from '../../../origin/standin/standin.ts'
import { entry } from '../estat/search/catalogue.ts'

const DAY = 86_400_000
/** 10:00 in Japan. */
const START = Date.UTC(2026, 10, 20, 1)
const dayOf = (day: number): string => new Date(START + day * DAY).toISOString().slice(0, 10)
const table = (id: number, title: string, updated: string, change: Partial<CatalogueEntry> = {}): CatalogueEntry =>
  entry(id, title, { openDate: '2020-01-01', updatedDate: updated, ...change })

let folder: string
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'catalogue-refresh-'))))
afterAll(() => rm(folder, { recursive: true }))

it('takes changed and new tables the next day, and lets go of withdrawn ones within the week', async () => {
  let now = START
  let listed: readonly CatalogueEntry[] = [
    table(1, '人口', '2020-01-01'),
    table(2, '世帯', '2020-01-01', { totalRecords: 10 }),
    table(3, '住宅', '2020-01-01'),
    table(8_003_000_001, 'メッシュ', '2020-01-01', { smallArea: true }),
  ]
  const asked: string[] = []
  const standin = createStandin({
    tables: [],
    listed: { [Symbol.iterator]: () => listed.map(listingFrom)[Symbol.iterator]() },
    accepts: ['id'],
    now: () => now,
  })
  const store = localStore({ dataDir: folder, bucket: 'estat-lake' })
  const catalogue = liveCatalogue({
    sample: loadSample().catalogue,
    store,
    lists: statsListHttp({
      send: (request) => {
        const { searchParams } = new URL(request.url)
        asked.push(`${searchParams.get('searchKind')} ${searchParams.get('updatedDate') ?? 'all'}`)
        return standin(request)
      },
      appId: 'id',
      now: () => now,
    }),
    makeIndex: indexMaker({ store, tempDir: join(folder, 'tmp') }),
    now: () => now,
    holder: 'this',
    leaseMs: 30_000,
    report: (error) => expect.unreachable(String(error)),
  })
  const { signal } = new AbortController()
  const held = async (): Promise<(readonly [number, string, number | null])[]> => {
    asked.splice(0)
    await catalogue.refresh(signal)
    const { count, entryAt } = catalogue.index()
    return Array.from({ length: count }, (_, row) => entryAt(row)).map(({ id, title, totalRecords }) => [
      Number(id),
      title,
      totalRecords,
    ])
  }

  expect((await held()).map(([id]) => id)).toEqual([1, 2, 3, 8_003_000_001])
  expect(asked).toEqual(['1 all', '2 all'])

  // In the evening of the same day one changes and one comes, after the comparison; one is withdrawn.
  listed = [
    table(1, '人口', '2020-01-01'),
    table(2, '世帯数', dayOf(0), { totalRecords: 20 }),
    table(4, '賃金', dayOf(0)),
    table(8_003_000_001, 'メッシュ', '2020-01-01', { smallArea: true }),
    table(8_003_000_002, '小地域', dayOf(0), { smallArea: true }),
  ]
  expect(await held()).toHaveLength(4)
  expect(asked).toEqual([])

  now = START + DAY
  const next = await held()
  expect(asked).toEqual(['1 20261119-20261121', '2 20261119-20261121'])
  expect(next.map(([id]) => id)).toEqual([1, 2, 3, 4, 8_003_000_001, 8_003_000_002])
  expect(next[1]).toEqual([2, '世帯数', 20])

  // A process that was down for days asks for all of them.
  listed = [...listed, table(5, '家計', dayOf(3))]
  now = START + 5 * DAY
  expect((await held()).map(([id]) => id)).toEqual([1, 2, 3, 4, 5, 8_003_000_001, 8_003_000_002])
  expect(asked).toEqual(['1 20261120-20261125', '2 20261120-20261125'])

  now = START + 7 * DAY
  expect((await held()).map(([id]) => id)).toEqual([1, 2, 4, 5, 8_003_000_001, 8_003_000_002])
  expect(asked).toEqual(['1 all', '2 all'])
  expect(catalogue.status()).toMatchObject({ state: 'ready', asOf: dayOf(7) })
})
