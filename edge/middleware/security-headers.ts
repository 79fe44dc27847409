import type { MiddlewareHandler } from 'hono'
import { isLoopback } from '../domain/hosts.ts'
import type { EdgeEnv } from '../env.ts'

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
    await next()
    const { headers } = c.res
    for (const [name, value] of Object.entries(ALWAYS)) headers.set(name, value)
    // Answers belong to one caller: no cache on the way may keep what does not say so itself.
    if (!headers.has('cache-control')) headers.set('cache-control', 'no-store')
    // A browser would take it for every port of this machine.
    if (isSecure(c.req.raw) && !isLoopback(new URL(c.req.url).hostname)) headers.set('strict-transport-security', HSTS)
  }
}
