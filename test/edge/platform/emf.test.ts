/** Counters in the log, for CloudWatch. */
import { expect, it } from 'vitest'
import { emfFlush } from '../../../edge/platform/common/emf.ts'
import { metricsRegistry } from '../../../shared/metrics.ts'

it('tells what came since the last time, once', () => {
  const lines: string[] = []
  const metrics = metricsRegistry()
  const flush = emfFlush({ metrics, writeLine: (line) => void lines.push(line), now: () => 1_700_000_000_000 })
  const count = () => metrics.count('estat_requests_total', { route: '/mcp', status: '2xx' })
  count()
  count()
  flush()
  flush()
  count()
  flush()
  const told = lines.map((line) => JSON.parse(line) as Record<string, unknown>)
  expect(told.map((one) => one['estat_requests_total'])).toEqual([2, 1])
  expect(told[0]).toMatchObject({ service: 'estat-mcp', route: '/mcp', _aws: { Timestamp: 1_700_000_000_000 } })
})
