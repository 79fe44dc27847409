import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { memoryCounter } from '../../edge/adapters/counter-memory.ts'
import { guardedCounter } from '../../edge/guarded-counter.ts'
import { leasedCounter } from '../../edge/leased-counter.ts'

const WINDOW = 60_000
type Mode = 'up' | 'down' | 'hangs'

/** Instances of the edge over one store that the test breaks. */
function scene(instances: number, limit: number) {
  let time = 0
  let mode: Mode = 'up'
  let asked = 0
  const reported: string[] = []
  const now = (): number => time
  const store = memoryCounter({ now })
  const counter = {
    spend(...args: Parameters<typeof store.spend>) {
      asked++
      if (mode === 'down') return Promise.reject(new Error('down'))
      return mode === 'hangs' ? new Promise<never>(() => {}) : store.spend(...args)
    },
  }
  const edges = Array.from({ length: instances }, () =>
    guardedCounter({
      counter: leasedCounter({ counter, now }),
      local: memoryCounter({ now }),
      timeoutMs: 1,
      now,
      report: (_error, where) => void reported.push(where),
    }),
  )
  return {
    reported,
    asked: () => asked,
    become: (next: Mode) => void (mode = next),
    wait: (millis: number) => void (time += millis),
    now,
    spend: (at: number, caller = 'caller') =>
      (edges[at] as (typeof edges)[0])(caller, { cost: 1, limit, windowMs: WINDOW }),
  }
}

describe('guarded counter', () => {
  it('never lets an instance pass the limit in any window, whatever the store does', async () => {
    const steps = fc.array(
      fc.record({
        mode: fc.constantFrom<Mode>('up', 'up', 'down'),
        instance: fc.nat({ max: 1 }),
        wait: fc.oneof(fc.nat({ max: 1_500 }), fc.nat({ max: 30_000 })),
        calls: fc.integer({ min: 1, max: 15 }),
      }),
      { maxLength: 60 },
    )
    await fc.assert(
      fc.asyncProperty(steps, fc.integer({ min: 1, max: 60 }), async (asked, limit) => {
        const { become, wait, spend, now } = scene(2, limit)
        const passed: { readonly at: number; readonly instance: number }[] = []
        for (const { mode, instance, wait: millis, calls } of asked) {
          become(mode)
          wait(millis)
          for (let call = 0; call < calls; call++)
            if ((await spend(instance)).allowed) passed.push({ at: now(), instance })
        }
        for (const { at: start, instance } of passed)
          expect(
            passed.filter((one) => one.instance === instance && one.at >= start && one.at <= start + WINDOW).length,
          ).toBeLessThanOrEqual(limit)
      }),
      { numRuns: 60 },
    )
  })

  it('goes on where it stood when the store goes, and when it comes back', async () => {
    const { become, wait, spend } = scene(1, 10)
    for (let call = 0; call < 6; call++) expect(await spend(0)).toMatchObject({ allowed: true, alone: false })
    become('down')
    for (let call = 0; call < 4; call++) expect(await spend(0)).toMatchObject({ allowed: true, alone: true })
    expect(await spend(0)).toMatchObject({ allowed: false, alone: true, remaining: 0 })
    become('up')
    wait(1_000)
    expect(await spend(0)).toMatchObject({ allowed: false })
    wait(WINDOW)
    expect(await spend(0)).toMatchObject({ allowed: true, alone: false })
  })

  it.each(['down', 'hangs'] as const)('leaves a store that %s alone for a second at a time', async (mode) => {
    const { become, wait, spend, asked, reported } = scene(1, 100)
    become(mode)
    for (let call = 0; call < 20; call++) expect((await spend(0)).alone).toBe(true)
    expect([asked(), reported]).toEqual([1, ['rate counter']])
    become('up')
    wait(999)
    expect((await spend(0)).alone).toBe(true)
    wait(1)
    expect((await spend(0)).alone).toBe(false)
    expect(asked()).toBe(2)
  })

  it('asks on for the others where the store fails one caller, and for nobody where it fails several', async () => {
    const asked: string[] = []
    const failing = new Set(['one'])
    const spend = guardedCounter({
      counter: {
        spend(caller, ask) {
          asked.push(caller)
          return failing.has(caller) ? Promise.reject(new Error('conflicts')) : store.spend(caller, ask)
        },
      },
      local: memoryCounter({ now: () => 0 }),
      timeoutMs: 10,
      now: () => 0,
      report: () => {},
    })
    const store = memoryCounter({ now: () => 0 })
    const alone = async (caller: string) => (await spend(caller, { cost: 1, limit: 100, windowMs: WINDOW })).alone
    for (let call = 0; call < 5; call++) expect([await alone('one'), await alone('two')]).toEqual([true, false])
    for (const caller of ['two', 'three', 'four']) failing.add(caller)
    for (const caller of ['one', 'two', 'three', 'four', 'five']) expect(await alone(caller)).toBe(true)
    expect(asked.slice(-3)).toEqual(['one', 'two', 'three'])
  })
})
