/** RateCounter in DynamoDB: the contract against one that speaks the wire protocol, and what only this one promises. */
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dynamoCounter } from '../../../edge/adapters/counter-dynamodb.ts'
import { leasedCounter } from '../../../edge/leased-counter.ts'
import type { Ask, RateCounter } from '../../../edge/ports.ts'
import { CONDITION_FAILED, type Dynamo, DynamoError, type Item } from '../../../shared/aws/dynamodb.ts'
import { leasedFromContract, rateCounterContract } from '../../contracts/rate-counter.ts'
import { fakeDynamo } from '../../support/fake-dynamo.ts'
import { type WireDynamo, wireDynamo } from '../../support/wire-dynamodb.ts'

const MINUTE = 60_000
const SKEW = 1_000

let wire: WireDynamo
beforeAll(async () => {
  wire = await wireDynamo()
})
afterAll(() => wire?.close())

/** Counts the requests to the real thing. */
function counted() {
  const requests: string[] = []
  const dynamo: Dynamo = {
    call(operation, request) {
      requests.push(operation)
      return wire.dynamo.call(operation, request)
    },
  }
  return { dynamo, requests }
}

const ask = (limit: number, cost = 1): Ask => ({ cost, limit, windowMs: MINUTE })
const times = <Value>(count: number, make: (at: number) => Value): Value[] =>
  Array.from({ length: count }, (_, at) => make(at))

describe('RateCounter in DynamoDB', () => {
  let time = Date.now()
  const now = (): number => time
  const open = () => ({
    counter: dynamoCounter({ dynamo: wire.dynamo, now }),
    slackMs: SKEW,
    advance: (millis: number) => void (time += millis),
  })
  rateCounterContract(open)
  leasedFromContract(open)
  describe('behind leases', () => {
    rateCounterContract(() => ({ ...open(), counter: leasedCounter({ counter: open().counter, now }) }))
  })

  it('counts over instances that all write at once', async () => {
    const caller = crypto.randomUUID()
    const instances = times(4, () => open().counter)
    const verdicts = await Promise.all(times(400, (at) => (instances[at % 4] as RateCounter).spend(caller, ask(100))))
    expect(verdicts.filter(({ allowed }) => allowed)).toHaveLength(100)
  })

  it('writes a burst in two requests, and asks nothing to refuse again', async () => {
    const { dynamo, requests } = counted()
    const counter = dynamoCounter({ dynamo, now })
    const caller = crypto.randomUUID()
    const burst = () => Promise.all(times(1_000, () => counter.spend(caller, ask(100))))
    expect((await burst()).filter(({ allowed }) => allowed)).toHaveLength(100)
    expect(requests).toEqual(['PutItem', 'PutItem'])
    await burst()
    expect(requests).toHaveLength(2)
    time += MINUTE + SKEW + 1
    expect((await burst()).filter(({ allowed }) => allowed)).toHaveLength(100)
    expect(requests).toHaveLength(4)
  })

  it('keeps an item small at any limit, and lets DynamoDB take it away', async () => {
    const counter = dynamoCounter({ dynamo: wire.dynamo, now })
    const caller = crypto.randomUUID()
    for (let call = 0; call < 220; call++) {
      await counter.spend(caller, ask(1_000_000, 1 + (call % 900)))
      time += 250
    }
    const { Item: item } = (await wire.dynamo.call('GetItem', { Key: { pk: { S: `rate#${caller}` } } })) as {
      Item: Item
    }
    expect(JSON.stringify(item).length).toBeLessThan(2_000)
    const expires = Number((item['expires'] as { N: string }).N) * 1_000
    expect(expires).toBeGreaterThan(time + MINUTE)
    expect(expires).toBeLessThan(time + 4 * MINUTE)
  })

  it('begins anew where DynamoDB took the item away, and not on what was there before', async () => {
    const [here, there] = [open().counter, open().counter]
    const caller = crypto.randomUUID()
    await here.spend(caller, ask(10))
    await there.spend(caller, ask(10))
    time += 5 * MINUTE
    await wire.dynamo.call('DeleteItem', { Key: { pk: { S: `rate#${caller}` } } })
    expect(await here.spend(caller, ask(10, 4))).toMatchObject({ allowed: true, remaining: 6 })
    expect(await there.spend(caller, ask(10, 4))).toMatchObject({ allowed: true, remaining: 2 })
  })

  it('rejects what it cannot read, instead of guessing', async () => {
    const caller = crypto.randomUUID()
    for (const item of [{ version: { S: '1' } }, { version: { S: '1' }, log: { S: 'garbled' } }, { log: { N: '1' } }]) {
      await wire.dynamo.call('PutItem', { Item: { pk: { S: `rate#${caller}` }, ...item } })
      await expect(open().counter.spend(caller, ask(10))).rejects.toThrow('not a')
    }
  })
})

