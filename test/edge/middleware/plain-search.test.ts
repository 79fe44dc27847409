import { beforeEach, describe, expect, it } from 'vitest'
import { ToolManifest } from '../../../edge/domain/tools.ts'
import { CACHEABLE } from '../../../shared/cacheable/index.ts'
import manifest from '../../../shared/tool-manifest.json' with { type: 'json' }
import { posting, type TestEdge, testEdge } from '../fixture.ts'

const real = { manifest: ToolManifest.parse(manifest), cacheables: CACHEABLE }
const policy = real.manifest.tools.find(({ name }) => name === 'search_estat_data')?.cache ?? { ttl: 0, swr: 0, sie: 0 }

let edge: TestEdge
let key: string
let asked: number
beforeEach(async () => {
  edge = await testEdge({ ...real, perMinute: 10_000 })
  key = await edge.issueKey(['read'])
  asked = 0
  edge.origin(() => Response.json({ success: true, result: { n: ++asked }, text: `答え ${asked}` }))
})

async function get(query: string, headers: Record<string, string> = {}, method = 'GET') {
  const response = await edge.request(`/search${query}`, { method, headers: { 'x-api-key': key, ...headers } })
  await edge.settled()
  const body = await response.text()
  const { status } = response
  const named = (name: string) => response.headers.get(name)
  return { status, body, named, cache: named('x-cache'), etag: named('etag') ?? '' }
}

