/** A JWT that one of two keys signed, while the key is changed. */
import { errors, type JWK, type JWTPayload, jwtVerify, type JWTVerifyOptions } from 'jose'

export interface VerifyAnyOptions extends Pick<JWTVerifyOptions, 'typ' | 'issuer' | 'audience' | 'maxTokenAge'> {
  /** Public Ed25519 JWKs. */
  readonly keys: readonly JWK[]
  /** Milliseconds since the epoch. */
  readonly now: number
  readonly clockToleranceSeconds: number
}

/**
 * The claims of a token, EdDSA alone. Each key is tried in turn: they are two at the most, and `kid` is the sender's
 * word.
 *
 * @throws jose's own errors; JWSSignatureVerificationFailed where no key fits, also where there is none.
 */
export async function verifyAny(token: string, options: VerifyAnyOptions): Promise<JWTPayload> {
  const { keys, now, clockToleranceSeconds: clockTolerance, ...wanted } = options
  const terms = { ...wanted, algorithms: ['EdDSA'], clockTolerance, currentDate: new Date(now) }
  for (const key of keys)
    try {
      return (await jwtVerify(token, key, terms)).payload
    } catch (error) {
      if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw error
    }
  throw new errors.JWSSignatureVerificationFailed()
}
