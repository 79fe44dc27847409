/**
 * A real MCP client in either SDK line, behind one small face: the tour runs the same steps with both.
 * 2: `@modelcontextprotocol/client`, which negotiates up to 2026-07-28.
 * 1: `@modelcontextprotocol/sdk` 1.x, which speaks the older revisions (2024-11-05 to 2025-11-25).
 */
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { Client as ClientOne } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport as TransportOne } from '@modelcontextprotocol/sdk/client/streamableHttp.js'

export interface Reply {
  readonly isError: boolean
  readonly result: Record<string, unknown>
  readonly text: string
  /** `X-Cache` of the answer, or null where the server sent none. */
  readonly cache: string | null
  readonly millis: number
}

export interface Session {
  /** Name and version of client and negotiated revision, for people. */
  readonly about: string
  /** False for an origin that is asked directly. */
  readonly isEdge: boolean
  call(name: string, args: Record<string, unknown>, onProgress: (message: string) => void): Promise<Reply>
  toolNames(): Promise<readonly string[]>
  close(): Promise<void>
}

export interface SessionOptions {
  /** The server's root, without `/mcp`. */
  readonly url: string
  readonly key: string | null
  readonly sdk: '1' | '2'
}

const CLIENT = { name: 'estat-tour', version: '1.0.0' }
/** A call's budget is 20 s; a cold server on a small machine gets some more. */
const TIMEOUT_MS = 60_000

export async function openSession({ url, key, sdk }: SessionOptions): Promise<Session> {
  const seen = { cache: null as string | null }
  const watch: typeof fetch = async (input, init) => {
    const response = await fetch(input, init)
    seen.cache = response.headers.get('x-cache') ?? seen.cache
    return response
  }
  const root = url.replace(/\/(mcp\/?)?$/, '')
  const endpoint = new URL(`${root}/mcp`)
  const requestInit = { headers: key === null ? {} : { 'x-api-key': key } }
  const { client, about } =
    sdk === '2' ? await modern(endpoint, watch, requestInit) : await older(endpoint, watch, requestInit)
  return {
    about,
    isEdge: await answersAsEdge(root),
    async call(name, args, onProgress) {
      seen.cache = null
      const started = performance.now()
      const reply = await client.call(name, args, onProgress)
      return { ...readReply(reply), cache: seen.cache, millis: performance.now() - started }
    },
    toolNames: () => client.names(),
    close: () => client.close(),
  }
}

/** An edge's health speaks of its origin; an origin's does not. */
async function answersAsEdge(root: string): Promise<boolean> {
  const health = (await (await fetch(`${root}/health`)).json()) as { readonly origin?: unknown }
  return health.origin !== undefined
}

interface AnyClient {
  call(name: string, args: Record<string, unknown>, onProgress: (message: string) => void): Promise<unknown>
  names(): Promise<readonly string[]>
  close(): Promise<void>
}

async function modern(endpoint: URL, fetch: typeof globalThis.fetch, requestInit: RequestInit) {
  const client = new Client(CLIENT, { versionNegotiation: { mode: 'auto' } })
  await client.connect(new StreamableHTTPClientTransport(endpoint, { fetch, requestInit }))
  const face: AnyClient = {
    call: (name, args, onProgress) =>
      client.callTool(
        { name, arguments: args },
        { timeout: TIMEOUT_MS, onprogress: ({ message }) => onProgress(message ?? '') },
      ),
    names: async () => (await client.listTools()).tools.map(({ name }) => name),
    close: () => client.close(),
  }
  return {
    client: face,
    about: `@modelcontextprotocol/client, ${client.getNegotiatedProtocolVersion() ?? 'unknown revision'}`,
  }
}

async function older(endpoint: URL, fetch: typeof globalThis.fetch, requestInit: RequestInit) {
  const client = new ClientOne(CLIENT)
  const transport = new TransportOne(endpoint, { fetch, requestInit })
  await client.connect(transport)
  const face: AnyClient = {
    call: (name, args, onProgress) =>
      client.callTool({ name, arguments: args }, undefined, {
        timeout: TIMEOUT_MS,
        onprogress: ({ message }) => onProgress(message ?? ''),
      }),
    names: async () => (await client.listTools()).tools.map(({ name }) => name),
    close: () => client.close(),
  }
  return { client: face, about: `@modelcontextprotocol/sdk 1.x, ${transport.protocolVersion ?? 'unknown revision'}` }
}

function readReply(reply: unknown): Pick<Reply, 'isError' | 'result' | 'text'> {
  const { isError, structuredContent, content } = reply as {
    isError?: boolean
    structuredContent?: Record<string, unknown>
    content?: readonly { type: string; text?: string }[]
  }
  const text = (content ?? []).map((block) => block.text ?? '').join('\n')
  return { isError: isError ?? false, result: structuredContent ?? {}, text }
}
