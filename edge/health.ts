import type { Handler } from 'hono'
import { SERVER_INFO } from '../shared/server-info.ts'
import type { EdgeEnv } from './env.ts'

export interface HealthOptions {
  readonly originUrl: string
  readonly send: (request: Request) => Promise<Response>
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/** How long a look at the origin holds: this route is open to everybody, the origin must not feel it. */
const LOOK_MS = 5_000
const TIMEOUT_MS = 2_000

/**
 * The edge's own health and whether the origin answers. Always 200 while the edge can answer: with the origin down it
 * still serves what it has, so a load balancer should keep it.
 */
export function health({ originUrl, send, now }: HealthOptions): Handler<EdgeEnv> {
  let last = { at: Number.NEGATIVE_INFINITY, up: false }

  async function look(): Promise<boolean> {
    if (now() - last.at < LOOK_MS) return last.up
    const request = new Request(new URL('/health', originUrl), { signal: AbortSignal.timeout(TIMEOUT_MS) })
    const up = await send(request).then(
      async (response) => {
        await response.body?.cancel()
        return response.ok
      },
      () => false,
    )
    last = { at: now(), up }
    return up
  }

  return async function health(c) {
    const up = await look()
    return c.json({
      status: up ? 'healthy' : 'degraded',
      timestamp: new Date(now()).toISOString(),
      service: SERVER_INFO.name,
      version: SERVER_INFO.version,
      origin: up ? 'up' : 'down',
    })
  }
}
