import type { Context } from 'hono'
import { Fault, faultReply, faultStatus } from '../shared/fault.ts'
import { frameRefusal } from './domain/framing.ts'
import type { EdgeEnv, Report } from './env.ts'

/**
 * The edge's one place where a failure becomes a reply: JSON-RPC on `/mcp`, so that a waiting call is answered; the
 * plain envelope elsewhere.
 */
export function refusal(report: Report): (error: Error, c: Context<EdgeEnv>) => Response {
  return function refusal(error, c) {
    if (!(error instanceof Fault)) report(error, 'edge')
    const seconds = error instanceof Fault ? error.retryAfterSeconds : null
    if (seconds !== null) c.header('retry-after', String(seconds))
    // RFC 9110 section 11.6.1 asks for a challenge. It names no metadata: there is no OAuth here to discover.
    if (error instanceof Fault && error.code === 'UNAUTHORIZED')
      c.header('www-authenticate', 'Bearer realm="estat-mcp"')
    const body =
      c.req.path === '/mcp'
        ? frameRefusal(c.get('json'), error, c.get('caller') !== undefined)
        : faultReply(error, null)
    return c.json(body, faultStatus(error) as 400)
  }
}
