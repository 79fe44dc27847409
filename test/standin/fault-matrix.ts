/**
 * Each way in which e-Stat fails, against each thing that is asked of it. What is judged is the outcome: the right
 * answer, whole; or a refusal in our own words that leaves nothing behind. Anything else is a wrong figure, a row lost
 * or doubled, or a success that is none. How often was asked again is not judged.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { statsHttp } from '../../origin/adapters/stats-http.ts'
import type { Ask, StatsSource } from '../../origin/ports.ts'
import {
  always,
  type FaultPlan,
  firstTimes,
  fromThe,
  type InjectedFault,
  withFaults,
} from '../../origin/standin/faults.ts'
import { createStandin, type Standin } from '../../origin/standin/standin.ts'
import type { GeneratedTable } from '../../origin/standin/generate/table.ts'
import type { StandinTable } from '../../origin/standin/table.ts'
import { Fault } from '../../shared/fault.ts'
import { execute, openOrigin, type TestOrigin } from '../origin/support/origin.ts'

const APP_ID = 'an-id-that-no-message-may-show'
const now = (): number => Date.UTC(2026, 10, 20)
const ask: Ask = { lang: 'J', signal: new AbortController().signal }

export const standinOf = (table: StandinTable): Standin => createStandin({ tables: [table], accepts: [APP_ID], now })

/** Asked again at once, and never long waited for. @param attemptMs What is silent for longer is given up. */
export const sourceOver = (send: Standin, attemptMs = 20_000): StatsSource =>
  statsHttp({ send, appId: APP_ID, origin: 'live', now, retry: { attempts: 3, baseMs: 0, capMs: 0 }, attemptMs })

/** What came out of one question, as text that is the same for the same outcome. */
export type Outcome =
  | { readonly kind: 'answer'; readonly text: string }
  | { readonly kind: 'refusal'; readonly code: string; readonly message: string; readonly left: readonly string[] }

/** Where questions are asked: one origin, whose e-Stat is another one for each question. */
export interface Bench {
  readonly origin: TestOrigin
  /** e-Stat, for the next question. */
  stats: StatsSource
}

/** Close its origin in the end. */
export async function openBench(): Promise<Bench> {
  const bench: { origin?: TestOrigin; stats?: StatsSource } = {}
  const current = (): StatsSource => bench.stats as StatsSource
  const stats: StatsSource = {
    origin: 'live',
    describe: (id, ask) => current().describe(id, ask),
    count: (query, ask) => current().count(query, ask),
    page: (query, range, ask) => current().page(query, range, ask),
    packed: (query, range, ask) => current().packed(query, range, ask),
  }
  bench.origin = await openOrigin({ ports: { stats } })
  return bench as Bench
}

export interface Operation {
  readonly name: string
  /** True where one request is enough. */
  readonly single: boolean
  run(bench: Bench, id: string): Promise<Outcome>
}

const direct = (name: string, question: (stats: StatsSource, id: string) => Promise<unknown>): Operation => ({
  name,
  single: true,
  async run({ stats }, id) {
    try {
      return { kind: 'answer', text: JSON.stringify(await question(stats, id)) }
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      return { kind: 'refusal', code: error.code, message: `${error.message} ${error.hint}`, left: [] }
    }
  },
})

/** The whole selection as a file: every cell of it, in order. What stays behind after a refusal is listed. */
const wholeFetch = (name: string, args: object): Operation => ({
  name,
  single: false,
  async run({ origin }, id) {
    const { store } = origin.ports
    const asked = { dataset_id: id, raw: true, output_filename: 'whole.csv', ...args }
    const { success, result, text, error } = await execute(origin, 'save_dataset_as_csv', asked)
    const left = (await store.list('')).map(({ key }) => key)
    const file = success
      ? await readFile(join(origin.dataDir, String(result['s3_path']).replace('s3://', '')), 'utf8')
      : ''
    for (const key of left) await store.delete(key)
    if (!success) return { kind: 'refusal', code: error.code, message: text, left }
    const { rows, matched } = result as { rows: number; matched: number }
    return { kind: 'answer', text: JSON.stringify({ rows, matched, lines: file.split('\r\n') }) }
  },
})

/** More areas than one request takes, in words: several queries, each counted and read. */
const BELOW_THE_NATION = { filters: { area: { from: '01000' } } }

const FIRST_PAGE = { start: 1, limit: 500 }
export const OPERATIONS: readonly Operation[] = [
  direct('describe', (stats, id) => stats.describe(id, ask)),
  direct('count', (stats, id) => stats.count({ id, narrow: [] }, ask)),
  direct('page', async (stats, id) => {
    return await stats.page({ id, narrow: [] }, FIRST_PAGE, ask)
  }),
  direct('page to keep', async (stats, id) => {
    const { packed, ...page } = await stats.packed({ id, narrow: [] }, FIRST_PAGE, ask)
    return {
      ...page,
      body: gunzipSync(packed)
        .toString('utf8')
        .replace(/"DATE":"[^"]*"/, ''),
    }
  }),
  wholeFetch('whole fetch', {}),
  wholeFetch('whole fetch, several queries', BELOW_THE_NATION),
]

