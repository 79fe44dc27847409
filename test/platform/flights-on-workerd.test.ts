/** Flights as Durable Objects, in two services of one workerd. */
import { request as httpRequest } from 'node:http'
import { json } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { outcomeOf, readFlown } from '../../edge/domain/flown.ts'
import type { Flights, Landed } from '../../edge/ports.ts'
import { fault } from '../../shared/fault.ts'
import { anOrder, flightsContract, found } from '../contracts/flights.ts'
import { httpTower } from '../support/tower.ts'
import { serveWorkerd, type Workerd } from './serve-workerd.ts'

let tower: Awaited<ReturnType<typeof httpTower>>
let workerd: Workerd
beforeAll(async () => {
  tower = await httpTower()
  const entry = fileURLToPath(new URL('flights-worker.mts', import.meta.url))
  const TOWER = tower.url
  const services = ['0', '0', '1'].map((BROKEN) => ({ TOWER, BROKEN }))
  workerd = await serveWorkerd({ entry, objects: { FLIGHTS: 'Flight' }, services })
})
afterAll(async () => {
  await workerd?.close()
  await tower?.close()
})

/** A client that leaves resets its connection, which is what workerd sees at once. */
const flightsOf = (at: number): Flights => ({
  join: (key, order, signal) =>
    new Promise<Landed>((resolve, reject) => {
      const request = httpRequest(workerd.urls[at] as string, { method: 'POST' })
      signal?.addEventListener('abort', () => {
        request.socket?.resetAndDestroy()
        reject(fault('CANCELLED', 'The caller left.'))
      })
      request.on('error', reject)
      request.on('response', (response) => resolve(json(response).then(landedOf)))
      request.end(JSON.stringify({ key, order, waits: signal !== null }))
      if (signal?.aborted) request.destroy(fault('CANCELLED', 'The caller left.'))
    }),
})

function landedOf(answered: unknown): Landed {
  const flown = readFlown(answered)
  if (!flown) throw new Error('no landing')
  return { outcome: outcomeOf(flown), role: (answered as Landed).role }
}

describe('Flights as Durable Objects', () => {
  flightsContract(() => ({ here: flightsOf(0), there: flightsOf(1), tower, slackMs: 100 }))

  it('fly alone where the object does not answer', async () => {
    const key = crypto.randomUUID()
    const landed = flightsOf(2).join(key, anOrder(key), null)
    await expect.poll(() => tower.takeOffs(key).length).toBe(1)
    tower.takeOffs(key)[0]?.land(found('alone'))
    expect(await landed).toEqual({ outcome: found('alone'), role: 'led' })
  })
})
