/** The protocol as its clients speak it, streams and leaving among it. */
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { Client as ClientOne } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport as TransportOne } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { Check } from '../target.ts'
import { ALL, assert, call, post, READ } from './ask.ts'

const INFO = { name: 'black-box', version: '1.0.0' }
const SAVE = { name: 'save_dataset_as_csv', arguments: { dataset_id: '0003410379' } }

/** The revision that `initialize` agrees on for each that a client may ask for. */
const INITIALIZED = ['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25']

export const PROTOCOL: readonly Check[] = [
  {
    name: 'initialize in every older revision',
    async run(target) {
      const key = await target.issueKey(READ)
      for (const protocolVersion of INITIALIZED) {
        const params = { protocolVersion, capabilities: {}, clientInfo: INFO }
        const message = { jsonrpc: '2.0', id: 1, method: 'initialize', params }
        const response = await post(target, '/mcp', message, { 'x-api-key': key, accept: 'application/json' })
        const { result } = (await response.json()) as { result: { protocolVersion: string } }
        assert.equal(result.protocolVersion, protocolVersion)
      }
    },
  },
  {
    name: 'a real client of SDK 1.x: tools, a call, its progress',
    async run(target) {
      const requestInit = { headers: { 'x-api-key': await target.issueKey(ALL) } }
      const client = new ClientOne(INFO)
      await client.connect(new TransportOne(new URL(`${target.url}/mcp`), { requestInit }))
      assert.ok((await client.listTools()).tools.length > 10)
      const seen: number[] = []
      const answer = await client.callTool(SAVE, undefined, { onprogress: ({ progress }) => void seen.push(progress) })
      assert.ok(!answer.isError, JSON.stringify(answer.content).slice(0, 200))
      if (target.cannot.streams === undefined) assert.ok(seen.length > 0, 'no progress was heard')
      await client.close()
    },
  },
  {
    name: 'a real client of SDK 2.x, revision 2026-07-28: tools, a call, its progress',
    async run(target) {
      const requestInit = { headers: { 'x-api-key': await target.issueKey(ALL) } }
      const client = new Client(INFO, { versionNegotiation: { mode: 'auto' } })
      await client.connect(new StreamableHTTPClientTransport(new URL(`${target.url}/mcp`), { requestInit }))
      assert.equal(client.getNegotiatedProtocolVersion(), '2026-07-28')
      assert.ok((await client.listTools()).tools.length > 10)
      const seen: number[] = []
      const answer = await client.callTool(SAVE, { onprogress: ({ progress }) => void seen.push(progress) })
      assert.ok(!answer.isError, JSON.stringify(answer.content).slice(0, 200))
      if (target.cannot.streams === undefined) assert.ok(seen.length > 0, 'no progress was heard')
      await client.close()
    },
  },
  {
    name: 'a stream of progress, each event before the end',
    needs: 'streams',
    async run(target) {
      const headers = { 'x-api-key': await target.issueKey(ALL) }
      const body = call('save_dataset_as_csv', { dataset_id: '0003410379' }, 1, { progressToken: 'p' })
      const response = await post(target, '/mcp', body, headers)
      assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/)
      assert.equal(response.headers.get('x-accel-buffering'), 'no')
      const text = await response.text()
      assert.ok(text.indexOf('notifications/progress') >= 0, text.slice(0, 200))
      assert.ok(text.indexOf('notifications/progress') < text.indexOf('"result"'))
    },
  },
  {
    name: 'an open stream: its first event at once, not held back',
    needs: 'streams',
    async run({ url, issueKey }) {
      const leaving = new AbortController()
      const headers = { 'x-api-key': await issueKey(READ), accept: 'text/event-stream' }
      const response = await fetch(`${url}/mcp`, { headers, signal: leaving.signal })
      const first = await response.body?.getReader().read()
      assert.match(new TextDecoder().decode(first?.value), /^event: connection/)
      leaving.abort()
    },
  },
  {
    name: 'JSON for a client that takes only that',
    async run(target) {
      const headers = { 'x-api-key': await target.issueKey(READ), accept: 'application/json' }
      const body = call('get_estat_table_url', { dataset_id: '0003410379' }, 1, { progressToken: 'p' })
      const response = await post(target, '/mcp', body, headers)
      assert.match(response.headers.get('content-type') ?? '', /^application\/json/)
      const { result } = (await response.json()) as { result: { isError?: boolean } }
      assert.ok(!result.isError)
    },
  },
  {
    name: 'a client that leaves ends the request at the origin',
    needs: 'disconnect',
    async run({ url, issueKey, relay }) {
      const leaving = new AbortController()
      const headers = { 'x-api-key': await issueKey(READ), accept: 'text/event-stream' }
      const before = relay.passed.length
      const response = await fetch(`${url}/mcp`, { headers, signal: leaving.signal })
      await response.body?.getReader().read()
      const passed = relay.passed.slice(before).find(({ method, path }) => method === 'GET' && path === '/mcp')
      assert.ok(passed)
      leaving.abort()
      await passed.left
    },
  },
]
