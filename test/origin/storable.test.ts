/** Which answers a cache may keep, by tool and by the way through it; and that those are the same for everybody. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CallAnswer, callTool } from '../../origin/call-tool.ts'
import type { StatsSource } from '../../origin/ports.ts'
import { TOOLS } from '../../origin/tools/registry.ts'
import { toolList } from '../../origin/tool-list.ts'
import { parseArguments } from '../../shared/arguments.ts'
import { CACHEABLE } from '../../shared/cacheable/index.ts'
import { Fault } from '../../shared/fault.ts'
import { hasScope } from '../../shared/scope.ts'
import { type Caller, type Scope, SCOPES } from '../../shared/server-info.ts'
import { openOrigin, type TestOrigin } from './support/origin.ts'

/** 47 prefectures in 1,000 rows or so, bundled. */
const ID = '0003410379'

let origin: TestOrigin
beforeAll(async () => {
  origin = await openOrigin()
})
afterAll(() => origin.close())

const as = (scopes: readonly Scope[], tenant = 'ours'): Caller => ({ id: `${tenant} ${scopes.join()}`, tenant, scopes })
const READER = as(['read'])
const KEEPER = as(['lake'])

interface Terms {
  readonly caller?: Caller
  readonly stats?: StatsSource
  readonly appId?: string
  readonly fetchRows?: number
}

function call(name: string, args: object, { caller = READER, stats, appId, fetchRows = 500_000 }: Terms = {}) {
  return callTool(
    {
      tools: TOOLS,
      ports: { ...origin.ports, ...(stats === undefined ? {} : { stats }) },
      limits: { fetchRows, millis: 20_000 },
      now: () => Date.now(),
      newId: () => crypto.randomUUID(),
    },
    { name, args, caller, appId: appId ?? null, signal: new AbortController().signal },
  )
}
const storable = async (...asked: Parameters<typeof call>): Promise<boolean> => (await call(...asked)).storable

const WHOLE = { dataset_id: ID }
const PART = { dataset_id: ID, filters: { time: 'latest' } }
const FETCHES = [
  ['fetch_dataset_auto', WHOLE],
  ['fetch_dataset_filtered', PART],
] as const

/** Changes what the sample's source answers. */
const altered = (change: Partial<StatsSource>): StatsSource => ({ ...origin.ports.stats, ...change })

/** Rows of another version than the class lists, to the end. */
const ofTwoVersions = (): StatsSource => {
  const { stats } = origin.ports
  return altered({
    async describe(...asked) {
      const meta = await stats.describe(...asked)
      return { ...meta, info: { ...meta.info, updatedDate: '2026-11-18' } }
    },
    async page(...asked) {
      const page = await stats.page(...asked)
      return { ...page, info: { ...page.info, updatedDate: '2026-11-19' } }
    },
  })
}

describe.each(FETCHES)('%s', (name, args) => {
  it('may be kept where it kept nothing', async () => {
    for (const caller of [READER, KEEPER])
      expect(await storable(name, { ...args, save_to_s3: false }, { caller })).toBe(true)
    const told = await call(name, args)
    expect([told.storable, told.result['kept'], told.result['kept_note']]).toEqual([true, false, expect.any(String)])
  })

  it('may not where rows were kept, or a job keeps them', async () => {
    const kept = await call(name, args, { caller: KEEPER })
    expect([kept.storable, kept.result['kept']]).toEqual([false, true])
    const job = await call(name, args, { caller: KEEPER, fetchRows: 5 })
    expect([job.storable, job.result['kept'], job.result['job_id']]).toEqual([false, false, expect.any(String)])
  })

  it('may be kept as a further page, which keeps nothing', async () => {
    const first = await call(name, { ...args, max_rows: 2 })
    const cursor = first.result['next_cursor']
    const pages = [READER, KEEPER].map((caller) => call(name, { ...args, max_rows: 2, cursor }, { caller }))
    const [one, other] = await Promise.all(pages)
    expect([one?.storable, one?.result]).toEqual([true, other?.result])
  })

  it('may not where rows and class lists are of two versions', async () => {
    expect(await storable(name, { ...args, save_to_s3: false }, { stats: ofTwoVersions() })).toBe(false)
  })

  it('is refused, not cut, where it cannot be had whole', async () => {
    const stats = altered({ page: () => Promise.reject(new Fault('ESTAT_UNAVAILABLE', 'down')) })
    await expect(call(name, args, { stats })).rejects.toMatchObject({ code: 'ESTAT_UNAVAILABLE' })
  })
})

