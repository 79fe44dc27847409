/** Wrong keys over several instances, through the counters that the platforms have. */
import { describe, expect, it } from 'vitest'
import { dynamoCounter } from '../../edge/adapters/counter-dynamodb.ts'
import { memoryCounter } from '../../edge/adapters/counter-memory.ts'
import { failedKeys } from '../../edge/failed-keys.ts'
import { leasedCounter } from '../../edge/leased-counter.ts'
import type { RateCounter } from '../../edge/ports.ts'
import { Fault } from '../../shared/fault.ts'
import { fakeDynamo } from '../support/fake-dynamo.ts'

const LIMIT = 30
const attempt = (address: string | null) => ({ address, id: '00000000', hash: 'f'.repeat(64) })

type Open = (now: () => number) => () => RateCounter

const memory: Open = (now) => {
  const counter = memoryCounter({ now })
  return () => counter
}
const dynamo: Open = (now) => {
  const fake = fakeDynamo()
  return () => dynamoCounter({ dynamo: fake.dynamo, now })
}

describe.each([
  ['memory', memory],
  ['DynamoDB', dynamo],
])('wrong keys counted in %s, behind leases', (_name, open) => {
  function scene() {
    let time = 1_000_000
    const now = (): number => time
    const counterOf = open(now)
    const instances = [0, 1].map(() =>
      failedKeys({
        counter: leasedCounter({ counter: counterOf(), now }),
        local: memoryCounter({ now }),
        limit: LIMIT,
        timeoutMs: 1_000,
        now,
        report: (error) => {
          throw error
        },
      }),
    )
    const instance = (at: number) => instances[at % 2] as (typeof instances)[0]
    return { instance, wait: (millis: number) => void (time += millis) }
  }
  const outcome = (done: Promise<void>): Promise<string> =>
    done.then(
      () => 'counted',
      (error: unknown) => (error instanceof Fault ? error.code : String(error)),
    )

  it('shut an address out after exactly as many as are allowed, over all instances', async () => {
    const { instance, wait } = scene()
    const outcomes: string[] = []
    for (let at = 0; at < LIMIT + 4; at++) {
      outcomes.push(await outcome(instance(at).failed(attempt('192.0.2.1'))))
      wait(50)
    }
    expect(outcomes).toEqual([...Array(LIMIT).fill('counted'), ...Array(4).fill('RATE_LIMITED')])
    for (const at of [0, 1]) expect(() => instance(at).admit(attempt('192.0.2.1'))).toThrow('Too many wrong keys')
    expect(() => instance(0).admit(attempt('192.0.2.2'))).not.toThrow()
    wait(62_000)
    expect(() => instance(0).admit(attempt('192.0.2.1'))).not.toThrow()
  })

  it('count a /64 as one address, and shut nobody out for want of one', async () => {
    const { instance } = scene()
    for (let at = 0; at < LIMIT; at++)
      expect(await outcome(instance(at).failed(attempt(`2001:db8::${at.toString(16)}`)))).toBe('counted')
    expect(await outcome(instance(0).failed(attempt('2001:db8::ffff')))).toBe('RATE_LIMITED')
    for (let at = 0; at < 3 * LIMIT; at++) expect(await outcome(instance(at).failed(attempt(null)))).toBe('counted')
    for (const at of [0, 1]) expect(() => instance(at).admit(attempt(null))).not.toThrow()
    // Nor is an address shut out for those who have none.
    expect(await outcome(instance(0).failed(attempt('192.0.2.9')))).toBe('counted')
  })
})
