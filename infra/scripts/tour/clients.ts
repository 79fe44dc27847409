/**
 * Both lines of the official SDK's client behind one small face, over any transport.
 * Modern: `@modelcontextprotocol/client` 2.x, which negotiates up to 2026-07-28.
 * Older: `@modelcontextprotocol/sdk` 1.x, which speaks 2024-11-05 to 2025-11-25.
 *
 * Once they know the list of tools, both hold every answer to its tool's output schema.
 */
import { Client, type ClientOptions, type Transport } from '@modelcontextprotocol/client'
import { Client as ClientOne, type ClientOptions as OptionsOne } from '@modelcontextprotocol/sdk/client/index.js'
import type { Transport as TransportOne } from '@modelcontextprotocol/sdk/shared/transport.js'

export interface AnyClient {
  /** A call of a tool as the SDK answers it. */
  call(name: string, args: Record<string, unknown>, onProgress: (message: string) => void): Promise<unknown>
  names(): Promise<readonly string[]>
  close(): Promise<void>
}

export interface Connected {
  readonly client: AnyClient
  /** Name of the client and negotiated revision, for people. */
  readonly about: string
}

const CLIENT = { name: 'estat-tour', version: '1.0.0' }
/** A call's budget is 20 s; a cold server on a small machine gets some more. */
const TIMEOUT_MS = 60_000

export async function modernClient(transport: Transport, options: ClientOptions = {}): Promise<Connected> {
  const client = new Client(CLIENT, { versionNegotiation: { mode: 'auto' }, ...options })
  await client.connect(transport)
  return {
    client: {
      call: (name, args, onProgress) =>
        client.callTool(
          { name, arguments: args },
          { timeout: TIMEOUT_MS, onprogress: ({ message }) => onProgress(message ?? '') },
        ),
      names: async () => (await client.listTools()).tools.map(({ name }) => name),
      close: () => client.close(),
    },
    about: `@modelcontextprotocol/client, ${client.getNegotiatedProtocolVersion() ?? 'unknown revision'}`,
  }
}

export async function olderClient(transport: TransportOne, options: OptionsOne = {}): Promise<Connected> {
  const client = new ClientOne(CLIENT, options)
  const agreed = revisionOf(transport)
  await client.connect(transport)
  return {
    client: {
      call: (name, args, onProgress) =>
        client.callTool({ name, arguments: args }, undefined, {
          timeout: TIMEOUT_MS,
          onprogress: ({ message }) => onProgress(message ?? ''),
        }),
      names: async () => (await client.listTools()).tools.map(({ name }) => name),
      close: () => client.close(),
    },
    about: `@modelcontextprotocol/sdk 1.x, ${agreed() ?? 'unknown revision'}`,
  }
}

/** The client tells its transport the revision that was agreed, and nobody else. */
function revisionOf(transport: TransportOne): () => string | undefined {
  let revision: string | undefined
  const told = transport.setProtocolVersion?.bind(transport)
  transport.setProtocolVersion = (version) => {
    revision = version
    told?.(version)
  }
  return () => revision
}
