/** Clients of both SDK lines, as any caller, on an origin in this process. */
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { Client as ClientOne } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport as TransportOne } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { JWK } from 'jose'
import { signCallerToken } from '../../../shared/caller-token.ts'
import { CALLER_HEADER, type Caller } from '../../../shared/server-info.ts'
import { newSigningKey } from '../../platform/workerd.ts'
import { openOrigin, type TestOrigin, type TestOriginOptions } from './origin.ts'

const INFO = { name: 'test', version: '0' }
const ENDPOINT = new URL('http://origin/mcp')

/** What both lines have in common. */
export type AnyClient = Pick<
  Client,
  'listPrompts' | 'getPrompt' | 'listResources' | 'listResourceTemplates' | 'readResource' | 'complete' | 'close'
>
export const LINES = ['1.x', '2.x'] as const
export type Line = (typeof LINES)[number]

export interface OriginForCallers extends TestOrigin {
  /** The fetch of a caller, as the edge would send it on. */
  as(caller: Caller): typeof fetch
  client(line: Line, caller: Caller): Promise<AnyClient>
}

export async function openForCallers(options: TestOriginOptions = {}): Promise<OriginForCallers> {
  const key = await newSigningKey()
  const { d: _secret, ...publicKey } = key
  const origin = await openOrigin({ ...options, edgeKeys: [publicKey] })
  const as = (caller: Caller): typeof fetch => callersFetch(origin, key, caller)
  return { ...origin, as, client: (line, caller) => connect(line, as(caller)) }
}

function callersFetch(origin: TestOrigin, key: JWK, caller: Caller): typeof fetch {
  return async function callersFetch(input, init) {
    const sent = new Request(input, init)
    const body = new Uint8Array(await sent.clone().arrayBuffer())
    const request = { method: sent.method, path: new URL(sent.url).pathname, body }
    const token = await signCallerToken({ key, caller, request, now: Date.now(), jti: crypto.randomUUID() })
    sent.headers.set(CALLER_HEADER, token)
    return origin.fetch(sent)
  }
}

export async function connect(line: Line, through: typeof fetch): Promise<AnyClient> {
  if (line === '1.x') {
    const client = new ClientOne(INFO)
    await client.connect(new TransportOne(ENDPOINT, { fetch: through }))
    return client
  }
  const client = new Client(INFO, { versionNegotiation: { mode: 'auto' } })
  await client.connect(new StreamableHTTPClientTransport(ENDPOINT, { fetch: through }))
  return client
}
