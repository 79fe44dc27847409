import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { memoryCounter } from '../../edge/adapters/counter-memory.ts'
import { leasedCounter } from '../../edge/leased-counter.ts'
import type { Ask, RateCounter } from '../../edge/ports.ts'
import { rateCounterContract } from '../contracts/rate-counter.ts'

const WINDOW = 60_000
const CALLER = 'caller'

/** Several instances over one store; their clocks show different times and go alike. */
function instances(count: number, limit: number, apartMs = 0) {
  let time = 1_000_000_000
  const asks: Ask[] = []
  const store = memoryCounter({ now: () => time })
  const counter: RateCounter = {
    spend(caller, ask) {
      asks.push(ask)
      return store.spend(caller, ask)
    },
  }
  const edges = Array.from({ length: count }, (_, at) => leasedCounter({ counter, now: () => time + at * apartMs }))
  const passed: { readonly at: number; readonly cost: number }[] = []
  return {
    asks,
    passed,
    now: () => time,
    wait: (millis: number) => void (time += millis),
    async spend(edge: number, cost: number) {
      const verdict = await (edges[edge] as RateCounter).spend(CALLER, { cost, limit, windowMs: WINDOW })
      if (verdict.allowed) passed.push({ at: time, cost })
      return verdict
    },
    most: () =>
      Math.max(
        0,
        ...passed.map(({ at: start }) =>
          passed.filter(({ at }) => at >= start && at <= start + WINDOW).reduce((sum, { cost }) => sum + cost, 0),
        ),
      ),
  }
}

const traffic = fc.array(
  fc.record({
    edge: fc.nat({ max: 2 }),
    wait: fc.oneof(fc.nat({ max: 300 }), fc.nat({ max: 3_000 }), fc.nat({ max: 40_000 })),
    cost: fc.integer({ min: 1, max: 4 }),
    calls: fc.integer({ min: 1, max: 20 }),
  }),
  { maxLength: 120 },
)

