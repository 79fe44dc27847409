/** Faults on demand: each looks to a client as it does at e-Stat, and comes when the plan says. */
import { describe, expect, it } from 'vitest'
import {
  always,
  answerWith,
  type FaultPlan,
  firstTimes,
  fromThe,
  type InjectedFault,
  withFaults,
} from '../../../origin/standin/faults.ts'
import { createStandin, type Standin } from '../../../origin/standin/standin.ts'
import { APP_ID, NOW } from './ask.ts'
import { TOY_ID, toyTable } from './toy.ts'

const standin = createStandin({ tables: [toyTable()], accepts: [APP_ID], now: () => NOW })
const request = (operation = 'getStatsData', signal = new AbortController().signal): Request =>
  new Request(`http://standin.invalid/rest/3.0/app/json/${operation}?appId=${APP_ID}&statsDataId=${TOY_ID}`, { signal })
const right = async (): Promise<string> => (await standin(request())).text()

describe('A fault', () => {
  it.each<[InjectedFault, number, RegExp]>([
    [{ kind: 'http', status: 502 }, 502, /^<!DOCTYPE html>/],
    [{ kind: 'maintenance', status: 200 }, 200, /メンテナンス/],
    [{ kind: 'maintenance', status: 503 }, 503, /メンテナンス/],
    [{ kind: 'waf' }, 403, /^<!DOCTYPE html>.*Access Denied/],
    [{ kind: 'too-many', retryAfterSeconds: 7 }, 429, /Too Many/],
    [{ kind: 'status', status: 200 }, 500, /"STATUS":200/],
  ])('%j is HTTP %i', async (fault, status, body) => {
    const response = await answerWith(fault, standin, request())
    expect([response.status, await response.text()]).toEqual([status, expect.stringMatching(body)])
    expect(response.headers.get('retry-after')).toBe(fault.kind === 'too-many' ? '7' : null)
  })

  it('truncated ends within the body as if it were whole; broken off says so', async () => {
    const whole = await right()
    const truncated = await answerWith({ kind: 'truncated', share: 0.5 }, standin, request())
    const text = await truncated.text()
    expect(truncated.status).toBe(200)
    expect(whole.startsWith(text) && text.length < whole.length).toBe(true)
    const broken = await answerWith({ kind: 'broken-off', share: 0.5 }, standin, request())
    await expect(broken.text()).rejects.toThrow('terminated')
  })

  it('reset rejects, latency waits and answers, silence lasts until the caller leaves', async () => {
    await expect(answerWith({ kind: 'reset' }, standin, request())).rejects.toThrow('fetch failed')
    const before = performance.now()
    expect(await (await answerWith({ kind: 'latency', ms: 20 }, standin, request())).text()).toBe(await right())
    expect(performance.now() - before).toBeGreaterThan(18)
    const leaving = new AbortController()
    const silent = answerWith({ kind: 'silence' }, standin, request('getStatsData', leaving.signal))
    leaving.abort(new Error('left'))
    await expect(silent).rejects.toThrow('left')
  })
})

describe('A plan', () => {
  const statuses = async (plan: FaultPlan, operations: readonly string[]): Promise<string> => {
    const faulty = withFaults(standin, plan)
    const heard: number[] = []
    for (const operation of operations) heard.push((await faulty(request(operation))).status)
    return heard.join(' ')
  }
  const down: InjectedFault = { kind: 'http', status: 500 }
  const [data, meta] = ['getStatsData', 'getMetaInfo']

  it.each<[string, () => FaultPlan, string]>([
    ['always', () => always(down), '500 500 500 500'],
    ['always, on one operation', () => always(down, ({ operation }) => operation === meta), '200 500 200 500'],
    ['for the first two', () => firstTimes(2, down), '500 500 200 200'],
    [
      'for the first of an operation',
      () => firstTimes(1, down, ({ operation }) => operation === meta),
      '200 500 200 200',
    ],
    ['from the third on', () => fromThe(3, down), '200 200 500 500'],
    [
      'by number',
      () =>
        ({ number }) =>
          number === 2 ? down : null,
      '200 500 200 200',
    ],
    [
      'by number of the operation',
      () =>
        ({ ofOperation }) =>
          ofOperation === 2 ? down : null,
      '200 200 500 500',
    ],
  ])('%s', async (_, plan, expected) => {
    expect(await statuses(plan(), [data, meta, data, meta])).toBe(expected)
  })

  it('may put another e-Stat in its place: a table that changes between two pages', async () => {
    const updated: Standin = createStandin({
      tables: [toyTable({ UPDATED_DATE: '2026-11-20' })],
      accepts: [APP_ID],
      now: () => NOW,
    })
    const faulty = withFaults(standin, fromThe(2, { kind: 'other', standin: updated }))
    const texts = [await (await faulty(request())).text(), await (await faulty(request())).text()]
    expect(texts.map((text) => text.includes('2026-11-20'))).toEqual([false, true])
  })
})
