/**
 * The origin's routes. `/health` and `/` are open (a load balancer asks them); everything else needs the edge's token
 * or an administrator's key. Beside MCP it keeps the plain HTTP interface of the system this one replaces.
 */
import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { fault } from '../shared/fault.ts'
import { isTooDeep, tooDeep } from '../shared/json-depth.ts'
import { type Caller, REQUEST_ID_HEADER, SERVER_INFO } from '../shared/server-info.ts'
import { readToolsets } from '../shared/toolsets.ts'
import type { Authenticate } from './authenticate.ts'
import { browserOrigin } from './browser-origin.ts'
import type { McpEndpoint } from './mcp.ts'
import { readyStream } from './ready-stream.ts'
import { serveFile } from './files.ts'
import { isOurs } from './is-ours.ts'
import type { HealthReport } from './health.ts'
import { openApi } from './openapi/serve.ts'
import { appIdOf, faultResponse, type PlainCallOptions, plainCall, plainSearch } from './plain-call.ts'
import { toolList } from './tool-list.ts'

export interface OriginOptions extends PlainCallOptions {
  readonly authenticate: Authenticate
  readonly mcp: McpEndpoint
  readonly health: () => Promise<HealthReport>
  /** Goes around every request (`requestLog`). */
  readonly around?: MiddlewareHandler
}

/** Paths that requests are counted by. */
export const ROUTES = [
  '/',
  '/health',
  '/openapi.json',
  '/tools',
  '/tools/*',
  '/execute',
  '/mcp',
  '/search',
  '/files/*',
] as const

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
  app.use(browserOrigin())
  app.get('/', (c) => c.json(welcome()))
  app.get('/health', async (c) => {
    const found = await health()
    return c.json(found, found.status === 'unhealthy' ? 503 : 200)
  })

  app.use(bodyLimit({ maxSize: MAX_BODY, onError: (c) => faultResponse(c, TOO_BIG, null) }))
  app.use(async function caller(c, next) {
    // Neither has a body in the Fetch standard. Read once and not cloned: a clone costs as much as a cheap call does.
    const none = c.req.method === 'GET' || c.req.method === 'HEAD'
    const body = none ? new Uint8Array() : new Uint8Array(await c.req.raw.arrayBuffer())
    c.set('caller', await authenticate(c.req.raw, body))
    c.set('body', body)
    await next()
  })

  app.on(['GET', 'POST'], '/tools', (c) => {
    const tools = toolList(options.tools, c.get('caller'), readToolsets(c.req.url))
    return c.json({ success: true, tools })
  })
  app.post('/execute', (c) => {
    const { tool_name: name, arguments: args } = readExecute(c.get('body'))
    return plainCall(c, options, c.get('caller'), { name, args })
  })
  app.post('/tools/:tool_name', (c) => {
    const name = c.req.param('tool_name')
    return plainCall(c, options, c.get('caller'), { name, args: readArguments(name, c.get('body')) })
  })
  app.get('/search', (c) => plainSearch(c, options, c.get('caller')))

  const describe = openApi(options.tools)
  app.get('/openapi.json', (c) => describe(c.req.raw, c.get('caller')))

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
    tool: 'POST /tools/<name> {arguments}',
    execute: 'POST /execute {tool_name, arguments}',
    search: 'GET /search?q=',
    files: 'GET /files/<key>',
    openapi: 'GET /openapi.json',
    health: 'GET /health',
  },
})

function notAllowed(c: Context): Response {
  const error = { code: -32000, message: 'Method not allowed. Send JSON-RPC by POST.' }
  return c.json({ jsonrpc: '2.0', error, id: null }, 405, { allow: 'POST' })
}

/** Undefined for what is not JSON: the MCP handler answers that in its own words. */
function readJson(body: Uint8Array): unknown {
  if (isTooDeep(body)) throw tooDeep()
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

/** The arguments are the whole body; none at all stands for a call without any. */
function readArguments(tool: string, body: Uint8Array): unknown {
  const sent = body.length === 0 ? {} : readJson(body)
  if (typeof sent === 'object' && sent !== null && !Array.isArray(sent)) return sent
  throw fault('INVALID_PARAMETER', 'The body must be a JSON object: the arguments of the tool.', {
    hint: `GET /tools lists the arguments of ${tool.slice(0, 60)}.`,
  })
}
