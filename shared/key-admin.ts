/** API keys as an operator handles them, over any `Records`: the command line and the origin's administration. */
import { type KeyRecord as Key, KeyRecord, type NewKey, newKey, recordName } from './keys.ts'
import type { Records } from './records.ts'

export type KeyState = 'active' | 'expired' | 'revoked' | 'unreadable'

/** A key for people: nothing of its secret, not even the hash. Where the record is not one, only id and state. */
export interface ListedKey extends Partial<Omit<Key, 'hash'>> {
  readonly id: string
  readonly state: KeyState
}

export type KeyGrant = Pick<Key, 'tenant' | 'scopes'> & Partial<Pick<Key, 'limit' | 'expires' | 'label'>>

const PREFIX = recordName('')
/**
 * A revoked key stays known for as long as links that it made may live, seven days, and long enough to be asked about.
 */
const REVOKED_SECONDS = 90 * 86_400
/** Reads under way at once, or in one request, when all keys are listed. */
const AT_ONCE = 50

/** The key record in a text; null where there is no text or it is no key record. */
export function keyOf(text: string | null): Key | null {
  if (text === null) return null
  try {
    return KeyRecord.parse(JSON.parse(text))
  } catch {
    return null
  }
}

/**
 * Makes a key and stores its record. The secret is in the answer alone, and nowhere afterwards.
 *
 * @param random `count` random bytes.
 * @param now Milliseconds since the epoch.
 * @throws ZodError for a grant that is none.
 */
export async function createKey(
  records: Records,
  grant: KeyGrant,
  { random, now }: { readonly random: (count: number) => Uint8Array; readonly now: number },
): Promise<NewKey> {
  const key = await newKey(random, { ...grant, created: new Date(now).toISOString() })
  await records.put(recordName(key.id), JSON.stringify(key.record))
  return key
}

/** Every key by id, those revoked in the last 90 days too. @param now Milliseconds since the epoch. */
export async function listKeys(records: Records, now: number): Promise<readonly ListedKey[]> {
  const names = await records.list(PREFIX)
  const listed: ListedKey[] = []
  for (let at = 0; at < names.length; at += AT_ONCE) {
    const some = names.slice(at, at + AT_ONCE)
    const texts = await (records.getMany?.(some) ?? Promise.all(some.map((name) => records.get(name))))
    // What was deleted since it was listed is left out.
    for (const [index, text] of texts.entries())
      if (text !== null) listed.push(listedKey((some[index] as string).slice(PREFIX.length), text, now))
  }
  return listed
}

/** One key, or null where there is none. @param now Milliseconds since the epoch. */
export async function findKey(records: Records, id: string, now: number): Promise<ListedKey | null> {
  const text = await records.get(recordName(id))
  return text === null ? null : listedKey(id, text, now)
}

/**
 * Ends a key, and with it every link that it made, everywhere within a minute. A key that is revoked already stays as
 * it is; a record that is no key's is taken away.
 *
 * @param now Milliseconds since the epoch.
 * @returns The key as it is now; null where there is none.
 */
export async function revokeKey(records: Records, id: string, now: number): Promise<ListedKey | null> {
  const text = await records.get(recordName(id))
  if (text === null) return null
  const key = keyOf(text)
  if (!key) {
    await records.delete(recordName(id))
    return { id, state: 'revoked' }
  }
  if (key.revoked !== undefined) return listedKey(id, text, now)
  const revoked = new Date(now).toISOString()
  // Expired as well: an edge that runs an older version knows that word.
  const ended = JSON.stringify({ ...key, revoked, expires: revoked } satisfies Key)
  await records.put(recordName(id), ended, REVOKED_SECONDS)
  return listedKey(id, ended, now)
}

function listedKey(id: string, text: string, now: number): ListedKey {
  const key = keyOf(text)
  if (!key) return { id, state: 'unreadable' }
  const { hash: _secret, ...shown } = key
  return { id, ...shown, state: stateOf(key, now) }
}

function stateOf({ revoked, expires }: Key, now: number): KeyState {
  if (revoked !== undefined) return 'revoked'
  return expires !== null && Date.parse(expires) <= now ? 'expired' : 'active'
}
