import { handle, type LambdaEvent } from 'hono/aws-lambda'
import { Hono } from 'hono'
import { fault, faultReply } from '../../../shared/fault.ts'
import type { serverEdge, ServerEdgeOptions } from '../common/server-edge.ts'
import { type Front, frontOf } from './event.ts'

/** Work behind an answer is frozen with the process: the answer waits for it, but not for ever. */
const SETTLE_MS = 3_000
/** Text is decoded and loses a byte order mark; JSON alone has none (RFC 8259 section 8.1). */
const isBinary = (type: string): boolean => !/^application\/json\b/i.test(type)

type Bindings = { readonly event: LambdaEvent }

export function lambdaHandler(options: Omit<ServerEdgeOptions, 'cameByTls'>, make: typeof serverEdge) {
  const fronts = new WeakMap<Request, Front>()
  const edge = make({ ...options, cameByTls: (request) => fronts.get(request)?.secure ?? false })
  const app = new Hono<{ Bindings: Bindings }>()
  app.all('*', async (c) => {
    const front = frontOf(c.env.event, c.req.raw.headers)
    const request = asking(c.req.raw)
    fronts.set(request, front)
    if (opensStream(request)) return Response.json(NO_STREAM, { status: 405, headers: { allow: 'POST, DELETE' } })
    const answer = await fitting(await edge.fetch(request, { address: front.address }), front)
    await Promise.race([edge.settled(), new Promise((resolve) => setTimeout(resolve, SETTLE_MS).unref())])
    return answer
  })
  return handle(app, { isContentTypeBinary: isBinary })
}

/** The origin streams to whoever takes a stream: here it is asked for JSON, which is whole (MCP transports: either will do). */
function asking(request: Request): Request {
  if (!request.headers.get('accept')?.includes('text/event-stream')) return request
  const headers = new Headers(request.headers)
  headers.set('accept', 'application/json')
  return new Request(request, { headers })
}

const opensStream = ({ method, url }: Request): boolean => method === 'GET' && new URL(url).pathname === '/mcp'
const NO_STREAM = {
  jsonrpc: '2.0',
  id: null,
  error: { code: -32000, message: 'This server opens no stream. POST answers JSON.' },
}

/** The answer whole, or why it is not: what is too large would make the front answer 502 without a word. */
async function fitting(answer: Response, { maxBytes }: Front): Promise<Response> {
  const claimed = Number(answer.headers.get('content-length') ?? 0)
  const large = (bytes: number): boolean =>
    (isBinary(answer.headers.get('content-type') ?? '') ? Math.ceil(bytes / 3) * 4 : bytes) > maxBytes
  if (answer.body === null) return answer
  if (large(claimed)) {
    await answer.body.cancel()
    return tooLarge(answer, maxBytes)
  }
  const bytes = new Uint8Array(await answer.arrayBuffer())
  // JSON travels as a string in JSON: every quotation mark is two characters then.
  const onTheWay = isBinary(answer.headers.get('content-type') ?? '')
    ? bytes.length
    : bytes.length + bytes.filter((byte) => byte === QUOTE || byte === BACKSLASH).length
  return large(onTheWay) ? tooLarge(answer, maxBytes) : new Response(bytes, answer)
}

const QUOTE = 0x22
const BACKSLASH = 0x5c

function tooLarge({ headers }: Response, maxBytes: number): Response {
  const megabytes = Math.floor((maxBytes / 4) * 3e-6)
  const error = fault('TOO_LARGE', 'This answer is larger than what a Lambda may give back.', {
    hint: `Ask for a file in parts of ${megabytes || 0.7} MB (Range: bytes=0-...), or let get_csv_download_url give a link on a server without this limit.`,
  })
  const kept = new Headers([...headers].filter(([name]) => /^(x-|ratelimit|strict-|referrer|content-sec)/.test(name)))
  kept.set('cache-control', 'no-store')
  kept.set('content-type', 'application/json')
  return new Response(JSON.stringify(faultReply(error, null)), { status: 413, headers: kept })
}
