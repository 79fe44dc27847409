import type { Context } from 'hono'
import { Fault, faultReply, faultStatus } from '../shared/fault.ts'
import { frameRefusal } from './domain/framing.ts'
import { scopeChallenge, unauthorizedChallenge } from './domain/oauth-resource.ts'
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
    const challenge = challengeFor(error, c)
    if (challenge !== null) c.header('www-authenticate', challenge)
    const body =
      c.req.path === '/mcp'
        ? frameRefusal(c.get('json'), error, c.get('caller') !== undefined)
        : faultReply(error, null)
    return c.json(body, faultStatus(error) as 400)
  }
}

/** `WWW-Authenticate`: for who is unknown, and for who may ask for more scopes. */
function challengeFor(error: Error, c: Context<EdgeEnv>): string | null {
  if (!(error instanceof Fault)) return null
  const [challenge, lacking] = [c.get('challenge'), c.get('lacking')]
  if (error.code === 'UNAUTHORIZED') return unauthorizedChallenge(challenge)
  return error.code === 'FORBIDDEN' && challenge && lacking ? scopeChallenge(challenge, lacking) : null
}
