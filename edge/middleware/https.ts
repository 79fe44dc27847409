import type { MiddlewareHandler } from 'hono'
import { fault } from '../../shared/fault.ts'
import { isLoopback } from '../domain/hosts.ts'
import { urlParts } from '../domain/url-parts.ts'
import type { EdgeEnv } from '../env.ts'

export interface HttpsOptions {
  /** Whether plain HTTP is turned away at all. */
  readonly requireHttps: boolean
  /** Where this server is reached, e.g. `https://estat.example.jp`; null where it was not told. */
  readonly publicUrl: string | null
  /** Whether nobody on the way could read the request: by the connection, or by a header of the operator's own proxy. */
  readonly isSecure: (request: Request) => boolean
}

/**
 * Sends plain HTTP on to https, as RFC 6797 section 7.2 asks of a host with HSTS. What has a body would be sent again
 * in the clear by every client that is configured so: it is refused, and the answer says what to change.
 *
 * Loopback needs no TLS, and a load balancer asks `/health` without.
 *
 * @throws Fault FORBIDDEN for other methods than GET and HEAD.
 */
export function https({ requireHttps, publicUrl, isSecure }: HttpsOptions): MiddlewareHandler<EdgeEnv> {
  return async function https(c, next) {
    const url = urlParts(c.req.url)
    if (!requireHttps || isSecure(c.req.raw) || isLoopback(url.hostname) || url.pathname === '/health') {
      await next()
      return undefined
    }
    if (c.req.method !== 'GET' && c.req.method !== 'HEAD')
      throw fault('FORBIDDEN', 'This server is reached by https alone; what was sent could be read on its way.', {
        hint: 'Use the https address, and replace the API key that was sent.',
      })
    const { origin } = urlParts(publicUrl ?? `https://${url.hostname}`)
    // Not resolved against it: a path that begins with two slashes would be another host (RFC 3986 section 4.2).
    return c.body(null, 308, { location: `${origin}${url.pathname}${url.search}` })
  }
}
