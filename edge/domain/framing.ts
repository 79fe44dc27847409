/**
 * A domain result in the form that each protocol revision gives it. It must equal what the origin's `/mcp` would have
 * answered; `test/edge/framing.test.ts` holds it to the SDK itself.
 */
import { type FaultReply, faultReply } from '../../shared/fault.ts'
import { ERROR_META_KEY, SERVER_INFO } from '../../shared/server-info.ts'
import { answerJson } from './answer-json.ts'
import { idOf, MAX_BATCH, type ToolCall } from './json-rpc.ts'

export interface Answer {
  readonly result: Readonly<Record<string, unknown>>
  readonly text: string
}

/** What `POST /execute` of the origin answers when a tool fails. */
export interface Failure {
  readonly error: FaultReply['error']
  readonly text: string
}

type Framed = Pick<ToolCall, 'id' | 'era'>

const SERVER_META = { 'io.modelcontextprotocol/serverInfo': SERVER_INFO }

const MODERN_END = `,"resultType":"complete","_meta":${JSON.stringify(SERVER_META)}`

/** JSON text, put together from parts that are written once. */
export function frameAnswer({ id, era }: Framed, answer: Answer): string {
  const { result, text } = answerJson(answer)
  const end = era === 'modern' ? MODERN_END : ''
  const content = `"content":[{"type":"text","text":${text}}],"structuredContent":${result}`
  return `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":{${content}${end}}}`
}

/** A tool's failure is a result that the model reads, not a protocol error (MCP 2025-11-25, tools, error handling). */
export const frameFailure = ({ id, era }: Framed, { error, text }: Failure): object => ({
  jsonrpc: '2.0',
  id,
  result: {
    content: [{ type: 'text', text }],
    isError: true,
    ...(era === 'modern' ? { resultType: 'complete' } : {}),
    _meta: { [ERROR_META_KEY]: error, ...(era === 'modern' ? SERVER_META : {}) },
  },
})

/** JSON-RPC 2.0 section 5.1: -32000 is for the implementation; MCP keeps -32020 to -32099 for itself. */
const REFUSED = -32000

/**
 * What the edge itself refuses: one JSON-RPC error for each request of a known caller's body, so that every waiting
 * call is answered. An unknown caller's batch gets one error without an id, and so does one that is too long: nobody
 * gets a reply many times the size of what was sent. Code, hint and the rest are in `data` for programs, and in the
 * message for a model.
 *
 * @param known Whether the caller was let in before this was refused.
 */
export function frameRefusal(body: unknown, thrown: unknown, known: boolean): object {
  const { error } = faultReply(thrown, null)
  const { code, message, hint } = error
  const frame = (id: string | number | null): object => ({
    jsonrpc: '2.0',
    id,
    error: { code: REFUSED, message: `${code}: ${message} ${hint}`, data: error },
  })
  if (!Array.isArray(body)) return frame(idOf(body))
  const ids = known && body.length <= MAX_BATCH ? body.map(idOf).filter((id) => id !== null) : []
  return ids.length > 0 ? ids.map(frame) : frame(null)
}

/** As JSON, unless the client takes nothing but an event stream; both SDKs write one message as one `message` event. */
export function encode(json: string, accept: string | null): { readonly body: string; readonly type: string } {
  const streamOnly =
    accept !== null && /text\/event-stream/i.test(accept) && !/application\/(json|\*)|\*\/\*/i.test(accept)
  return streamOnly
    ? { body: `event: message\ndata: ${json}\n\n`, type: 'text/event-stream' }
    : { body: json, type: 'application/json' }
}
