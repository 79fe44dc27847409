/** A table that is updated while a call of several queries reads it, at every moment: one version in an answer, or none. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { statsHttp } from '../../origin/adapters/stats-http.ts'
import { statsForCall } from '../../origin/call-stats.ts'
import { readRows } from '../../origin/jobs/read-rows.ts'
import { generatedTable } from '../../origin/standin/generate/table.ts'
import { createStandin } from '../../origin/standin/standin.ts'
import { fakeStats, fakeTable, infoOf } from '../fakes/stats-source.ts'
import { type Executed, execute, openOrigin, type TestOrigin } from './support/origin.ts'

const ID = '0009000001'
/** As many versions as a call may meet: each with other figures, and another number of them. */
const VERSIONS = [0, 1, 2].map((at) =>
  createStandin({
    tables: [generatedTable({ id: ID, seed: at + 1, rows: 1500 + 100 * at, updatedDate: `2026-0${at + 1}-01` })],
    accepts: ['test'],
    now: Date.now,
  }),
)

/** Requests for class lists and rows so far, and before which of them the table changes. */
let requests = 0
let changes: readonly number[] = []
const send = async (request: Request): Promise<Response> => {
  requests++
  const version = changes.filter((before) => requests >= before).length
  return VERSIONS[version]?.(request) ?? new Response(null, { status: 500 })
}

/** A client of its own for each call: what one has kept of a version does not matter to another. */
const fresh = () => statsHttp({ send, appId: 'test', origin: 'live', now: Date.now })
let stats = fresh()
let origin: TestOrigin
let codes: readonly string[]
beforeAll(async () => {
  const meta = await stats.describe(ID, { lang: 'J', signal: new AbortController().signal })
  codes = meta.axes.find(({ id }) => id === 'area')?.items.map(({ code }) => code) ?? []
  const source: typeof stats = {
    ...stats,
    describe: async (...asked) => stats.describe(...asked),
    count: async (...asked) => stats.count(...asked),
    page: async (...asked) => stats.page(...asked),
    packed: async (...asked) => stats.packed(...asked),
  }
  origin = await openOrigin({ ports: { stats: source } })
})
afterAll(() => origin.close())

async function call(args: object, changing: readonly number[] = [], first = 0): Promise<Executed> {
  stats = fresh()
  requests = 0
  changes = [...Array.from({ length: first }, () => 0), ...changing]
  const filters = { area: codes.slice(1, 151) }
  return execute(origin, 'fetch_dataset_filtered', { dataset_id: ID, filters, max_rows: 5, save_to_s3: false, ...args })
}

/** What of an answer belongs to a version. */
const facts = ({ result }: Executed) => {
  const { rows, total_records, legend, source } = result as {
    rows: unknown
    total_records: unknown
    legend: unknown
    source: { updated_date: string }
  }
  return { rows, total_records, legend, updated: source.updated_date }
}

const range = (from: number, to: number) => [
  { axis: 'area', codes: Array.from({ length: to - from }, (_, at) => String(from + at).padStart(6, '0')) },
]

describe.each([
  ['every row, put in order', { max_rows: 700 }],
  ['rows spread wide', { layout: 'wide', filters: undefined }],
  ['rows that are kept', { save_to_s3: true }],
])('%s', (_, more) => {
  const args = Object.fromEntries(Object.entries(more).filter(([, value]) => value !== undefined))

  it('are of one version, whenever it changes once or twice', async () => {
    const quiet: ReturnType<typeof facts>[] = []
    for (const first of [0, 1, 2]) quiet.push(facts(await call(args, [], first)))
    expect(new Set(quiet.map(({ total_records }) => total_records)).size).toBe(3)
    const most = requests
    expect(most).toBeGreaterThan(3)
    const moments = Array.from({ length: most + 1 }, (_unused, at) => at + 1)
    // A second change in the first attempt, in the one after it, and between.
    // What is kept is synced to a disk: every second pair will do.
    const pairs = moments.flatMap((one) => [
      [one],
      ...('save_to_s3' in args ? [] : [[one, one + most - 2]]),
      ...('save_to_s3' in args && one % 2 === 0 ? [] : [[one, one + most]]),
    ])
    const answers = new Map<readonly number[], Executed>()
    for (const changing of pairs) answers.set(changing, await call(args, changing))
    const refused = [...answers].filter(([, { success }]) => !success)
    const whole = [...answers].filter(([, { success }]) => success).map(([, answer]) => facts(answer))
    expect(whole.filter((found) => !quiet.some((one) => JSON.stringify(one) === JSON.stringify(found)))).toEqual([])
    expect(refused.filter(([, { error }]) => error.code !== 'ESTAT_UNAVAILABLE')).toEqual([])
    // One change is read around.
    expect(refused.filter(([changing]) => changing.length === 1)).toEqual([])
    expect(whole.length).toBeGreaterThanOrEqual(moments.length)
    expect(refused.length).toBeGreaterThan(0)
  })
})

describe('a window over queries that are too large to read whole', () => {
  const ask = { lang: 'J' as const, signal: new AbortController().signal }
  const queries = [range(0, 4), range(4, 8), range(8, 12)]

  it.each([0, 3, 5, 10])(
    'from row %i is of one version, and so is its count, in the second attempt too',
    async (start) => {
      const seen = new Set<string>()
      for (const oneVersion of [true, false])
        for (let change = 1; change <= 9; change++) {
          const fake = fakeStats(fakeTable(ID, 12))
          let asked = 0
          const next = (): void => {
            // Nine of the rows that were asked for are left, with another date.
            if (++asked === change)
              fake.table = { ...fakeTable(ID, 9), meta: { ...fake.table.meta, info: infoOf(ID, '2026-02-01') } }
          }
          const stats = statsForCall(
            {
              ...fake,
              describe: async (...args) => (next(), await fake.describe(...args)),
              count: async (...args) => (next(), await fake.count(...args)),
              page: async (...args) => (next(), await fake.page(...args)),
            },
            { appId: null, oneVersion },
          )
          const outcome = await stats
            .describe(ID, ask)
            .then(() => readRows(stats, ID, queries, { start, limit: 2 }, ask))
            .then(({ matched, values, info }) => `${matched} rows, ${values.length} of ${info?.updatedDate}`)
            .catch((error: unknown) => (error instanceof Error ? error.name : 'none'))
          seen.add(outcome.replace(/Fault|MetadataChanged/, 'refused'))
        }
      expect(seen).toContain('refused')
      seen.delete('refused')
      const left = Math.max(0, Math.min(2, 9 - start))
      const wholes = ['12 rows, 2 of 2026-01-01', `9 rows, ${left} of ${left === 0 ? 'undefined' : '2026-02-01'}`]
      expect([...seen].filter((outcome) => !wholes.includes(outcome))).toEqual([])
    },
  )
})

it('a page of another version than the ones before is refused, with a way to begin anew', async () => {
  const first = await call({})
  const cursor = first.result['next_cursor']
  const same = await call({ cursor })
  expect([same.success, facts(same).updated]).toEqual([true, '2026-01-01'])
  const { error } = await call({ cursor }, [], 1)
  expect(error).toMatchObject({
    code: 'INVALID_PARAMETER',
    message: 'The table was updated between two pages: 2026-01-01 before, 2026-02-01 now.',
    hint: expect.stringMatching(/cursor out to begin anew/),
  })
  const anew = await call({}, [], 1)
  expect(facts(anew).updated).toBe('2026-02-01')
})
