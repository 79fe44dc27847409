import type { MiddlewareHandler } from 'hono'
import type { EdgeEnv } from '../env.ts'

/** Nothing here is a page: no script, no frame, no sniffing, no address passed on (OWASP REST Security Cheat Sheet). */
const ALWAYS = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const

/** RFC 6797: two years; only where the request came by TLS. */
const HSTS = 'max-age=63072000'

export function securityHeaders(): MiddlewareHandler<EdgeEnv> {
  return async function securityHeaders(c, next) {
    await next()
    const { headers } = c.res
    for (const [name, value] of Object.entries(ALWAYS)) headers.set(name, value)
    // Answers belong to one caller: no cache on the way may keep what does not say so itself.
    if (!headers.has('cache-control')) headers.set('cache-control', 'no-store')
    if (c.req.url.startsWith('https:')) headers.set('strict-transport-security', HSTS)
  }
}
