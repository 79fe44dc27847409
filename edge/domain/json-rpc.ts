/** JSON-RPC 2.0 as MCP carries it: what a body asks for, without deciding anything about it. */
import { MODERN_REVISION, PROTOCOL_REVISIONS } from '../../shared/server-info.ts'

/** `legacy`: 2024-11-05 to 2025-11-25. `modern`: 2026-07-28, where headers and `_meta` carry the revision. */
export type Era = 'legacy' | 'modern'

export type RpcId = string | number

export interface ToolCall {
  readonly id: RpcId
  readonly era: Era
  readonly tool: string
  /** As sent: not validated. */
  readonly args: unknown
}

type Members = Readonly<Record<string, unknown>>

const VERSION_META = 'io.modelcontextprotocol/protocolVersion'
const CAPABILITIES_META = 'io.modelcontextprotocol/clientCapabilities'
/** What a plain call of a tool carries. Tasks, input responses and the like are the origin's to judge. */
const PLAIN_PARAMS = ['name', 'arguments', '_meta']

/** The messages of a body: one, or those of a batch (2025-03-26). */
export const messagesOf = (body: unknown): readonly unknown[] => (Array.isArray(body) ? body : [body])

/** Members that one batch may have: each is answered, so a body of a few bytes each would get many times its size. */
export const MAX_BATCH = 50

/** The id to answer to; null where a message has none that JSON-RPC allows. */
export function idOf(message: unknown): RpcId | null {
  const id = isMembers(message) ? message['id'] : null
  return typeof id === 'string' || typeof id === 'number' ? id : null
}

/** The name of the tool that a message calls; null where it calls none. */
export function toolOf(message: unknown): string | null {
  if (!isMembers(message) || message['method'] !== 'tools/call') return null
  const { params } = message
  return isMembers(params) && typeof params['name'] === 'string' ? params['name'] : null
}

/**
 * The call, where a body is exactly one plain `tools/call` whose headers leave no doubt about its revision; null for
 * everything else, which the origin then answers itself, errors included.
 */
export function plainToolCall(body: unknown, headers: Headers): ToolCall | null {
  const tool = toolOf(body)
  const id = idOf(body)
  if (tool === null || id === null || !isMembers(body) || body['jsonrpc'] !== '2.0') return null
  if (!/^application\/json\s*(;|$)/i.test(headers.get('content-type') ?? '')) return null
  const params = body['params'] as Members
  if (Object.keys(params).some((name) => !PLAIN_PARAMS.includes(name))) return null
  const era = eraOf(params, tool, headers)
  return era && { id, era, tool, args: params['arguments'] }
}

/** MCP 2026-07-28, transports: the headers must match the body; an `_meta` envelope or a modern header makes it modern. */
function eraOf(params: Members, tool: string, headers: Headers): Era | null {
  const named = headers.get('mcp-protocol-version')
  const meta = params['_meta']
  if (meta !== undefined && !isMembers(meta)) return null
  const inBody = meta?.[VERSION_META]
  if (inBody === undefined && named !== MODERN_REVISION)
    return named === null || (PROTOCOL_REVISIONS as readonly string[]).includes(named) ? 'legacy' : null
  const matches =
    named === MODERN_REVISION &&
    inBody === MODERN_REVISION &&
    headers.get('mcp-method') === 'tools/call' &&
    headers.get('mcp-name') === tool &&
    isMembers(meta?.[CAPABILITIES_META]) &&
    ![...headers.keys()].some((name) => name.startsWith('mcp-param-'))
  return matches ? 'modern' : null
}

const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
