/** `GET /admin/metrics`: what a process of the edge counted, for administrators. */
import { describe, expect, it } from 'vitest'
import { counting } from '../../../edge/observers.ts'
import { metricsRegistry } from '../../../shared/metrics.ts'
import { readPrometheus } from '../../support/prometheus-reader.ts'
import { posting, testEdge, toolCall } from '../fixture.ts'

describe('GET /admin/metrics', () => {
  it('shows an administrator what was asked, by route, and nobody else', async () => {
    const metrics = metricsRegistry()
    const edge = await testEdge({ metrics, seen: counting(metrics) })
    const [reader, admin] = [await edge.issueKey(['read']), await edge.issueKey(['admin'])]
    await edge.request('/mcp', posting(toolCall('fetch_rows', {}), { 'x-api-key': reader }))
    await edge.request('/mcp', posting(toolCall('fetch_rows', {})))
    const refused = await edge.request('/admin/metrics', { headers: { 'x-api-key': reader } })
    expect([refused.status, (await edge.request('/admin/metrics')).status]).toEqual([403, 401])

    const shown = await edge.request('/admin/metrics', { headers: { authorization: `Bearer ${admin}` } })
    expect(shown.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
    const { samples } = readPrometheus(await shown.text()).get('estat_requests_total') ?? { samples: [] }
    const asked = samples.map(({ labels, value }) => [labels['route'], labels['status'], value])
    expect(asked).toEqual([
      ['/mcp', '2xx', 1],
      ['/mcp', '4xx', 1],
      ['/admin/metrics', '4xx', 2],
    ])
  })

  it('is not there where no process counts', async () => {
    const edge = await testEdge()
    const admin = await edge.issueKey(['admin'])
    expect((await edge.request('/admin/metrics', { headers: { 'x-api-key': admin } })).status).toBe(404)
  })
})
