import { equalHashes, hashSecret } from '../shared/keys.ts'
import { boundedMemory } from './domain/bounded-memory.ts'

export interface KnownSecrets {
  /** The hash of a secret; without making it again where this very secret of this id was right before. */
  hashOf(id: string, secret: string): Promise<string>
  /** To be told only of secrets that a record was found to hold. */
  passed(id: string, secret: string, hash: string): void
}

interface Right {
  readonly secret: string
  readonly hash: string
}

const MAX_REMEMBERED = 10_000
/** Compared with where nothing is remembered, so that an id that was never seen is not told by the time. */
const NEVER: Right = { secret: '_'.repeat(43), hash: '' }

/**
 * Hashes of secrets that were right: a digest for each request would be one more call into the platform. Only the digest
 * is saved. Whether the key is still good is asked of its record every time, and a wrong secret always costs a digest,
 * whether its id is known or not.
 */
export function knownSecrets(): KnownSecrets {
  const right = boundedMemory<Right>(MAX_REMEMBERED)
  return {
    async hashOf(id, secret) {
      const known = right.get(id) ?? NEVER
      return equalHashes(known.secret, secret) && known !== NEVER ? known.hash : hashSecret(secret)
    },
    passed(id, secret, hash) {
      if (right.get(id)?.hash !== hash) right.set(id, { secret, hash })
    },
  }
}
