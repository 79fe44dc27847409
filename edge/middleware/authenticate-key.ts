import type { Context } from 'hono'
import { fault } from '../../shared/fault.ts'
import type { SingleKey } from '../../shared/identity.ts'
import { equalHashes, hashSecret, type KeyRecord, parseKey } from '../../shared/keys.ts'
import { DEFAULT_TENANT } from '../../shared/server-info.ts'
import type { Report } from '../env.ts'
import type { FailedKeys } from '../failed-keys.ts'
import { knownSecrets } from '../known-secrets.ts'
import type { KeyStore } from '../ports.ts'
import { within } from '../within.ts'
import type { Identified, Identify } from './authenticate.ts'

export interface KeyOptions {
  readonly keys: KeyStore
  /** One more key, of the configuration. */
  readonly singleKey?: SingleKey | null
  /** How long `keys` may take. */
  readonly timeoutMs: number
  readonly wrongKeys: FailedKeys
  /** The address of the client as the platform knows it. */
  readonly clientAddress: (request: Request) => string | null
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly report: Report
}

/** Whom `MCP_API_KEY` names. No key of the store has a hyphen in its id. */
const SINGLE_KEY_ID = 'mcp-api-key'
/** Longer than any key: not worth the hashing. */
const MAX_CHARS = 1_000

/** Compared with where there is no record, so that an unknown id takes as long as a wrong secret. */
const NO_HASH = '0'.repeat(64)

/**
 * An API key in `X-API-Key` or `Authorization: Bearer`. No OAuth discovery is published for it: some clients would then
 * ignore the header they were configured with (reference mcp.md 4.5).
 *
 * @throws Fault UNAUTHORIZED, the same words for every reason; RATE_LIMITED after too many wrong keys from one address;
 *   ESTAT_UNAVAILABLE where keys cannot be looked up.
 */
export function identifyKey(options: KeyOptions): Identify {
  const { keys, timeoutMs, wrongKeys, clientAddress, now, report } = options
  const single = options.singleKey ?? null
  const singleHash = single && hashSecret(single.text)
  const secrets = knownSecrets()

  async function recordOf(id: string): Promise<KeyRecord | null> {
    try {
      return await within(timeoutMs, keys.find(id))
    } catch (error) {
      report(error, 'key store')
      throw fault('ESTAT_UNAVAILABLE', 'Keys cannot be checked at present.', { hint: 'Call again in a minute.' })
    }
  }

  async function identifiedBy(id: string, hash: string): Promise<Identified | null> {
    const record = await recordOf(id)
    const same = equalHashes(hash, record?.hash ?? NO_HASH)
    const expired = record?.expires != null && Date.parse(record.expires) <= now()
    if (!record || !same || expired) return null
    return { caller: { id, tenant: record.tenant, scopes: record.scopes }, ownLimit: record.limit }
  }

  return async function identifyKey(c) {
    const text = sentKey(c)
    if (text === undefined) throw fault('UNAUTHORIZED', 'This server needs an API key.')
    const key = parseKey(text)
    const id = key?.id ?? SINGLE_KEY_ID
    const secret = key?.secret ?? text.slice(0, MAX_CHARS)
    const hash = await secrets.hashOf(id, secret)
    const attempt = { address: clientAddress(c.req.raw), id, hash }
    wrongKeys.admit(attempt)
    const isSingle = singleHash && equalHashes(await hashSecret(text.slice(0, MAX_CHARS)), await singleHash)
    const identified =
      single && isSingle
        ? { caller: { id: SINGLE_KEY_ID, tenant: DEFAULT_TENANT, scopes: single.scopes }, ownLimit: null }
        : key && (await identifiedBy(key.id, hash))
    if (!identified) {
      await wrongKeys.failed(attempt)
      throw fault('UNAUTHORIZED', 'The API key is not valid.')
    }
    secrets.passed(id, secret, hash)
    wrongKeys.passed(attempt)
    return identified
  }
}

/** Some clients send a header of their configuration empty: then it is not meant. */
const sentKey = (c: Context): string | undefined => c.req.header('x-api-key') || sentBearer(c)

/** RFC 6750 section 2.1. */
export const sentBearer = (c: Context): string | undefined =>
  /^Bearer +(\S+) *$/i.exec(c.req.header('authorization') ?? '')?.[1]
