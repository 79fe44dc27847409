/**
 * API keys: `id.secret`. The id is public (logs, limits, the record's name); of the secret only the hash is kept.
 *
 * A secret is 32 random bytes, so one SHA-256 is enough: slow hashes protect secrets that people choose.
 */
import { base64url } from 'jose'
import * as z from 'zod'
import { SCOPES } from './server-info.ts'

/** Prefixes of the bucket that belong to nobody, and schemas that every SQL engine has for itself. */
const RESERVED: ReadonlySet<string> = new Set(
  'raw jobs cache catalogue health tmp information_schema pg_catalog main memory system temp default select'.split(' '),
)

/** Names the owner of jobs, files and tables. It becomes an object prefix and a database name, hence the small alphabet. */
export const tenantName = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,30}$/, 'must be a-z, 0-9 and _, at most 31 characters')
  .refine((name) => !RESERVED.has(name), 'is a name that the lake keeps for itself')

export const scopeList = z.array(z.enum(SCOPES)).readonly()

/** What the key store holds under `key:<id>`. */
export const KeyRecord = z.object({
  hash: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .describe('SHA-256 of the secret, hex.'),
  tenant: tenantName,
  scopes: scopeList,
  limit: z.int().min(1).nullable().describe('Requests a minute; null is the default of the edge.'),
  expires: z.iso.datetime().nullable().describe('The key is refused from this instant on.'),
  label: z.string().max(100).describe('For people who list keys.'),
  created: z.iso.datetime().exactOptional().describe('For people who list keys.'),
  revoked: z.iso.datetime().exactOptional().describe('The key, and every link that it made, is refused.'),
})
export type KeyRecord = z.infer<typeof KeyRecord>

export interface ParsedKey {
  readonly id: string
  readonly secret: string
}

export interface NewKey extends ParsedKey {
  /** `id.secret`, what the caller sends. Shown once. */
  readonly text: string
  readonly record: KeyRecord
}

const KEY_TEXT = /^([a-z0-9]{8,32})\.([A-Za-z0-9_-]{43})$/

/** Where a record lives in the key store. */
export const recordName = (id: string): string => `key:${id}`

/** The two halves of a key, or null for anything that cannot be one. */
export function parseKey(text: string): ParsedKey | null {
  const match = KEY_TEXT.exec(text)
  return match?.[1] && match[2] ? { id: match[1], secret: match[2] } : null
}

/** SHA-256 of a secret in lower-case hex. */
export async function hashSecret(secret: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(secret))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/**
 * Compares two hashes of equal length without telling by its time where they differ.
 * Written out because Web Crypto has no comparison of its own outside workerd.
 */
export function equalHashes(left: string, right: string): boolean {
  if (left.length !== right.length) return false
  let difference = 0
  for (let at = 0; at < left.length; at++) difference |= left.charCodeAt(at) ^ right.charCodeAt(at)
  return difference === 0
}

/** @param random `count` random bytes; `crypto.getRandomValues` in life, a seeded one in a test. */
export async function newKey(
  random: (count: number) => Uint8Array,
  grant: Pick<KeyRecord, 'tenant' | 'scopes'> & Partial<Pick<KeyRecord, 'limit' | 'expires' | 'label' | 'created'>>,
): Promise<NewKey> {
  const id = Array.from(random(8), (byte) => byte.toString(16).padStart(2, '0')).join('')
  const secret = base64url.encode(random(32))
  const record = KeyRecord.parse({ limit: null, expires: null, label: '', ...grant, hash: await hashSecret(secret) })
  return { id, secret, text: `${id}.${secret}`, record }
}
