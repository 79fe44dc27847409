/** What the server says it can do, the same for every revision: lists that do not change, nothing to subscribe to. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { MODERN_REVISION, PROTOCOL_REVISIONS } from '../../shared/server-info.ts'
import { openOrigin, type TestOrigin } from './support/origin.ts'

let origin: TestOrigin
beforeAll(async () => {
  origin = await openOrigin()
})
afterAll(() => origin.close())

const STATED = {
  tools: { listChanged: false },
  resources: { listChanged: false },
  prompts: { listChanged: false },
  completions: {},
}

async function ask(method: string, params: object, headers: Record<string, string> = {}) {
  const sent = { 'x-api-key': origin.adminKey, 'content-type': 'application/json', accept: 'application/json' }
  const response = await origin.fetch(
    new Request('http://origin/mcp', {
      method: 'POST',
      headers: { ...sent, ...headers },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    }),
  )
  const { result, error } = (await response.json()) as { result?: Record<string, unknown>; error?: { code: number } }
  return { status: response.status, result, code: error?.code }
}

const modern = (method: string) =>
  ask(
    method,
    {
      _meta: {
        'io.modelcontextprotocol/protocolVersion': MODERN_REVISION,
        'io.modelcontextprotocol/clientCapabilities': {},
      },
    },
    { 'mcp-protocol-version': MODERN_REVISION, 'mcp-method': method },
  )

it.each(PROTOCOL_REVISIONS.filter((revision) => revision !== MODERN_REVISION))(
  'initialize with %s',
  async (protocolVersion) => {
    const clientInfo = { name: 'test', version: '0' }
    const { result } = await ask('initialize', { protocolVersion, capabilities: {}, clientInfo })
    expect(result).toMatchObject({ protocolVersion, instructions: expect.stringContaining('search_estat_data') })
    expect(result?.['capabilities']).toEqual(STATED)
  },
)

it('server/discover', async () => {
  const { result } = await modern('server/discover')
  expect(result).toMatchObject({ instructions: expect.stringContaining('search_estat_data'), cacheScope: 'private' })
  expect(result?.['capabilities']).toEqual(STATED)
})

it('nothing can be subscribed to', async () => {
  expect((await ask('resources/subscribe', { uri: 'estat://guide/search' })).code).toBe(-32_601)
  expect(await modern('resources/subscribe')).toMatchObject({ status: 404, code: -32_601 })
})

it('the lists are the same each time, to the byte', async () => {
  for (const method of ['tools/list', 'prompts/list', 'resources/list', 'resources/templates/list']) {
    const [one, two] = [await modern(method), await modern(method)]
    expect(JSON.stringify(two), method).toBe(JSON.stringify(one))
    expect(one.result, method).toMatchObject({ ttlMs: expect.any(Number), cacheScope: 'private' })
  }
})
