/**
 * Links to kept files, signed by us: valid as long as they say, whatever becomes of a role's session (PRODUCT.md
 * section 2, get_csv_download_url). The origin signs, the edge verifies; neither asks the other.
 *
 * A compact JWS (RFC 7515) with EdDSA over Ed25519 alone (RFC 8037). Its `typ`, issuer and audience are its own, so that
 * no other token of ours is ever taken for one (RFC 8725 section 3.11).
 */
import { calculateJwkThumbprint, errors, type JWK, SignJWT } from 'jose'
import * as z from 'zod'
import { fault } from './fault.ts'
import { keptFile } from './kept-file.ts'
import { tenantName } from './keys.ts'
import { verifyAny } from './verify-any.ts'

/** How long a link may live, seconds: a minute to a week. */
export const LINK_SECONDS = { min: 60, max: 604_800, default: 3600 } as const
/** The query parameter that carries it. */
export const LINK_PARAMETER = 'link'
/** Room for the longest key and name in base64url, with some to spare: longer ones are not even looked at. */
export const LINK_LENGTH = 4096

const TYPE = 'file-link+jwt'
const ISSUER = 'estat-origin'
const AUDIENCE = 'estat-files'
/** The clocks of two machines differ by this much at the most. It never lengthens a link's life. */
const CLOCK_TOLERANCE_SECONDS = 5

export interface LinkGrant {
  /** Object key of the file, of the tenant's own folder. */
  readonly key: string
  readonly tenant: string
  /** The name that the file is saved under. */
  readonly name: string
  /** Caller who made it. */
  readonly sub: string
}

export interface SignLinkOptions extends LinkGrant {
  /** Private Ed25519 JWK; its `kid`, or else its thumbprint (RFC 7638), goes into the header. */
  readonly signingKey: JWK
  /** Milliseconds since the epoch. */
  readonly now: number
  /** 60 to 604,800. */
  readonly seconds: number
  /** Unique for each link: it is revoked by this. */
  readonly jti: string
}

/** A link that was verified: who may get what, until when. */
export interface FileLink extends LinkGrant {
  readonly jti: string
  /** Seconds since the epoch. */
  readonly iat: number
  readonly exp: number
}

/** Why a link was refused; the last word of the fault's message. */
export type LinkReason = 'malformed' | 'signature' | 'expired' | 'early' | 'claims'

const Claims = z.object({
  /** A link reads: GET, and with it HEAD (RFC 9110 section 9.3.2). */
  htm: z.literal('GET'),
  key: z.string(),
  tenant: tenantName,
  name: z.string().min(1).max(255),
  sub: z.string().min(1).max(200),
  jti: z.string().min(8).max(100),
  iat: z.int(),
  exp: z.int(),
})

/** @returns The link's token, for `?link=`. */
export async function signFileLink(options: SignLinkOptions): Promise<string> {
  const { signingKey, key, tenant, name, sub, jti, seconds } = options
  const issued = Math.floor(options.now / 1000)
  return new SignJWT({ htm: 'GET', key, tenant, name })
    .setProtectedHeader({ alg: 'EdDSA', typ: TYPE, kid: signingKey.kid ?? (await calculateJwkThumbprint(signingKey)) })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setSubject(sub)
    .setJti(jti)
    .setIssuedAt(issued)
    .setExpirationTime(issued + seconds)
    .sign(signingKey)
}

/**
 * Whether one of `keys` signed this link and it holds now. That it is for the path at hand, and not revoked, is the
 * asker's part.
 *
 * @param keys Public Ed25519 JWKs: one, or two while the key is changed.
 * @param now Milliseconds since the epoch.
 * @throws Fault FORBIDDEN whose message ends with a `LinkReason`.
 */
export async function verifyFileLink(token: string, keys: readonly JWK[], now: number): Promise<FileLink> {
  if (token.length > LINK_LENGTH) throw linkRefused('malformed')
  const parsed = Claims.safeParse(await verifyAny(token, { ...TERMS, keys, now }).catch(refuse))
  if (!parsed.success) throw linkRefused('claims')
  const { htm: _method, ...link } = parsed.data
  if (link.exp <= now / 1000) throw linkRefused('expired')
  // jose holds `exp` and `iat` to the clock; how far apart they lie, and whose the key is, is ours to check.
  if (link.exp - link.iat > LINK_SECONDS.max || keptFile(link.key)?.tenant !== link.tenant) throw linkRefused('claims')
  return link
}

const TERMS = {
  typ: TYPE,
  issuer: ISSUER,
  audience: AUDIENCE,
  maxTokenAge: LINK_SECONDS.max,
  clockToleranceSeconds: CLOCK_TOLERANCE_SECONDS,
}

const refuse = (error: unknown): never => {
  throw linkRefused(reasonOf(error))
}

function reasonOf(error: unknown): LinkReason {
  if (error instanceof errors.JWTExpired) return 'expired'
  if (error instanceof errors.JWTClaimValidationFailed)
    return error.reason === 'check_failed' && ['iat', 'nbf'].includes(error.claim) ? 'early' : 'claims'
  return error instanceof errors.JOSEAlgNotAllowed || error instanceof errors.JWSSignatureVerificationFailed
    ? 'signature'
    : 'malformed'
}

/** A link is no credential that another would replace: 403, without a challenge (RFC 9110 section 15.5.4). */
export const linkRefused = (reason: LinkReason | 'revoked' | 'path' | 'unknown') =>
  fault('FORBIDDEN', `The link to this file was refused: ${reason}`, {
    hint: 'Ask get_csv_download_url for a new link.',
  })
