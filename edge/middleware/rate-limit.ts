import type { MiddlewareHandler } from 'hono'
import { fault } from '../../shared/fault.ts'
import type { Verdict } from '../domain/sliding-log.ts'
import type { Asked } from '../domain/tools.ts'
import type { EdgeEnv } from '../env.ts'
import { type GuardedCounterOptions, guardedCounter } from '../guarded-counter.ts'

export interface RateLimitOptions extends GuardedCounterOptions {
  /** Requests a minute for a caller without a limit of its own. */
  readonly perMinute: number
}

const WINDOW_MS = 60_000

/**
 * So much a minute for each caller; every member of a batch counts with the weight of its tool.
 *
 * With the counter's store down, reading goes on under a local limit; what writes is refused, because it cannot be
 * undone.
 *
 * @throws Fault RATE_LIMITED with the time to wait; ESTAT_UNAVAILABLE for `lake` and `admin` while the store is down.
 */
export function rateLimit({ perMinute, ...options }: RateLimitOptions): MiddlewareHandler<EdgeEnv> {
  const spend = guardedCounter(options)

  return async function rateLimit(c, next) {
    const limit = c.get('ownLimit') ?? perMinute
    const cost = c.get('asked').reduce((sum, { weight }) => sum + weight, 0)
    const verdict = await spend(c.get('caller').id, { cost, limit, windowMs: WINDOW_MS })
    if (verdict.alone && c.get('asked').some(writes)) throw paused()
    // draft-ietf-httpapi-ratelimit-headers-10: quota and window; what remains, and when there will be more.
    const head = c.get('head')
    head['ratelimit-policy'] = `"caller";q=${limit};w=${WINDOW_MS / 1000}`
    head['ratelimit'] = `"caller";r=${verdict.remaining};t=${verdict.resetSeconds}`
    if (!verdict.allowed) throw limited(cost, limit, verdict)
    await next()
  }
}

const writes = ({ tool }: Asked): boolean => tool !== null && tool.scope !== 'read'

const paused = () =>
  fault('ESTAT_UNAVAILABLE', 'Calls that write are paused: the limits cannot be counted at present.', {
    hint: 'Reading goes on. Call again in a minute.',
  })

function limited(cost: number, limit: number, { resetSeconds }: Verdict) {
  const never = cost > limit
  return fault('RATE_LIMITED', `The limit is ${limit} calls a minute; this request counts ${cost}.`, {
    hint: never ? 'Send fewer calls in one batch.' : `Wait ${resetSeconds} seconds, then call again.`,
    retryAfterSeconds: resetSeconds,
  })
}
