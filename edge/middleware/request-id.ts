import type { MiddlewareHandler } from 'hono'
import { REQUEST_ID_HEADER } from '../../shared/server-info.ts'
import { nextHop } from '../domain/trace-context.ts'
import type { EdgeEnv } from '../env.ts'

export interface RequestIdOptions {
  /** A fresh UUID. */
  readonly newId: () => string
}

/**
 * Gives each request an id and a place in its trace, and answers the id. A client's own `X-Request-Id` is not taken:
 * it would let anyone write into the log lines of another.
 */
export function requestId({ newId }: RequestIdOptions): MiddlewareHandler<EdgeEnv> {
  return async function requestId(c, next) {
    const id = newId()
    const hex = id.replaceAll('-', '')
    c.set('requestId', id)
    c.set('trace', nextHop(c.req.raw.headers, hex.slice(16), hex))
    c.get('head')[REQUEST_ID_HEADER] = id
    await next()
  }
}