describe('GET /search', () => {
  it('answers as POST /execute does, from the same entry of the cache', async () => {
    const first = await get('?q=%E4%BA%BA%E5%8F%A3&max_results=3')
    expect(first).toMatchObject({ status: 200, cache: 'MISS' })
    expect(JSON.parse(first.body)).toEqual({ success: true, result: { n: 1 }, text: '答え 1' })
    expect(edge.heard.map(({ json }) => json)).toEqual([
      {
        tool_name: 'search_estat_data',
        arguments: { query: '人口', max_results: 3, auto_suggest: true, scoring_method: 'enhanced', lang: 'J' },
      },
    ])
    edge.advance(5)
    expect(await get('?max_results=3&query=%E4%BA%BA%E5%8F%A3&lang=J')).toMatchObject({
      cache: 'HIT',
      body: first.body,
    })
    const execute = posting(
      { tool_name: 'search_estat_data', arguments: { query: '人口', max_results: 3 } },
      { 'x-api-key': key },
    )
    const same = await edge.request('/execute', execute)
    expect([same.headers.get('x-cache'), await same.text()]).toEqual(['HIT', first.body])
    expect(edge.heard).toHaveLength(1)
  })

  it("speaks to HTTP's own caches: how long, for whom, how old", async () => {
    await get('?q=a')
    edge.advance(7)
    const { named } = await get('?q=a')
    const [, maxAge] = /^private, max-age=(\d+), /.exec(named('cache-control') ?? '') ?? []
    expect(Number(maxAge)).toBeGreaterThan(policy.ttl * 0.9 - 1)
    expect(Number(maxAge)).toBeLessThanOrEqual(policy.ttl)
    expect(named('cache-control')).toContain(`stale-while-revalidate=${policy.swr}, stale-if-error=${policy.sie}`)
    expect(named('age')).toBe('7')
    expect(named('vary')).toContain('Authorization, X-API-Key')
    expect(named('content-type')).toBe('application/json')
  })

  it('lets a cache on the way answer only where nobody is asked who they are', async () => {
    edge = await testEdge({ ...real, mode: 'open' })
    edge.origin(() => Response.json({ success: true, result: {}, text: '' }))
    const { named } = await get('?q=a')
    expect(named('cache-control')).toMatch(/^public, max-age=\d+, /)
    expect(named('vary')).toBe('X-Estat-App-Id')
  })

  it('answers 304 to whoever has it, and not once it has changed', async () => {
    const { etag, body } = await get('?q=a')
    expect(etag).toMatch(/^"[\w-]{24}"$/)
    for (const tag of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
      const unchanged = await get('?q=a', { 'if-none-match': tag })
      expect(unchanged).toMatchObject({ status: 304, body: '', etag, cache: 'HIT' })
      expect(unchanged.named('cache-control')).toMatch(/^private, max-age=/)
    }
    expect(await get('?q=a', { 'if-none-match': '"x"' })).toMatchObject({ status: 200, body })
    edge.advance(policy.ttl)
    const stale = await get('?q=a', { 'if-none-match': etag })
    expect(stale).toMatchObject({ status: 200, cache: 'STALE' })
    expect(JSON.parse(stale.body)).toMatchObject({
      result: { n: 1, stale: { age_seconds: policy.ttl, reason: 'revalidating' } },
    })
    expect(await get('?q=a', { 'if-none-match': etag })).toMatchObject({ status: 200, cache: 'HIT' })
  })

  it('answers HEAD without a body and with the same headers', async () => {
    const { etag } = await get('?q=a')
    expect(await get('?q=a', {}, 'HEAD')).toMatchObject({ status: 200, body: '', etag })
  })

  it('refuses what is missing, wrong, unknown or given twice, without asking the origin', async () => {
    for (const [query, named] of [
      ['', 'query'],
      ['?q=', 'query'],
      ['?q=a&max_results=999', 'max_results'],
      ['?q=a&limit=3', 'max_results'],
      ['?q=a&q=b', 'query'],
      ['?q=a&lang=F', 'lang'],
    ] as const) {
      const { status, body, named: header } = await get(query)
      expect({ query, status, cache: header('cache-control') }).toEqual({ query, status: 400, cache: 'no-store' })
      expect(JSON.parse(body)).toMatchObject({ success: false, error: { code: 'INVALID_PARAMETER' } })
      expect(body).toContain(named)
    }
    expect(edge.heard).toHaveLength(0)
  })

  it('lets nobody in without a key, and nobody but GET and HEAD', async () => {
    expect(await get('?q=a', { 'x-api-key': 'no.key' })).toMatchObject({ status: 401 })
    expect(await get('?q=a', {}, 'DELETE')).toMatchObject({ status: 405 })
    expect(edge.heard).toHaveLength(0)
  })

  it('counts as a call of the tool', async () => {
    edge = await testEdge({ ...real, perMinute: 2 })
    key = await edge.issueKey(['read'])
    edge.origin(() => Response.json({ success: true, result: {}, text: '' }))
    const statuses: number[] = []
    for (let call = 0; call < 3; call++) statuses.push((await get('?q=a')).status)
    expect(statuses).toEqual([200, 200, 429])
  })

  it('keeps no failure and nothing partial, here or on the way', async () => {
    edge.origin(() =>
      Response.json(
        { success: false, error: { code: 'NO_DATA', message: 'm', tool: null, hint: 'h' }, text: 't' },
        { status: 404 },
      ),
    )
    const failed = await get('?q=a')
    expect(failed).toMatchObject({ status: 404, cache: 'MISS', etag: '' })
    expect(failed.named('cache-control')).toBe('no-store')
    edge.origin(() => Response.json({ success: true, result: { live_complete: false }, text: '' }))
    const partial = await get('?q=a', { 'if-none-match': '*' })
    expect(partial).toMatchObject({ status: 200, cache: 'MISS', etag: '' })
    expect(partial.named('cache-control')).toBe('no-store')
  })

  it("brings the caller's own application ID to the origin, past every cache", async () => {
    await get('?q=a')
    edge.origin(({ request }) =>
      Response.json({ success: true, result: { own: request.headers.get('x-estat-app-id') }, text: '' }),
    )
    const own = await get('?q=a', { 'x-estat-app-id': 'mine' })
    expect(own).toMatchObject({ status: 200, cache: 'BYPASS', etag: '' })
    expect(JSON.parse(own.body)).toMatchObject({ result: { own: 'mine' } })
    expect(own.named('cache-control')).toBe('no-store')
    expect(JSON.parse((await get('?q=a')).body)).toMatchObject({ result: { n: 1 } })
  })

  it('is listed', async () => {
    const response = await edge.request('/')
    expect(await response.json()).toMatchObject({ endpoints: { search: 'GET /search?q=' } })
  })
})
