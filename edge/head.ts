import type { Context } from 'hono'
import type { EdgeEnv } from './env.ts'

/** Headers, lower case. */
export type Head = Record<string, string>

/** A header of the answer as it is so far; null where it has none. */
export function answeredHeader(c: Context<EdgeEnv>, name: string): string | null {
  const own = c.finalized ? c.res.headers.get(name) : c.get('reply')?.headers[name]
  return own ?? c.get('head')[name] ?? null
}

export const answeredStatus = (c: Context<EdgeEnv>): number =>
  (c.finalized ? undefined : c.get('reply')?.status) ?? c.res.status
