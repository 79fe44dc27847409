/**
 * A caller's own application ID (`X-Estat-App-Id`): it serves that request alone, through the edge and at the origin,
 * and is nowhere afterwards. e-Stat is played by the stand-in over real HTTP.
 */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { serve } from '@hono/node-server'
import type { JWK } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { embeddedPorts } from '../../origin/embedded.ts'
import { loadSample } from '../../origin/sample/load-sample.ts'
import { always, withFaults } from '../../origin/standin/faults.ts'
import { createStandin } from '../../origin/standin/standin.ts'
import { testEdge } from '../edge/fixture.ts'
import { openOrigin, type TestOrigin } from '../origin/support/origin.ts'
import { freePort } from './origin-process.ts'

/** Forty hex digits, as e-Stat's are: made up. */
const [CONFIGURED, OWN, UNKNOWN, BROKEN] = ['ab', 'cd', 'ef', '01'].map((pair) => pair.repeat(20)) as [
  string,
  string,
  string,
  string,
]
const ID = '0003410379'

const asked: URL[] = []
let upstream: ReturnType<typeof serve>
let baseUrl: string
/** One origin on the bundled sample, one with an application ID of its own. */
let sample: TestOrigin
let live: TestOrigin

beforeAll(async () => {
  const standin = createStandin({
    tables: loadSample().tables,
    accepts: [CONFIGURED, OWN, BROKEN],
    now: () => Date.now(),
  })
  const failing = withFaults(standin, always({ kind: 'waf' }))
  const port = await freePort()
  baseUrl = `http://127.0.0.1:${port}`
  const fetch = async (request: Request): Promise<Response> => {
    const url = new URL(request.url)
    asked.push(url)
    return url.searchParams.get('appId') === BROKEN ? await failing(request) : await standin(request)
  }
  upstream = serve({ port, hostname: '127.0.0.1', fetch })
  sample = await openWith(null)
  live = await openWith(CONFIGURED)
})
afterAll(async () => {
  await sample.close()
  await live.close()
  upstream.close()
})
beforeEach(() => void asked.splice(0))

async function openWith(appId: string | null, edgeKeys: readonly JWK[] = []): Promise<TestOrigin> {
  const options = { dataDir: '.never-written', bucket: 'estat-lake', appId, baseUrl, now: () => Date.now() }
  const { stats, runner } = embeddedPorts(options)
  await runner.stop()
  return await openOrigin({ ports: { stats }, edgeKeys })
}

const idsAsked = (): readonly (string | null)[] => [...new Set(asked.map((url) => url.searchParams.get('appId')))]

interface Reply {
  readonly status: number
  readonly text: string
  readonly result: { source: { origin: string } }
  readonly error: { code: string; message: string; hint: string }
}

async function execute(origin: TestOrigin, appId: string | null, name: string, args: object): Promise<Reply> {
  const headers = { 'x-api-key': origin.adminKey, ...(appId === null ? {} : { 'x-estat-app-id': appId }) }
  const body = JSON.stringify({ tool_name: name, arguments: args })
  const response = await origin.fetch(new Request('http://origin/execute', { method: 'POST', headers, body }))
  const text = await response.text()
  return { ...(JSON.parse(text) as Omit<Reply, 'status' | 'text'>), status: response.status, text }
}

const describeTable = (origin: TestOrigin, appId: string | null): Promise<Reply> =>
  execute(origin, appId, 'describe_dataset', { dataset_id: ID })

describe('with the bundled sample as the source', () => {
  it('a caller with an own ID asks e-Stat itself, everybody else does not', async () => {
    expect((await describeTable(sample, null)).result.source.origin).toBe('sample')
    expect(asked).toEqual([])
    expect((await describeTable(sample, OWN)).result.source.origin).toBe('live')
    expect(idsAsked()).toEqual([OWN])
    asked.splice(0)
    expect((await describeTable(sample, null)).result.source.origin).toBe('sample')
    expect(asked).toEqual([])
  })

  it('so over MCP, in both eras', async () => {
    const params = { name: 'describe_dataset', arguments: { dataset_id: ID } }
    const version = { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call', 'mcp-name': params.name }
    const meta = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientCapabilities': {},
      'io.modelcontextprotocol/clientInfo': { name: 'test', version: '0' },
    }
    for (const [headers, call] of [
      [{}, params],
      [version, { ...params, _meta: meta }],
    ] as const) {
      const response = await sample.fetch(
        new Request('http://origin/mcp', {
          method: 'POST',
          headers: {
            'x-api-key': sample.adminKey,
            'content-type': 'application/json',
            accept: 'application/json, text/event-stream',
            'x-estat-app-id': OWN,
            ...headers,
          },
          body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: call }),
        }),
      )
      const text = await response.text()
      expect(text).toContain('"origin":"live"')
      expect(text).not.toContain(OWN)
    }
  })
})

