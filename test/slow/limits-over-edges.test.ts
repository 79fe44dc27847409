/** 2,000 calls at once from one key over two instances of the edge with a limit of 100 (issue 5, "What it must show"). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FakeOrigin, fakeOrigin } from '../platform/fake-origin.ts'
import { startNodeEdges } from '../platform/node-edges.ts'
import { type RawEdges, startRawEdges } from '../platform/raw-workerd.ts'
import { callAtOnce } from '../support/limit-load.ts'

describe.each([
  ['two Workers that share Durable Objects', startRawEdges],
  ['two Node processes that share DynamoDB', startNodeEdges],
])('%s', (_name, startEdges) => {
  let origin: FakeOrigin
  let edges: RawEdges
  beforeAll(async () => {
    origin = await fakeOrigin()
    edges = await startEdges({ originUrl: origin.url, instances: 2, vars: { RATE_LIMIT_PER_MINUTE: '100' } })
    origin.trust(edges.publicKey)
  })
  afterAll(async () => {
    await edges?.close()
    await origin?.close()
  })

  it('let 100 of 2,000 calls at once through, and tell the others when to come again', async () => {
    const { text } = await edges.issueKey()
    const calls = await callAtOnce(edges.urls, text, 2_000)
    const count = (wanted: number): number => calls.filter(({ status }) => status === wanted).length
    expect([count(200), count(429)]).toEqual([100, 1_900])
    expect(origin.heard).toHaveLength(100)
    const waits = calls.filter(({ status }) => status === 429).map(({ retryAfter }) => retryAfter ?? 0)
    expect(Math.min(...waits)).toBeGreaterThan(50)
    expect(Math.max(...waits)).toBeLessThanOrEqual(62)
  })
})
