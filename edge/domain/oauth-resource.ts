/** This server as an OAuth resource: its names, its metadata (RFC 9728) and its challenges (RFC 6750, MCP authorization). */
import { SCOPES, SERVER_INFO, type Scope } from '../../shared/server-info.ts'
import type { OAuthSettings } from '../../shared/identity.ts'
import type { OAuthIssuer } from '../../shared/settings/identity.ts'

const MCP_PATH = '/mcp'
const WELL_KNOWN = '/.well-known/oauth-protected-resource'

/** The paths of the metadata. Clients ask for the one of the endpoint first, then for the root's (RFC 9728 section 3.1). */
export const METADATA_PATHS = [WELL_KNOWN, `${WELL_KNOWN}${MCP_PATH}`] as const

/**
 * What `aud` may be where an issuer's entry does not say: RFC 8707 leaves to clients whether they name the server or
 * its endpoint, and URL libraries whether they add a slash.
 *
 * @param baseUrl Scheme and host, without a slash at the end.
 */
export const resourceNames = (baseUrl: string): readonly string[] =>
  ['', '/', MCP_PATH, `${MCP_PATH}/`].map((path) => `${baseUrl}${path}`)

/** The name of a scope as a client asks its authorization server for it. */
export const scopeName = ({ scope_prefix, scope_request_prefix }: OAuthIssuer, scope: Scope): string =>
  `${scope_request_prefix ?? scope_prefix}${scope}`

/**
 * RFC 9728 section 2. `resource` is what the path of the document was made from (section 3.3). Clients take the first
 * of several authorization servers, so the scopes have the names that it knows.
 */
export function resourceMetadata(path: string, baseUrl: string, { issuers, firstScopes }: OAuthSettings): object {
  const [first] = issuers
  return {
    resource: `${baseUrl}${path.slice(WELL_KNOWN.length)}`,
    authorization_servers: issuers.map(({ issuer }) => issuer),
    scopes_supported: first ? firstScopes.map((scope) => scopeName(first, scope)) : [],
    bearer_methods_supported: ['header'],
    resource_name: SERVER_INFO.title,
  }
}

/** What a refused client is told, so that it can sign in. */
export interface OAuthChallenge {
  /** URL of the metadata. */
  readonly metadata: string
  /** Names scopes as the client's authorization server does. */
  readonly issuer: OAuthIssuer
  /** What to ask for without a token; with one, what it grants. */
  readonly scopes: readonly Scope[]
  /** RFC 6750 section 3.1: an error is named only to who sent a token. */
  readonly tokenSent: boolean
}

/** @param path As the origin sees it: other routes than the endpoint have the root's metadata. */
export const metadataUrl = (path: string, baseUrl: string): string =>
  `${baseUrl}${WELL_KNOWN}${path === MCP_PATH ? MCP_PATH : ''}`

/** Where there is no OAuth to discover: RFC 9110 section 11.6.1 asks for a challenge all the same. */
const PLAIN = 'Bearer realm="estat-mcp"'

/** `WWW-Authenticate` of a 401. */
export function unauthorizedChallenge(challenge: OAuthChallenge | undefined): string {
  if (!challenge) return PLAIN
  const error = challenge.tokenSent ? 'error="invalid_token", ' : ''
  return `Bearer ${error}${place(challenge)}, scope="${namesOf(challenge, challenge.scopes)}"`
}

/**
 * `WWW-Authenticate` of a 403 for a missing scope: all that the operation needs, with what the token has already, or
 * a client would trade one for the other (MCP authorization, "Scope Challenge Handling").
 */
export function scopeChallenge(challenge: OAuthChallenge, needed: readonly Scope[]): string {
  const scopes = SCOPES.filter((scope) => needed.includes(scope) || challenge.scopes.includes(scope))
  return `Bearer error="insufficient_scope", scope="${namesOf(challenge, scopes)}", ${place(challenge)}`
}

const place = ({ metadata }: OAuthChallenge): string => `resource_metadata="${metadata}"`

const namesOf = ({ issuer }: OAuthChallenge, scopes: readonly Scope[]): string =>
  scopes.map((scope) => scopeName(issuer, scope)).join(' ')
