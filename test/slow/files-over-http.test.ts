/** search_files of a whole origin against an e-Stat over real HTTP (the stand-in), with the ways in which e-Stat fails. */
import { serve } from '@hono/node-server'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { embeddedPorts } from '../../origin/embedded.ts'
import { always, type FaultPlan, firstTimes, type InjectedFault, withFaults } from '../../origin/standin/faults.ts'
import { generatedFiles } from '../../origin/standin/generate/files.ts'
import { createStandin } from '../../origin/standin/standin.ts'
import { searchFiles } from '../../origin/tools/search-files.ts'
import { openOrigin, type TestOrigin } from '../origin/support/origin.ts'
import { freePort } from '../e2e/origin-process.ts'

const ID = 'ab'.repeat(20)
/** Of a call: the time for e-Stat is a part of it. */
const BUDGET = { ample: 10_000, short: 1_500 } as const
const Reply = z.union([
  z.object({ success: z.literal(true), result: searchFiles.output, text: z.string() }),
  z.object({ success: z.literal(false), error: z.object({ code: z.string(), message: z.string() }), text: z.string() }),
])

const healthy: FaultPlan = () => null
let plan = healthy
let millis: number = BUDGET.ample
let asked = 0
let upstream: ReturnType<typeof serve>
let baseUrl: string
let origin: TestOrigin | null = null

beforeAll(async () => {
  const standin = createStandin({
    tables: [],
    files: generatedFiles({ seed: 3, tables: 60 }),
    accepts: [ID],
    now: () => Date.now(),
  })
  const faulty = withFaults(standin, (request) => plan(request))
  const port = await freePort()
  baseUrl = `http://127.0.0.1:${port}`
  upstream = serve({ port, hostname: '127.0.0.1', fetch: (request: Request) => (asked++, faulty(request)) })
})
afterAll(() => void upstream.close())
afterEach(async () => {
  plan = healthy
  millis = BUDGET.ample
  asked = 0
  await origin?.close()
  origin = null
})

/** A new origin for each: a circuit breaker remembers. */
async function ask(args: object, appId: string | null = ID): Promise<z.infer<typeof Reply>> {
  const options = { dataDir: '.never-written', bucket: 'estat-lake', appId, baseUrl, now: () => Date.now() }
  origin ??= await openOrigin({ ports: { files: embeddedPorts(options).files }, limits: { millis } })
  const response = await origin.fetch(
    new Request('http://origin/execute', {
      method: 'POST',
      headers: { 'x-api-key': origin.adminKey },
      body: JSON.stringify({ tool_name: 'search_files', arguments: args }),
    }),
  )
  const text = await response.text()
  expect(text).not.toContain(ID)
  expect(text).not.toContain(baseUrl)
  return Reply.parse(JSON.parse(text))
}

async function shown(args: object) {
  const reply = await ask(args)
  if (!reply.success) throw new Error(reply.text)
  return reply.result
}

const QUERY = { query: '調査' }

describe('an e-Stat that is well', () => {
  it('is read to the end, page by page, no file twice', async () => {
    const urls: (string | null)[] = []
    let cursor: string | null = null
    do {
      const page: z.infer<typeof searchFiles.output> = await shown({
        ...QUERY,
        max_results: 20,
        ...(cursor === null ? {} : { cursor }),
      })
      expect(page.complete).toBe(true)
      urls.push(...page.results.map(({ url }) => url))
      cursor = page.next_cursor
    } while (cursor !== null && urls.length < 2_000)
    expect(cursor).toBeNull()
    expect(urls.length).toBeGreaterThan(20)
    expect(new Set(urls).size).toBe(urls.length)
  })
})

describe('an e-Stat that fails', () => {
  it.each<[string, InjectedFault]>([
    ['a maintenance page with 200', { kind: 'maintenance', status: 200 }],
    ['a maintenance page with 503', { kind: 'maintenance', status: 503 }],
    ['its own error', { kind: 'status', status: 200 }],
    ['JSON cut short', { kind: 'truncated', share: 0.6 }],
    ["a firewall's refusal", { kind: 'waf' }],
  ])('%s, once: it is asked again and the answer is whole', async (_what, fault) => {
    plan = firstTimes(1, fault)
    expect(await shown(QUERY)).toMatchObject({ complete: true, counts: { returned: 5 } })
    expect(asked).toBe(2)
  })

  it.each<[string, InjectedFault]>([
    ['with errors', { kind: 'http', status: 500 }],
    ['with a page for people', { kind: 'maintenance', status: 200 }],
    ['with half an answer', { kind: 'truncated', share: 0.5 }],
  ])('%s, always: a fault in our words, and nothing claimed', async (_what, fault) => {
    plan = always(fault)
    millis = BUDGET.short
    expect(await ask(QUERY)).toMatchObject({ success: false, error: { code: 'ESTAT_UNAVAILABLE' } })
    expect(asked).toBeGreaterThanOrEqual(1)
  })

  it.each<[string, InjectedFault]>([
    ['late', { kind: 'latency', ms: 10_000 }],
    ['never', { kind: 'silence' }],
  ])('%s: within the budget the caller is told what to do instead', async (_what, fault) => {
    plan = always(fault)
    millis = BUDGET.short
    const began = performance.now()
    expect(await shown({ query: '国勢調査' })).toMatchObject({
      complete: false,
      results: [],
      counts: { data_sets: null },
      guidance: expect.stringContaining('stats_code'),
    })
    expect(performance.now() - began).toBeLessThan(5_000)
  })

  it('a wrong application ID is final, and is not repeated', async () => {
    const reply = await ask(QUERY, 'cd'.repeat(20))
    expect(reply).toMatchObject({ success: false, error: { code: 'ESTAT_API_ERROR' } })
    expect(asked).toBe(1)
    expect(reply.text).not.toContain('cdcd')
  })
})
