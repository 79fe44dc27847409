/** Pacing: how many questions at once, how often, in which order, and who leaves the queue. */
import { describe, expect, it } from 'vitest'
import { paced, pacer } from '../../../origin/adapters/stats-http-pace.ts'
import { Fault } from '../../../shared/fault.ts'
import { ask, client, counted, faultOf, query } from './stats-http-client.ts'

const never = new AbortController().signal

/** Work that ends when told to. */
function work(log: string[], name: string) {
  const { promise, resolve } = Promise.withResolvers<string>()
  const run = async (): Promise<string> => {
    log.push(name)
    return await promise
  }
  return { run, end: () => resolve(name) }
}

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve()
}

describe('at once', () => {
  it('no more than the limit, the rest in the order they came', async () => {
    const log: string[] = []
    const { run } = pacer({ concurrency: 2, gapMs: 0 })
    const works = ['a', 'b', 'c', 'd', 'e'].map((name) => work(log, name))
    const running = works.map((one) => run(one.run, never))
    await settle()
    expect(log).toEqual(['a', 'b'])
    works[1]?.end()
    await running[1]
    await settle()
    expect(log).toEqual(['a', 'b', 'c'])
    for (const { end } of works) end()
    expect(await Promise.all(running)).toEqual(['a', 'b', 'c', 'd', 'e'])
    expect(log).toEqual(['a', 'b', 'c', 'd', 'e'])
  })

  it('a failure gives its place up', async () => {
    const { run } = pacer({ concurrency: 1, gapMs: 0 })
    await expect(run(async () => await Promise.reject(new Error('x')), never)).rejects.toThrow('x')
    expect(await run(async () => await Promise.resolve(1), never)).toBe(1)
  })
})

describe('in the queue', () => {
  it('who leaves is gone at once, and holds nobody up', async () => {
    const log: string[] = []
    const { run } = pacer({ concurrency: 1, gapMs: 0 })
    const [first, second, third] = ['first', 'second', 'third'].map((name) => work(log, name))
    const leaving = new AbortController()
    const running = run(first!.run, never)
    const left = faultOf(run(second!.run, leaving.signal))
    const last = run(third!.run, never)
    leaving.abort(new Fault('TIMEOUT_ERROR', 'The call took too long.'))
    expect((await left).message).toBe('The call took too long.')
    first!.end()
    third!.end()
    await Promise.all([running, last])
    expect(log).toEqual(['first', 'third'])
  })

  it('who left before never enters', async () => {
    const log: string[] = []
    const { run } = pacer({ concurrency: 1, gapMs: 0 })
    expect((await faultOf(run(work(log, 'a').run, AbortSignal.abort()))).code).toBe('CANCELLED')
    expect(log).toEqual([])
  })
})

describe('one after the other', () => {
  it('at least the gap lies between two beginnings', async () => {
    const began: number[] = []
    const { run } = pacer({ concurrency: 10, gapMs: 30 })
    const note = async (): Promise<void> => {
      began.push(performance.now())
      await Promise.resolve()
    }
    await Promise.all([1, 2, 3, 4].map(async () => await run(note, never)))
    const gaps = began.slice(1).map((at, n) => at - (began[n] ?? 0))
    expect(gaps).toHaveLength(3)
    // A busy machine notes a beginning some milliseconds late, which shortens the gap after it.
    for (const gap of gaps) expect(gap).toBeGreaterThanOrEqual(20)
    expect(gaps.reduce((sum, gap) => sum + gap, 0)).toBeGreaterThanOrEqual(80)
  })
})

describe('the client of e-Stat', () => {
  it('keeps to it, over all operations and attempts', async () => {
    let now = 0
    let most = 0
    const send = async (request: Request): Promise<Response> => {
      most = Math.max(most, ++now)
      await new Promise((resolve) => {
        setTimeout(resolve, 2)
      })
      now--
      return request.url.includes('lang=E') ? new Response('<html>', { status: 503 }) : counted(7)
    }
    const { source } = client([], { send, pacer: pacer({ concurrency: 2, gapMs: 0 }) })
    const asks = Array.from({ length: 8 }, async (_, n) =>
      n % 4 === 3 ? (await faultOf(source.count(query, { ...ask, lang: 'E' }))).code : await source.count(query, ask),
    )
    expect(await Promise.all(asks)).toEqual([7, 7, 7, 'ESTAT_UNAVAILABLE', 7, 7, 7, 'ESTAT_UNAVAILABLE'])
    expect(most).toBe(2)
  })

  it('a call that waits for its turn in vain never reaches e-Stat', async () => {
    const { sent, source } = client(['silent'], { pacer: pacer({ concurrency: 1, gapMs: 0 }) })
    const [holding, leaving] = [new AbortController(), new AbortController()]
    const first = faultOf(source.count(query, { ...ask, signal: holding.signal }))
    const second = faultOf(source.count(query, { ...ask, signal: leaving.signal }))
    leaving.abort()
    expect((await second).code).toBe('CANCELLED')
    holding.abort()
    await first
    expect(sent).toHaveLength(1)
  })

  it('shares its turns with whatever else asks e-Stat', async () => {
    const turns = pacer({ concurrency: 1, gapMs: 0 })
    const { promise: answer, resolve } = Promise.withResolvers<Response>()
    const asked: string[] = []
    const other = paced(turns, async (request) => {
      asked.push(request.url)
      return await answer
    })
    const { sent, source } = client([counted(7)], { pacer: turns })
    const first = other(new Request('https://api.e-stat.go.jp/list'))
    const second = source.count(query, ask)
    await settle()
    expect([asked.length, sent.length]).toEqual([1, 0])
    const leaving = new AbortController()
    const left = faultOf(other(new Request('https://api.e-stat.go.jp/', { signal: leaving.signal })))
    leaving.abort()
    expect([(await left).code, asked.length]).toEqual(['CANCELLED', 1])
    resolve(new Response('{}'))
    await first
    expect(await second).toBe(7)
  })
})
