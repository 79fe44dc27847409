/** A real MCP client over HTTP, as the steps of the tour ask it. */
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { StreamableHTTPClientTransport as TransportOne } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { type Connected, modernClient, olderClient } from './clients.ts'

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
  const connected =
    sdk === '2'
      ? await modernClient(new StreamableHTTPClientTransport(endpoint, { fetch: watch, requestInit }))
      : await olderClient(new TransportOne(endpoint, { fetch: watch, requestInit }))
  return sessionOf(connected, await answersAsEdge(root), seen)
}

/**
 * A session of a client that is connected already, by whatever transport.
 *
 * @param seen where whoever watches the wire leaves `X-Cache` of the last answer.
 */
export function sessionOf({ client, about }: Connected, isEdge: boolean, seen: { cache: string | null }): Session {
  return {
    about,
    isEdge,
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

function readReply(reply: unknown): Pick<Reply, 'isError' | 'result' | 'text'> {
  const { isError, structuredContent, content } = reply as {
    isError?: boolean
    structuredContent?: Record<string, unknown>
    content?: readonly { type: string; text?: string }[]
  }
  const text = (content ?? []).map((block) => block.text ?? '').join('\n')
  return { isError: isError ?? false, result: structuredContent ?? {}, text }
}
