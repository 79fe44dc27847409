/** Every platform, started for real before one origin. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { JWK } from 'jose'
import { diskRecords } from '../../../edge/adapters/records-disk.ts'
import { dynamoRecords } from '../../../shared/aws/records-dynamodb.ts'
import { newKey, recordName } from '../../../shared/keys.ts'
import type { Records } from '../../../shared/records.ts'
import { wireDynamo } from '../../support/wire-dynamodb.ts'
import { WIRE_KEYS, wireS3 } from '../../support/wire-s3/server.ts'
import { BUN, DENO } from '../runtime-commands.ts'
import { startEdge } from '../workerd.ts'
import { startEdgeProcess } from './edge-process.ts'
import { startRelay } from './relay.ts'
import type { Grant, Target } from './target.ts'

export interface Before {
  readonly originUrl: string
  /** The private key whose public half the origin knows. */
  readonly signingKey: JWK
  /** Public halves of the keys that sign links. */
  readonly linkKeys: readonly JWK[]
}

export const NODE_EDGE = [process.execPath, 'edge/platform/node.ts']
export const BUN_EDGE = [...BUN, 'edge/platform/bun.ts']
const MAY = ['--allow-net', '--allow-env', '--allow-read', '--allow-write']
export const DENO_EDGE = [...DENO, ...MAY, 'edge/platform/deno.ts']
const BRIDGE = [process.execPath, 'test/platform/black-box/lambda-bridge.ts']
const CACHE_BUCKET = 'estat-edge-cache'

const settingsOf = ({ signingKey, linkKeys }: Before, originUrl: string): Record<string, string> => ({
  ORIGIN_URL: originUrl,
  CALLER_SIGNING_KEY: JSON.stringify(signingKey),
  LINK_PUBLIC_KEYS: JSON.stringify(linkKeys),
  AUTH_MODE: 'key',
})

async function issue(records: Records, { scopes, limit }: Grant): Promise<string> {
  const random = (count: number) => crypto.getRandomValues(new Uint8Array(count))
  const key = await newKey(random, { tenant: 'estat', scopes, ...(limit === undefined ? {} : { limit }) })
  await records.put(recordName(key.id), JSON.stringify(key.record))
  return key.text
}
const over = (records: Records): Pick<Target, 'issueKey' | 'revoke'> => ({
  issueKey: (grant) => issue(records, grant),
  revoke: (key) => records.delete(recordName(key.split('.')[0] ?? '')),
})

async function workerd(before: Before): Promise<Target> {
  const relay = await startRelay(before.originUrl)
  const edge = await startEdge({
    originUrl: relay.url,
    signingKey: before.signingKey,
    vars: { LINK_PUBLIC_KEYS: JSON.stringify(before.linkKeys) },
  })
  return {
    name: 'workerd',
    url: edge.url,
    relay,
    issueKey: async ({ scopes, limit }) =>
      (await edge.issueKey({ scopes, ...(limit === undefined ? {} : { limit }) })).text,
    revoke: (key) => edge.putKey(key.split('.')[0] ?? '', null),
    cannot: {
      disconnect:
        "the harness' proxy keeps from the Worker that a client left: test/platform/leaving.test.ts, raw workerd",
      'raw-http': "the harness' proxy reads the request",
    },
    async close() {
      await edge.close()
      await relay.close()
    },
  }
}

/** Node, Bun or Deno by itself: keys in a file, the rest in memory. */
async function single(name: string, command: readonly string[], before: Before): Promise<Target> {
  const relay = await startRelay(before.originUrl)
  const folder = mkdtempSync(join(tmpdir(), 'estat-platform-'))
  const path = join(folder, 'keys.json')
  const edge = await startEdgeProcess(command, { ...settingsOf(before, relay.url), KEYS_FILE: path })
  return {
    name,
    url: edge.url,
    relay,
    ...over(diskRecords({ path, now: () => Date.now() })),
    cannot: {},
    async close() {
      await edge.close()
      await relay.close()
      rmSync(folder, { recursive: true })
    },
  }
}

/** What instances share is in DynamoDB and S3. */
async function onAws(
  name: string,
  command: readonly string[],
  before: Before,
  cannot: Target['cannot'],
): Promise<Target> {
  const relay = await startRelay(before.originUrl)
  const table = await wireDynamo()
  const bucket = await wireS3()
  bucket.bucket(CACHE_BUCKET)
  const edge = await startEdgeProcess(command, {
    ...settingsOf(before, relay.url),
    ...table.env,
    EDGE_STORE: 'dynamodb',
    CACHE_BUCKET,
    AWS_ENDPOINT_URL_S3: bucket.url,
    AWS_ACCESS_KEY_ID: WIRE_KEYS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: WIRE_KEYS.secretAccessKey,
  })
  return {
    name,
    url: edge.url,
    relay,
    ...over(dynamoRecords({ dynamo: table.dynamo, now: () => Date.now() })),
    cannot,
    async close() {
      await edge.close()
      await relay.close()
      await table.close()
      await bucket.close()
    },
  }
}

const LAMBDA_CANNOT: Target['cannot'] = {
  streams: 'a buffered Lambda answers at the end: JSON, and no GET /mcp',
  disconnect: 'Lambda does not tell a function that its caller left',
  'raw-http': 'the front parses HTTP',
}

export const PLATFORMS = {
  workerd,
  node: (before) => single('Node', NODE_EDGE, before),
  aws: (before) => onAws('Node + AWS', NODE_EDGE, before, {}),
  bun: (before) => single('Bun', BUN_EDGE, before),
  deno: (before) => single('Deno', DENO_EDGE, before),
  lambda: (before) => onAws('Lambda', BRIDGE, before, LAMBDA_CANNOT),
} satisfies Readonly<Record<string, (before: Before) => Promise<Target>>>
