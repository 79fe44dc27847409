import { fault } from '../../shared/fault.ts'
import type { AccessSettings } from '../../shared/identity.ts'
import { DEFAULT_TENANT } from '../../shared/server-info.ts'
import type { Claims } from '../domain/oauth-claims.ts'
import { callerIdOf, claimedIssuer, guarded, type TokenGuard, tokenRefused, verifiedClaims } from '../token.ts'
import type { Identify } from './authenticate.ts'
import { type IssuerLine, keysOf } from './authenticate-token.ts'

export interface AccessOptions extends IssuerLine, TokenGuard {
  readonly access: AccessSettings
}

/** Written by Access itself, over a client's own. The cookie of the same content is not taken: pages send it along. */
const ASSERTION = 'cf-access-jwt-assertion'

/**
 * Whom Cloudflare Access let in: a person, or a service token (developers.cloudflare.com/cloudflare-one, "Validate JWTs").
 * The signature is checked because Access can be gone round where the Worker has another name (`workers_dev`).
 *
 * @throws Fault UNAUTHORIZED; RATE_LIMITED after too many wrong tokens from one address; ESTAT_UNAVAILABLE where the
 *   team's keys cannot be had.
 */
export function identifyByAccess(options: AccessOptions): Identify {
  const { access, now } = options
  const issuer = `https://${access.teamDomain}`
  const findKey = keysOf(issuer, `${issuer}/cdn-cgi/access/certs`, options)

  async function judged(token: string): Promise<Claims> {
    if (claimedIssuer(token) !== issuer) throw tokenRefused('issuer')
    const claims = await verifiedClaims(token, { issuer, findKey, now: now() })
    const audience = Array.isArray(claims['aud']) ? claims['aud'] : [claims['aud']]
    if (!audience.some((one) => access.audiences.includes(String(one).toLowerCase()))) throw tokenRefused('audience')
    // `org` is the session with the team as a whole, for no application.
    if (claims['type'] !== 'app') throw tokenRefused('use')
    return claims
  }

  return async function identifyByAccess(c) {
    const token = c.req.header(ASSERTION)
    if (token === undefined)
      throw fault('UNAUTHORIZED', 'This server is reached through Cloudflare Access.', {
        hint: 'Use the address that Access protects.',
      })
    const claims = await guarded(options, c.req.raw, () => judged(token))
    const { common_name: service, email, sub } = claims
    // A service token has an empty `sub`.
    const subject = [sub, service].find((name) => typeof name === 'string' && name !== '')
    if (typeof subject !== 'string') throw tokenRefused('claims')
    const who = [service, email].find((name) => typeof name === 'string' && name !== '')
    const grant = access.grants.find((one) => one.who === String(who).toLowerCase())
    const { scopes, tenant } = grant ?? { scopes: access.scopes, tenant: DEFAULT_TENANT }
    return { caller: { id: await callerIdOf('access', issuer, subject), tenant, scopes }, ownLimit: null }
  }
}
