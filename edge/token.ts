/** Tokens that others have signed: the part that is the same for every issuer. */
import { decodeJwt, decodeProtectedHeader, errors, type JWTVerifyGetKey, jwtVerify } from 'jose'
import { Fault, fault } from '../shared/fault.ts'
import { hashSecret } from '../shared/keys.ts'
import { JWT_SHAPE } from '../shared/settings/identity.ts'
import { ALGORITHMS, type Claims, isAccessTokenType, type TokenReason } from './domain/oauth-claims.ts'
import type { FailedKeys } from './failed-keys.ts'

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

/** Whose refusals are counted, and where from. */
export interface TokenGuard {
  /** Wrong tokens are counted with wrong keys. */
  readonly wrongKeys: FailedKeys
  /** The address of the client as the platform knows it. */
  readonly clientAddress: (request: Request) => string | null
}

/**
 * What `judge` answers; a token that it refuses counts against the address it came from. A right one passes whatever
 * its neighbours do: unlike a key it cannot be guessed, so an address is not shut out before it is judged.
 *
 * @throws Fault as `judge` does; RATE_LIMITED for one wrong token too many.
 */
export async function guarded<T>({ wrongKeys, clientAddress }: TokenGuard, request: Request, judge: () => Promise<T>) {
  try {
    return await judge()
  } catch (error) {
    if (!(error instanceof Fault && error.code === 'UNAUTHORIZED')) throw error
    const attempt = { address: clientAddress(request), ...NO_KEY }
    wrongKeys.admit(attempt)
    await wrongKeys.failed(attempt)
    throw error
  }
}

/** Never right: no key has an id or a hash this short. */
const NO_KEY = { id: 'token', hash: 'token' }
