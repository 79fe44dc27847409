/**
 * Who asks the origin: the edge on behalf of a caller (a signed token for exactly this request), or an administrator
 * who comes directly with a key. Nothing else gets in (PRODUCT.md section 5, "Forward").
 */
import type { JWK } from 'jose'
import { verifyCallerToken } from '../shared/caller-token.ts'
import { fault } from '../shared/fault.ts'
import { CALLER_HEADER, type Caller } from '../shared/server-info.ts'
import { type AdminKey, adminOf, keyIn } from './admin-key.ts'

export interface AuthenticateOptions {
  /** The edge's public keys: one, or two while they change. */
  readonly edgeKeys: readonly JWK[]
  readonly adminKeys: readonly AdminKey[]
  readonly now: () => number
  /** Told why a request was refused, in one word. */
  readonly refused?: (reason: string) => void
}

export type Authenticate = (request: Request, body: Uint8Array<ArrayBuffer>) => Promise<Caller>

/** Remembers each POST's token until it is refused by its age anyway: a second use is a replay. */
export function authenticator(options: AuthenticateOptions): Authenticate {
  const { edgeKeys, adminKeys, now, refused = () => {} } = options
  const used = new Map<string, number>()

  async function fromEdge(token: string, request: Request, body: Uint8Array<ArrayBuffer>): Promise<Caller> {
    const { method } = request
    const path = new URL(request.url).pathname
    const verified = await verifyCallerToken(token, { keys: edgeKeys, request: { method, path, body }, now: now() })
    if (method === 'POST') useOnce(verified.jti, verified.forgetAfter)
    return { ...verified.caller, ...(verified.base === null ? {} : { base: verified.base }) }
  }

  function useOnce(jti: string, forgetAfter: number): void {
    if (used.has(jti)) throw fault('UNAUTHORIZED', 'The caller token was refused: replay')
    for (const [old, until] of used) {
      if (until > now()) break // insertion order is nearly order of expiry
      used.delete(old)
    }
    used.set(jti, forgetAfter)
  }

  return async (request, body) => {
    const token = request.headers.get(CALLER_HEADER)
    if (token !== null)
      return fromEdge(token, request, body).catch((error: unknown) => {
        refused(reasonOf(error))
        throw error
      })
    const key = keyIn(request.headers)
    const admin = key === null ? null : await adminOf(key, adminKeys)
    if (admin !== null) return admin
    refused(key === null ? 'nothing_sent' : 'admin_key')
    if (key !== null) throw fault('UNAUTHORIZED', 'The key is not an administrator key of this origin.')
    throw fault('UNAUTHORIZED', 'The origin answers its edge and its administrators only.', {
      hint: 'Call the edge URL with your key, or the origin with an administrator key as "X-API-Key".',
    })
  }
}

/** The last word of a refused token's message (`CallerTokenReason`). */
const reasonOf = (error: unknown): string => `token_${/(\w+)\.?$/.exec((error as Error).message)?.[1] ?? 'other'}`
