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
  type McpServerOptions,
  type ResourceLink,
} from '@modelcontextprotocol/server'
import { faultReply } from '../shared/fault.ts'
import { hasScope } from '../shared/scope.ts'
import { type Caller, ERROR_META_KEY, SERVER_INFO } from '../shared/server-info.ts'
import { isIn, readToolsets, type Toolset } from '../shared/toolsets.ts'
import { accepts } from './accepts.ts'
import { type AskedFor, askedFor, namesItsRevision } from './asked-for.ts'
import { type CallAnswer, type CallDeps, callTool } from './call-tool.ts'
import type { Lang } from './estat/words.ts'
import { INSTRUCTIONS } from './instructions.ts'
import { isOurs } from './is-ours.ts'
import { langOf } from './lang-of.ts'
import { serveLegacy } from './legacy.ts'
import { CACHE_HINTS, CAPABILITIES } from './lists.ts'
import { meantBody } from './meant-body.ts'
import { passThrough } from './pass-through.ts'
import { registerPrompts } from './prompts/register-prompts.ts'
import { rising } from './progress.ts'
import { renderFault } from './render-fault.ts'
import { linksTo, takesLinks } from './resources/links.ts'
import { registerResources } from './resources/register-resources.ts'
import type { AnyTool } from './tools/define-tool.ts'
import { shownInput, shownOutput } from './tools/shown-schema.ts'

export interface McpOptions extends CallDeps {
  /** Called with every failure that is ours, never with a user's mistake. */
  readonly report: (error: unknown, tool: string) => void
  /** More than the tools, on this same stack: the fixtures of the conformance suite. */
  readonly fixtures?: { readonly options: McpServerOptions; readonly register: (server: McpServer) => void }
}

export interface McpEndpoint {
  /** One POST /mcp. `body` is the parsed JSON; the request's own may be used up. `appId`: `X-Estat-App-Id` as sent. */
  handle(request: Request, body: unknown, caller: Caller, appId: string | null): Promise<Response>
  close(): Promise<void>
}

export function createMcpEndpoint(options: McpOptions): McpEndpoint {
  const faces = options.tools.map((tool) => [tool, faceOf(tool)] as const)
  const build = (context: McpRequestContext): McpServer => buildServer(options, faces, senderOf(context.authInfo))
  const serve = (responseMode: 'auto' | 'sse') => createMcpHandler(build, { legacy: 'reject', responseMode })
  // The SDK's own choice, JSON until there is progress to tell, does not look at what a client takes.
  const modern = { either: serve('auto'), stream: serve('sse') }
  return {
    async handle(request, sent, caller, appId) {
      const body = meantBody(sent)
      const takes = accepts(request.headers)
      const authInfo = authInfoOf({
        caller,
        appId,
        toolsets: readToolsets(request.url),
        asked: askedFor(body),
        links: takesLinks(request.headers),
        stream: takes.stream,
      })
      // What is no JSON belongs to no revision: the older transport says so.
      const isLegacy = body === undefined || (!namesItsRevision(body) && (await isLegacyRequest(request, body)))
      const handler = takes.json || !takes.stream ? modern.either : modern.stream
      if (!isLegacy) return handler.fetch(request, { parsedBody: body, authInfo })
      return serveLegacy(
        build({ era: 'legacy', authInfo, requestInfo: request }),
        request,
        body,
        options.fixtures !== undefined,
      )
    },
    async close() {
      await Promise.all([modern.either.close(), modern.stream.close()])
    },
  }
}

/** JSON Schemas are made once for each tool: building them for every request costs ten times the call itself. */
function faceOf({ input, output }: AnyTool) {
  return { inputSchema: passThrough(shownInput(input)), outputSchema: passThrough(shownOutput(output)) }
}

function buildServer(
  options: McpOptions,
  faces: readonly (readonly [AnyTool, ReturnType<typeof faceOf>])[],
  { caller, appId, toolsets, asked, links, stream }: Sender,
): McpServer {
  const server = new McpServer(SERVER_INFO, {
    instructions: INSTRUCTIONS,
    capabilities: CAPABILITIES,
    cacheHints: CACHE_HINTS,
    ...options.fixtures?.options,
  })
  const shown = faces.filter(([tool]) => hasScope(caller, tool.scope) && isIn(toolsets, tool.toolsets))
  const called = shown.find(([{ name }]) => name === asked.tool)
  for (const [tool, face] of called ? [called] : shown) {
    const annotations = (hasScope(caller, 'lake') && tool.lakeAnnotations) || tool.annotations
    const { title, description } = tool
    server.registerTool(tool.name, { title, description, ...face, annotations }, async (args, context) => {
      const token = context.mcpReq._meta?.progressToken
      const progress = rising((done, total, message) => {
        if (token === undefined || !stream) return
        const params = { progressToken: token, progress: done, ...(total === null ? {} : { total }), message }
        // A client that went away cannot be told; the call's own signal ends the work.
        void context.mcpReq.notify({ method: 'notifications/progress', params }).catch(() => {})
      })
      try {
        const { signal } = context.mcpReq
        const answer = await callTool(options, { name: tool.name, args, caller, appId, signal, progress })
        return toReply(answer, links ? linksTo(tool.made?.(answer.result) ?? {}) : [])
      } catch (error) {
        if (isOurs(error, appId)) options.report(error, tool.name)
        return toErrorReply(error, tool.name, langOf(args))
      }
    })
  }
  if (asked.beyondTools) {
    registerResources(server, options, { caller, appId })
    registerPrompts(server, options, { caller, appId })
  }
  options.fixtures?.register(server)
  return server
}

const toReply = ({ result, text }: CallAnswer, links: readonly ResourceLink[]): CallToolResult => ({
  content: [{ type: 'text', text }, ...links],
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

/** Who sent a request, as it travels through the SDK. */
interface Sender {
  readonly caller: Caller
  readonly appId: string | null
  /** All where null. */
  readonly toolsets: readonly Toolset[] | null
  readonly asked: AskedFor
  /** Whether links to resources may stand in an answer. */
  readonly links: boolean
  /** Whether anything can be told before the answer. */
  readonly stream: boolean
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
