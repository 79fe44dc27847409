/**
 * The production Worker in a real workerd: wrangler.toml as it is, with settings of the test. About a second to start,
 * so one for each file of tests, which keep apart by keys and arguments of their own.
 */
import { fileURLToPath } from 'node:url'
import { exportJWK, generateKeyPair, type JWK } from 'jose'
import { createTestHarness } from 'wrangler'
import { type KeyRecord, type NewKey, recordName } from '../../shared/keys.ts'
import { type Grant, issueKeyInto } from '../support/issue-key.ts'

// wrangler asks the network for nothing (reference toolchain.md, "workerd, offline").
process.env['WRANGLER_SEND_METRICS'] = 'false'
process.env['CLOUDFLARE_CF_FETCH_ENABLED'] = 'false'

export interface EdgeSettings {
  readonly originUrl: string
  /** Private Ed25519 JWK; a fresh one where absent. */
  readonly signingKey?: JWK
  /** Other variables of `EdgeConfig`, e.g. `RATE_LIMIT_PER_MINUTE`. */
  readonly vars?: Readonly<Record<string, string>>
}

export interface RunningEdge {
  /** Without a trailing slash. */
  readonly url: string
  /** What the origin needs as `ORIGIN_PUBLIC_KEYS`. */
  readonly publicKey: JWK
  /** Issues a key and stores it in the Worker's KV. */
  issueKey(grant?: Grant): Promise<NewKey>
  /** Stores a record under an id, or takes it away. */
  putKey(id: string, record: KeyRecord | null): Promise<void>
  /** Drops the memory of the object that counts for a caller; what it stored stays. */
  evictCounter(caller: string): Promise<void>
  /** What the Worker logged. */
  logs(): readonly string[]
  close(): Promise<void>
}

interface Bindings {
  readonly KEYS: {
    put(name: string, value: string): Promise<void>
    delete(name: string): Promise<void>
  }
}

export async function startEdge({ originUrl, signingKey, vars }: EdgeSettings): Promise<RunningEdge> {
  const key = signingKey ?? (await newSigningKey())
  const { d: _secret, ...publicKey } = key
  const settings = { ORIGIN_URL: originUrl, CALLER_SIGNING_KEY: JSON.stringify(key), ...vars }
  const server = createTestHarness({
    root: fileURLToPath(new URL('../..', import.meta.url)),
    workers: [{ configPath: './wrangler.toml', vars: settings }],
  })
  const { url } = await server.listen()
  const worker = server.getWorker()
  const { KEYS } = (await worker.getEnv()) as unknown as Bindings

  async function putKey(id: string, record: KeyRecord | null): Promise<void> {
    if (record) await KEYS.put(recordName(id), JSON.stringify(record))
    else await KEYS.delete(recordName(id))
  }

  return {
    url: url.origin,
    publicKey,
    putKey,
    issueKey: (grant) => issueKeyInto(putKey, grant),
    evictCounter: (caller) => worker.evictDurableObject('LIMITER', { name: caller }),
    logs: () => server.getLogs().map(({ message }) => message),
    close: () => server.close(),
  }
}

/** A private Ed25519 JWK with a `kid`. */
export async function newSigningKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('EdDSA', { extractable: true })
  return { ...(await exportJWK(privateKey)), kid: crypto.randomUUID() }
}
