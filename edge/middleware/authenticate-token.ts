import type { Context } from 'hono'
import type { JWTVerifyGetKey } from 'jose'
import { fault } from '../../shared/fault.ts'
import type { OAuthSettings } from '../../shared/identity.ts'
import type { Scope } from '../../shared/server-info.ts'
import type { OAuthIssuer } from '../../shared/settings/identity.ts'
import { type Claims, grantedScopes, refusedClaims, tenantOf } from '../domain/oauth-claims.ts'
import { metadataUrl, resourceNames } from '../domain/oauth-resource.ts'
import type { EdgeEnv } from '../env.ts'
import { type IssuerKeysOptions, issuerKeys } from '../jwks.ts'
import { callerIdOf, claimedIssuer, guarded, type TokenGuard, tokenRefused, verifiedClaims } from '../token.ts'
import type { Identify } from './authenticate.ts'
import { sentBearer } from './authenticate-key.ts'

/** What the keys of an issuer are fetched with. */
export type IssuerLine = Pick<IssuerKeysOptions, 'records' | 'storeTimeoutMs' | 'now' | 'report'> & {
  /** To issuers, who are not the origin. */
  readonly sendToIssuer: IssuerKeysOptions['send']
  /** How long an issuer may take, discovery included. */
  readonly issuerTimeoutMs: number
}

export interface TokenOptions extends IssuerLine, TokenGuard {
  readonly oauth: OAuthSettings
  /** Scheme and host of this server; null: what the request says. */
  readonly publicUrl: string | null
}

/**
 * An OAuth access token (RFC 6750) of one of the issuers, for this server.
 *
 * @throws Fault UNAUTHORIZED; FORBIDDEN for a token that names no tenant; RATE_LIMITED after too many wrong tokens from
 *   one address; ESTAT_UNAVAILABLE where the issuer's keys cannot be had.
 */
export function identifyToken(options: TokenOptions): Identify {
  const { oauth, publicUrl, now } = options
  const known = oauth.issuers.map((issuer) => ({ issuer, findKey: keysOf(issuer.issuer, issuer.jwks_uri, options) }))
  const [first] = oauth.issuers
  if (!first) throw new TypeError('there is no issuer')

  async function judged(token: string, baseUrl: string): Promise<{ claims: Claims; issuer: OAuthIssuer }> {
    const named = claimedIssuer(token)
    const one = known.find(({ issuer }) => issuer.issuer === named)
    if (!one) throw tokenRefused('issuer')
    const { issuer, findKey } = one
    const claims = await verifiedClaims(token, { issuer: issuer.issuer, findKey, now: now() })
    const reason = refusedClaims(claims, issuer, resourceNames(baseUrl))
    if (reason) throw tokenRefused(reason)
    return { claims, issuer }
  }

  return async function identifyToken(c) {
    const baseUrl = publicUrl ?? new URL(c.req.url).origin
    const token = sentBearer(c)
    const challenge = (issuer: OAuthIssuer, scopes: readonly Scope[]): void =>
      c.set('challenge', { metadata: metadataUrl(c.req.path, baseUrl), issuer, scopes, tokenSent: token !== undefined })
    challenge(first, oauth.firstScopes)
    if (token === undefined) throw noToken(c)

    const { claims, issuer } = await guarded(options, c.req.raw, () => judged(token, baseUrl))

    const scopes = grantedScopes(claims, issuer)
    challenge(issuer, scopes)
    const tenant = tenantOf(claims, issuer)
    if (tenant === null)
      throw fault('FORBIDDEN', 'The access token names no tenant of this server.', {
        hint: 'The operator sets the claim that OAUTH_ISSUERS names as tenant_claim.',
      })
    const id = await callerIdOf('oauth', issuer.issuer, String(claims['sub']))
    return { caller: { id, tenant, scopes }, ownLimit: null }
  }
}

/** The keys of an issuer, fetched as `line` says. */
export const keysOf = (issuer: string, jwksUri: string | undefined, line: IssuerLine): JWTVerifyGetKey =>
  issuerKeys({ ...line, issuer, jwksUri, send: line.sendToIssuer, timeoutMs: line.issuerTimeoutMs })

const noToken = (c: Context<EdgeEnv>) =>
  fault('UNAUTHORIZED', 'This server needs an access token.', {
    hint:
      c.req.header('x-api-key') === undefined
        ? 'Sign in as the WWW-Authenticate header says.'
        : 'This path takes no API key. Where the server has keys too, they go to /k/mcp.',
  })
