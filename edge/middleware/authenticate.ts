import type { Context, MiddlewareHandler } from 'hono'
import { fault } from '../../shared/fault.ts'
import { equalHashes, hashSecret, type KeyRecord, parseKey } from '../../shared/keys.ts'
import { DEFAULT_TENANT } from '../../shared/server-info.ts'
import { anonymousId } from '../domain/client-address.ts'
import { isLoopback } from '../domain/hosts.ts'
import type { EdgeEnv, Report } from '../env.ts'
import type { FailedKeys } from '../failed-keys.ts'
import type { KeyStore } from '../ports.ts'
import { within } from '../within.ts'

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
  /** How long `keys` may take. */
  readonly timeoutMs: number
  readonly wrongKeys: FailedKeys
  /** The address of the client as the platform knows it. */
  readonly clientAddress: (request: Request) => string | null
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
 * @throws Fault UNAUTHORIZED, the same words for every reason; RATE_LIMITED after too many wrong keys from one address;
 *   ESTAT_UNAVAILABLE where keys cannot be looked up.
 */
export function authenticateKey(options: KeyOptions): MiddlewareHandler<EdgeEnv> {
  const { keys, timeoutMs, wrongKeys, clientAddress, now, report } = options

  async function recordOf(id: string): Promise<KeyRecord | null> {
    try {
      return await within(timeoutMs, keys.find(id))
    } catch (error) {
      report(error, 'key store')
      throw fault('ESTAT_UNAVAILABLE', 'Keys cannot be checked at present.', { hint: 'Call again in a minute.' })
    }
  }

  return async function authenticateKey(c, next) {
    const key = parseKey(sentKey(c) ?? '')
    if (!key) throw fault('UNAUTHORIZED', 'This server needs an API key.')
    const attempt = { address: clientAddress(c.req.raw), id: key.id, hash: await hashSecret(key.secret) }
    wrongKeys.admit(attempt)
    const record = await recordOf(key.id)
    const same = equalHashes(attempt.hash, record?.hash ?? NO_HASH)
    const expired = record?.expires != null && Date.parse(record.expires) <= now()
    if (!record || !same || expired) {
      await wrongKeys.failed(attempt)
      throw fault('UNAUTHORIZED', 'The API key is not valid.')
    }
    wrongKeys.passed(attempt)
    c.set('caller', { id: key.id, tenant: record.tenant, scopes: record.scopes })
    c.set('ownLimit', record.limit)
    await next()
  }
}

const sentKey = (c: Context): string | undefined =>
  c.req.header('x-api-key') ?? /^Bearer +(\S+) *$/i.exec(c.req.header('authorization') ?? '')?.[1]
