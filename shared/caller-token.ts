/**
 * How the edge tells the origin who asks: a JWT that lives 30 seconds and is bound to one request.
 *
 * EdDSA over Ed25519 alone (RFC 8037); the claims `htm` and `htu` are named after DPoP (RFC 9449), with the path alone
 * in `htu` because scheme and host change on the way from the edge to the origin. Runs on Web Crypto, anywhere.
 */
import { base64url, errors, type JWK, SignJWT } from 'jose'
import * as z from 'zod'
import { fault } from './fault.ts'
import { scopeList, tenantName } from './keys.ts'
import type { Caller } from './server-info.ts'
import { verifyAny } from './verify-any.ts'

export const CALLER_TOKEN_SECONDS = 30
const ISSUER = 'estat-edge'
const AUDIENCE = 'estat-origin'
/** The clocks of two machines differ by this much at the most. */
const CLOCK_TOLERANCE_SECONDS = 5

/** The request that a token is bound to. */
export interface BoundRequest {
  readonly method: string
  /** Without origin and query: `/mcp`. */
  readonly path: string
  /** Exactly the bytes that travel; empty where there is no body. */
  readonly body: Uint8Array<ArrayBuffer>
}

export interface SignOptions {
  /** Private Ed25519 JWK; its `kid`, where it has one, goes into the header. */
  readonly key: JWK
  readonly caller: Caller
  /** Scheme and host under which the caller reached the edge: what links are made with. Left out where absent. */
  readonly base?: string
  readonly request: BoundRequest
  /** Milliseconds since the epoch. */
  readonly now: number
  /** Unique for each token: the origin accepts it once for a POST. */
  readonly jti: string
}

export interface VerifyOptions {
  /** One public Ed25519 JWK, or two while the key is changed. */
  readonly keys: readonly JWK[]
  readonly request: BoundRequest
  /** Milliseconds since the epoch. */
  readonly now: number
}

export interface VerifiedCaller {
  readonly caller: Caller
  /** Scheme and host under which the caller reached the edge; null where the edge did not say. */
  readonly base: string | null
  readonly jti: string
  /** Milliseconds since the epoch from which this token is refused anyway: how long to remember `jti`. */
  readonly forgetAfter: number
}

/** Why a token was refused; the last word of the fault's message. */
export type CallerTokenReason = 'malformed' | 'signature' | 'expired' | 'claims' | 'method' | 'path' | 'body'

const Claims = z.object({
  sub: z.string().min(1).max(200),
  tenant: tenantName,
  scopes: scopeList,
  htm: z.string(),
  htu: z.string(),
  body_sha256: z.string(),
  base: z
    .string()
    .max(300)
    .regex(/^https?:\/\/[^/?#\s]+$/)
    .exactOptional(),
  jti: z.string().min(8).max(100),
  iat: z.number(),
  exp: z.number(),
})

export async function signCallerToken({ key, caller, base, request, now, jti }: SignOptions): Promise<string> {
  const issued = Math.floor(now / 1000)
  return new SignJWT({
    tenant: caller.tenant,
    scopes: [...caller.scopes],
    ...(base === undefined ? {} : { base }),
    htm: request.method,
    htu: request.path,
    body_sha256: await sha256(request.body),
  })
    .setProtectedHeader({ alg: 'EdDSA', typ: 'JWT', ...(key.kid === undefined ? {} : { kid: key.kid }) })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setSubject(caller.id)
    .setJti(jti)
    .setIssuedAt(issued)
    .setExpirationTime(issued + CALLER_TOKEN_SECONDS)
    .sign(key)
}

/**
 * Whether `token` was signed by the edge for exactly this request. Single use is the origin's own part: it remembers
 * `jti` until `forgetAfter`.
 *
 * @throws Fault UNAUTHORIZED whose message ends with a `CallerTokenReason`.
 */
export async function verifyCallerToken(token: string, options: VerifyOptions): Promise<VerifiedCaller> {
  const { keys, request, now } = options
  const parsed = Claims.safeParse(await verifyAny(token, { ...TERMS, keys, now }).catch(refuse))
  if (!parsed.success) throw refused('claims')
  const claims = parsed.data
  // jose holds `exp` and `iat` to the clock; that the two lie close together is ours to check.
  if (claims.exp - claims.iat > CALLER_TOKEN_SECONDS) throw refused('claims')
  if (claims.htm !== request.method) throw refused('method')
  if (claims.htu !== request.path) throw refused('path')
  if (claims.body_sha256 !== (await sha256(request.body))) throw refused('body')
  return {
    caller: { id: claims.sub, tenant: claims.tenant, scopes: claims.scopes },
    base: claims.base ?? null,
    jti: claims.jti,
    forgetAfter: (claims.exp + CLOCK_TOLERANCE_SECONDS + 1) * 1000,
  }
}

const TERMS = {
  issuer: ISSUER,
  audience: AUDIENCE,
  maxTokenAge: CALLER_TOKEN_SECONDS,
  clockToleranceSeconds: CLOCK_TOLERANCE_SECONDS,
}

const refuse = (error: unknown): never => {
  throw refused(reasonOf(error))
}

function reasonOf(error: unknown): CallerTokenReason {
  if (error instanceof errors.JWTExpired) return 'expired'
  if (error instanceof errors.JWTClaimValidationFailed) return 'claims'
  return error instanceof errors.JOSEAlgNotAllowed || error instanceof errors.JWSSignatureVerificationFailed
    ? 'signature'
    : 'malformed'
}

const refused = (reason: CallerTokenReason) =>
  fault('UNAUTHORIZED', `The caller token was refused: ${reason}`, {
    hint: 'The origin is asked through the edge, or with an administrator key.',
  })

async function sha256(body: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', body))
  return base64url.encode(digest)
}
