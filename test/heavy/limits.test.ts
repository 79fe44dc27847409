/**
 * A limit of 100 over two instances of the edge, on the real clock across the boundary of a window: never more than 100
 * pass in any 60 s, and at least 95 as long as more is asked for (issue 5, "What it must show").
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FakeOrigin, fakeOrigin } from '../platform/fake-origin.ts'
import { startNodeEdges } from '../platform/node-edges.ts'
import { type RawEdges, startRawEdges } from '../platform/raw-workerd.ts'
import { type Call, callAtOnce, mostWithin } from '../support/limit-load.ts'

const MINUTE = 60_000
const LIMIT = 100

/** So many calls at once, at a time in milliseconds since the beginning. */
interface Burst {
  readonly at: number
  readonly count: number
}

async function bursts(edges: RawEdges, plan: readonly Burst[]): Promise<readonly Call[]> {
  const { text } = await edges.issueKey()
  const begin = Date.now()
  const sent = plan.map(async ({ at, count }) => {
    await sleep(Math.max(0, begin + at - Date.now()))
    return callAtOnce(edges.urls, text, count)
  })
  return (await Promise.all(sent)).flat()
}

const every = (step: number, from: number, to: number, count: number): readonly Burst[] =>
  Array.from({ length: Math.floor((to - from) / step) }, (_, at) => ({ at: from + at * step, count }))

function held(name: string, calls: readonly Call[]): void {
  const begin = Math.min(...calls.map(({ sent }) => sent))
  const passed = calls.filter(({ status }) => status === 200)
  const first = passed.filter(({ done }) => done <= begin + MINUTE).length
  const refused = calls.filter(({ status }) => status === 429).length
  const failed = calls.length - passed.length - refused
  const most = mostWithin(calls, MINUTE)
  process.stdout.write(
    `  ${name}: ${passed.length} of ${calls.length} passed, ${first} in the first 60 s, ${most} in any, ${failed} failed\n`,
  )
  expect(most).toBeLessThanOrEqual(LIMIT)
  expect(first).toBeGreaterThanOrEqual(0.95 * LIMIT)
  // A machine that is busy with other things may be late for the store's own 2 s.
  expect(failed).toBeLessThanOrEqual(calls.length / 100)
}

describe.each([
  ['two Workers that share Durable Objects', startRawEdges],
  ['two Node processes that share DynamoDB', startNodeEdges],
])('%s', (_name, startEdges) => {
  let origin: FakeOrigin
  let edges: RawEdges
  beforeAll(async () => {
    origin = await fakeOrigin()
    edges = await startEdges({ originUrl: origin.url, instances: 2, vars: { RATE_LIMIT_PER_MINUTE: String(LIMIT) } })
    origin.trust(edges.publicKey)
  })
  afterAll(async () => {
    await edges?.close()
    await origin?.close()
  })

  it('hold the limit in every 60 s, with bursts on both sides of the boundary and with a steady stream', async () => {
    const [burst, late, steady] = await Promise.all([
      // All at once, then hard on both sides of where the window ends.
      bursts(edges, [{ at: 0, count: 2_000 }, ...every(6_000, 6_000, 57_000, 50), ...every(250, 58_000, 66_000, 40)]),
      // A little in the beginning, all of the rest near the end of the window, and more right after it.
      bursts(edges, [
        ...every(1_000, 2_000, 20_000, 3),
        ...every(500, 50_000, 56_000, 10),
        ...every(500, 60_000, 72_000, 10),
      ]),
      // Twice the limit, evenly: what leases are for.
      bursts(edges, every(600, 300, 90_000, 2)),
    ])
    held('bursts', burst)
    held('late bursts', late)
    held('stream', steady)
    // What came free passed again: at once after the burst, bit by bit in the stream.
    const passed = (calls: readonly Call[]): number => calls.filter(({ status }) => status === 200).length
    expect(passed(burst)).toBeGreaterThanOrEqual(2 * 0.95 * LIMIT)
    expect(passed(steady)).toBeGreaterThanOrEqual(1.5 * 0.95 * LIMIT - 5)
  })
})
