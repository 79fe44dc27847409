/**
 * The fault matrix: each fault against each operation, when it passes and when it stays; and a table that is updated
 * between any two requests. No wrong figure, no row lost or doubled, no success that is none.
 * `node test/bench/faults.bench.ts` prints it, with fetches of several pages.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type GeneratedTable, generatedTable } from '../../origin/standin/generate/table.ts'
import {
  type Bench,
  changeAfter,
  FAULTS,
  type InjectedKind,
  judge,
  openBench,
  OPERATIONS,
  type Operation,
  type Outcome,
  type Timing,
  TIMINGS,
  underFault,
  UPDATES,
  withoutFault,
} from '../standin/fault-matrix.ts'

const SHAPE: GeneratedTable = { id: '0009000001', seed: 11, rows: 500, axes: ['tab', 'area'] }
const table = generatedTable(SHAPE)

let bench: Bench
const rights = new Map<string, Outcome>()
beforeAll(async () => {
  bench = await openBench()
  for (const operation of OPERATIONS) rights.set(operation.name, await withoutFault(bench, operation, table))
})
afterAll(() => bench.origin.close())

it('without a fault every operation answers, and one needs several queries', () => {
  expect([...rights.values()].map(({ kind }) => kind)).toEqual(OPERATIONS.map(() => 'answer'))
  expect(table.axes.find(({ id }) => id === 'area')?.items.length).toBeGreaterThan(101)
})

/** Timings that tell most of a whole fetch; the bench runs them all. */
const FOR_WHOLE = new Set(['once', 'from the third on'])

/** What an operation must come to under a fault. */
function expectedUnder({ single }: Operation, { harmless, hasty }: InjectedKind, { from, passes }: Timing): RegExp {
  const comes = from === 1 || !single
  if (harmless || !comes) return /^right$/
  if (!passes) return /^refused$/
  return hasty ? /^(?:right|refused)$/ : /^right$/
}

describe.each(OPERATIONS.map((operation) => [operation.name, operation] as const))('%s', (name, operation) => {
  it.each(FAULTS.map((injected) => [injected.name, injected] as const))('%s', async (_, injected) => {
    for (const timing of operation.single ? TIMINGS : TIMINGS.filter(({ name }) => FOR_WHOLE.has(name))) {
      const outcome = await underFault(bench, operation, table, timing, injected.fault)
      const expected = expect.stringMatching(expectedUnder(operation, injected, timing))
      expect([timing.name, judge(outcome, [rights.get(name) as Outcome])]).toEqual([timing.name, expected])
    }
  })
})

const whole = OPERATIONS.filter(({ single }) => !single).map((operation) => [operation.name, operation] as const)
describe.each(whole)('%s', (name, operation) => {
  it.each(UPDATES.map((update) => [update.name, update] as const))(
    'a table that %s between any two requests is read as it was before or after, never half',
    async (_, { change }) => {
      const updated = generatedTable({ ...SHAPE, ...change })
      const either = [rights.get(name) as Outcome, await withoutFault(bench, operation, updated)]
      const verdicts: string[] = []
      for (let requests = 1, done = false; !done; requests++) {
        const outcome = await changeAfter(bench, operation, table, updated, requests)
        verdicts.push(judge(outcome, either))
        done = JSON.stringify(outcome) === JSON.stringify(either[0]) || requests === 12
      }
      // The first request is for metadata, so at least one figure is read after it.
      expect(verdicts.length).toBeGreaterThan(1)
      expect(verdicts.filter((verdict) => verdict !== 'right' && verdict !== 'refused')).toEqual([])
    },
  )
})
