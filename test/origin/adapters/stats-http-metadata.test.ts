/** Metadata: asked once by any number at once, kept until its table is updated. */
import { describe, expect, it } from 'vitest'
import { ask, client, faultOf, ID, metadata, paged, query, range, TABLE } from './stats-http-client.ts'

const updated = (date: string): object => ({ ...TABLE, UPDATED_DATE: date })

/** Answers by operation; `release` lets one silent request after the other go. */
function upstream() {
  const state = { date: '2026-01-01', hold: false, aborted: 0 }
  const releases: (() => void)[] = []
  const asked: string[] = []
  const send = async (request: Request): Promise<Response> => {
    const operation = new URL(request.url).pathname.split('/').at(-1) ?? ''
    asked.push(operation)
    request.signal.addEventListener('abort', () => state.aborted++)
    const table = updated(state.date)
    if (state.hold) await new Promise<void>((resolve) => releases.push(resolve))
    return operation === 'getMetaInfo' ? metadata(table) : paged({ table })
  }
  const { source } = client([], { send })
  /** Once it has been sent. */
  const release = async (): Promise<void> => {
    await expect.poll(() => releases.length, { interval: 1 }).toBeGreaterThan(0)
    releases.shift()?.()
  }
  return { state, asked, source, release }
}

describe('an update of the table', () => {
  it('is seen with the next page, and the metadata is asked for again', async () => {
    const { state, asked, source } = upstream()
    expect((await source.describe(ID, ask)).info.updatedDate).toBe('2026-01-01')
    await source.page(query, range, ask)
    await source.describe(ID, ask)
    expect(asked).toEqual(['getMetaInfo', 'getStatsData'])
    state.date = '2026-02-01'
    expect((await source.describe(ID, ask)).info.updatedDate).toBe('2026-01-01')
    await source.page(query, range, ask)
    expect((await source.describe(ID, ask)).info.updatedDate).toBe('2026-02-01')
    await source.describe(ID, ask)
    expect(asked).toEqual(['getMetaInfo', 'getStatsData', 'getStatsData', 'getMetaInfo'])
  })

  it('in one language does not touch the other, nor other tables', async () => {
    const { state, asked, source } = upstream()
    const english = { ...ask, lang: 'E' } as const
    await source.describe(ID, english)
    await source.describe(ID, ask)
    state.date = '2026-02-01'
    await source.page(query, range, ask)
    await source.describe(ID, english)
    expect(asked.filter((operation) => operation === 'getMetaInfo')).toHaveLength(2)
  })
})

describe('describes of one table at once', () => {
  const held = () => {
    const made = upstream()
    made.state.hold = true
    return made
  }

  it('are one request with one answer', async () => {
    const { asked, source, release } = held()
    const waiting = Promise.all(Array.from({ length: 20 }, async () => await source.describe(ID, ask)))
    await release()
    expect(new Set(await waiting).size).toBe(1)
    expect(asked).toEqual(['getMetaInfo'])
  })

  it('one who leaves does not take it from the others', async () => {
    const { state, source, release } = held()
    const leaving = new AbortController()
    const first = faultOf(source.describe(ID, { ...ask, signal: leaving.signal }))
    const second = source.describe(ID, ask)
    leaving.abort()
    expect((await first).code).toBe('CANCELLED')
    expect(state.aborted).toBe(0)
    await release()
    expect((await second).info.id).toBe(ID)
  })

  it('the last one who leaves aborts the request, and the next one asks anew', async () => {
    const { state, asked, source, release } = held()
    const leaving = [new AbortController(), new AbortController()]
    const waiting = leaving.map(async ({ signal }) => await faultOf(source.describe(ID, { ...ask, signal })))
    leaving[0]?.abort()
    await waiting[0]
    await expect.poll(() => asked.length, { interval: 1 }).toBe(1)
    expect(state.aborted).toBe(0)
    leaving[1]?.abort()
    expect((await waiting[1])?.code).toBe('CANCELLED')
    expect(state.aborted).toBe(1)
    const again = source.describe(ID, ask)
    await release()
    await release()
    expect((await again).info.id).toBe(ID)
    expect(asked).toHaveLength(2)
  })

  it('share a failure, and keep none', async () => {
    let sent = 0
    const send = async (): Promise<Response> => {
      sent++
      return await Promise.resolve(sent <= 3 ? new Response('', { status: 503 }) : metadata())
    }
    const { source } = client([], { send })
    const codes = await Promise.all([1, 2].map(async () => (await faultOf(source.describe(ID, ask))).code))
    expect([codes, sent]).toEqual([['ESTAT_UNAVAILABLE', 'ESTAT_UNAVAILABLE'], 3])
    expect((await source.describe(ID, ask)).info.id).toBe(ID)
  })

  it('have the time of the one who has most', async () => {
    let now = 0
    let sent = 0
    const send = async (): Promise<Response> => {
      sent++
      now += 600
      return await Promise.resolve(sent === 1 ? new Response('', { status: 503 }) : metadata())
    }
    const alone = client([], { send, now: () => now })
    expect((await faultOf(alone.source.describe(ID, { ...ask, deadline: 1000 }))).code).toBe('ESTAT_UNAVAILABLE')
    ;[now, sent] = [0, 0]
    const { source } = client([], { send, now: () => now })
    const both = [1000, 5000].map(async (deadline) => await source.describe(ID, { ...ask, deadline }))
    expect((await Promise.all(both)).map(({ info }) => info.id)).toEqual([ID, ID])
  })
})
