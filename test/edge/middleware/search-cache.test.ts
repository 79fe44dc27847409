import { beforeEach, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { staleMark } from '../../../shared/stale.ts'
import { memoryCache } from '../../../edge/adapters/cache-memory.ts'
import type { Cacheable } from '../../../shared/cacheable/index.ts'
import { CACHEABLES, MANIFEST, posting, type TestEdge, testEdge, toolCall, unfinished } from '../fixture.ts'

let edge: TestEdge
let headers: Record<string, string>
let asked: number
beforeEach(async () => {
  edge = await testEdge({ perMinute: 10_000 })
  headers = { 'x-api-key': await edge.issueKey(['read']) }
  asked = 0
  edge.origin(() => Response.json({ success: true, result: { n: ++asked }, text: `n ${asked}` }))
})

const down = (): never => {
  throw new TypeError('connection refused')
}
const failing = (status: number, code: string) => () =>
  Response.json(
    { success: false, error: { code, message: 'm', tool: null, hint: 'h' }, text: `${code}: m` },
    { status },
  )

async function ask(args: object = { query: 'a' }, change: Record<string, string> = {}) {
  const response = await edge.request('/mcp', posting(toolCall('find_tables', args), { ...headers, ...change }))
  await edge.settled()
  const { result, error } = (await response.json()) as {
    result?: { structuredContent?: unknown; content: { text: string }[]; isError?: boolean }
    error?: { data: { code: string } }
  }
  const [cache, age] = [response.headers.get('x-cache'), response.headers.get('age')]
  const failed = error?.data.code ?? (result?.isError ? result.content[0]?.text : undefined)
  return { cache, age, content: result?.structuredContent, text: result?.content[0]?.text, failed }
}

describe('search cache', () => {
  it('asks the origin once for what means the same', async () => {
    expect(await ask({ query: 'Ａ' })).toMatchObject({ cache: 'MISS', age: null, content: { n: 1 } })
    edge.advance(7)
    expect(await ask({ max: '5', query: 'a' })).toMatchObject({ cache: 'HIT', age: '7', content: { n: 1 } })
    expect(await ask({ query: 'b' })).toMatchObject({ cache: 'MISS', content: { n: 2 } })
    expect(edge.heard.map(({ json }) => json)).toEqual([
      { tool_name: 'find_tables', arguments: { query: 'a', max: 5 } },
      { tool_name: 'find_tables', arguments: { query: 'b', max: 5 } },
    ])
  })

  it('is shared by callers', async () => {
    await ask()
    headers = { 'x-api-key': await edge.issueKey(['read'], { tenant: 'other' }) }
    expect(await ask()).toMatchObject({ cache: 'HIT', content: { n: 1 } })
  })

  it('serves what is stale at once, says so, and has a newer answer for the next', async () => {
    await ask()
    edge.advance(61)
    const stale = await ask()
    expect(z.strictObject({ n: z.int(), stale: staleMark.unwrap() }).safeParse(stale.content).success).toBe(true)
    expect(stale).toEqual({
      cache: 'STALE',
      age: '61',
      content: { n: 1, stale: { age_seconds: 61, reason: 'revalidating' } },
      text: 'n 1\n\n(This answer is 61 seconds old: a newer answer is being fetched.)',
      failed: undefined,
    })
    expect(await ask()).toMatchObject({ cache: 'HIT', age: '0', content: { n: 2 } })
  })

  it('asks whether an old answer holds still, and renews it where it does', async () => {
    const tag = { etag: 'W/"1:2020"' }
    const known: (string | null)[] = []
    edge.origin(({ request }) => {
      known.push(request.headers.get('if-none-match'))
      return known.length === 1
        ? Response.json({ success: true, result: { n: 1 }, text: 'n 1' }, { headers: tag })
        : new Response(null, { status: 304, headers: tag })
    })
    const renewed = { cache: 'HIT', age: '0', content: { n: 1 }, text: 'n 1', failed: undefined }
    await ask()
    edge.advance(61)
    expect(await ask()).toMatchObject({ cache: 'STALE', content: { n: 1 } })
    expect(await ask()).toEqual(renewed)
    edge.advance(121)
    expect(await ask()).toMatchObject({ cache: 'MISS', content: { n: 1 } })
    expect(await ask()).toEqual(renewed)
    // What is gone cannot hold: it was not asked for, and 304 is no answer.
    edge.advance(661)
    expect(await ask()).toMatchObject({ failed: 'ESTAT_UNAVAILABLE' })
    expect(known).toEqual([null, tag.etag, tag.etag, null])
    expect(edge.reported).toEqual(['origin'])
  })

  it('revalidates once, however many ask', async () => {
    await ask()
    edge.advance(61)
    await Promise.all(Array.from({ length: 20 }, () => ask()))
    expect(edge.heard).toHaveLength(2)
  })

  it('keeps apart the tenants of a tool whose answers are their own', async () => {
    const manifest = {
      tools: MANIFEST.tools.map((tool) => ({
        ...tool,
        cache: tool.cache && { ...tool.cache, partition: 'tenant' as const },
      })),
    }
    edge = await testEdge({ manifest })
    edge.origin(({ verified }) => Response.json({ success: true, result: { for: verified.caller.tenant }, text: '' }))
    for (const cache of ['MISS', 'HIT'])
      for (const tenant of ['one', 'two', 'pub', 'estat']) {
        headers = { 'x-api-key': await edge.issueKey(['read'], { tenant }) }
        expect(await ask()).toMatchObject({ cache, content: { for: tenant } })
      }
  })

  it('has no part in a call that keeps something, by whoever may keep', async () => {
    const keeping = { ...CACHEABLES['find_tables'], keeps: (_args, scopes) => scopes.includes('lake') } as Cacheable
    edge = await testEdge({ cacheables: { find_tables: keeping } })
    edge.origin(({ request }) =>
      Response.json(
        request.url.endsWith('/mcp')
          ? { jsonrpc: '2.0', id: 1, result: { content: [{ text: 'kept' }] } }
          : { success: true, result: {}, text: 'read' },
      ),
    )
    for (const [scopes, cache, text] of [
      [['read'], 'MISS', 'read'],
      [['lake'], 'BYPASS', 'kept'],
      [['read', 'lake'], 'BYPASS', 'kept'],
      [['read'], 'HIT', 'read'],
    ] as const) {
      headers = { 'x-api-key': await edge.issueKey(scopes) }
      expect(await ask()).toMatchObject({ cache, text })
    }
  })

  it('keeps nothing that is too large', async () => {
    edge.origin(() => Response.json({ success: true, result: { n: ++asked }, text: 'x'.repeat(1_000_001) }))
    expect(await ask()).toMatchObject({ cache: 'MISS', content: { n: 1 } })
    edge.advance(6)
    expect(await ask()).toMatchObject({ cache: 'MISS', content: { n: 2 } })
  })

  it('serves what is stale where the origin fails, up to the hard maximum', async () => {
    await ask()
    edge.advance(121)
    for (const answer of [down, failing(503, 'ESTAT_UNAVAILABLE'), () => new Response('<html>', { status: 502 })]) {
      edge.origin(answer)
      expect(await ask()).toMatchObject({
        cache: 'STALE',
        content: { n: 1, stale: { age_seconds: 121, reason: 'origin_unavailable' } },
      })
    }
    edge.advance(539)
    expect(await ask()).toMatchObject({ failed: expect.stringContaining('ESTAT_UNAVAILABLE') })
  })

  it('serves what is stale where the origin begins an answer and does not end it', async () => {
    edge = await testEdge({ timeouts: { origin: 100 } })
    headers = { 'x-api-key': await edge.issueKey(['read']) }
    edge.origin(() => Response.json({ success: true, result: { n: 1 }, text: 'n 1' }))
    await ask()
    edge.advance(121)
    edge.origin(unfinished('application/json', '{"success":'))
    expect(await ask()).toMatchObject({
      cache: 'STALE',
      content: { n: 1, stale: { age_seconds: 121, reason: 'origin_unavailable' } },
    })
    expect(await ask({ query: 'never asked' })).toMatchObject({ failed: 'TIMEOUT_ERROR' })
  })

  it('serves what is stale where the origin is silent, long before it gives up on it', async () => {
    edge = await testEdge({ timeouts: { stale: 20 } })
    headers = { 'x-api-key': await edge.issueKey(['read']) }
    edge.origin(() => Response.json({ success: true, result: { n: 1 }, text: 'n 1' }))
    await ask()
    edge.advance(121)
    let ended = false
    edge.origin(({ request }) => {
      request.signal.addEventListener('abort', () => (ended = true))
      return new Promise(() => {})
    })
    expect(await ask()).toMatchObject({ cache: 'STALE', content: { stale: { reason: 'origin_unavailable' } } })
    expect(ended).toBe(true)
  })

  it('holds what was kept under another generation for nothing', async () => {
    const cache = memoryCache({ now: edge.now })
    const served: unknown[] = []
    for (const generation of ['1', '1', '2', '1']) {
      edge = await testEdge({ cache, generations: { current: async () => generation, bump: async () => generation } })
      headers = { 'x-api-key': await edge.issueKey(['read']) }
      edge.origin(() => Response.json({ success: true, result: { generation }, text: '' }))
      served.push((await ask()).cache)
    }
    expect(served).toEqual(['MISS', 'HIT', 'MISS', 'HIT'])
  })

  it('asks first once stale-while-revalidate has passed', async () => {
    await ask()
    edge.advance(121)
    expect(await ask()).toMatchObject({ cache: 'MISS', content: { n: 2 } })
  })

  it('says what the caller did wrong, stale answer or not', async () => {
    await ask()
    edge.advance(121)
    edge.origin(failing(404, 'NO_DATA'))
    expect(await ask()).toMatchObject({ cache: 'MISS', failed: 'NO_DATA: m' })
  })

  it('keeps no error, nothing partial, nothing it does not understand', async () => {
    edge.origin(failing(400, 'INVALID_PARAMETER'))
    expect(await ask()).toMatchObject({ cache: 'MISS', failed: 'INVALID_PARAMETER: m' })
    edge.origin(() => Response.json({ success: true, result: { live_complete: false }, text: '' }))
    expect(await ask()).toMatchObject({ cache: 'MISS', content: { live_complete: false } })
    for (const cacheControl of ['no-store', 'private, No-Store']) {
      const headers = { 'cache-control': cacheControl }
      edge.origin(() => Response.json({ success: true, result: { n: 0 }, text: '' }, { headers }))
      expect(await ask()).toMatchObject({ cache: 'MISS', content: { n: 0 } })
    }
    edge.origin(() => Response.json({ success: true, result: { success: false }, text: '' }))
    expect(await ask()).toMatchObject({ cache: 'MISS' })
    edge.origin(() => Response.json({ hello: 'world' }))
    expect(await ask()).toMatchObject({ failed: 'ESTAT_UNAVAILABLE' })
    edge.origin(down)
    expect(await ask()).toMatchObject({ failed: 'ESTAT_UNAVAILABLE' })
    expect(edge.heard).toHaveLength(7)
  })

  it('forwards what it may not answer', async () => {
    edge.origin(({ request }) => Response.json({ jsonrpc: '2.0', id: 1, result: { content: [{ text: request.url }] } }))
    const own = { 'x-estat-app-id': 'own' }
    for (const [args, change] of [
      [{ query: '' }, {}],
      [{ query: 'a', unknown: 1 }, {}],
      [{ query: 'a' }, own],
      [{ query: 'a' }, { 'mcp-protocol-version': '1999-01-01' }],
    ] as const)
      expect(await ask(args, change)).toMatchObject({ cache: 'BYPASS', text: 'http://origin.test/mcp' })
  })

  it.each([
    ['fails', () => Promise.reject(new Error('down'))],
    ['hangs', () => new Promise<never>(() => {})],
  ])('goes on without a store that %s', async (_name, get) => {
    const put = () => Promise.reject(new Error('down'))
    edge = await testEdge({ cache: { get, put }, timeouts: { store: 20 } })
    headers = { 'x-api-key': await edge.issueKey(['read']) }
    edge.origin(() => Response.json({ success: true, result: {}, text: 'fine' }))
    expect(await ask()).toMatchObject({ cache: 'MISS', text: 'fine' })
    expect(edge.reported).toEqual(['result cache', 'result cache'])
  })
})
