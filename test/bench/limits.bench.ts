/**
 * What exact limits cost: questions to the store for 1,000 calls, by a clock of its own; and what one workerd counts in
 * a second, with and without leases. `node test/bench/limits.bench.ts`
 */
import { fileURLToPath } from 'node:url'
import autocannon from 'autocannon'
import { dynamoCounter } from '../../edge/adapters/counter-dynamodb.ts'
import { memoryCounter } from '../../edge/adapters/counter-memory.ts'
import { leasedCounter } from '../../edge/leased-counter.ts'
import type { RateCounter } from '../../edge/ports.ts'
import { serveWorkerd } from '../platform/serve-workerd.ts'
import { fakeDynamo } from '../support/fake-dynamo.ts'

const WINDOW_MS = 60_000
const INSTANCES = 2

interface Traffic {
  readonly name: string
  readonly limit: number
  /** Of one caller, over two instances, in milliseconds between calls; several at once. */
  readonly everyMs: number
  readonly atOnce: number
  readonly calls: number
}

const TRAFFIC: readonly Traffic[] = [
  { name: 'a call a minute', limit: 100, everyMs: 60_000, atOnce: 1, calls: 100 },
  { name: '50 calls a minute', limit: 100, everyMs: 1_200, atOnce: 1, calls: 1_000 },
  { name: '10 calls at once, each 10 s', limit: 100, everyMs: 10_000, atOnce: 10, calls: 1_000 },
  { name: '500 calls a minute', limit: 1_000, everyMs: 120, atOnce: 1, calls: 5_000 },
  { name: '5,000 calls a minute', limit: 10_000, everyMs: 12, atOnce: 1, calls: 20_000 },
  { name: 'twice the limit', limit: 100, everyMs: 300, atOnce: 1, calls: 2_000 },
  { name: '2,000 calls at once, each minute', limit: 100, everyMs: 62_500, atOnce: 2_000, calls: 20_000 },
]

interface Cost {
  passed: number
  questions: number
  writes: number
}

/** Calls of one caller by turns over the instances. */
async function run(traffic: Traffic, open: (now: () => number, cost: Cost) => readonly RateCounter[]): Promise<Cost> {
  const { limit, everyMs, atOnce, calls } = traffic
  let time = 1_000_000_000
  const cost: Cost = { passed: 0, questions: 0, writes: 0 }
  const edges = open(() => time, cost)
  const ask = { cost: 1, limit, windowMs: WINDOW_MS }
  for (let call = 0; call < calls; call += atOnce) {
    const verdicts = await Promise.all(
      Array.from({ length: atOnce }, (_, at) => (edges[(call + at) % INSTANCES] as RateCounter).spend('caller', ask)),
    )
    cost.passed += verdicts.filter(({ allowed }) => allowed).length
    time += everyMs
  }
  return cost
}

const instancesOf = (make: () => RateCounter): readonly RateCounter[] => Array.from({ length: INSTANCES }, make)

/** As a Durable Object counts: a question each, a row written where it was allowed. */
function objects(now: () => number, cost: Cost): readonly RateCounter[] {
  const store = memoryCounter({ now })
  const counter: RateCounter = {
    async spend(caller, ask) {
      cost.questions++
      const verdict = await store.spend(caller, ask)
      if (verdict.allowed) cost.writes++
      return verdict
    },
  }
  return instancesOf(() => leasedCounter({ counter, now }))
}

/** Every request is a conditional write; one that meets a conflict writes nothing and is paid all the same. */
function table(now: () => number, cost: Cost): readonly RateCounter[] {
  const { dynamo } = fakeDynamo()
  const counted = {
    async call(...request: Parameters<typeof dynamo.call>) {
      cost.questions++
      const answer = await dynamo.call(...request)
      cost.writes++
      return answer
    },
  }
  return instancesOf(() => leasedCounter({ counter: dynamoCounter({ dynamo: counted, now }), now }))
}

process.stdout.write(`For 1,000 calls of one caller by turns over ${INSTANCES} instances: questions (writes)\n`)
for (const traffic of TRAFFIC) {
  const cells = []
  for (const open of [objects, table]) {
    const { passed, questions, writes } = await run(traffic, open)
    const each = (count: number): string => ((count / traffic.calls) * 1_000).toFixed(0)
    cells.push(`${each(questions)} (${each(writes)}), ${each(passed)} passed`)
  }
  process.stdout.write(`  ${traffic.name}, limit ${traffic.limit}: Durable Object ${cells[0]}; DynamoDB ${cells[1]}\n`)
}

const workerd = await serveWorkerd({
  entry: fileURLToPath(new URL('limits-worker.mts', import.meta.url)),
  objects: { LIMITER: 'CallerLimit' },
  services: [{}],
})
try {
  const [url = ''] = workerd.urls
  for (const callers of [1, 100])
    for (const path of ['none', 'direct', 'leased']) {
      const requests = Array.from({ length: callers }, (_, at) => ({
        path: `/${path}?limit=1000000&caller=${path}${at}`,
      }))
      const { requests: rate, latency } = await autocannon({ url, connections: 50, duration: 4, requests })
      const figures = `${rate.average.toFixed(0)} requests/s, median ${latency.p50} ms, p99 ${latency.p99} ms`
      process.stdout.write(`  ${path} counter, ${callers} callers: ${figures}\n`)
    }
} finally {
  await workerd.close()
}
