import type { MiddlewareHandler } from 'hono'
import { fault } from '../../shared/fault.ts'
import { hostOf, isLoopback } from '../domain/hosts.ts'
import { type UrlParts, urlParts } from '../domain/url-parts.ts'
import type { EdgeEnv } from '../env.ts'
import { PARAMETER } from '../domain/forward-headers.ts'

export interface WebOriginOptions {
  /** Host names that this edge answers to beside loopback, lower case, with or without a port. */
  readonly allowedHosts: readonly string[]
  /** Web origins that may call from a browser beside loopback, lower case. */
  readonly allowedOrigins: readonly string[]
}

/** Reference mcp.md 2.3: a browser must be told each by name. `mcp-param-*` is echoed where it is asked for. */
const REQUEST_HEADERS = [
  'authorization',
  'content-type',
  'if-none-match',
  'last-event-id',
  'mcp-protocol-version',
  'mcp-method',
  'mcp-name',
  'mcp-session-id',
  'traceparent',
  'tracestate',
  'x-api-key',
  'x-estat-app-id',
]
const RESPONSE_HEADERS =
  'www-authenticate, mcp-protocol-version, x-cache, age, x-request-id, retry-after, ratelimit, ratelimit-policy, content-disposition, content-range, etag'

/**
 * Keeps foreign pages out: DNS rebinding by the Host header, cross-site calls by Origin (MCP 2025-11-25, transports:
 * "Servers MUST validate the Origin header ... 403"). Answers the browser's preflight for those that may.
 *
 * @throws Fault FORBIDDEN that names the setting to change.
 */
export function webOrigin({ allowedHosts, allowedOrigins }: WebOriginOptions): MiddlewareHandler<EdgeEnv> {
  const hostAllowed = (url: UrlParts): boolean =>
    isLoopback(url.hostname) || allowedHosts.includes(url.hostname) || allowedHosts.includes(url.host)

  /** A page on this machine may call a server on this machine, and any page the server it came from. */
  const originAllowed = (origin: string, url: UrlParts): boolean => {
    if (allowedOrigins.includes(origin.toLowerCase())) return true
    const page = hostOf(origin)
    return page !== null && (page.host === url.host || (isLoopback(url.hostname) && isLoopback(page.hostname)))
  }

  return async function webOrigin(c, next) {
    const url = urlParts(c.req.url)
    const origin = c.req.header('origin')
    // A load balancer asks by address; whether this server lives is no secret.
    if (url.pathname === '/health' && origin === undefined) return next()
    if (!hostAllowed(url))
      throw fault('FORBIDDEN', 'This server does not answer to that host name.', {
        hint: 'The operator lists its names in ALLOWED_HOSTS.',
      })
    if (origin === undefined) {
      await next()
      return undefined
    }
    if (!originAllowed(origin, url))
      throw fault('FORBIDDEN', 'This server does not answer pages of that origin.', {
        hint: 'The operator lists them in ALLOWED_ORIGINS.',
      })
    const asked = c.req.header('access-control-request-method')
    if (c.req.method === 'OPTIONS' && asked !== undefined) {
      const parameters = (c.req.header('access-control-request-headers') ?? '')
        .split(',')
        .map((name) => name.trim().toLowerCase())
        .filter((name) => PARAMETER.test(name))
      c.header('access-control-allow-methods', 'GET, POST, DELETE')
      c.header('access-control-allow-headers', [...REQUEST_HEADERS, ...parameters].join(', '))
      c.header('access-control-max-age', '7200')
      c.res = c.body(null, 204)
    } else await next()
    const head = c.get('head')
    head['access-control-allow-origin'] = origin
    head['access-control-expose-headers'] = RESPONSE_HEADERS
    head['vary'] = 'Origin'
    return undefined
  }
}
