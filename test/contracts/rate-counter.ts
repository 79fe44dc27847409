/** What every `RateCounter` promises. The clock is the test's: the counter reads it as its own. */
import { beforeEach, expect, it } from 'vitest'
import type { Ask, RateCounter } from '../../edge/ports.ts'

export interface OpenRateCounter {
  readonly counter: RateCounter
  /** How much longer than the window a spending may count at the most, milliseconds. */
  readonly slackMs: number
  advance(millis: number): Promise<void> | void
}

const MINUTE = 60_000
const fresh = (): string => crypto.randomUUID()
const times = <Value>(count: number, make: (at: number) => Value): Value[] =>
  Array.from({ length: count }, (_, at) => make(at))

type Open = () => OpenRateCounter | Promise<OpenRateCounter>

export function rateCounterContract(open: Open): void {
  const { spend, spendAs, advance, slackMs } = scene(open)

  it('lets exactly the limit through, however many ask at once', async () => {
    const verdicts = await Promise.all(times(60, () => spend(1, 20)))
    const allowed = verdicts.filter((verdict) => verdict.allowed)
    expect(allowed).toHaveLength(20)
    expect(allowed.every(({ spent }) => spent === 1)).toBe(true)
    const left = allowed.map(({ remaining }) => remaining)
    expect(left.toSorted((one, other) => one - other)).toEqual(times(20, (at) => at))
    expect(verdicts.filter((verdict) => !verdict.allowed).every(({ spent }) => spent === 0)).toBe(true)
  })

  it('counts each of many callers alone', async () => {
    const callers = times(40, fresh)
    const ask = { cost: 1, limit: 1, windowMs: MINUTE }
    const first = await Promise.all(callers.map((one) => spendAs(one, ask)))
    const second = await Promise.all(callers.map((one) => spendAs(one, ask)))
    expect(first.every(({ allowed, remaining }) => allowed && remaining === 0)).toBe(true)
    expect(second.some(({ allowed }) => allowed)).toBe(false)
  })

  it('spends nothing when it refuses', async () => {
    expect(await spend(7, 10)).toMatchObject({ allowed: true, remaining: 3 })
    expect(await spend(4, 10)).toMatchObject({ allowed: false, remaining: 3 })
    expect(await spend(11, 10)).toMatchObject({ allowed: false, remaining: 3 })
    expect(await spend(3, 10)).toMatchObject({ allowed: true, remaining: 0 })
  })

  it('counts a spending for the whole of a window, its ends included, and says for how long', async () => {
    await spend(5, 5)
    await advance(MINUTE)
    const refused = await spend(5, 5)
    expect(refused).toMatchObject({ allowed: false, spent: 0, remaining: 0 })
    expect(refused.resetMs).toBeLessThanOrEqual(1 + slackMs())
    expect(refused.resetSeconds).toBe(Math.ceil(refused.resetMs / 1000))
    await advance(refused.resetMs)
    expect(await spend(5, 5)).toMatchObject({ allowed: true, remaining: 0 })
  })

  it('lets no more than the limit through across the boundary of a window', async () => {
    const passed: { readonly at: number }[] = []
    for (let at = 0; at < 3 * MINUTE; at += 7_500) {
      const verdicts = await Promise.all(times(8, () => spend(1, 20)))
      passed.push(...verdicts.filter(({ allowed }) => allowed).map(() => ({ at })))
      await advance(7_500)
    }
    const within = (start: number) => passed.filter(({ at }) => at >= start && at <= start + MINUTE).length
    expect(Math.max(...passed.map(({ at }) => within(at)))).toBe(20)
    expect(passed.length).toBeGreaterThanOrEqual(3 * 20 - 4)
  })
}

/** What a counter promises beside, where instances take leases from it. */
export function leasedFromContract(open: Open): void {
  const { spend, advance, slackMs } = scene(open)

  it('gives more where there is room and more is asked for', async () => {
    expect(await spend(1, 20, { upTo: 5 })).toMatchObject({ allowed: true, spent: 5, remaining: 15 })
    expect(await spend(2, 20, { upTo: 50 })).toMatchObject({ allowed: true, spent: 15, remaining: 0 })
    expect(await spend(1, 20, { upTo: 5 })).toMatchObject({ allowed: false, spent: 0, remaining: 0 })
  })

  it('counts what is held for later that much longer', async () => {
    await spend(1, 10, { upTo: 10, holdMs: 2_000 })
    await advance(MINUTE + 1 + slackMs())
    expect(await spend(1, 10)).toMatchObject({ allowed: true, remaining: 0 })
    expect(await spend(1, 10)).toMatchObject({ allowed: false })
    await advance(2_000)
    expect(await spend(9, 10)).toMatchObject({ allowed: true, remaining: 0 })
  })

  it('counts large limits', async () => {
    const limit = 100_000
    for (let at = 0; at < 25; at++) {
      expect(await spend(3_000, limit)).toMatchObject({ allowed: true, remaining: limit - (at + 1) * 3_000 })
      await advance(2_000)
    }
    expect(await spend(25_001, limit)).toMatchObject({ allowed: false, remaining: 25_000 })
    expect(await spend(25_000, limit)).toMatchObject({ allowed: true, remaining: 0 })
    // 50 s have passed. When it is 81 s, what was spent in the first 21 s is free.
    await advance(MINUTE - 50_000 + 21_000 + slackMs())
    expect((await spend(33_001, limit)).allowed).toBe(false)
    expect(await spend(33_000, limit)).toMatchObject({ allowed: true, remaining: 0 })
  })
}

/** A fresh counter and a fresh caller for each test. */
function scene(open: Open) {
  let opened: OpenRateCounter
  let caller: string
  beforeEach(async () => {
    opened = await open()
    caller = fresh()
  })
  const spendAs = (who: string, ask: Ask) => opened.counter.spend(who, ask)
  return {
    spendAs,
    spend: (cost: number, limit: number, more: Partial<Ask> = {}) =>
      spendAs(caller, { cost, limit, windowMs: MINUTE, ...more }),
    advance: (millis: number) => opened.advance(millis),
    slackMs: () => opened.slackMs,
  }
}