describe('with a configured ID', () => {
  it('an own ID stands in its place for that request, and nothing is shared', async () => {
    await describeTable(live, OWN)
    await describeTable(live, OWN)
    expect(idsAsked()).toEqual([OWN])
    expect(asked.filter(({ pathname }) => pathname.endsWith('getMetaInfo'))).toHaveLength(2)
    asked.splice(0)
    await Promise.all([describeTable(live, OWN), describeTable(live, null)])
    const metadata = asked.filter(({ pathname }) => pathname.endsWith('getMetaInfo'))
    expect(new Set(metadata.map((url) => url.searchParams.get('appId')))).toEqual(new Set([CONFIGURED, OWN]))
    expect(metadata).toHaveLength(2)
  })

  it('one that fails again and again trips nobody else’s circuit breaker', async () => {
    const failing = live.ports.stats
    const ask = { lang: 'J', signal: new AbortController().signal, appId: BROKEN } as const
    for (let n = 0; n < 6; n++) await failing.describe(ID, { ...ask, deadline: Date.now() + 600 }).catch(() => null)
    expect(asked.length).toBeGreaterThanOrEqual(6)
    expect(failing.condition?.()).toBe('ok')
    expect((await describeTable(live, null)).result.source.origin).toBe('live')
  })

  it('a refused one is told with the header’s name, and others are served', async () => {
    const { status, error, text } = await describeTable(live, UNKNOWN)
    expect([status, error.code, error.message]).toEqual([502, 'ESTAT_API_ERROR', 'e-Stat refused the application ID.'])
    expect(error.hint).toContain('X-Estat-App-Id')
    expect(text).not.toContain(UNKNOWN)
    expect((await describeTable(live, null)).status).toBe(200)
  })
})

describe('what is no application ID', () => {
  it.each([['0123'], ['AB'.repeat(20)], [`${OWN}0`], ['abcdefgh.secret-of-another-service'], ['${ESTAT_APP_ID}']])(
    '%s is refused, and not repeated',
    async (sent) => {
      const { status, error, text } = await describeTable(live, sent)
      expect([status, error.code]).toEqual([400, 'INVALID_PARAMETER'])
      expect(text).not.toContain(sent)
      expect(asked).toEqual([])
    },
  )

  it('an empty header is none, blanks around one do no harm', async () => {
    expect((await describeTable(sample, '')).result.source.origin).toBe('sample')
    expect((await describeTable(sample, ` ${OWN}\t`)).result.source.origin).toBe('live')
  })
})

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

it('is in no kept file, no answer and no report', async () => {
  const { status, text } = await execute(sample, OWN, 'fetch_dataset_auto', { dataset_id: ID })
  expect([status, text]).toEqual([200, expect.stringContaining('"origin":"live"')])
  await execute(sample, UNKNOWN, 'fetch_dataset_auto', { dataset_id: ID })
  const files = await filesBelow(sample.dataDir)
  expect(files.length).toBeGreaterThan(1)
  for (const file of files) {
    const kept = await readFile(file)
    for (const id of [OWN, UNKNOWN]) expect(`${file}${kept.toString('latin1')}`).not.toContain(id)
  }
  const said = JSON.stringify(sample.reported.map((error) => [String(error), (error as Error).stack]))
  for (const id of [OWN, UNKNOWN]) expect(`${text}${said}`).not.toContain(id)
})

it('through the edge it reaches the origin, and no cache', async () => {
  let origin: TestOrigin | undefined
  const send = async (request: Request): Promise<Response> => await (origin as TestOrigin).fetch(request)
  const edge = await testEdge({ send, now: () => Date.now() })
  origin = await openWith(null, [edge.publicKey])
  const key = await edge.issueKey(['read'])
  const call = async (more: Record<string, string>): Promise<Response> =>
    await edge.request('/execute', {
      method: 'POST',
      headers: { 'x-api-key': key, 'content-type': 'application/json', ...more },
      body: JSON.stringify({ tool_name: 'describe_dataset', arguments: { dataset_id: ID } }),
    })
  const own = await call({ 'x-estat-app-id': OWN })
  expect([own.headers.get('x-cache'), await own.text()]).toEqual(['BYPASS', expect.stringContaining('"origin":"live"')])
  expect(await (await call({})).text()).toContain('"origin":"sample"')
  expect(edge.reported).toEqual([])
  await origin.close()
})
