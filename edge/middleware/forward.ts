import type { Context, Handler } from 'hono'
import { headersToClient, headersToOrigin } from '../domain/forward-headers.ts'
import { readToolsets, writeToolsets } from '../../shared/toolsets.ts'
import { urlParts } from '../domain/url-parts.ts'
import type { EdgeEnv } from '../env.ts'
import { timed } from '../timings.ts'
import type { Upstream } from '../upstream.ts'

export interface ForwardOptions {
  readonly upstream: Upstream
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Scheme and host of this edge for the world; as the request has them where null, its Host having been checked. */
  readonly publicUrl: string | null
}

/** The origin's answer as it comes: status, the headers that may pass, and the body as a stream, never held back. */
export function forward({ upstream, now, publicUrl }: ForwardOptions): Handler<EdgeEnv> {
  return async function forward(c) {
    const asked = upstream({ ...requestOf(c), base: urlParts(publicUrl ?? c.req.url).origin })
    const answer = await timed(c, 'origin', now, asked)
    const headers = headersToClient(answer.headers)
    // nginx and its kin collect a response before they pass it on unless told not to.
    if (headers.get('content-type')?.startsWith('text/event-stream')) headers.set('x-accel-buffering', 'no')
    return c.newResponse(answer.body, { status: answer.status as 200, headers })
  }
}

/** Routes whose query the origin reads. */
const LISTING = ['/mcp', '/tools']

/**
 * Of a query the toolsets alone pass, read here and written anew: the token is bound to the path, and what it does not
 * cover must not carry what the client made up. They narrow what is listed, and open nothing.
 */
const requestOf = (c: Context<EdgeEnv>) => ({
  method: c.req.method,
  path: c.req.path,
  query: LISTING.includes(c.req.path) ? writeToolsets(readToolsets(c.req.url)) : '',
  headers: headersToOrigin(c.req.raw.headers),
  body: c.get('body'),
  caller: c.get('caller'),
  requestId: c.get('requestId'),
  trace: c.get('trace'),
  signal: c.req.raw.signal,
})
