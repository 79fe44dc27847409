import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { packSpendings, slidingLog, unpackSpendings } from '../../../edge/domain/sliding-log.ts'

const WINDOW = 60_000
const steps = fc.array(fc.record({ wait: fc.integer({ min: 0, max: 40_000 }), cost: fc.integer({ min: 1, max: 7 }) }), {
  maxLength: 200,
})

/** What passed, with its time. */
function run(asked: readonly { wait: number; cost: number }[], limit: number) {
  const log = slidingLog()
  let now = 1_000_000
  return asked.flatMap(({ wait, cost }) => {
    now += wait
    const verdict = log.spend({ now, cost, limit, windowMs: WINDOW })
    return [{ at: now, cost, ...verdict }]
  })
}

describe('sliding log', () => {
  it('never lets more than the limit through in any interval of a window, its ends included', () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 20 }), (asked, limit) => {
        const passed = run(asked, limit).filter(({ allowed }) => allowed)
        return passed.every(({ at: start }) => {
          const inside = passed.filter(({ at }) => at >= start && at <= start + WINDOW)
          return inside.reduce((sum, { cost }) => sum + cost, 0) <= limit
        })
      }),
    )
  })

  it('refuses only what would pass the limit', () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 20 }), (asked, limit) => {
        const all = run(asked, limit)
        return all.every(({ at: now, cost, allowed }, index) => {
          const before = all.slice(0, index).filter((one) => one.allowed && one.at >= now - WINDOW)
          const used = before.reduce((sum, one) => sum + one.cost, 0)
          return allowed === used + cost <= limit
        })
      }),
    )
  })

  it('lets the same call through after the time it gave', () => {
    fc.assert(
      fc.property(steps, (asked) => {
        const limit = 10
        const log = slidingLog()
        let now = 0
        for (const { wait, cost } of asked) {
          now += wait
          const { allowed, resetSeconds } = log.spend({ now, cost, limit, windowMs: WINDOW })
          if (!allowed) {
            now += resetSeconds * 1000
            if (!log.spend({ now, cost, limit, windowMs: WINDOW }).allowed) return false
          }
        }
        return true
      }),
    )
  })

  it('is not fooled by a clock that steps back', () => {
    const log = slidingLog()
    const spend = (now: number) => log.spend({ now, cost: 1, limit: 2, windowMs: WINDOW }).allowed
    expect([spend(100_000), spend(10_000), spend(100_000), spend(159_999), spend(160_001)]).toEqual([
      true,
      true,
      false,
      false,
      true,
    ])
  })

  it('goes on where it was stored', () => {
    const log = slidingLog([
      { at: 1_000, cost: 2 },
      { at: 50_000, cost: 1 },
    ])
    expect(log.spend({ now: 55_000, cost: 1, limit: 3, windowMs: WINDOW })).toEqual({
      allowed: false,
      spent: 0,
      remaining: 0,
      resetMs: 6_001,
      resetSeconds: 7,
    })
    expect(log.isIdle(60_000, WINDOW)).toBe(false)
    expect(log.isIdle(200_000, WINDOW)).toBe(true)
  })

  it('counts no spending shorter, and none more than a hundredth of a window longer, however many there are', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 201, max: 700 }), (every, count) => {
        const log = slidingLog()
        const limit = 1_000_000
        let now = 1_000_000
        const made: number[] = []
        for (let call = 0; call < count; call++) {
          now += every
          made.push(now)
          const { remaining } = log.spend({ now, cost: 1, limit, windowMs: WINDOW })
          const alive = (span: number) => made.filter((at) => at >= now - span).length
          expect(limit - remaining).toBeGreaterThanOrEqual(alive(WINDOW))
          expect(limit - remaining).toBeLessThanOrEqual(alive(WINDOW * 1.01))
        }
        expect(log.spendings().length).toBeLessThanOrEqual(201)
      }),
      { numRuns: 6 },
    )
  })

  it('goes through a text and back', () => {
    const past = fc.array(
      fc.record({ at: fc.integer({ min: 0, max: 2 ** 43 }), cost: fc.integer({ min: 1, max: 1e6 }) }),
    )
    fc.assert(
      fc.property(past, (spendings) => {
        const sorted = spendings.toSorted((one, other) => one.at - other.at)
        expect(unpackSpendings(packSpendings(sorted))).toEqual(sorted)
      }),
    )
    expect(() => unpackSpendings('{}')).toThrow('not a log')
  })
})
