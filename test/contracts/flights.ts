/** What every `Flights` promises. */
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it, vi } from 'vitest'
import type { Outcome } from '../../edge/domain/executed.ts'
import type { Flights, Landed, Order } from '../../edge/ports.ts'
import { Fault, fault } from '../../shared/fault.ts'

/** One order that reached the origin. */
export interface TakeOff {
  readonly order: Order
  land(outcome: Outcome): void
  fail(error: Fault): void
  /** Resolves when nobody waits for it any more and the origin is told so. */
  readonly ended: Promise<void>
}

/** The origin of a test: what reaches it waits until the test says how it ends. */
export interface Tower {
  /** All that took off with this request id. */
  takeOffs(requestId: string): readonly TakeOff[]
}

export interface OpenFlights {
  /** Two instances of the edge over what the platform shares; the same one where it shares nothing. */
  readonly here: Flights
  readonly there: Flights
  readonly tower: Tower
  /** Longest that an instance may take to learn what another did, milliseconds. */
  readonly slackMs: number
}

export const anOrder = (name: string): Order => ({
  tool: 'search_estat_data',
  args: { query: '人口', lang: 'J' },
  caller: { id: 'k1', tenant: 'estat', scopes: ['read'] },
  requestId: name,
  trace: { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', tracestate: null },
})

export const found = (text: string): Outcome => ({
  ok: true,
  answer: { result: { success: true, titles: ['国勢調査'], none: null }, text },
  storable: true,
})

export function flightsContract(open: () => OpenFlights): void {
  const name = (): string => `v1:1:search_estat_data@1:${crypto.randomUUID()}:pub`
  async function takenOff({ tower }: OpenFlights, key: string, at = 0): Promise<TakeOff> {
    await vi.waitFor(() => expect(tower.takeOffs(key).length).toBeGreaterThan(at), { timeout: 10_000, interval: 5 })
    return tower.takeOffs(key)[at] as TakeOff
  }
  const count = ({ tower }: OpenFlights, key: string): number => tower.takeOffs(key).length
  const join = (flights: Flights, key: string, signal: AbortSignal | null = new AbortController().signal) => {
    const landed = flights.join(key, anOrder(key), signal)
    landed.catch(() => {})
    return landed
  }
  const roles = (landed: readonly Landed[]): number => landed.filter(({ role }) => role === 'led').length
  const cancelled = expect.objectContaining({ code: 'CANCELLED' })

  it('flies one order for all who ask the same, wherever, and tells one that it led', async () => {
    const sky = open()
    const key = name()
    const all = [sky.here, sky.there].flatMap((one) => Array.from({ length: 20 }, () => join(one, key)))
    const flight = await takenOff(sky, key)
    await sleep(sky.slackMs)
    flight.land(found('出典：…'))
    const landed = await Promise.all(all)
    for (const { outcome } of landed) expect(outcome).toEqual(found('出典：…'))
    expect({ flown: count(sky, key), led: roles(landed) }).toEqual({ flown: 1, led: 1 })
    expect(flight.order).toEqual(anOrder(key))
  })

  it('flies each key for itself', async () => {
    const sky = open()
    const keys = [name(), name()] as const
    const landed = keys.map((key) => join(sky.here, key))
    for (const key of keys) (await takenOff(sky, key)).land(found(key))
    expect((await Promise.all(landed)).map(({ outcome, role }) => [outcome, role])).toEqual(
      keys.map((key) => [found(key), 'led']),
    )
  })

  it('answers those who come just after', async () => {
    const sky = open()
    const key = name()
    const first = join(sky.here, key)
    ;(await takenOff(sky, key)).land(found('once'))
    await first
    for (const one of [sky.here, sky.there])
      expect(await join(one, key)).toEqual({ outcome: found('once'), role: 'joined' })
    expect(count(sky, key)).toBe(1)
  })

  it('shares a large answer whole', async () => {
    const sky = open()
    const key = name()
    // What gzip makes no smaller than 400 kB.
    const large = found(randomBytes(400_000).toString('base64'))
    const all = [join(sky.here, key), join(sky.there, key)]
    const flight = await takenOff(sky, key)
    await sleep(sky.slackMs)
    flight.land(large)
    for (const { outcome } of await Promise.all(all)) expect(outcome).toEqual(large)
    expect(count(sky, key)).toBe(1)
  })

  it.each([
    [
      'a failure',
      {
        ok: false,
        status: 503,
        failure: { error: { code: 'ESTAT_UNAVAILABLE', message: 'm', tool: null, hint: 'h' }, text: 't' },
      },
    ],
    ['a partial answer', { ok: true, storable: false, answer: { result: { n: 1 }, text: 't' } }],
    ['an incomplete answer', { ok: true, storable: true, answer: { result: { live_complete: false }, text: 't' } }],
  ] satisfies [string, Outcome][])('shares %s with those who wait, and keeps it for nobody', async (_name, outcome) => {
    const sky = open()
    const key = name()
    const all = [sky.here, sky.here, sky.there].map((one) => join(one, key))
    const flight = await takenOff(sky, key)
    await sleep(sky.slackMs)
    flight.land(outcome)
    for (const landed of await Promise.all(all)) expect(landed.outcome).toEqual(outcome)
    expect(count(sky, key)).toBe(1)
    const later = join(sky.there, key)
    ;(await takenOff(sky, key, 1)).land(found('now'))
    expect((await later).outcome).toEqual(found('now'))
  })

  it('shares what kept the origin from answering, as it is, with those who wait', async () => {
    const sky = open()
    const key = name()
    const candidates = [{ code: '13', name: '東京都' }]
    const error = fault('ESTAT_UNAVAILABLE', 'down', { hint: 'later', retryAfterSeconds: 7, candidates })
    const all = [sky.here, sky.here, sky.there].map((one) => join(one, key))
    const flight = await takenOff(sky, key)
    await sleep(sky.slackMs)
    flight.fail(error)
    for (const landed of all) {
      const thrown = await landed.catch((failure: unknown) => failure)
      expect(thrown).toBeInstanceOf(Fault)
      for (const part of ['code', 'message', 'hint', 'retryAfterSeconds', 'candidates'] as const)
        expect((thrown as Fault)[part]).toEqual(error[part])
    }
    expect(count(sky, key)).toBe(1)
    const later = join(sky.here, key)
    ;(await takenOff(sky, key, 1)).land(found('up'))
    expect((await later).outcome).toEqual(found('up'))
  })

  it.each(['here', 'there'] as const)('goes on for those %s when the one who began leaves', async (place) => {
    const sky = open()
    const key = name()
    const first = new AbortController()
    const began = join(sky.here, key, first.signal)
    const flight = await takenOff(sky, key)
    const second = join(sky[place], key)
    await sleep(sky.slackMs)
    first.abort()
    await expect(began).rejects.toEqual(cancelled)
    expect(await Promise.race([flight.ended.then(() => 'ended'), sleep(sky.slackMs, 'goes on')])).toBe('goes on')
    flight.land(found('for the second'))
    expect((await second).outcome).toEqual(found('for the second'))
    expect(count(sky, key)).toBe(1)
  })

  it('ends at the origin when the last one leaves, and the next one flies anew', async () => {
    const sky = open()
    const key = name()
    const leave = new AbortController()
    const all = [sky.here, sky.here, sky.there].map((one) => join(one, key, leave.signal))
    const flight = await takenOff(sky, key)
    await sleep(sky.slackMs)
    leave.abort()
    for (const landed of all) await expect(landed).rejects.toEqual(cancelled)
    expect(await Promise.race([flight.ended.then(() => 'ended'), sleep(10_000, 'goes on')])).toBe('ended')
    await expect(join(sky.here, key, leave.signal)).rejects.toEqual(cancelled)
    const next = join(sky.there, key)
    ;(await takenOff(sky, key, 1)).land(found('anew'))
    expect(await next).toEqual({ outcome: found('anew'), role: 'led' })
  })

  it('flies to its end for one who does not wait', async () => {
    const sky = open()
    const key = name()
    const leave = new AbortController()
    const waiting = join(sky.here, key, leave.signal)
    const flight = await takenOff(sky, key)
    const refresh = join(sky.here, key, null)
    await sleep(sky.slackMs)
    leave.abort()
    await expect(waiting).rejects.toEqual(cancelled)
    expect(await Promise.race([flight.ended.then(() => 'ended'), sleep(sky.slackMs, 'goes on')])).toBe('goes on')
    flight.land(found('refreshed'))
    expect(await refresh).toEqual({ outcome: found('refreshed'), role: 'led' })
  })
}