describe('describe_dataset', () => {
  it('may be kept', async () => {
    expect(await storable('describe_dataset', WHOLE)).toBe(true)
  })

  it('may not without the rows that roles are told from', async () => {
    const { stats } = origin.ports
    const failing = altered({
      page: (query, range, ask) =>
        range.limit > 1 ? Promise.reject(new Fault('ESTAT_UNAVAILABLE', 'down')) : stats.page(query, range, ask),
    })
    // One whose codes say what they are, and two that leave it to their figures.
    const tables = [ID, '0003280145', '0004052037']
    const seen: unknown[] = []
    for (const dataset_id of tables) {
      const whole = await call('describe_dataset', { dataset_id })
      const part = await call('describe_dataset', { dataset_id }, { stats: failing })
      expect(whole.storable).toBe(true)
      expect(part.storable).toBe(part.result['roles_complete'])
      seen.push(part.storable)
    }
    expect(seen).toEqual([true, false, false])
  })

  it('may not where rows and class lists are of two versions', async () => {
    expect(await storable('describe_dataset', WHOLE, { stats: ofTwoVersions() })).toBe(false)
  })
})

describe('every tool', () => {
  const ASKED: Readonly<Record<string, object>> = {
    search_estat_data: { query: '人口' },
    lookup: { kind: 'area', find: '府中' },
    describe_dataset: WHOLE,
    fetch_dataset_auto: { ...WHOLE, save_to_s3: false },
    fetch_dataset_filtered: { ...PART, save_to_s3: false },
  }
  const asked = Object.entries(ASKED)

  it.each(asked)("%s: an answer to a caller's own application ID may not be kept", async (name, args) => {
    // The sample answers whoever asks it.
    const stats = { ...origin.ports.stats }
    const own = altered({
      describe: (id, ask) => stats.describe(id, { lang: ask.lang, signal: ask.signal }),
      page: (query, range, ask) => stats.page(query, range, { lang: ask.lang, signal: ask.signal }),
      count: (query, ask) => stats.count(query, { lang: ask.lang, signal: ask.signal }),
      packed: (query, range, ask) => stats.packed(query, range, { lang: ask.lang, signal: ask.signal }),
    })
    const terms = { stats: own, appId: 'cd'.repeat(20) }
    expect([await storable(name, args, terms), await storable(name, args)]).toEqual([false, true])
  })

  it.each(asked)('%s: what may be kept is the same for everybody, asked in whatever form', async (name, args) => {
    const tool = CACHEABLE[name]
    if (tool === undefined) throw new Error(`${name} is not cacheable`)
    const normal = tool.normalise(parseArguments(tool, args))
    const answers: CallAnswer[] = []
    for (const caller of [READER, KEEPER, as(['admin'], 'theirs'), as(['read'], 'theirs')])
      for (const form of [args, normal]) answers.push(await call(name, form, { caller }))
    for (const answer of answers) expect(answer).toEqual(answers[0])
  })

  it.each(TOOLS.filter(({ cache }) => cache === null).map(({ name }) => [name] as const))(
    '%s is for its caller alone',
    async (name) => {
      const given = { get_estat_table_url: WHOLE, lake_tables: {}, get_job: {} }[name]
      const may = given === undefined ? false : await storable(name, given, { caller: KEEPER })
      expect([may, CACHEABLE[name]]).toEqual([false, undefined])
    },
  )
})

describe.each(SCOPES)('a caller with the scope %s', (scope) => {
  const caller = as([scope])
  const mine = TOOLS.filter((tool) => hasScope(caller, tool.scope)).map(({ name }) => name)

  it('is shown the tools it may call', () => {
    expect(toolList(TOOLS, caller).map(({ name }) => name)).toEqual(mine)
  })

  it.each(TOOLS.map(({ name, scope: needed }) => [name, needed] as const))(
    'calls %s (%s) if it may',
    async (name, needed) => {
      const refused = await call(name, { no_such_argument: 1 }, { caller }).catch((error: unknown) => error)
      const rank = { read: 0, lake: 1, admin: 2 }
      const expected = rank[scope] >= rank[needed] ? 'INVALID_PARAMETER' : 'FORBIDDEN'
      expect(refused).toMatchObject({ code: expected })
    },
  )
})
