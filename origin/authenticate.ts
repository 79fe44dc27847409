/**
 * Who asks the origin: the edge on behalf of a caller (a signed token for exactly this request), or an administrator
 * who comes directly with a key. Nothing else gets in (PRODUCT.md section 5, "Forward").
 */
import type { JWK } from 'jose'
import { verifyCallerToken } from '../shared/caller-token.ts'
import { fault } from '../shared/fault.ts'
import { equalHashes, hashSecret, parseKey } from '../shared/keys.ts'
import { CALLER_HEADER, type Caller, DEFAULT_TENANT } from '../shared/server-info.ts'

export interface AdminKey {
  readonly id: string
  /** SHA-256 of the secret, lower-case hex. */
  readonly hash: string
}

export interface AuthenticateOptions {
  /** The edge's public keys: one, or two while they change. */
  readonly edgeKeys: readonly JWK[]
  readonly adminKeys: readonly AdminKey[]
  readonly now: () => number
}

export type Authenticate = (request: Request, body: Uint8Array<ArrayBuffer>) => Promise<Caller>

/** A hash of nothing we hold, so that an unknown id costs the same comparison. */
const NO_HASH = '0'.repeat(64)

/** Remembers each POST's token until it is refused by its age anyway: a second use is a replay. */
export function authenticator({ edgeKeys, adminKeys, now }: AuthenticateOptions): Authenticate {
  const used = new Map<string, number>()

  async function fromEdge(token: string, request: Request, body: Uint8Array<ArrayBuffer>): Promise<Caller> {
    const { method } = request
    const path = new URL(request.url).pathname
    const verified = await verifyCallerToken(token, { keys: edgeKeys, request: { method, path, body }, now: now() })
    if (method === 'POST') useOnce(verified.jti, verified.forgetAfter)
    return { ...verified.caller, ...(verified.base === null ? {} : { base: verified.base }) }
  }

  function useOnce(jti: string, forgetAfter: number): void {
    if (used.has(jti)) throw fault('UNAUTHORIZED', 'The caller token was used before.')
    for (const [old, until] of used) {
      if (until > now()) break // insertion order is nearly order of expiry
      used.delete(old)
    }
    used.set(jti, forgetAfter)
  }

  async function fromAdmin(text: string): Promise<Caller> {
    const key = parseKey(text)
    const known = adminKeys.find(({ id }) => id === key?.id)
    const same = equalHashes(await hashSecret(key?.secret ?? ''), known?.hash ?? NO_HASH)
    if (!key || !known || !same) throw fault('UNAUTHORIZED', 'The key is not an administrator key of this origin.')
    return { id: known.id, tenant: DEFAULT_TENANT, scopes: ['read', 'lake', 'admin'] }
  }

  return async (request, body) => {
    const token = request.headers.get(CALLER_HEADER)
    if (token !== null) return fromEdge(token, request, body)
    const bearer = /^Bearer (\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1]
    const key = request.headers.get('x-api-key') ?? bearer
    if (key) return fromAdmin(key)
    throw fault('UNAUTHORIZED', 'The origin answers its edge and its administrators only.', {
      hint: 'Call the edge URL with your key, or the origin with an administrator key as "X-API-Key".',
    })
  }
}