describe('leased counter', () => {
  let time = Date.now()
  rateCounterContract(() => ({
    counter: leasedCounter({ counter: memoryCounter({ now: () => time }), now: () => time }),
    slackMs: 0,
    advance: (millis) => void (time += millis),
  }))

  it('never lets more than the limit through in any window, whatever the traffic over several instances', async () => {
    await fc.assert(
      fc.asyncProperty(traffic, fc.integer({ min: 1, max: 300 }), async (steps, limit) => {
        const scene = instances(3, limit, 7_000)
        for (const { edge, wait, cost, calls } of steps) {
          scene.wait(wait)
          // Some at once, some after one another: answers come while others ask.
          await Promise.all(Array.from({ length: calls }, () => scene.spend(edge, cost)))
        }
        expect(scene.most()).toBeLessThanOrEqual(limit)
      }),
      { numRuns: 60 },
    )
  })

  it('lets at least 95 % through while more is asked for, and never more than the limit', async () => {
    const loads = fc.record({ limit: fc.constantFrom(40, 100, 400), every: fc.integer({ min: 20, max: 900 }) })
    await fc.assert(
      fc.asyncProperty(
        loads,
        fc.integer({ min: 1, max: 2 }),
        fc.infiniteStream(fc.nat()),
        async (load, count, dice) => {
          const { limit, every } = load
          const scene = instances(count, limit)
          const perTick = Math.ceil((2 * limit * every) / WINDOW)
          for (let at = 0; at < 2.2 * WINDOW; at += every) {
            const edge = (dice.next().value as number) % count
            for (let call = 0; call < perTick; call++) await scene.spend(edge, 1)
            scene.wait(every)
          }
          expect(scene.most()).toBeLessThanOrEqual(limit)
          expect(scene.most()).toBeGreaterThanOrEqual(0.95 * limit)
          expect(scene.passed.length).toBeGreaterThanOrEqual(0.95 * 2 * limit)
        },
      ),
      { numRuns: 8 },
    )
  })

  it('refuses only who had at least 95 %, whatever the traffic over two instances', async () => {
    const HOLD = 2_000
    await fc.assert(
      fc.asyncProperty(traffic, fc.integer({ min: 1, max: 400 }), async (steps, limit) => {
        const scene = instances(2, limit)
        for (const { edge, wait, calls } of steps) {
          scene.wait(wait)
          for (let call = 0; call < calls; call++) {
            if ((await scene.spend((edge + call) % 2, 1)).allowed) continue
            const had = scene.passed.filter(({ at }) => at >= scene.now() - WINDOW - HOLD).length
            expect(had).toBeGreaterThanOrEqual(Math.ceil(0.95 * limit))
          }
        }
      }),
      { numRuns: 60 },
    )
  })

  it('lets a burst of 2,000 over two instances through to the last unit, and again when the window has passed', async () => {
    const scene = instances(2, 100)
    const burst = () => Promise.all(Array.from({ length: 2_000 }, (_, at) => scene.spend(at % 2, 1)))
    await burst()
    expect(scene.passed).toHaveLength(100)
    scene.wait(WINDOW)
    await burst()
    expect(scene.passed).toHaveLength(100)
    scene.wait(1)
    await burst()
    expect(scene.passed).toHaveLength(200)
  })

  it('reserves nothing for who calls once a minute', async () => {
    const scene = instances(2, 1_000)
    for (let minute = 0; minute < 20; minute++) {
      expect((await scene.spend(minute % 2, 1)).remaining).toBe(scene.asks.length > 1 ? 999 : 999)
      scene.wait(WINDOW + 1)
    }
    expect(scene.asks.every(({ cost, upTo }) => cost === 1 && upTo === undefined)).toBe(true)
  })

  it('holds at most 5 % of the limit with another instance, and asks the store seldom where there is much to spend', async () => {
    const scene = instances(1, 10_000)
    // 100 a second for a minute, of a limit of 167 a second.
    for (let call = 0; call < 6_000; call++) {
      await scene.spend(0, 1)
      scene.wait(10)
    }
    expect(scene.passed).toHaveLength(6_000)
    expect(Math.max(...scene.asks.map(({ cost, upTo = cost }) => upTo - cost))).toBeLessThanOrEqual(250)
    expect(scene.asks.length).toBeLessThan(60)
  })

  it('says what is left with what it holds', async () => {
    const scene = instances(1, 1_000)
    for (let call = 1; call <= 200; call++) {
      expect((await scene.spend(0, 1)).remaining).toBe(1_000 - call)
      scene.wait(5)
    }
    expect(scene.asks.length).toBeLessThan(30)
  })

  it('asks nothing while the answer can only be the same refusal', async () => {
    const scene = instances(1, 10)
    for (let call = 0; call < 11; call++) await scene.spend(0, 1)
    const asked = scene.asks.length
    for (let call = 0; call < 500; call++) {
      expect(await scene.spend(0, 1)).toMatchObject({ allowed: false, remaining: 0 })
      scene.wait(100)
    }
    expect(scene.asks).toHaveLength(asked)
    scene.wait(WINDOW - 50_000 + 1)
    expect(await scene.spend(0, 1)).toMatchObject({ allowed: true, remaining: 9 })
  })

  it('begins anew with a limit that was changed', async () => {
    const counter = leasedCounter({ counter: memoryCounter({ now: () => 0 }), now: () => 0 })
    const spend = (limit: number) => counter.spend(CALLER, { cost: 1, limit, windowMs: WINDOW })
    await spend(1)
    expect((await spend(1)).allowed).toBe(false)
    expect(await spend(5)).toMatchObject({ allowed: true, remaining: 3 })
  })

  it('takes no more leases than may lapse, and forgets callers beyond its room', async () => {
    const scene = instances(1, 1_000)
    // In bursts that end: each leaves what it held.
    for (let burst = 0; burst < 15; burst++) {
      for (let call = 0; call < 12; call++) await scene.spend(0, 1)
      scene.wait(2_500)
    }
    const extra = scene.asks.reduce((sum, { cost, upTo = cost }) => sum + upTo - cost, 0)
    expect(extra - (15 * 12 - scene.asks.length)).toBeLessThanOrEqual(25)
    const small = leasedCounter({ counter: memoryCounter({ now: () => 0 }), now: () => 0, maxCallers: 2 })
    for (const caller of ['a', 'b', 'c', 'a'])
      expect((await small.spend(caller, { cost: 1, limit: 9, windowMs: WINDOW })).allowed).toBe(true)
  })

  it('passes on that the store does not answer, and holds nothing back for what was cut off', async () => {
    let time = 0
    let mode: 'up' | 'down' | 'hangs' = 'up'
    const store = memoryCounter({ now: () => time })
    const counter = leasedCounter({
      now: () => time,
      counter: {
        spend(caller, ask) {
          if (mode === 'down') return Promise.reject(new Error('down'))
          return mode === 'hangs' ? new Promise<never>(() => {}) : store.spend(caller, ask)
        },
      },
    })
    const spend = () => counter.spend(CALLER, { cost: 1, limit: 1_000, windowMs: WINDOW })
    for (let call = 0; call < 10; call++) await spend()
    time += 2_001
    mode = 'down'
    await expect(spend()).rejects.toThrow('down')
    mode = 'hangs'
    for (let call = 0; call < 20; call++) void spend()
    mode = 'up'
    time += WINDOW + 2_001
    for (let call = 0; call < 100; call++) expect((await spend()).allowed).toBe(true)
    expect((await spend()).remaining).toBe(899)
  })
})
