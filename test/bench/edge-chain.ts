/** The middlewares that a call of `POST /mcp` passes before the cache, in the order of `edge/app.ts`. */
import type { MiddlewareHandler } from 'hono'
import { type EdgeOptions, TIMEOUTS } from '../../edge/app.ts'
import type { EdgeEnv } from '../../edge/env.ts'
import { failedKeys } from '../../edge/failed-keys.ts'
import { authentication } from '../../edge/middleware/authenticate.ts'
import { authorize } from '../../edge/middleware/authorize.ts'
import { body, json } from '../../edge/middleware/body.ts'
import { head } from '../../edge/middleware/head.ts'
import { https } from '../../edge/middleware/https.ts'
import { observe } from '../../edge/middleware/observe.ts'
import { rateLimit } from '../../edge/middleware/rate-limit.ts'
import { requestId } from '../../edge/middleware/request-id.ts'
import { securityHeaders } from '../../edge/middleware/security-headers.ts'
import { webOrigin } from '../../edge/middleware/web-origin.ts'

export function chainOf(options: EdgeOptions): readonly (readonly [name: string, MiddlewareHandler<EdgeEnv>])[] {
  const { counter, localCounter: local, perMinute, report, manifest, now, newId, seen = () => undefined } = options
  const timeoutMs = TIMEOUTS.store
  const wrongKeys = failedKeys({ ...options, local, limit: 30, timeoutMs })
  return [
    ['head', head()],
    ['request id', requestId({ newId })],
    ['observe', observe({ now, seen })],
    ['security headers', securityHeaders(options.https)],
    ['https', https(options.https)],
    ['body', body({ maxBytes: 1_000_000, timeoutMs: TIMEOUTS.body })],
    ['host and origin', webOrigin(options)],
    ['json', json()],
    [
      'authenticate',
      authentication({ ...options, timeoutMs, storeTimeoutMs: timeoutMs, issuerTimeoutMs: timeoutMs, wrongKeys }),
    ],
    ['authorize', authorize({ manifest })],
    ['rate limit', rateLimit({ counter, local, perMinute, timeoutMs, now, report })],
  ]
}
