/**
 * A client that leaves ends its work: the request to e-Stat is aborted, the query is stopped. Over real sockets, on the
 * HTTP stack that serves; through the edge it is `test/platform/leaving.test.ts`.
 */
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { statsHttp } from '../../origin/adapters/stats-http.ts'
import type { QueryEngine } from '../../origin/lake/ports.ts'
import { HEAVY } from '../contracts/query-engine.ts'
import { execute, openOrigin, type TestOrigin } from '../origin/support/origin.ts'
import { APP_ID } from '../origin/support/upstream.ts'

/** Events as they happen, to be waited for. */
function events<T>() {
  const heard: T[] = []
  const waiting: ((value: T) => void)[] = []
  return {
    tell(value: T): void {
      const next = waiting.shift()
      if (next) next(value)
      else heard.push(value)
    },
    next: (): Promise<T> =>
      heard.length > 0 ? Promise.resolve(heard.shift() as T) : new Promise((resolve) => void waiting.push(resolve)),
  }
}

const began = events<'e-Stat' | 'query'>()
const ended = events<string>()

/** An e-Stat that never answers, and says when it is no longer waited for. */
const stats = statsHttp({
  appId: APP_ID,
  origin: 'live',
  now: () => Date.now(),
  retry: { attempts: 3, baseMs: 0, capMs: 0 },
  attemptMs: 20_000,
  send: ({ signal }) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => {
        ended.tell('e-Stat')
        reject(signal.reason as Error)
      })
      began.tell('e-Stat')
    }),
})

const watched = (engine: QueryEngine): QueryEngine => ({
  async query(request, signal) {
    began.tell('query')
    return engine.query(request, signal).catch((error: unknown) => {
      ended.tell((error as { code: string }).code)
      throw error
    })
  },
})

const CALLS = {
  'e-Stat': ['describe_dataset', { dataset_id: '0003410379' }, 'e-Stat'],
  query: ['analyze_with_athena', { table_name: 'crowd', analysis_type: 'custom', custom_query: HEAVY }, 'CANCELLED'],
} as const
type Down = keyof typeof CALLS

const origins = new Map<Down, { readonly origin: TestOrigin; readonly url: string; readonly close: () => void }>()

function listening(down: Down, origin: TestOrigin): Promise<void> {
  return new Promise((resolve) => {
    const server = serve({ fetch: origin.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }: AddressInfo) => {
      origins.set(down, { origin, url: `http://127.0.0.1:${port}`, close: () => void server.close() })
      resolve()
    })
  })
}
let bare: TestOrigin
beforeAll(async () => {
  bare = await openOrigin()
  const { success, text } = await execute(bare, 'ingest_dataset', { dataset_id: '0000020201', table_name: 'crowd' })
  if (!success) throw new Error(text)
  await listening('query', await openOrigin({ ports: { ...bare.ports, engine: watched(bare.ports.engine) } }))
  await listening('e-Stat', await openOrigin({ ports: { stats } }))
})
afterAll(async () => {
  for (const { origin, close } of origins.values()) {
    close()
    await origin.close()
  }
  await bare.close()
})

const MODERN = '2026-07-28'
const _meta = {
  'io.modelcontextprotocol/protocolVersion': MODERN,
  'io.modelcontextprotocol/clientCapabilities': {},
}
const rpc = (params: object): object => ({ jsonrpc: '2.0', id: 1, method: 'tools/call', params })

/** Path, headers and body of a call in each form there is. */
const FORMS = {
  'MCP 2025-11-25': (name: string, args: object) => ['/mcp', {}, rpc({ name, arguments: args })],
  'MCP 2025-11-25 that asks for progress': (name: string, args: object) => [
    '/mcp',
    {},
    rpc({ name, arguments: args, _meta: { progressToken: 'p' } }),
  ],
  'MCP 2026-07-28': (name: string, args: object) => [
    '/mcp',
    { 'mcp-protocol-version': MODERN, 'mcp-method': 'tools/call', 'mcp-name': name },
    rpc({ name, arguments: args, _meta }),
  ],
  'POST /execute': (tool_name: string, args: object) => ['/execute', {}, { tool_name, arguments: args }],
  'POST /tools/<name>': (name: string, args: object) => [`/tools/${name}`, {}, args],
} as const satisfies Record<string, (name: string, args: object) => readonly [string, Record<string, string>, object]>

describe.each(Object.entries(FORMS))('%s', (_form, form) => {
  it.each(['e-Stat', 'query'] as const)('leaves: %s is told', async (down) => {
    const at = origins.get(down)
    if (!at) throw new Error('it did not start')
    const [tool, args, word] = CALLS[down]
    const [path, headers, body] = form(tool, args)
    const leaving = new AbortController()
    const answer = fetch(`${at.url}${path}`, {
      method: 'POST',
      headers: {
        'x-api-key': at.origin.adminKey,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...headers,
      },
      body: JSON.stringify(body),
      signal: leaving.signal,
    }).then((response) => response.text())
    // An answer before the work began says why.
    expect(await Promise.race([began.next(), answer])).toBe(down)
    leaving.abort()
    await expect(answer).rejects.toThrow(/abort/i)
    expect(await ended.next()).toBe(word)
  })
})

it('none of them was a failure of ours', () => {
  expect([...origins.values()].flatMap(({ origin }) => origin.reported)).toEqual([])
})
