/** Administrators of the origin: their keys stand in its settings, by hash, and nowhere else. */
import { equalHashes, hashSecret, parseKey } from '../shared/keys.ts'
import { type Caller, DEFAULT_TENANT } from '../shared/server-info.ts'

export interface AdminKey {
  readonly id: string
  /** SHA-256 of the secret, lower-case hex. */
  readonly hash: string
}

/** A hash of nothing we hold, so that an unknown id costs the same comparison. */
const NO_HASH = '0'.repeat(64)

/** The administrator whose key this is, or null. */
export async function adminOf(text: string, keys: readonly AdminKey[]): Promise<Caller | null> {
  const key = parseKey(text)
  const known = keys.find(({ id }) => id === key?.id)
  const same = equalHashes(await hashSecret(key?.secret ?? ''), known?.hash ?? NO_HASH)
  return key && known && same ? { id: known.id, tenant: DEFAULT_TENANT, scopes: ['read', 'lake', 'admin'] } : null
}

/** The key that a request carries, as `X-API-Key` or `Authorization: Bearer`; null where it has none. */
export const keyIn = (headers: Headers): string | null =>
  headers.get('x-api-key') ?? /^Bearer (\S+)$/i.exec(headers.get('authorization') ?? '')?.[1] ?? null