export interface InjectedKind {
  readonly name: string
  readonly fault: InjectedFault
  /** True where the right answer comes all the same. */
  readonly harmless?: boolean
  /** True where what passes may still end in a refusal: time decides. */
  readonly hasty?: boolean
}

export const FAULTS: readonly InjectedKind[] = [
  { name: 'latency', fault: { kind: 'latency', ms: 5 }, harmless: true },
  { name: 'silence', fault: { kind: 'silence' }, hasty: true },
  { name: 'HTTP 500', fault: { kind: 'http', status: 500 } },
  { name: 'HTTP 502', fault: { kind: 'http', status: 502 } },
  { name: 'HTTP 408', fault: { kind: 'http', status: 408 } },
  { name: 'STATUS 200, its server', fault: { kind: 'status', status: 200 } },
  { name: '429 without Retry-After', fault: { kind: 'too-many', retryAfterSeconds: null } },
  { name: 'maintenance page, 200', fault: { kind: 'maintenance', status: 200 } },
  { name: 'maintenance page, 503', fault: { kind: 'maintenance', status: 503 } },
  { name: 'firewall, 403', fault: { kind: 'waf' } },
  { name: 'JSON cut short', fault: { kind: 'truncated', share: 0.9 } },
  { name: 'connection lost', fault: { kind: 'reset' } },
  { name: 'broken off', fault: { kind: 'broken-off', share: 0.9 } },
]

/** When a fault comes. */
export interface Timing {
  readonly name: string
  plan(fault: InjectedFault): FaultPlan
  /** Number of the first request that it may come to. */
  readonly from: number
  /** True where asking again brings the answer. */
  readonly passes: boolean
}

export const TIMINGS: readonly Timing[] = [
  { name: 'once', from: 1, plan: (fault) => firstTimes(1, fault), passes: true },
  { name: 'every second', from: 2, plan: (fault) => always(fault, ({ number }) => number % 2 === 0), passes: true },
  { name: 'always', from: 1, plan: (fault) => always(fault), passes: false },
  { name: 'from the third on', from: 3, plan: (fault) => fromThe(3, fault), passes: false },
]

/** An update of a table: what is different afterwards. e-Stat tells of it by UPDATED_DATE. */
export interface Update {
  readonly name: string
  readonly change: Partial<GeneratedTable>
}

const updatedDate = '2026-11-20'
export const UPDATES: readonly Update[] = [
  { name: 'grows', change: { rows: 560, updatedDate } },
  { name: 'shrinks', change: { rows: 440, updatedDate } },
  { name: 'is revised in as many cells', change: { seed: 12, updatedDate } },
]

/** The first `requests` requests are answered from one version of the table, all others from the next one. */
export function changeAfter(
  bench: Bench,
  operation: Operation,
  before: StandinTable,
  after: StandinTable,
  requests: number,
): Promise<Outcome> {
  const other: InjectedFault = { kind: 'other', standin: standinOf(after) }
  bench.stats = sourceOver(withFaults(standinOf(before), fromThe(requests + 1, other)))
  return operation.run(bench, before.id)
}

/** What a cell of the matrix came to. */
export type Verdict = 'right' | 'refused' | `WRONG: ${string}`

/** Codes that say "not now": whoever calls again later is served. */
const PASSING = new Set(['ESTAT_UNAVAILABLE', 'TIMEOUT_ERROR'])

/**
 * @param rights Outcomes that are right: that of the table as it is; with an update under way, before or after it.
 */
export function judge(outcome: Outcome, rights: readonly Outcome[]): Verdict {
  if (outcome.kind === 'answer')
    return rights.some((right) => right.kind === 'answer' && right.text === outcome.text)
      ? 'right'
      : 'WRONG: an answer that is none'
  if (!PASSING.has(outcome.code)) return `WRONG: refused as ${outcome.code}`
  if (/メンテナンス|Access Denied|https?:|an-id-that/i.test(outcome.message)) return 'WRONG: upstream text in a message'
  return outcome.left.length === 0 ? 'refused' : `WRONG: ${outcome.left.length} objects left behind`
}

/** What is silent is soon given up, and on a busy machine so is an answer now and then; everything else has its time. */
const patienceWith = (fault: InjectedFault): number => (fault.kind === 'silence' ? 60 : 20_000)

export function underFault(
  bench: Bench,
  operation: Operation,
  table: StandinTable,
  timing: Timing,
  fault: InjectedFault,
) {
  bench.stats = sourceOver(withFaults(standinOf(table), timing.plan(fault)), patienceWith(fault))
  return operation.run(bench, table.id)
}

/** The outcome without any fault. @throws Error where it is a refusal: on a machine so busy nothing can be judged. */
export async function withoutFault(bench: Bench, operation: Operation, table: StandinTable): Promise<Outcome> {
  bench.stats = sourceOver(standinOf(table))
  const outcome = await operation.run(bench, table.id)
  if (outcome.kind === 'refusal') throw new Error(`${operation.name} without any fault: ${outcome.message}`)
  return outcome
}
