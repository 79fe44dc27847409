import type { Context, MiddlewareHandler } from 'hono'
import { fault } from '../../shared/fault.ts'
import { equalHashes, hashSecret, type KeyRecord, parseKey } from '../../shared/keys.ts'
import { DEFAULT_TENANT } from '../../shared/server-info.ts'
import { anonymousId } from '../domain/client-address.ts'
import { isLoopback } from '../domain/hosts.ts'
import type { EdgeEnv, Report } from '../env.ts'
import type { KeyStore } from '../ports.ts'

export interface OpenOptions {
  /** Answer anybody on any address, not on loopback alone. */
  readonly allowOpen: boolean
  /** Naming hosts makes this a public server, whatever the Host header of a request says. */
  readonly allowedHosts: readonly string[]
  /** The address of the client as the platform knows it. */
  readonly clientAddress: (request: Request) => string | null
}

/**
 * Nobody is asked for a key, and nobody may write.
 *
 * @throws Fault FORBIDDEN off loopback, unless allowed by name.
 */
export function authenticateOpen({ allowOpen, allowedHosts, clientAddress }: OpenOptions): MiddlewareHandler<EdgeEnv> {
  const local = allowedHosts.every((host) => isLoopback(host))
  return async function authenticateOpen(c, next) {
    if (!allowOpen && !(local && isLoopback(new URL(c.req.url).hostname)))
      throw fault('FORBIDDEN', 'This server answers without a key only on the machine it runs on.', {
        hint: 'The operator sets AUTH_MODE=key, or ALLOW_OPEN=1 to let anybody read.',
      })
    c.set('caller', { id: anonymousId(clientAddress(c.req.raw)), tenant: DEFAULT_TENANT, scopes: ['read'] })
    c.set('ownLimit', null)
    await next()
  }
}

export interface KeyOptions {
  readonly keys: KeyStore
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly report: Report
}

/** A hash of nothing we hold, so that an unknown id costs what a known one does. */
const NO_HASH = '0'.repeat(64)

/**
 * A key as `X-API-Key` or `Authorization: Bearer`. No OAuth discovery is published in this mode: some clients would
 * then ignore the header they were configured with (reference mcp.md 4.5).
 *
 * @throws Fault UNAUTHORIZED, the same words for every reason; ESTAT_UNAVAILABLE where keys cannot be looked up.
 */
export function authenticateKey({ keys, now, report }: KeyOptions): MiddlewareHandler<EdgeEnv> {
  async function recordOf(id: string): Promise<KeyRecord | null> {
    try {
      return await keys.find(id)
    } catch (error) {
      report(error, 'key store')
      throw fault('ESTAT_UNAVAILABLE', 'Keys cannot be checked at present.', { hint: 'Call again in a minute.' })
    }
  }

  return async function authenticateKey(c, next) {
    const key = parseKey(sentKey(c) ?? '')
    if (!key) throw fault('UNAUTHORIZED', 'This server needs an API key.')
    const [record, hash] = await Promise.all([recordOf(key.id), hashSecret(key.secret)])
    const same = equalHashes(hash, record?.hash ?? NO_HASH)
    const expired = record?.expires != null && Date.parse(record.expires) <= now()
    if (!record || !same || expired) throw fault('UNAUTHORIZED', 'The API key is not valid.')
    c.set('caller', { id: key.id, tenant: record.tenant, scopes: record.scopes })
    c.set('ownLimit', record.limit)
    await next()
  }
}

const sentKey = (c: Context): string | undefined =>
  c.req.header('x-api-key') ?? /^Bearer +(\S+) *$/i.exec(c.req.header('authorization') ?? '')?.[1]
