/** The circuit breaker: closed, open, half-open; and what the client of e-Stat counts as a failure. */
import { describe, expect, it } from 'vitest'
import { circuitBreaker } from '../../../origin/adapters/stats-http-breaker.ts'
import type { StatsHttpOptions } from '../../../origin/adapters/stats-http.ts'
import { type Answer, ask, client, counted, failed, faultOf, query } from './stats-http-client.ts'

describe('a circuit breaker', () => {
  const make = () => {
    const clock = { now: 0 }
    const breaker = circuitBreaker({ threshold: 2, openMs: 100, now: () => clock.now })
    const fail = (): void => breaker.admit()?.('failed')
    return { clock, breaker, fail }
  }

  it('opens after failures in a row, and not before', () => {
    const { breaker, fail } = make()
    fail()
    breaker.admit()?.('answered')
    fail()
    breaker.admit()?.('unknown')
    expect([breaker.condition(), breaker.waitMs()]).toEqual(['ok', 0])
    fail()
    expect([breaker.condition(), breaker.waitMs(), breaker.admit()]).toEqual(['failing', 100, null])
  })

  it('lets one probe pass when the time is up, and closes with its answer', () => {
    const { clock, breaker, fail } = make()
    fail()
    fail()
    clock.now = 100
    expect(breaker.waitMs()).toBe(0)
    const probe = breaker.admit()
    expect(probe).not.toBeNull()
    expect([breaker.admit(), breaker.condition()]).toEqual([null, 'failing'])
    expect(breaker.waitMs()).toBeGreaterThan(0)
    probe?.('answered')
    expect([breaker.condition(), breaker.waitMs()]).toEqual(['ok', 0])
    fail()
    expect(breaker.condition()).toBe('ok')
  })

  it('opens again with a probe that fails; one that was given up makes room for the next', () => {
    const { clock, breaker, fail } = make()
    fail()
    fail()
    clock.now = 100
    breaker.admit()?.('failed')
    expect([breaker.admit(), breaker.waitMs()]).toEqual([null, 100])
    clock.now = 200
    breaker.admit()?.('unknown')
    expect(breaker.admit()).not.toBeNull()
  })

  it('is not held open longer by what was asked before it opened', () => {
    const { clock, breaker, fail } = make()
    const early = [breaker.admit(), breaker.admit()]
    fail()
    fail()
    clock.now = 50
    early[0]?.('failed')
    expect(breaker.waitMs()).toBe(50)
    early[1]?.('answered')
    expect(breaker.condition()).toBe('ok')
  })
})

describe('the client of e-Stat', () => {
  const make = (answers: readonly Answer[], options: Partial<StatsHttpOptions> = {}) => {
    const clock = { now: 0 }
    const breaker = { threshold: 3, openMs: 1000 }
    const { sent, source } = client(answers, { now: () => clock.now, breaker, ...options })
    const count = async (): Promise<number> => await source.count(query, ask)
    return { clock, sent, source, count, codeOf: async () => (await faultOf(count())).code }
  }
  const down = (): Response => new Response('<html>', { status: 503 })

  it('leaves e-Stat alone once it failed again and again, says so, and comes back', async () => {
    const { clock, sent, source, count } = make([down(), down(), down(), counted(7)])
    expect(source.condition?.()).toBe('ok')
    await faultOf(count())
    expect([sent.length, source.condition?.()]).toEqual([3, 'failing'])
    const fault = await faultOf(count())
    expect([fault.code, fault.message, fault.retryAfterSeconds, sent.length]).toEqual([
      'ESTAT_UNAVAILABLE',
      'e-Stat failed again and again and is left alone for a while.',
      1,
      3,
    ])
    clock.now = 1000
    expect(await Promise.all([count(), faultOf(count()).then(({ code }) => code)])).toEqual([7, 'ESTAT_UNAVAILABLE'])
    expect([sent.length, source.condition?.()]).toEqual([4, 'ok'])
  })

  it('stops asking again when it opens under way, and tells the failure', async () => {
    const { sent, count } = make([down()], { breaker: { threshold: 2, openMs: 1000 } })
    expect((await faultOf(count())).message).toBe(
      'e-Stat answered with something that is not data (HTTP 503). It was asked 2 times. It fails again and again and is left alone for a while.',
    )
    expect(sent).toHaveLength(2)
  })

  it('a refusal in e-Stat’s own words is an answer', async () => {
    const { source, codeOf } = make([failed(100, 403), failed(300, 400), failed(1, 200), failed(101, 400)])
    for (let n = 0; n < 2; n++) await codeOf()
    for (let n = 0; n < 6; n++) await source.count(query, ask).catch(() => 'refused')
    expect(source.condition?.()).toBe('ok')
  })

  it('a caller who leaves is no failure of e-Stat', async () => {
    const { source } = make(['silent'])
    for (let n = 0; n < 5; n++) {
      const leaving = new AbortController()
      const waiting = faultOf(source.count(query, { ...ask, signal: leaving.signal }))
      leaving.abort()
      await waiting
    }
    expect(source.condition?.()).toBe('ok')
  })

  it('silence is one, also where the caller’s time ran out first; a short wait tells nothing', async () => {
    const { clock, sent, source } = make(['silent'])
    const wait = async (millis: number): Promise<void> => {
      const budget = new AbortController()
      const before = sent.length
      const waiting = faultOf(source.count(query, { ...ask, signal: budget.signal }))
      await expect.poll(() => sent.length, { interval: 1 }).toBe(before + 1)
      clock.now += millis
      budget.abort(new DOMException('budget', 'TimeoutError'))
      expect((await waiting).code).toBe('TIMEOUT_ERROR')
    }
    for (let n = 0; n < 5; n++) await wait(9000)
    expect(source.condition?.()).toBe('ok')
    for (let n = 0; n < 3; n++) await wait(10_000)
    expect(source.condition?.()).toBe('failing')
  })
})
