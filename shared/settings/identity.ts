/** How an edge knows who asks (PRODUCT.md section 5, "Who"). What these settings need of one another: `shared/identity.ts`. */
import * as z from 'zod'
import { scopeList, tenantName } from '../keys.ts'
import { isLoopback } from '../loopback.ts'
import { DEFAULT_TENANT, SCOPES, type Scope } from '../server-info.ts'
import { hasNoPath, json, names } from './kinds.ts'

export const AUTH_MODES = ['open', 'key', 'oauth', 'access', 'oauth+key'] as const
export type AuthMode = (typeof AUTH_MODES)[number]

/** MCP authorization, "Communication Security": HTTPS everywhere; a machine may talk to itself without. */
const isSecure = (text: string): boolean => {
  const url = URL.parse(text)
  return url !== null && (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname)))
}
const secureUrl = z.string().refine(isSecure, 'must be an https URL')

/** RFC 6749 section 3.3, so that a scope fits into a challenge. */
const scopeText = z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{0,200}$/)
const someNames = z.array(z.string().min(1).max(500)).min(1).max(50)

export const OAuthIssuer = z.strictObject({
  /** Exactly as in the tokens' `iss`, a slash at its end included. */
  issuer: secureUrl.refine((url) => !/[?#]/.test(url)),
  /** Discovered at the issuer where absent. */
  jwks_uri: secureUrl.exactOptional(),
  /** What `aud` may be; the URL of this server where absent. */
  audiences: someNames.exactOptional(),
  /** The clients that may ask. Without `audiences` a token without `aud` is taken from them (Amazon Cognito). */
  client_ids: someNames.exactOptional(),
  /** The claims that hold scopes, as a text with spaces or as a list. */
  scope_claims: someNames.default(['scope', 'scp']),
  /** Before `read`, `lake` and `admin` in a token: `https://host/`, `resource-server/`. */
  scope_prefix: scopeText.default(''),
  /** Before them where a client asks for them, if not the same: Entra ID is asked for `api://x/read` and says `read`. */
  scope_request_prefix: scopeText.exactOptional(),
  /** For a token that names none of ours. */
  default_scopes: scopeList.default([]),
  tenant: tenantName.default(DEFAULT_TENANT),
  /** The claim that names the tenant, in place of `tenant`. */
  tenant_claim: z.string().min(1).max(200).exactOptional(),
})
export type OAuthIssuer = z.infer<typeof OAuthIssuer>

const AccessGrant = z.strictObject({
  /** Email address of a person, or client ID of a service token (its `common_name`). */
  who: z.string().min(1).max(320).toLowerCase(),
  scopes: scopeList,
  tenant: tenantName.default(DEFAULT_TENANT),
})
export type AccessGrant = z.infer<typeof AccessGrant>

const scopes = (otherwise: string) =>
  z
    .string()
    .default(otherwise)
    .transform((text, context): readonly Scope[] => {
      const given = text.split(/[\s,]+/).filter((name) => name !== '')
      const known = z.array(z.enum(SCOPES)).min(1).safeParse(given)
      if (known.success) return known.data
      context.addIssue({ code: 'custom', message: `must be one or more of ${SCOPES.join(', ')}, comma-separated` })
      return z.NEVER
    })

/** Three parts, as RFC 7515 section 3.1 writes a signed token. */
export const JWT_SHAPE = /^[\w-]+\.[\w-]+\.[\w-]*$/

export const identitySettings = {
  AUTH_MODE: z
    .enum(AUTH_MODES)
    .default('key')
    .describe(
      '`key`: callers send an API key. `oauth`: access tokens of `OAUTH_ISSUERS`. `oauth+key`: tokens at `/mcp`, keys at `/k/mcp`, either elsewhere. `access`: Cloudflare Access stands in front. `open`: nobody is asked, and nobody may write; for loopback.',
    ),
  ALLOW_OPEN: z
    .enum(['0', '1'])
    .default('0')
    .describe('`1` allows `AUTH_MODE=open` on an address that is not loopback.'),
  MCP_API_KEY: z
    .string()
    .regex(/^[\x21-\x7e]{16,200}$/, 'must be 16 to 200 letters, digits or signs, without spaces')
    .refine((text) => !JWT_SHAPE.test(text), 'must not look like a JWT: three parts joined by dots')
    .optional()
    .describe('One key for a small installation: alone enough for `AUTH_MODE=key`, without any key store. A secret.'),
  MCP_API_KEY_SCOPES: scopes('read,lake').describe(
    'What the caller with `MCP_API_KEY` may do: `read`, `lake`, `admin`, comma-separated.',
  ),
  PUBLIC_URL: z
    .string()
    .refine((url) => isSecure(url) && hasNoPath(url), 'must be an https URL without a path')
    .transform((url) => new URL(url).origin)
    .optional()
    .describe(
      'The https URL under which clients reach this edge: tokens are issued for it. Needed with OAuth off loopback; what the request says where absent.',
    ),
  OAUTH_ISSUERS: json(
    z
      .array(OAuthIssuer)
      .min(1)
      .max(20)
      .refine((issuers) => new Set(issuers.map(({ issuer }) => issuer)).size === issuers.length),
    'a list of issuers, each once, with https URLs',
  )
    .optional()
    .describe(
      'Whose access tokens are taken: JSON list of `{issuer, jwks_uri, audiences, client_ids, scope_claims, scope_prefix, scope_request_prefix, default_scopes, tenant, tenant_claim}`, all but `issuer` optional.',
    ),
  OAUTH_SCOPES: scopes('read,lake').describe('What a client without a token is told to ask for, comma-separated.'),
  ACCESS_TEAM_DOMAIN: z
    .string()
    .toLowerCase()
    .regex(/^[a-z0-9-]+\.cloudflareaccess\.com$/, 'must be <team>.cloudflareaccess.com')
    .optional()
    .describe('Team domain of Cloudflare Access, `<team>.cloudflareaccess.com`.'),
  ACCESS_AUDIENCES: names.describe('AUD tags of the Access applications in front of this edge, comma-separated.'),
  ACCESS_SCOPES: scopes('read,lake').describe('What everybody may do whom Access lets in, comma-separated.'),
  ACCESS_GRANTS: json(z.array(AccessGrant).max(500), 'a list of {who, scopes, tenant}')
    .default([])
    .describe(
      'Who may do more or less, or belongs to another tenant: JSON list of `{who, scopes, tenant}`; `who` is an email address or the client ID of a service token.',
    ),
}
