/** Plain HTTP: sent on where nothing was told, refused where something was. */
import { describe, expect, it } from 'vitest'
import type { HttpsOptions } from '../../../edge/middleware/https.ts'
import { httpsOf } from '../../../edge/platform/https-of.ts'
import type { EdgeConfig } from '../../../shared/config.ts'
import { posting, testEdge, toolCall } from '../fixture.ts'

const NAME = 'estat.example.jp'
const edgeWith = (change: Partial<HttpsOptions> = {}) =>
  testEdge({
    allowedHosts: [NAME],
    https: { requireHttps: true, publicUrl: null, isSecure: ({ url }) => url.startsWith('https:'), ...change },
  })

describe('plain HTTP where https is required', () => {
  it.each(['GET', 'HEAD'])('is sent on for %s, path and query as they are', async (method) => {
    const edge = await edgeWith()
    const answer = await edge.request('/tools?a=%E4%BA%BA', { method }, `http://${NAME}:8787`)
    expect([answer.status, answer.headers.get('location')]).toEqual([308, `https://${NAME}/tools?a=%E4%BA%BA`])
    expect(answer.headers.get('strict-transport-security')).toBeNull()
  })

  it('is sent on to the address that the operator named', async () => {
    const edge = await edgeWith({ publicUrl: 'https://public.example.jp:8443' })
    const answer = await edge.request('//evil.example/x', {}, `http://${NAME}`)
    expect(answer.headers.get('location')).toBe('https://public.example.jp:8443//evil.example/x')
  })

  it.each(['POST', 'DELETE'])('is refused for %s, and reaches nobody', async (method) => {
    const edge = await edgeWith()
    const key = await edge.issueKey(['read'])
    const sent = { ...posting(toolCall('fetch_rows', {}), { 'x-api-key': key }), method }
    const answer = await edge.request('/mcp', sent, `http://${NAME}`)
    expect(answer.status).toBe(403)
    expect(JSON.stringify(await answer.json())).toContain('replace the API key')
    expect(edge.heard).toEqual([])
  })

  it.each([
    ['loopback', 'http://127.0.0.1:8787', '/'],
    ['https', `https://${NAME}`, '/'],
    ["a load balancer's look at /health", `http://${NAME}`, '/health'],
  ])('is none for %s', async (_name, origin, path) => {
    expect((await (await edgeWith()).request(path, {}, origin)).status).toBe(200)
  })
})

describe('the scheme behind a proxy', () => {
  const options = (settings: Partial<EdgeConfig>) => httpsOf(settings as EdgeConfig, {})
  const by = (header: string, value: string) => new Request(`http://${NAME}/`, { headers: { [header]: value } })

  it('is read from the header that the operator named, and from no other', () => {
    const { isSecure } = options({ SCHEME_HEADER: 'cloudfront-forwarded-proto' })
    expect(isSecure(by('cloudfront-forwarded-proto', 'https'))).toBe(true)
    expect(isSecure(by('cloudfront-forwarded-proto', 'http'))).toBe(false)
    expect(isSecure(by('x-forwarded-proto', 'https'))).toBe(false)
    expect(options({}).isSecure(by('x-forwarded-proto', 'https'))).toBe(false)
  })

  it('is what the nearest proxy wrote', () => {
    const { isSecure } = options({ SCHEME_HEADER: 'x-forwarded-proto' })
    expect(isSecure(by('x-forwarded-proto', 'https, http'))).toBe(false)
    expect(isSecure(by('x-forwarded-proto', 'http, HTTPS'))).toBe(true)
  })

  it('brings HSTS along', async () => {
    const { isSecure } = options({ SCHEME_HEADER: 'x-forwarded-proto' })
    const edge = await edgeWith({ isSecure })
    const headers = { 'x-forwarded-proto': 'https' }
    const answer = await edge.request('/', { headers }, `http://${NAME}`)
    expect([answer.status, answer.headers.get('strict-transport-security')]).toEqual([200, 'max-age=63072000'])
  })
})
