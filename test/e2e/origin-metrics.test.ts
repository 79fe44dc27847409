/** The origin's counters in its log, for CloudWatch: what the alarms of infra/cloudformation/watch.yaml look at. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type OriginProcess, startOrigin } from './origin-process.ts'

let origin: OriginProcess
beforeAll(async () => {
  origin = await startOrigin({ env: { ORIGIN_METRICS: 'emf' } })
})
afterAll(() => origin.close())

it('tells what it counted when it stops, before the log ends', async () => {
  const answer = await fetch(`${origin.url}/tools/search_estat_data`, {
    method: 'POST',
    headers: { authorization: `Bearer ${origin.adminKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query: '人口' }),
  })
  expect(answer.status).toBe(200)
  await origin.kill('SIGTERM')
  const told = origin
    .log()
    .split('\n')
    .filter((line) => line.includes('"_aws"'))
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  expect(told).toContainEqual(
    expect.objectContaining({
      _aws: expect.objectContaining({
        CloudWatchMetrics: [expect.objectContaining({ Namespace: 'estat-mcp/origin' })],
      }) as unknown,
      service: 'estat-mcp',
      tool: 'search_estat_data',
      outcome: 'ok',
      estat_tool_calls_total: 1,
    }),
  )
})
