/** The deadline of a call, handed down to the client of e-Stat; and how long it waits between attempts. */
import { describe, expect, it } from 'vitest'
import { retryAfterMs, waitBefore } from '../../../origin/adapters/stats-http-retry.ts'
import { ask, client, counted, faultOf, query } from './stats-http-client.ts'

const down = (): Response => new Response('<html>', { status: 503 })

describe('an attempt that could not end in time', () => {
  it('is not begun', async () => {
    const { sent, source } = client([counted(7)], { now: () => 1000 })
    const fault = await faultOf(source.count(query, { ...ask, deadline: 1400 }))
    expect([fault.code, sent.length]).toEqual(['TIMEOUT_ERROR', 0])
    expect(await source.count(query, { ...ask, deadline: 1500 })).toBe(7)
  })

  it('is not begun after a failure, and the failure is told', async () => {
    let now = 0
    const send = async (): Promise<Response> => {
      now += 400
      return await Promise.resolve(down())
    }
    const { source } = client([], { send, now: () => now })
    const fault = await faultOf(source.count(query, { ...ask, deadline: 1200 }))
    expect([fault.code, fault.message, now]).toEqual([
      'ESTAT_UNAVAILABLE',
      'e-Stat answered with something that is not data (HTTP 503). It was asked 2 times. No time was left to ask again.',
      800,
    ])
  })

  it('is ended by the deadline where the answer does not come', async () => {
    const began = Date.now()
    const { sent, source } = client(['silent'], { now: () => Date.now() })
    const fault = await faultOf(source.count(query, { ...ask, deadline: began + 550 }))
    expect([fault.code, sent.length]).toEqual(['TIMEOUT_ERROR', 1])
    expect(Date.now() - began).toBeLessThan(2000)
  })
})

describe('waiting', () => {
  const policy = { attempts: 9, baseMs: 500, capMs: 3000 }

  it('is anything from nothing to a bound that doubles up to its cap', () => {
    const longest = (failed: number): number => waitBefore(policy, failed, 0, () => 1)
    expect([1, 2, 3, 4, 5].map(longest)).toEqual([500, 1000, 2000, 3000, 3000])
    expect(waitBefore(policy, 3, 0, () => 0)).toBe(0)
    expect(waitBefore(policy, 3, 0, () => 0.25)).toBe(500)
  })

  it('never ends before the server said', () => {
    expect(waitBefore(policy, 1, 4000, () => 0)).toBe(4000)
    expect(waitBefore(policy, 1, 4000, () => 0.5)).toBe(4250)
  })

  it('takes its jitter from the randomness it is given', async () => {
    let asked = 0
    const random = (): number => {
      asked++
      return 0
    }
    const retry = { attempts: 3, baseMs: 3_600_000, capMs: 3_600_000 }
    const { sent, source } = client([down()], { random, retry })
    expect((await faultOf(source.count(query, ask))).code).toBe('ESTAT_UNAVAILABLE')
    expect([sent.length, asked]).toEqual([3, 2])
  })

  it.each([
    ['7', 7000],
    [' 7 ', 7000],
    ['0', 0],
    ['Thu, 01 Jan 1970 00:01:00 GMT', 50_000],
    ['Thu, 01 Jan 1970 00:00:01 GMT', 0],
    ['soon', 0],
    ['-5', 0],
    [null, 0],
  ])('reads Retry-After %j', (header, wait) => {
    expect(retryAfterMs(header, 10_000)).toBe(wait)
  })
})
