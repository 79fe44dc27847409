import type { MiddlewareHandler } from 'hono'
import { isLoopback } from '../domain/hosts.ts'
import { urlParts } from '../domain/url-parts.ts'
import type { EdgeEnv } from '../env.ts'
import { answeredHeader } from '../head.ts'

/** Nothing here is a page: no script, no frame, no sniffing, no address passed on (OWASP REST Security Cheat Sheet). */
const ALWAYS = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const

/** RFC 6797 section 7.2: only where the request came by TLS. Two years. */
const HSTS = 'max-age=63072000'

export interface SecurityHeadersOptions {
  /** Whether the request came by TLS, as far as the operator's own machines go. */
  readonly isSecure: (request: Request) => boolean
}

export function securityHeaders({ isSecure }: SecurityHeadersOptions): MiddlewareHandler<EdgeEnv> {
  return async function securityHeaders(c, next) {
    const head = c.get('head')
    Object.assign(head, ALWAYS)
    // A browser would take it for every port of this machine.
    if (isSecure(c.req.raw) && !isLoopback(urlParts(c.req.url).hostname)) head['strict-transport-security'] = HSTS
    await next()
    // Answers belong to one caller: no cache on the way may keep what does not say so itself.
    if (answeredHeader(c, 'cache-control') === null) head['cache-control'] = 'no-store'
  }
}
