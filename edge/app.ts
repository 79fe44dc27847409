/** What every public request passes through, top to bottom (PRODUCT.md section 5). */
import { type Context, Hono } from 'hono'
import type { JWK } from 'jose'
import { fault, faultReply } from '../shared/fault.ts'
import type { Metrics } from '../shared/metrics.ts'
import type { Identity } from '../shared/identity.ts'
import { PROTOCOL_REVISIONS, SERVER_INFO } from '../shared/server-info.ts'
import { cachedAnswers } from './cached-answers.ts'
import type { CacheableTools } from './domain/call-plan.ts'
import type { EdgeEnv, Report } from './env.ts'
import { executor, type Run } from './execute.ts'
import { failedKeys } from './failed-keys.ts'
import type { Generations } from './generation.ts'
import { health } from './health.ts'
import { pathBehindDoor } from './key-door.ts'
import { authentication } from './middleware/authenticate.ts'
import { authorize } from './middleware/authorize.ts'
import { body, json } from './middleware/body.ts'
import { files } from './middleware/files.ts'
import { filesAccess, type IsRevoked } from './middleware/files-access.ts'
import { forward } from './middleware/forward.ts'
import { head } from './middleware/head.ts'
import { https, type HttpsOptions } from './middleware/https.ts'
import { observe } from './middleware/observe.ts'
import { openApi } from './middleware/openapi.ts'
import { prometheus } from './middleware/prometheus.ts'
import { protectedResource } from './middleware/protected-resource.ts'
import { administrator, purge } from './middleware/purge.ts'
import { plainSearch } from './middleware/plain-search.ts'
import { rateLimit } from './middleware/rate-limit.ts'
import { requestId } from './middleware/request-id.ts'
import { searchCache } from './middleware/search-cache.ts'
import { securityHeaders } from './middleware/security-headers.ts'
import { webOrigin } from './middleware/web-origin.ts'
import { wholeUrl } from './middleware/whole-url.ts'
import type { Observer } from './observers.ts'
import type { FileSource, Flights, KeyStore, RateCounter, Records, ResultCache } from './ports.ts'
import { refusal } from './refusal.ts'
import { timedMiddleware } from './timings.ts'
import { type Upstream, upstream } from './upstream.ts'

export interface EdgeOptions extends CacheableTools, Identity {
  /** Where the origin listens, without a path. */
  readonly originUrl: string
  readonly https: HttpsOptions
  readonly allowedHosts: readonly string[]
  readonly allowedOrigins: readonly string[]
  readonly perMinute: number
  /** Private Ed25519 JWK. */
  readonly signingKey: JWK
  /** Public Ed25519 JWKs whose links to kept files are believed. */
  readonly linkKeys?: readonly JWK[]
  /** Links taken back; none is where absent. */
  readonly isRevoked?: IsRevoked
  /** Where kept files are read: a bucket, or the origin that is asked. */
  readonly files: (origin: Upstream) => FileSource

  readonly keys: KeyStore
  readonly records: Records
  readonly counter: RateCounter
  /** Counts in this instance alone, while `counter` does not answer. */
  readonly localCounter: RateCounter
  readonly cache: ResultCache
  /** Part of every key of `cache`: another one holds all that was kept for nothing. */
  readonly generations: Generations
  /** Single flight as the platform has it, over `run`. */
  readonly flights: (run: Run) => Flights

  /** The client's address as the platform knows it; null where it does not. */
  readonly clientAddress: (request: Request) => string | null
  readonly send: (request: Request) => Promise<Response>
  /** To the issuers of tokens, for their public keys. */
  readonly sendToIssuer: (request: Request) => Promise<Response>
  readonly now: () => number
  /** A fresh UUID. */
  readonly newId: () => string
  readonly background: (c: Context, task: Promise<void>) => void
  readonly report: Report
  /** Told of every request. */
  readonly seen?: Observer
  /** What this process counted, shown to administrators; absent where no process lives long enough to be asked. */
  readonly metrics?: Pick<Metrics, 'read'>
  /** Milliseconds; tests have less patience. */
  readonly timeouts?: Partial<typeof TIMEOUTS>
}

/** Names as they are written: one that is not would pass by what the manifest says of it. */
const TOOL_PATH = '/tools/:tool_name{[a-z0-9_]+}'
const MAX_BODY_BYTES = 1_000_000
export const TIMEOUTS = {
  /** A request's body: 1 MB at the most, by the slowest line that can hold a conversation. */
  body: 25_000,
  /** Over the 45 s that a call may take at the most, under the 55 s after which clients give up (reference mcp.md 6). */
  origin: 50_000,
  /** Keys, counter, cache. */
  store: 2_000,
  /** The origin, where an old answer is at hand. */
  stale: 10_000,
  /** An issuer of tokens, asked for its keys. */
  issuer: 5_000,
}
/** Wrong keys a minute from one address. */
const WRONG_KEYS = 30

