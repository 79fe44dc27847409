/** What the claims of a token say, once its signature, issuer and times hold. Pure. */
import { tenantName } from '../../shared/keys.ts'
import { SCOPES, type Scope } from '../../shared/server-info.ts'
import type { OAuthIssuer } from '../../shared/settings/identity.ts'

export type Claims = Readonly<Record<string, unknown>>

/** Why a token was refused: the last word of the fault's message, so that a wrong set-up can be put right. */
export type TokenReason =
  | 'malformed'
  | 'algorithm'
  | 'type'
  | 'issuer'
  | 'key'
  | 'signature'
  | 'expired'
  | 'not_yet'
  | 'audience'
  | 'client'
  | 'use'
  | 'claims'

/** Signed by a private key that the issuer alone has. HMAC and `none` are not among them (RFC 8725 section 3.1). */
export const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
]

/** RFC 9068 section 2.1, and what most issuers write. Other kinds of JWT name themselves (RFC 8725 section 3.11). */
export const isAccessTokenType = (typ: unknown): boolean =>
  typ === undefined || (typeof typ === 'string' && /^(application\/)?(at\+jwt|jwt)$/i.test(typ))

/**
 * Why these claims are not of an access token for this server; null where they are.
 *
 * @param resources The names of this server, where the entry of the issuer has no audiences.
 */
export function refusedClaims(claims: Claims, issuer: OAuthIssuer, resources: readonly string[]): TokenReason | null {
  const { audiences, client_ids } = issuer
  const audience = listOf(claims['aud'])
  const mayLackAudience = audiences === undefined && client_ids !== undefined
  // A token that names a resource is for that one alone (RFC 8707), whoever the client is.
  if (
    !(mayLackAudience && claims['aud'] === undefined) &&
    !audience.some((one) => (audiences ?? resources).includes(one))
  )
    return 'audience'
  if (client_ids !== undefined && !client_ids.includes(clientOf(claims) ?? '')) return 'client'
  if (!isForUse(claims, mayLackAudience && claims['aud'] === undefined)) return 'use'
  return typeof claims['sub'] === 'string' && claims['sub'] !== '' ? null : 'claims'
}

/** `client_id` (RFC 9068, Cognito), `azp` (OpenID Connect), `appid` (Entra ID 1.0), `cid` (Okta). */
const clientOf = (claims: Claims): string | undefined =>
  ['client_id', 'azp', 'appid', 'cid'].map((name) => claims[name]).find((value) => typeof value === 'string')

/**
 * Whether this is an access token that its bearer may use. ID tokens look alike: Cognito says `token_use`, Keycloak
 * `typ`; `nonce`, `at_hash` and `c_hash` are of ID tokens alone (OpenID Connect Core sections 2 and 3.3.2.11). A token
 * bound to a key (`cnf`, RFC 7800) is worth nothing without the proof, which this server does not ask for.
 */
function isForUse(claims: Claims, needsUse: boolean): boolean {
  const use = claims['token_use'] ?? (needsUse ? undefined : 'access')
  const kind = claims['typ'] ?? 'Bearer'
  return use === 'access' && kind === 'Bearer' && !['nonce', 'at_hash', 'c_hash', 'cnf'].some((name) => name in claims)
}

/** Our scopes among a token's, in our order. */
export function grantedScopes(claims: Claims, issuer: OAuthIssuer): readonly Scope[] {
  const texts = new Set(issuer.scope_claims.flatMap((name) => listOf(claims[name]).flatMap((text) => text.split(' '))))
  const granted = SCOPES.filter((scope) => texts.has(`${issuer.scope_prefix}${scope}`))
  return granted.length > 0 ? granted : issuer.default_scopes
}

/** The tenant of a token; null where the claim that should name it does not. */
export function tenantOf(claims: Claims, { tenant, tenant_claim }: OAuthIssuer): string | null {
  if (tenant_claim === undefined) return tenant
  const parsed = tenantName.safeParse(claims[tenant_claim])
  return parsed.success ? parsed.data : null
}

const listOf = (claim: unknown): readonly string[] =>
  (Array.isArray(claim) ? claim : [claim]).filter((one) => typeof one === 'string')
