import type { Context, MiddlewareHandler } from 'hono'
import type { EdgeEnv } from './env.ts'

/** Parts of a request's time, as `Server-Timing` names them (W3C Server Timing, section 2). */
export type Part = 'auth' | 'limit' | 'cache' | 'origin'

/** Milliseconds of each part so far. On workerd the clock moves with I/O alone, and these parts are I/O. */
export type Timings = Map<Part, number>

/** Adds what an answer took to its part; the answer's own failure passes. */
export async function timed<T>(c: Context<EdgeEnv>, part: Part, now: () => number, answer: Promise<T>): Promise<T> {
  const since = now()
  try {
    return await answer
  } finally {
    add(c, part, now() - since)
  }
}

/** The middleware, its own time told: what comes after it is not its. */
export function timedMiddleware(
  part: Part,
  now: () => number,
  middleware: MiddlewareHandler<EdgeEnv>,
): MiddlewareHandler<EdgeEnv> {
  return async function timedMiddleware(c, next) {
    const since = now()
    let inner = 0
    try {
      return await middleware(c, async () => {
        const begun = now()
        try {
          await next()
        } finally {
          inner += now() - begun
        }
      })
    } finally {
      add(c, part, now() - since - inner)
    }
  }
}

function add(c: Context<EdgeEnv>, part: Part, milliseconds: number): void {
  const timings = c.get('timings')
  timings.set(part, (timings.get(part) ?? 0) + Math.max(0, milliseconds))
}
