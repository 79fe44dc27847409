import type { MiddlewareHandler } from 'hono'
import { fault } from '../shared/fault.ts'
import { isLoopback } from '../shared/loopback.ts'

/**
 * Keeps foreign pages out (MCP 2025-11-25, transports: "Servers MUST validate the Origin header ... 403"). The edge
 * answers browsers and passes no Origin on; whoever comes here directly from a page comes from this machine, and a
 * name that was bound anew to this address says so in its Origin.
 *
 * @throws Fault FORBIDDEN for every web origin but loopback.
 */
export function browserOrigin(): MiddlewareHandler {
  return async function browserOrigin(c, next) {
    const origin = c.req.header('origin')
    const page = origin === undefined ? null : URL.parse(origin)
    if (origin !== undefined && !(page && isLoopback(page.hostname)))
      throw fault('FORBIDDEN', 'The origin answers pages of this machine only.', {
        hint: 'Call the edge URL from a page; its operator lists the pages in ALLOWED_ORIGINS.',
      })
    await next()
  }
}
