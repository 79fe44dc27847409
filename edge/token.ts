/** Tokens that others have signed: the part that is the same for every issuer. */
import { decodeJwt, decodeProtectedHeader, errors, type JWTVerifyGetKey, jwtVerify } from 'jose'
import { Fault, fault } from '../shared/fault.ts'
import { hashSecret } from '../shared/keys.ts'
import { JWT_SHAPE } from '../shared/settings/identity.ts'
import { ALGORITHMS, type Claims, isAccessTokenType, type TokenReason } from './domain/oauth-claims.ts'
import type { Attempt, FailedKeys } from './failed-keys.ts'

/** Twice what the headers of a request hold in all on most servers. */
const MAX_CHARS = 32_768
/** The clocks of two machines differ by this much at the most. */
const CLOCK_TOLERANCE_SECONDS = 30

/** @throws Fault UNAUTHORIZED whose message ends with a `TokenReason`. */
export const tokenRefused = (reason: TokenReason): Fault =>
  fault('UNAUTHORIZED', `The access token was refused: ${reason}.`, {
    hint: 'Get a new token for this server, then call again.',
  })

/**
 * The issuer that a token says it has, once its header is one that we would take; nothing is verified yet.
 *
 * Of the header `alg`, `typ` and `kid` alone are read: keys that a token brings along or points to (`jwk`, `jku`,
 * `x5c`, `x5u`) are the sender's (RFC 8725 section 3.10).
 *
 * @throws Fault UNAUTHORIZED
 */
export function claimedIssuer(token: string): unknown {
  if (token.length > MAX_CHARS || !JWT_SHAPE.test(token)) throw tokenRefused('malformed')
  const { alg, typ } = readable(() => decodeProtectedHeader(token))
  if (!ALGORITHMS.includes(alg ?? '')) throw tokenRefused('algorithm')
  if (!isAccessTokenType(typ)) throw tokenRefused('type')
  return readable(() => decodeJwt(token)).iss
}

export interface VerifyOptions {
  readonly issuer: string
  readonly findKey: JWTVerifyGetKey
  /** Milliseconds since the epoch. */
  readonly now: number
}

/**
 * The claims of a token that `issuer` signed and that is neither early nor late.
 *
 * @throws Fault UNAUTHORIZED; ESTAT_UNAVAILABLE where the issuer's keys cannot be had.
 */
export async function verifiedClaims(token: string, { issuer, findKey, now }: VerifyOptions): Promise<Claims> {
  try {
    const { payload } = await jwtVerify(token, findKey, {
      algorithms: ALGORITHMS,
      issuer,
      requiredClaims: ['exp'],
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: new Date(now),
    })
    return payload
  } catch (error) {
    throw error instanceof Fault ? error : tokenRefused(reasonOf(error))
  }
}

function reasonOf(error: unknown): TokenReason {
  if (error instanceof errors.JWTExpired) return 'expired'
  if (error instanceof errors.JWTClaimValidationFailed) return error.claim === 'nbf' ? 'not_yet' : 'claims'
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'signature'
  // A key that Web Crypto does not take, too short an RSA modulus among them, is told by a TypeError.
  const noKey = error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys
  return noKey || error instanceof TypeError ? 'key' : 'malformed'
}

function readable<T>(read: () => T): T {
  try {
    return read()
  } catch {
    throw tokenRefused('malformed')
  }
}

/**
 * Stable for one person or client, and safe to log: neither the name nor the address of anybody.
 *
 * @param subject Unique at the issuer.
 */
export async function callerIdOf(kind: 'oauth' | 'access', issuer: string, subject: string): Promise<string> {
  return `${kind}:${(await hashSecret(`${issuer}\n${subject}`)).slice(0, 32)}`
}

/** What wrong tokens are counted by. */
export async function attemptOf(token: string, address: string | null): Promise<Attempt> {
  const hash = await hashSecret(token.slice(0, MAX_CHARS))
  return { address, id: `token:${hash.slice(0, 16)}`, hash }
}

/** What `judge` answers; a token that it refuses counts against its address. @throws Fault as `judge` and `wrongKeys` do. */
export async function counted<T>(wrongKeys: FailedKeys, attempt: Attempt, judge: () => Promise<T>): Promise<T> {
  wrongKeys.admit(attempt)
  try {
    const answer = await judge()
    wrongKeys.passed(attempt)
    return answer
  } catch (error) {
    if (error instanceof Fault && error.code === 'UNAUTHORIZED') await wrongKeys.failed(attempt)
    throw error
  }
}
