/** The revisions 2024-11-05 to 2025-11-25 by Streamable HTTP without a session. */
import { type McpServer, WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/server'
import { accepts } from './accepts.ts'
import { jsonWhereAlone } from './first-event.ts'

/**
 * The older revisions, one server and transport for each request, no session. JSON unless the caller asked for
 * progress or takes nothing but an event stream; a client that accepts JSON alone is served (both SDK lines answer it 406).
 *
 * @param mayNotify Whether a tool may say something before its answer without being asked for progress: then the first
 *   event decides. None of ours does.
 *
 * A client ends a call by closing the connection. `notifications/cancelled` is accepted and reaches no call: it comes as
 * a request of its own, to whichever process, and the id that it names is unique within a session (2025-11-25, basic:
 * "the request ID MUST NOT have been previously used by the requestor within the same session"), which there is none
 * of: two clients with one key both begin at 0, and one would end the other's call.
 */
export async function serveLegacy(
  server: McpServer,
  request: Request,
  body: unknown,
  mayNotify: boolean,
): Promise<Response> {
  const takes = accepts(request.headers)
  const stream = takes.stream && (!takes.json || asksForProgress(body))
  // A batch (2025-03-26) is answered by one JSON array.
  const either = mayNotify && !stream && takes.stream && isToolCall(body)
  const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: !stream && !either })
  const headers = new Headers(request.headers)
  headers.set('accept', 'application/json, text/event-stream')
  headers.delete('mcp-session-id')
  await server.connect(transport)
  request.signal.addEventListener('abort', () => void server.close(), { once: true })
  const lenient = new Request(request.url, { method: 'POST', headers, signal: request.signal })
  const response = await transport.handleRequest(lenient, { parsedBody: body })
  return either ? jsonWhereAlone(response) : response
}

const isToolCall = (body: unknown): boolean => (body as { method?: unknown } | null)?.method === 'tools/call'

function asksForProgress(body: unknown): boolean {
  const messages = Array.isArray(body) ? body : [body]
  return messages.some((message: { params?: { _meta?: { progressToken?: unknown } } } | null) => {
    return message?.params?._meta?.progressToken !== undefined
  })
}
