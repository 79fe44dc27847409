/**
 * The origin's routes. `/health` and `/` are open (a load balancer asks them); everything else needs the edge's token
 * or an administrator's key. Beside MCP it keeps the plain HTTP interface of the system this one replaces.
 */
import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { fault, faultReply, faultStatus } from '../shared/fault.ts'
import { type Caller, REQUEST_ID_HEADER, SERVER_INFO } from '../shared/server-info.ts'
import { APP_ID_HEADER } from './app-id.ts'
import type { Authenticate } from './authenticate.ts'
import { type CallDeps, callTool } from './call-tool.ts'
import type { McpEndpoint } from './mcp.ts'
import { readyStream } from './ready-stream.ts'
import type { Lang } from './estat/words.ts'
import { serveFile } from './files.ts'
import { isOurs } from './is-ours.ts'
import { langOf } from './lang-of.ts'
import { renderFault } from './render-fault.ts'
import type { HealthReport } from './health.ts'
import { toolList } from './tool-list.ts'

export interface OriginOptions extends CallDeps {
  readonly authenticate: Authenticate
  readonly mcp: McpEndpoint
  readonly health: () => Promise<HealthReport>
  /** Called with every failure that is ours. */
  readonly report: (error: unknown, where: string) => void
  /** Goes around every request (`requestLog`). */
  readonly around?: MiddlewareHandler
}

/** Largest body of a request, bytes: the edge has the same limit. */
const MAX_BODY = 1_000_000

type Env = { Variables: { caller: Caller; body: Uint8Array<ArrayBuffer> } }

export function createOrigin(options: OriginOptions): Hono<Env> {
  const { authenticate, mcp, health, report } = options
  const app = new Hono<Env>()

  app.onError((error, c) => {
    if (isOurs(error, appIdOf(c))) report(error, `${c.req.method} ${c.req.path}`)
    return faultResponse(c, error, null)
  })
  app.notFound((c) =>
    faultResponse(c, fault('NOT_FOUND', `There is nothing at ${c.req.path}.`, { hint: HINT_ROOT }), null),
  )

  if (options.around) app.use(options.around)
  app.use(async function requestId(c, next) {
    await next()
    const id = c.req.header(REQUEST_ID_HEADER)
    if (id) c.res.headers.set(REQUEST_ID_HEADER, id)
  })
  app.get('/', (c) => c.json(welcome()))
  app.get('/health', async (c) => {
    const found = await health()
    return c.json(found, found.status === 'unhealthy' ? 503 : 200)
  })

  app.use(bodyLimit({ maxSize: MAX_BODY, onError: (c) => faultResponse(c, TOO_BIG, null) }))
  app.use(async function caller(c, next) {
    const body = new Uint8Array(await c.req.raw.clone().arrayBuffer())
    c.set('caller', await authenticate(c.req.raw, body))
    c.set('body', body)
    await next()
  })

  app.on(['GET', 'POST'], '/tools', (c) => c.json({ success: true, tools: toolList(options.tools, c.get('caller')) }))
  app.post('/execute', async (c) => {
    const { tool_name: name, arguments: args } = readExecute(c.get('body'))
    try {
      const { caller } = c.var
      const call = { name, args, caller, appId: appIdOf(c), signal: c.req.raw.signal }
      const { result, text, storable } = await callTool(options, call)
      // The edge keeps answers by its own table of tools, but for those that say otherwise (RFC 9111, 5.2.2.5).
      if (!storable) c.header('cache-control', 'no-store')
      return c.json({ success: true, result, text })
    } catch (error) {
      if (isOurs(error, appIdOf(c))) report(error, name)
      return faultResponse(c, error, name, langOf(args))
    }
  })

  app.get('/files/*', (c) => serveFile(c.req.raw, c.get('caller'), options.ports.store))
  app.post('/mcp', (c) => mcp.handle(c.req.raw, readJson(c.get('body')), c.get('caller'), appIdOf(c)))
  app.get('/mcp', (c) => {
    // Hono answers HEAD by this handler and drops the body, which would keep a stream open for nobody.
    if (c.req.method === 'HEAD') return notAllowed(c)
    // Only clients of the replaced system open a stream without naming a revision; the SDKs' probes get 405 at once.
    const wantsStream = /text\/event-stream/.test(c.req.header('accept') ?? '')
    if (wantsStream && !c.req.header('mcp-protocol-version'))
      return readyStream(c.var.caller.id, options.now, c.req.raw.signal)
    return notAllowed(c)
  })
  app.delete('/mcp', (c) =>
    c.json({ success: true, message: 'There is no session to end: every request stands alone.' }),
  )
  app.all('/mcp', notAllowed)
  return app
}

const HINT_ROOT = 'GET / lists the endpoints.'
const TOO_BIG = fault('TOO_LARGE', 'The request body is over 1 MB.', { hint: 'Send fewer values in one call.' })

const welcome = () => ({
  service: SERVER_INFO.name,
  title: SERVER_INFO.title,
  version: SERVER_INFO.version,
  endpoints: {
    mcp: 'POST /mcp',
    tools: 'GET|POST /tools',
    execute: 'POST /execute {tool_name, arguments}',
    files: 'GET /files/<key>',
    health: 'GET /health',
  },
})

const appIdOf = (c: Context): string | null => c.req.header(APP_ID_HEADER) ?? null

function faultResponse(c: Context, error: unknown, tool: string | null, lang: Lang = 'J'): Response {
  const reply = faultReply(error, tool)
  const seconds = reply.error.retry_after_seconds
  if (seconds !== undefined) c.header('retry-after', String(seconds))
  return c.json({ ...reply, text: renderFault(reply, lang) }, faultStatus(error) as 400)
}

function notAllowed(c: Context): Response {
  const error = { code: -32000, message: 'Method not allowed. Send JSON-RPC by POST.' }
  return c.json({ jsonrpc: '2.0', error, id: null }, 405, { allow: 'POST' })
}

/** Undefined for what is not JSON: the MCP handler answers that in its own words. */
function readJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    return undefined
  }
}

function readExecute(body: Uint8Array): { tool_name: string; arguments: unknown } {
  const sent = readJson(body) as { tool_name?: unknown; arguments?: unknown } | null | undefined
  if (typeof sent?.tool_name === 'string') return { tool_name: sent.tool_name, arguments: sent.arguments }
  throw fault('INVALID_PARAMETER', 'The body must be JSON with a tool_name.', {
    hint: 'Send {"tool_name": "search_estat_data", "arguments": {"query": "人口"}}.',
  })
}
