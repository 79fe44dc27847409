/** What every `RateCounter` promises. Time is real here: the sliding log itself is tested with a clock of its own. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { RateCounter } from '../../edge/ports.ts'

const MINUTE = 60_000
const fresh = (): string => crypto.randomUUID()

export function rateCounterContract(open: () => RateCounter): void {
  it('lets exactly the limit through, however many ask at once', async () => {
    const counter = open()
    const caller = fresh()
    const ask = { cost: 1, limit: 20, windowMs: MINUTE }
    const verdicts = await Promise.all(Array.from({ length: 60 }, () => counter.spend(caller, ask)))
    expect(verdicts.filter(({ allowed }) => allowed)).toHaveLength(20)
    const left = verdicts.filter(({ allowed }) => allowed).map(({ remaining }) => remaining)
    expect(left.toSorted((one, other) => one - other)).toEqual(Array.from({ length: 20 }, (_, at) => at))
  })

  it('counts each caller alone', async () => {
    const counter = open()
    const ask = { cost: 1, limit: 1, windowMs: MINUTE }
    const callers = [fresh(), fresh()]
    for (const caller of callers)
      expect(await counter.spend(caller, ask)).toMatchObject({ allowed: true, remaining: 0 })
    for (const caller of callers) expect(await counter.spend(caller, ask)).toMatchObject({ allowed: false })
  })

  it('spends nothing when it refuses', async () => {
    const counter = open()
    const caller = fresh()
    const spend = (cost: number) => counter.spend(caller, { cost, limit: 10, windowMs: MINUTE })
    expect(await spend(7)).toMatchObject({ allowed: true, remaining: 3 })
    expect(await spend(4)).toMatchObject({ allowed: false, remaining: 3 })
    expect(await spend(11)).toMatchObject({ allowed: false, remaining: 3 })
    expect(await spend(3)).toMatchObject({ allowed: true, remaining: 0 })
  })

  it('forgets what is older than the window, and says when', async () => {
    const counter = open()
    const caller = fresh()
    const ask = { cost: 5, limit: 5, windowMs: 900 }
    await counter.spend(caller, ask)
    const refused = await counter.spend(caller, ask)
    expect(refused).toEqual({ allowed: false, spent: 0, remaining: 0, resetSeconds: 1 })
    await sleep(refused.resetSeconds * 1000)
    expect(await counter.spend(caller, ask)).toMatchObject({ allowed: true })
  })
}
