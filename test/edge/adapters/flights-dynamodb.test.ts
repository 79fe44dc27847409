/** Flights by leases in a DynamoDB that speaks the wire protocol. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { memoryCache } from '../../../edge/adapters/cache-memory.ts'
import { type DynamoFlightsOptions, dynamoFlights } from '../../../edge/adapters/flights-dynamodb.ts'
import { anOrder, flightsContract, found } from '../../contracts/flights.ts'
import { localTower } from '../../support/tower.ts'
import { type WireDynamo, wireDynamo } from '../../support/wire-dynamodb.ts'

let wire: WireDynamo
beforeAll(async () => {
  wire = await wireDynamo()
})
afterAll(() => wire?.close())

const times = { leaseMs: 3_000, waitMs: 150, holdMs: 2_000, firstLookMs: 10, lastLookMs: 40 }
const cache = memoryCache({ now: Date.now, maxEntryChars: 5e6 })

/** For tests that wait for a lease to end. */
const short = { ...times, leaseMs: 500 }

/** Two instances over one table. */
function sky(change: Partial<DynamoFlightsOptions> = {}) {
  const tower = localTower()
  const reported: string[] = []
  const instance = (other: Partial<DynamoFlightsOptions> = {}) =>
    dynamoFlights({
      dynamo: wire.dynamo,
      cache,
      run: tower.run,
      now: Date.now,
      newId: () => crypto.randomUUID(),
      report: (_error, where) => void reported.push(where),
      times,
      ...other,
    })
  return { here: instance(change), there: instance({ times: change.times ?? times }), tower, reported, slackMs: 250 }
}

describe('Flights in DynamoDB', { concurrent: true }, () => {
  flightsContract(sky)

  // Tests that run side by side poll by the `expect` of their own.
  it('a waiter flies in place of a leader that died', async ({ expect }) => {
    // A dead leader renews nothing: here its sign of life is lost on the way.
    const call: DynamoFlightsOptions['dynamo']['call'] = (operation, request) =>
      operation === 'UpdateItem' ? Promise.reject(new Error('dead')) : wire.dynamo.call(operation, request)
    // Long enough that a busy machine does not outsleep it.
    const patient = { ...times, leaseMs: 1_200 }
    const { here, there, tower } = sky({ dynamo: { call }, times: patient })
    const key = crypto.randomUUID()
    const dead = here.join(key, anOrder(key), null)
    await expect.poll(() => tower.takeOffs(key).length).toBe(1)
    const waiting = [there.join(key, anOrder(key), null), there.join(key, anOrder(key), null)]
    await sleep(patient.leaseMs / 4)
    expect(tower.takeOffs(key)).toHaveLength(1)
    await expect.poll(() => tower.takeOffs(key).length, { timeout: 5_000 }).toBe(2)
    tower.takeOffs(key)[1]?.land(found('second'))
    expect(await Promise.all(waiting)).toEqual([
      { outcome: found('second'), role: 'led' },
      { outcome: found('second'), role: 'joined' },
    ])
    tower.takeOffs(key)[0]?.land(found('first'))
    expect((await dead).outcome).toEqual(found('first'))
    expect((await there.join(key, anOrder(key), null)).outcome).toEqual(found('second'))
  })

  it('flies longer than a lease, as long as it gives signs of life', async () => {
    const { here, there, tower } = sky({ times: short })
    const key = crypto.randomUUID()
    const all = [here, there].map((one) => one.join(key, anOrder(key), null))
    await sleep(short.leaseMs * 1.5)
    expect(tower.takeOffs(key)).toHaveLength(1)
    tower.takeOffs(key)[0]?.land(found('slow'))
    for (const { outcome } of await Promise.all(all)) expect(outcome).toEqual(found('slow'))
  })

  it('flies alone where DynamoDB does not answer', async ({ expect }) => {
    const { here, there, tower, reported } = sky({ dynamo: { call: () => Promise.reject(new Error('down')) } })
    const key = crypto.randomUUID()
    const all = [here, here, there].map((one) => one.join(key, anOrder(key), null))
    await expect.poll(() => tower.takeOffs(key).length).toBe(2)
    for (const flight of tower.takeOffs(key)) flight.land(found('alone'))
    for (const { outcome } of await Promise.all(all)) expect(outcome).toEqual(found('alone'))
    expect(reported).toEqual(['flights'])
  })

  it('leaves nothing that DynamoDB would not take away', async ({ expect }) => {
    const { here, tower } = sky()
    const key = crypto.randomUUID()
    const landed = here.join(key, anOrder(key), null)
    await expect.poll(() => tower.takeOffs(key).length).toBe(1)
    tower.takeOffs(key)[0]?.land(found('x'))
    await landed
    const { Item: item } = (await wire.dynamo.call('GetItem', { Key: { pk: { S: `flight#${key}` } } })) as {
      Item: { expires: { N: string } }
    }
    expect(Number(item.expires.N) - Date.now() / 1000).toBeGreaterThan(0)
    expect(Number(item.expires.N) - Date.now() / 1000).toBeLessThan(120)
  })
})
