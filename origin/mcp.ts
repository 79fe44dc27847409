/**
 * The border between MCP and the tools: renders results, and is the one place where a failure becomes an MCP reply.
 *
 * Both eras are served from one factory (`createMcpHandler` of the SDK): 2026-07-28 statelessly by its modern leg,
 * 2024-11-05 to 2025-11-25 by a stateless Streamable HTTP transport that answers JSON unless a stream is needed.
 */
import {
  type AuthInfo,
  type CallToolResult,
  createMcpHandler,
  isLegacyRequest,
  type McpRequestContext,
  McpServer,
  type StandardSchemaWithJSON,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server'
import * as z from 'zod'
import { faultReply } from '../shared/fault.ts'
import { hasScope } from '../shared/scope.ts'
import { type Caller, ERROR_META_KEY, SERVER_INFO } from '../shared/server-info.ts'
import { type CallDeps, callTool } from './call-tool.ts'
import type { Lang } from './estat/words.ts'
import { INSTRUCTIONS } from './instructions.ts'
import { isOurs } from './is-ours.ts'
import { langOf } from './lang-of.ts'
import { rising } from './progress.ts'
import { renderFault } from './render-fault.ts'
import type { AnyTool } from './tools/define-tool.ts'

export interface McpOptions extends CallDeps {
  /** Called with every failure that is ours, never with a user's mistake. */
  readonly report: (error: unknown, tool: string) => void
}

export interface McpEndpoint {
  /** One POST /mcp. `body` is the parsed JSON; the request's own may be used up. `appId`: `X-Estat-App-Id` as sent. */
  handle(request: Request, body: unknown, caller: Caller, appId: string | null): Promise<Response>
  close(): Promise<void>
}

/** How long clients may keep lists: they change with a deploy only (MCP 2026-07-28, caching). */
const LIST_TTL_MS = 3_600_000

export function createMcpEndpoint(options: McpOptions): McpEndpoint {
  const faces = options.tools.map((tool) => [tool, faceOf(tool)] as const)
  const build = (context: McpRequestContext): McpServer => buildServer(options, faces, senderOf(context.authInfo))
  const modern = createMcpHandler(build, { legacy: 'reject' })
  return {
    async handle(request, body, caller, appId) {
      const authInfo = authInfoOf({ caller, appId })
      if (!(await isLegacyRequest(request, body))) return modern.fetch(request, { parsedBody: body, authInfo })
      return serveLegacy(build({ era: 'legacy', authInfo, requestInfo: request }), request, body)
    },
    close: () => modern.close(),
  }
}

/** JSON Schemas are made once for each tool: building them for every request costs ten times the call itself. */
function faceOf(tool: AnyTool) {
  return { inputSchema: passThrough(tool.input, 'input'), outputSchema: passThrough(tool.output, 'output') }
}

/**
 * A schema that shows itself and accepts everything. Arguments are validated by `callTool`, with codes and hints;
 * the SDK's own validation accepts unknown arguments silently.
 */
function passThrough(schema: z.ZodType, io: 'input' | 'output'): StandardSchemaWithJSON {
  const { $schema: _dialect, ...json } = z.toJSONSchema(schema, { io, target: 'draft-2020-12' })
  return {
    '~standard': {
      version: 1,
      vendor: 'estat-mcp',
      validate: (value) => ({ value }),
      jsonSchema: { input: () => json, output: () => json },
    },
  }
}

function buildServer(
  options: McpOptions,
  faces: readonly (readonly [AnyTool, ReturnType<typeof faceOf>])[],
  { caller, appId }: Sender,
): McpServer {
  const hint = { ttlMs: LIST_TTL_MS, cacheScope: 'private' as const }
  const server = new McpServer(SERVER_INFO, {
    instructions: INSTRUCTIONS,
    capabilities: { tools: { listChanged: false } },
    cacheHints: { 'server/discover': hint, 'tools/list': hint },
  })
  for (const [tool, face] of faces) {
    if (!hasScope(caller, tool.scope)) continue
    const annotations = (hasScope(caller, 'lake') && tool.lakeAnnotations) || tool.annotations
    const { title, description } = tool
    server.registerTool(tool.name, { title, description, ...face, annotations }, async (args, context) => {
      const token = context.mcpReq._meta?.progressToken
      const progress = rising((done, total, message) => {
        if (token === undefined) return
        const params = { progressToken: token, progress: done, ...(total === null ? {} : { total }), message }
        // A client that went away cannot be told; the call's own signal ends the work.
        void context.mcpReq.notify({ method: 'notifications/progress', params }).catch(() => {})
      })
      try {
        const { signal } = context.mcpReq
        return toReply(await callTool(options, { name: tool.name, args, caller, appId, signal, progress }))
      } catch (error) {
        if (isOurs(error, appId)) options.report(error, tool.name)
        return toErrorReply(error, tool.name, langOf(args))
      }
    })
  }
  return server
}

const toReply = ({ result, text }: { result: Record<string, unknown>; text: string }): CallToolResult => ({
  content: [{ type: 'text', text }],
  structuredContent: result,
})

/**
 * The envelope for programs travels in `_meta`: in `structuredContent` it would have to fit the tool's output schema,
 * which clients of the 1.x line check for errors too.
 */
function toErrorReply(error: unknown, tool: string, lang: Lang): CallToolResult {
  const reply = faultReply(error, tool)
  return {
    isError: true,
    content: [{ type: 'text', text: renderFault(reply, lang) }],
    _meta: { [ERROR_META_KEY]: reply.error },
  }
}

/**
 * The older revisions, one server and transport for each request, no session. JSON unless the caller asked for
 * progress or takes nothing but an event stream; a client that accepts JSON alone is served (both SDK lines answer it 406).
 */
async function serveLegacy(server: McpServer, request: Request, body: unknown): Promise<Response> {
  const accept = request.headers.get('accept') ?? '*/*'
  const takesJson = /application\/json|\*\/\*|application\/\*/.test(accept)
  const takesStream = /text\/event-stream|\*\/\*|text\/\*/.test(accept)
  const stream = takesStream && (!takesJson || asksForProgress(body))
  const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: !stream })
  const headers = new Headers(request.headers)
  headers.set('accept', 'application/json, text/event-stream')
  headers.delete('mcp-session-id')
  await server.connect(transport)
  request.signal.addEventListener('abort', () => void server.close(), { once: true })
  const lenient = new Request(request.url, { method: 'POST', headers, signal: request.signal })
  return transport.handleRequest(lenient, { parsedBody: body })
}

function asksForProgress(body: unknown): boolean {
  const messages = Array.isArray(body) ? body : [body]
  return messages.some((message: { params?: { _meta?: { progressToken?: unknown } } } | null) => {
    return message?.params?._meta?.progressToken !== undefined
  })
}

/** Who sent a request, as it travels through the SDK. */
interface Sender {
  readonly caller: Caller
  readonly appId: string | null
}

const authInfoOf = (sender: Sender): AuthInfo => ({
  token: '',
  clientId: sender.caller.id,
  scopes: [...sender.caller.scopes],
  extra: { sender },
})

function senderOf(authInfo: AuthInfo | undefined): Sender {
  const sender = authInfo?.extra?.['sender']
  if (!sender) throw new Error('a request reached the MCP server without a caller')
  return sender as Sender
}
