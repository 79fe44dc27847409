import { describe, expect, it } from 'vitest'
import { memoryCounter } from '../../../edge/adapters/counter-memory.ts'
import { leasedCounter } from '../../../edge/leased-counter.ts'
import { newKey } from '../../../shared/keys.ts'
import { posting, type TestEdge, testEdge, toolCall } from '../fixture.ts'

const many = async (edge: TestEdge, count: number, body: unknown, headers: Record<string, string>) => {
  const answers = await Promise.all(Array.from({ length: count }, () => edge.request('/mcp', posting(body, headers))))
  return answers.filter(({ status }) => status === 200).length
}
const ping = { jsonrpc: '2.0', id: 4, method: 'ping' }

describe('rate limit', () => {
  it('lets exactly the limit through and says what is left', async () => {
    const edge = await testEdge()
    const headers = { 'x-api-key': await edge.issueKey(['read']) }
    const first = await edge.request('/mcp', posting(ping, headers))
    expect(first.headers.get('ratelimit-policy')).toBe('"caller";q=100;w=60')
    expect(first.headers.get('ratelimit')).toBe('"caller";r=99;t=61')
    expect(await many(edge, 150, ping, headers)).toBe(99)
    expect(edge.heard).toHaveLength(100)
    edge.advance(59)
    const refused = await edge.request('/mcp', posting(ping, headers))
    expect(refused.status).toBe(429)
    expect(refused.headers.get('retry-after')).toBe('2')
    expect(refused.headers.get('ratelimit')).toBe('"caller";r=0;t=2')
    expect(await refused.json()).toMatchObject({
      id: 4,
      error: { data: { code: 'RATE_LIMITED', retry_after_seconds: 2, hint: 'Wait 2 seconds, then call again.' } },
    })
    edge.advance(2)
    expect((await edge.request('/mcp', posting(ping, headers))).status).toBe(200)
  })

  it('counts members of a batch with their weights, and each caller alone', async () => {
    const edge = await testEdge({ perMinute: 10 })
    const [one, other] = [await edge.issueKey(['read']), await edge.issueKey(['read'], { limit: 12 })]
    const batch = [toolCall('fetch_rows', {}), ping, ping]
    expect(await many(edge, 5, batch, { 'x-api-key': one })).toBe(2)
    expect(await many(edge, 5, ping, { 'x-api-key': one })).toBe(0)
    expect(await many(edge, 20, ping, { 'x-api-key': other })).toBe(12)
  })

  it('tells a batch that can never pass so', async () => {
    const edge = await testEdge({ perMinute: 3 })
    const headers = { 'x-api-key': await edge.issueKey(['read']) }
    const refused = await edge.request('/mcp', posting([ping, ping, ping, ping], headers))
    expect(await refused.json()).toMatchObject([
      { error: { data: { hint: 'Send fewer calls in one batch.' } } },
      {},
      {},
      {},
    ])
  })

  it('counts anonymous callers by the address that the platform gives, a /64 as one', async () => {
    const edge = await testEdge({ mode: 'open', perMinute: 2 })
    const from = (peer: string, spoofed: string) => ({
      'test-peer': peer,
      'x-forwarded-for': spoofed,
      'cf-connecting-ip': spoofed,
    })
    expect(await many(edge, 2, ping, from('2001:db8::1', '1.1.1.1'))).toBe(2)
    expect(await many(edge, 2, ping, from('2001:db8::2', '2.2.2.2'))).toBe(0)
    expect(await many(edge, 2, ping, from('2001:db8:0:1::1', '1.1.1.1'))).toBe(2)
  })

  it.each([
    ['fails', () => Promise.reject(new Error('down'))],
    ['hangs', () => new Promise<never>(() => {})],
  ])('reads on under a local limit while the store %s, and refuses what writes', async (_name, spend) => {
    const edge = await testEdge({ counter: { spend }, perMinute: 2, timeouts: { store: 20 } })
    const headers = { 'x-api-key': await edge.issueKey(['admin']) }
    const load = await edge.request('/mcp', posting(toolCall('load_table', {}), headers))
    expect(load.status).toBe(503)
    expect(await load.json()).toMatchObject({ error: { data: { code: 'ESTAT_UNAVAILABLE' } } })
    expect(await many(edge, 4, ping, headers)).toBe(2)
    expect(edge.reported).toContain('rate counter')
  })

  it('holds the limit over two instances and across the boundary of a window, 2,000 calls at once', async () => {
    const { edges, headers, advance } = await twoInstances()
    const burst = async (each: number) => {
      const [one = 0, other = 0] = await Promise.all(edges.map((edge) => many(edge, each, ping, headers)))
      return one + other
    }
    expect(await burst(1_000)).toBe(100)
    for (const seconds of [30, 30]) {
      advance(seconds)
      expect(await burst(60)).toBe(0)
    }
    // What was taken as a lease could have been used up to 2 s later, and counts that much longer.
    advance(0.001)
    const freed = await burst(150)
    advance(2)
    expect(freed + (await burst(150))).toBe(100)
  })

  it('tells what is left with what the instance holds', async () => {
    const { edges, headers, advance } = await twoInstances()
    const left: (string | null)[] = []
    for (let call = 0; call < 30; call++) {
      const answer = await (edges[0] as TestEdge).request('/mcp', posting(ping, headers))
      left.push(answer.headers.get('ratelimit')?.match(/r=(\d+)/)?.[1] ?? null)
      advance(0.1)
    }
    expect(left).toEqual(Array.from({ length: 30 }, (_, call) => String(99 - call)))
  })
})

/** Two instances with clocks that go alike, one store and one caller. */
async function twoInstances() {
  const { id, text, record } = await newKey((count) => crypto.getRandomValues(new Uint8Array(count)), {
    tenant: 'estat',
    scopes: ['read'],
  })
  let now: () => number = Date.now
  const store = memoryCounter({ now: () => now() })
  const instance = () =>
    testEdge({
      keys: { find: async (asked) => (asked === id ? record : null) },
      counter: leasedCounter({ counter: store, now: () => now() }),
    })
  const edges = [await instance(), await instance()]
  now = (edges[0] as TestEdge).now
  const advance = (seconds: number): void => {
    for (const edge of edges) edge.advance(seconds)
  }
  return { edges, headers: { 'x-api-key': text }, advance }
}