export function createEdge(options: EdgeOptions): Hono<EdgeEnv> {
  const { mode, oauth, counter, localCounter, perMinute, manifest, report, now, newId } = options
  const timeouts = { ...TIMEOUTS, ...options.timeouts }
  const { body: bodyTimeoutMs, origin: timeoutMs, store: storeTimeoutMs, issuer: issuerTimeoutMs } = timeouts
  const ask = upstream({ ...options, timeoutMs })
  const toOrigin = forward({ upstream: ask, now, publicUrl: options.publicUrl })
  const app = new Hono<EdgeEnv>(mode === 'oauth+key' ? { getPath: pathBehindDoor } : {})
  app.onError(refusal(report))
  app.notFound(() => {
    throw fault('NOT_FOUND', 'There is nothing at this path.', { hint: 'GET / lists the endpoints.' })
  })

  app.use(head())
  app.use(requestId({ newId }))
  app.use(observe({ now, seen: options.seen ?? (() => undefined) }))
  app.use(wholeUrl())
  app.use(securityHeaders(options.https))
  app.use(https(options.https))
  app.use(body({ maxBytes: MAX_BODY_BYTES, timeoutMs: bodyTimeoutMs }))
  app.use(webOrigin(options))

  app.get('/', (c) => c.json(welcome(mode)))
  app.get('/health', health(options))
  if (oauth) app.route('/', protectedResource({ ...options, oauth }))

  const wrongKeys = failedKeys({ ...options, local: localCounter, limit: WRONG_KEYS, timeoutMs: storeTimeoutMs })
  const patience = { timeoutMs: storeTimeoutMs, storeTimeoutMs, issuerTimeoutMs }
  const authenticate = timedMiddleware('auth', now, authentication({ ...options, ...patience, wrongKeys }))
  const limit = timedMiddleware(
    'limit',
    now,
    rateLimit({ counter, local: localCounter, perMinute, timeoutMs: storeTimeoutMs, now, report }),
  )
  for (const path of ['/mcp', '/execute', '/tools', TOOL_PATH, '/openapi.json', '/search'])
    app.use(path, json(), authenticate, authorize({ manifest }), limit)
  const { linkKeys = [], isRevoked = () => Promise.resolve(false) } = options
  app.use('/files/*', filesAccess({ ...options, linkKeys, isRevoked, authenticate, timeoutMs: storeTimeoutMs }), limit)

  const answer = cachedAnswers({
    ...options,
    storeTimeoutMs,
    staleAfterMs: timeouts.stale,
    flights: options.flights(executor(ask)),
    generationOf: options.generations.current,
  })
  const cached = searchCache({ ...options, answer })
  const notOnMcp = notAllowed('GET, POST, DELETE')
  app.post('/mcp', cached, toOrigin)
  // Hono answers HEAD as GET without the body: a stream would be opened that nobody reads.
  app.get('/mcp', (c, next) => (c.req.method === 'HEAD' ? notOnMcp(c) : toOrigin(c, next)))
  app.delete('/mcp', toOrigin)
  app.all('/mcp', notOnMcp)
  app.post('/execute', cached, toOrigin)
  app.all('/execute', notAllowed('POST'))
  app.get('/search', plainSearch({ ...options, answer, upstream: ask, open: mode === 'open' }))
  app.all('/search', notAllowed('GET, HEAD'))
  app.on(['GET', 'POST'], '/tools', toOrigin)
  app.all('/tools', notAllowed('GET, POST'))
  app.post(TOOL_PATH, cached, toOrigin)
  app.all(TOOL_PATH, notAllowed('POST'))
  app.get('/openapi.json', openApi({ ...options, upstream: ask }))
  app.all('/openapi.json', notAllowed('GET, HEAD'))
  const administrators = [json(), authenticate, administrator(), limit] as const
  app.post('/admin/purge', ...administrators, purge({ ...options, timeoutMs: storeTimeoutMs }))
  app.all('/admin/purge', notAllowed('POST'))
  const { metrics } = options
  if (metrics) app.get('/admin/metrics', ...administrators, prometheus(metrics))
  app.get('/files/*', files({ source: options.files(ask) }))
  app.all('/files/*', notAllowed('GET, HEAD'))
  return app
}

/** JSON-RPC on `/mcp`, the plain envelope elsewhere, as every refusal (`refusal.ts`). */
const notAllowed = (allow: string) => (c: Context) => {
  const message = `This endpoint takes ${allow}.`
  if (c.req.path.endsWith('/mcp'))
    return c.json({ jsonrpc: '2.0', id: null, error: { code: -32000, message } }, 405, { allow })
  return c.json(faultReply(fault('INVALID_PARAMETER', message, { hint: 'GET / lists the endpoints.' }), null), 405, {
    allow,
  })
}

const welcome = (mode: Identity['mode']) => ({
  service: SERVER_INFO.name,
  title: SERVER_INFO.title,
  version: SERVER_INFO.version,
  protocol_revisions: PROTOCOL_REVISIONS,
  endpoints: {
    mcp: 'POST /mcp',
    ...(mode === 'oauth+key' ? { mcp_with_key: 'POST /k/mcp' } : {}),
    tools: 'GET|POST /tools',
    tool: 'POST /tools/<name> {arguments}',
    execute: 'POST /execute {tool_name, arguments}',
    search: 'GET /search?q=',
    files: 'GET /files/<key>',
    openapi: 'GET /openapi.json',
    health: 'GET /health',
  },
})
