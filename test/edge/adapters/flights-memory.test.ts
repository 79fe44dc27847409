import { describe, expect, it } from 'vitest'
import { memoryFlights } from '../../../edge/adapters/flights-memory.ts'
import { HOLD_MS } from '../../../edge/shared-flights.ts'
import { anOrder, flightsContract, found } from '../../contracts/flights.ts'
import { localTower } from '../../support/tower.ts'

describe('Flights in memory', () => {
  flightsContract(() => {
    const tower = localTower()
    const flights = memoryFlights({ run: tower.run, now: Date.now })
    return { here: flights, there: flights, tower, slackMs: 0 }
  })

  it('holds what landed for a short time, and not without bound', async () => {
    let now = 0
    let flown = 0
    const flights = memoryFlights({ run: () => Promise.resolve(found(`${++flown}`)), now: () => now })
    const join = (key: string) => flights.join(key, anOrder(key), null)
    await join('a')
    now = HOLD_MS - 1
    expect(await join('a')).toEqual({ outcome: found('1'), role: 'joined' })
    now = HOLD_MS
    expect(await join('a')).toEqual({ outcome: found('2'), role: 'led' })
    for (let other = 0; other < 600; other++) await join(`b${other}`)
    expect((await join('b599')).role).toBe('joined')
    expect((await join('a')).role).toBe('led')
  })
})