describe('RateCounter in DynamoDB, its instances apart', () => {
  const steps = fc.array(
    fc.record({
      instance: fc.nat({ max: 2 }),
      wait: fc.oneof(fc.nat({ max: 500 }), fc.nat({ max: 20_000 })),
      calls: fc.integer({ min: 1, max: 12 }),
      cost: fc.integer({ min: 1, max: 3 }),
    }),
    { maxLength: 40 },
  )
  const clocks = fc.tuple(fc.nat({ max: SKEW }), fc.nat({ max: SKEW }), fc.nat({ max: SKEW }))

  it('never lets more than the limit through in any window, with clocks a second apart', async () => {
    await fc.assert(
      fc.asyncProperty(steps, clocks, fc.integer({ min: 1, max: 30 }), async (asked, offsets, limit) => {
        let time = 1_000_000_000
        const { dynamo } = fakeDynamo()
        const edges = offsets.map((offset) =>
          leasedCounter({
            counter: dynamoCounter({ dynamo, now: () => time + offset }),
            now: () => time + offset,
          }),
        )
        const passed: { readonly at: number; readonly cost: number }[] = []
        for (const { instance, wait, calls, cost } of asked) {
          time += wait
          const one = (edge: RateCounter) => edge.spend('caller', ask(limit, cost))
          const both = [edges[instance], edges[(instance + 1) % 3]] as RateCounter[]
          const verdicts = await Promise.all(times(calls, (at) => one(both[at % 2] as RateCounter)))
          for (const { allowed } of verdicts) if (allowed) passed.push({ at: time, cost })
        }
        for (const { at: start } of passed) {
          const inside = passed.filter(({ at }) => at >= start && at <= start + MINUTE)
          expect(inside.reduce((sum, { cost }) => sum + cost, 0)).toBeLessThanOrEqual(limit)
        }
      }),
      { numRuns: 40 },
    )
  })

  it('rejects where DynamoDB does not answer, goes on where it does, and counts what was written unheard', async () => {
    const { dynamo, fail } = fakeDynamo()
    const counter = dynamoCounter({ dynamo, now: () => 0 })
    const spend = () => counter.spend('caller', ask(10))
    expect((await spend()).remaining).toBe(9)
    fail('before')
    const lost = await Promise.allSettled(times(5, spend))
    expect(lost.every(({ status }) => status === 'rejected')).toBe(true)
    fail('after')
    await expect(spend()).rejects.toThrow('no answer')
    fail('no')
    expect((await spend()).remaining).toBe(7)
  })

  it('gives up after so many conflicts', async () => {
    let calls = 0
    const dynamo: Dynamo = {
      call() {
        calls++
        // As AWS does, and dynalite does not.
        const item = { version: { S: `of another ${calls}` }, log: { S: '' } }
        return Promise.reject(new DynamoError(CONDITION_FAILED, item))
      },
    }
    const counter = dynamoCounter({ dynamo, now: () => 0, random: () => 0 })
    await expect(counter.spend('caller', ask(10))).rejects.toThrow('other instances')
    expect(calls).toBe(12)
  })

  it('forgets callers beyond its room, and not one whose write is under way', async () => {
    const { dynamo } = fakeDynamo()
    const counter = dynamoCounter({ dynamo, now: () => 0, maxCallers: 2 })
    const verdicts = await Promise.all(times(30, (at) => counter.spend(`caller ${at % 10}`, ask(2))))
    expect(verdicts.filter(({ allowed }) => allowed)).toHaveLength(20)
  })
})
