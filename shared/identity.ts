/** The settings of identity put together: what one mode needs, and a refusal of what cannot work. Pure. */
import { ConfigError, type EdgeConfig } from './config.ts'
import { isLoopback } from './loopback.ts'
import type { Scope } from './server-info.ts'
import type { AccessGrant, AuthMode, OAuthIssuer } from './settings/identity.ts'

export interface OAuthSettings {
  /** At least one; the first is the one whose scope names a client without a token is told. */
  readonly issuers: readonly OAuthIssuer[]
  /** What such a client is told to ask for. */
  readonly firstScopes: readonly Scope[]
}

export interface AccessSettings {
  /** `<team>.cloudflareaccess.com`. */
  readonly teamDomain: string
  /** AUD tags; at least one. */
  readonly audiences: readonly string[]
  readonly scopes: readonly Scope[]
  readonly grants: readonly AccessGrant[]
}

export interface SingleKey {
  readonly text: string
  readonly scopes: readonly Scope[]
}

export interface Identity {
  readonly mode: AuthMode
  /** In `open`: answer anybody on any address, not on loopback alone. */
  readonly allowOpen: boolean
  /** Scheme and host of this edge; null: what the request says. */
  readonly publicUrl: string | null
  readonly singleKey: SingleKey | null
  /** Null in modes without OAuth. */
  readonly oauth: OAuthSettings | null
  /** Null but in the mode `access`. */
  readonly access: AccessSettings | null
}

/** `EDGE_HOST`: the address that an edge binds which listens by itself; whoever reaches it names the host. */
type Settings = EdgeConfig & { readonly EDGE_HOST?: string }

/** @throws ConfigError in plain words for settings that cannot work together. */
export function identityOf(config: Settings): Identity {
  const { AUTH_MODE: mode, MCP_API_KEY: text, OAUTH_ISSUERS: issuers, ACCESS_TEAM_DOMAIN: teamDomain } = config
  const problems = [...oauthProblems(config), ...accessProblems(config)].map((problem) => `AUTH_MODE: ${problem}`)
  if (problems.length > 0) throw new ConfigError(problems)
  return {
    mode,
    allowOpen: config.ALLOW_OPEN === '1',
    publicUrl: config.PUBLIC_URL ?? null,
    singleKey: text === undefined ? null : { text, scopes: config.MCP_API_KEY_SCOPES },
    oauth: issuers && hasOAuth(mode) ? { issuers, firstScopes: config.OAUTH_SCOPES } : null,
    access:
      teamDomain !== undefined && mode === 'access'
        ? { teamDomain, audiences: config.ACCESS_AUDIENCES, scopes: config.ACCESS_SCOPES, grants: config.ACCESS_GRANTS }
        : null,
  }
}

const hasOAuth = (mode: AuthMode): boolean => mode === 'oauth' || mode === 'oauth+key'

function oauthProblems(config: Settings): readonly string[] {
  const { AUTH_MODE: mode, OAUTH_ISSUERS, PUBLIC_URL, ALLOWED_HOSTS, EDGE_HOST = 'localhost' } = config
  if (!hasOAuth(mode)) return []
  const isPublic = [...ALLOWED_HOSTS, EDGE_HOST].some((host) => !isLoopback(host.replace(/:\d+$/, '')))
  return [
    ...(OAUTH_ISSUERS === undefined ? [`\`${mode}\` needs OAUTH_ISSUERS: whose tokens are taken`] : []),
    // Who names the host would name the audience: a token for another server would do.
    ...(isPublic && !PUBLIC_URL?.startsWith('https:')
      ? [`\`${mode}\` off loopback needs PUBLIC_URL, the https URL that tokens are issued for`]
      : []),
  ]
}

function accessProblems({ AUTH_MODE: mode, ACCESS_TEAM_DOMAIN, ACCESS_AUDIENCES }: Settings): readonly string[] {
  if (mode !== 'access') return []
  return [
    ...(ACCESS_TEAM_DOMAIN === undefined ? ['`access` needs ACCESS_TEAM_DOMAIN, <team>.cloudflareaccess.com'] : []),
    // Every application of a team has the same issuer and keys: the AUD tag alone tells them apart.
    ...(ACCESS_AUDIENCES.length === 0 ? ['`access` needs ACCESS_AUDIENCES, the AUD tags of its applications'] : []),
  ]
}
