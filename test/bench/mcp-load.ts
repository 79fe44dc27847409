/** One request sent many times, and what it cost who answered. */
import autocannon from 'autocannon'
import type { Measured } from './mcp-server.ts'

export const ERAS = ['2026-07-28', '2025-11-25'] as const
type Era = (typeof ERAS)[number]

export interface Message {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Headers and body as clients of the revision send them. */
export function messageOf(era: Era, method: string, params: Readonly<Record<string, unknown>>): Message {
  const modern = era === '2026-07-28'
  const name = params['name']
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': era,
    'io.modelcontextprotocol/clientCapabilities': {},
    'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1.0.0' },
  }
  return {
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': era,
      ...(modern ? { 'mcp-method': method } : {}),
      ...(modern && typeof name === 'string' ? { 'mcp-name': name } : {}),
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: modern ? { ...params, _meta } : params }),
  }
}

export interface Exchange {
  /** CPU time of the server for each call, milliseconds. */
  readonly cpuMs: number
  /** Of the client's wait, milliseconds. */
  readonly p99: number
}

const CONNECTIONS = 32

/** @throws Error where any answer is not 2xx, or holds no result. */
export async function send(
  server: Measured,
  { headers, body }: Message,
  credentials: Readonly<Record<string, string>>,
  calls: number,
): Promise<Exchange> {
  await resultOf(server.url, { headers: { ...headers, ...credentials }, body })
  const before = await server.cpuMs()
  const { latency, non2xx, errors, timeouts, requests } = await autocannon({
    url: `${server.url}/mcp`,
    method: 'POST',
    headers: { ...headers, ...credentials },
    body,
    connections: CONNECTIONS,
    amount: calls,
  })
  if (non2xx + errors + timeouts > 0) throw new Error(`${non2xx} answers were not 2xx, ${errors} errors`)
  return { cpuMs: ((await server.cpuMs()) - before) / requests.total, p99: latency.p99 }
}

/** The result of one call, whether it comes as JSON or as one event. */
async function resultOf(url: string, { headers, body }: Message): Promise<Readonly<Record<string, unknown>>> {
  const response = await fetch(`${url}/mcp`, { method: 'POST', headers, body })
  const text = (await response.text()).replace(/^(event: .*\n)?(id: .*\n)?data: /, '')
  const { result } = JSON.parse(text) as { result?: Record<string, unknown> }
  if (!result || result['isError']) throw new Error(`no result: ${text.slice(0, 200)}`)
  return result
}

interface Listed {
  readonly name: string
}

/** The tools that a server shows. */
export async function listOf(url: string, credentials: Readonly<Record<string, string>>): Promise<readonly Listed[]> {
  const { headers, body } = messageOf('2025-11-25', 'tools/list', {})
  const { tools } = await resultOf(url, { headers: { ...headers, ...credentials }, body })
  return tools as readonly Listed[]
}
