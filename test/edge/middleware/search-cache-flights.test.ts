/** Who shares a call of the origin, and who ends it. */
import { beforeEach, describe, expect, it } from 'vitest'
import { posting, type TestEdge, testEdge, toolCall } from '../fixture.ts'

let edge: TestEdge
let headers: Record<string, string>
let asked: number
beforeEach(async () => {
  edge = await testEdge({ perMinute: 10_000 })
  headers = { 'x-api-key': await edge.issueKey(['read']) }
  asked = 0
})

async function ask(args: object = { query: 'a' }) {
  const response = await edge.request('/mcp', posting(toolCall('find_tables', args), headers))
  await edge.settled()
  const { result, error } = (await response.json()) as {
    result?: { structuredContent: unknown }
    error?: { data: { code: string } }
  }
  const named = (name: string) => response.headers.get(name)
  return {
    cache: named('x-cache'),
    age: named('age'),
    content: result?.structuredContent,
    failed: error?.data.code,
  }
}

describe('search cache, under those who ask at once', () => {
  it('asks the origin once for all who ask the same at once, and tells one that it was a miss', async () => {
    edge.origin(async () => {
      // Until all 300 have come to wait, on a busy machine too.
      await new Promise((resolve) => setTimeout(resolve, 400))
      return Response.json({ success: true, result: { n: ++asked }, text: '' })
    })
    const all = await Promise.all(Array.from({ length: 300 }, (_, at) => ask({ query: at % 2 ? 'a' : 'Ａ' })))
    expect(edge.heard).toHaveLength(1)
    expect(all.filter(({ cache }) => cache === 'MISS')).toHaveLength(1)
    expect(all.filter(({ cache }) => cache === 'COALESCED')).toHaveLength(299)
    for (const { content, age } of all) expect([content, age]).toEqual([{ n: 1 }, null])
    expect(await ask()).toMatchObject({ cache: 'HIT', content: { n: 1 } })
  })

  it('tells all who wait of a failure, and the next one asks again', async () => {
    edge.origin(async () => {
      await new Promise((resolve) => setTimeout(resolve, 20))
      throw new TypeError('connection refused')
    })
    const all = await Promise.all(Array.from({ length: 20 }, () => ask()))
    for (const { failed } of all) expect(failed).toBe('ESTAT_UNAVAILABLE')
    expect(edge.heard).toHaveLength(1)
    edge.origin(() => Response.json({ success: true, result: { n: 2 }, text: '' }))
    expect(await ask()).toMatchObject({ cache: 'MISS', content: { n: 2 } })
  })

  it('goes on with the call while one of those who wait is there, and ends it with the last', async () => {
    let ended = 0
    edge.origin(
      ({ request }) =>
        new Promise((_resolve, reject) =>
          request.signal.addEventListener('abort', () => {
            ended += 1
            reject(request.signal.reason)
          }),
        ),
    )
    const callers = [new AbortController(), new AbortController()]
    const body = posting(toolCall('find_tables', { query: 'a' }), headers)
    const waiting = callers.map(({ signal }) => edge.request('/mcp', { ...body, signal }))
    await expect.poll(() => edge.heard.length).toBe(1)
    callers[0]?.abort()
    expect((await waiting[0])?.status).toBe(499)
    expect(ended).toBe(0)
    callers[1]?.abort()
    expect((await waiting[1])?.status).toBe(499)
    expect([edge.heard.length, ended]).toEqual([1, 1])
  })
})
