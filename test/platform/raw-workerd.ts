/**
 * The production Worker on `workerd serve` alone: one instance or several, which share the Durable Objects and the keys,
 * as the instances of a Worker all over the world do. Faster than miniflare, and what load is measured on.
 */
import { fileURLToPath } from 'node:url'
import type { JWK } from 'jose'
import { type NewKey, recordName } from '../../shared/keys.ts'
import { type Grant, issueKeyInto } from '../support/issue-key.ts'
import { serveWorkerd } from './serve-workerd.ts'
import { newSigningKey } from './workerd.ts'

export interface RawEdgesOptions {
  readonly originUrl: string
  readonly instances: number
  /** Other variables of `EdgeConfig`. Key mode unless they say otherwise. */
  readonly vars?: Readonly<Record<string, string>>
}

export interface RawEdges {
  /** Of each instance, without a trailing slash. */
  readonly urls: readonly string[]
  /** Of its processes: one for all instances on workerd, one each elsewhere. */
  readonly pids: readonly number[]
  readonly publicKey: JWK
  /** The end of what they wrote. */
  readonly log: () => string
  /** Issues a key and stores it in the KV of all instances. */
  issueKey(grant?: Grant): Promise<NewKey>
  close(): Promise<void>
}

/** As wrangler.toml binds them. */
const OBJECTS = { LIMITER: 'CallerLimit', FLIGHTS: 'Flight' }

export async function startRawEdges({ originUrl, instances, vars = {} }: RawEdgesOptions): Promise<RawEdges> {
  const key = await newSigningKey()
  const { d: _secret, ...publicKey } = key
  const settings = { ORIGIN_URL: originUrl, AUTH_MODE: 'key', CALLER_SIGNING_KEY: JSON.stringify(key), ...vars }
  const workerd = await serveWorkerd({
    entry: fileURLToPath(new URL('../../edge/platform/cloudflare.ts', import.meta.url)),
    objects: OBJECTS,
    services: Array.from({ length: instances }, () => settings),
    kv: 'KEYS',
  })
  return {
    urls: workerd.urls,
    pids: [workerd.pid],
    publicKey,
    log: workerd.log,
    issueKey: (grant) => issueKeyInto((id, record) => workerd.putText(recordName(id), JSON.stringify(record)), grant),
    close: () => workerd.close(),
  }
}

export interface RawEdge extends Pick<RawEdges, 'publicKey' | 'close'> {
  readonly url: string
}

/** One instance that asks nobody who they are. */
export async function startRawEdge({ originUrl }: { readonly originUrl: string }): Promise<RawEdge> {
  const { urls, ...edges } = await startRawEdges({ originUrl, instances: 1, vars: { AUTH_MODE: 'open' } })
  return { url: urls[0] as string, ...edges }
}
