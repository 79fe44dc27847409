import type { MiddlewareHandler } from 'hono'
import { fault } from '../../shared/fault.ts'
import { findUrlParts } from '../domain/url-parts.ts'
import type { EdgeEnv } from '../env.ts'

/**
 * Refuses what no URL can be made of: two Host headers, which workerd joins with a comma (RFC 9112 section 3.2 wants
 * 400), and the target `*`, which is for OPTIONS of servers that have something to say of themselves.
 *
 * @throws Fault INVALID_PARAMETER.
 */
export function wholeUrl(): MiddlewareHandler<EdgeEnv> {
  return async function wholeUrl(c, next) {
    if (findUrlParts(c.req.url) === null)
      throw fault('INVALID_PARAMETER', 'The request has no target and one Host that make a URL.', {
        hint: 'Send one Host header, and a path that begins with a slash.',
      })
    await next()
  }
}
