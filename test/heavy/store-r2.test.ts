/**
 * The S3 store against an S3 that we did not write: Cloudflare's R2 as miniflare serves it on this machine, which checks
 * signatures and conditions in code of its own.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { convertV4MiniflareOptions, Miniflare } from 'miniflare'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { jobStore } from '../../origin/adapters/jobs-store.ts'
import { localCatalog } from '../../origin/adapters/catalog-local.ts'
import { s3Store } from '../../origin/adapters/store-s3.ts'
import { LAKE_COLUMNS } from '../../origin/lake/columns.ts'
import type { ObjectStore } from '../../origin/ports.ts'
import { jobStoreContract } from '../contracts/job-store.ts'
import { objectStoreContract } from '../contracts/object-store.ts'

/** Accepted by this miniflare alone. */
const KEYS = { accessKeyId: 'local-r2-key-id', secretAccessKey: 'local-r2-secret' }
const BUCKETS = 50

let miniflare: Miniflare
let url: URL
let base = ''
let count = 0
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'r2-'))
  const buckets = Array.from({ length: BUCKETS }, (_, at) => [`B${at}`, { id: `lake-${at}`, s3Credentials: KEYS }])
  const worker = { modules: true, script: 'export default { fetch: () => new Response() }' } as const
  miniflare = new Miniflare(convertV4MiniflareOptions({ ...worker, r2Buckets: Object.fromEntries(buckets) }))
  url = await miniflare.ready
})
afterAll(async () => {
  await miniflare.dispose()
  await rm(base, { recursive: true, force: true })
})

const open = (bucket: string): ObjectStore =>
  s3Store({
    bucket,
    region: 'auto',
    endpoint: new URL('/cdn-cgi/local/r2/s3', url).href,
    credentials: KEYS,
    cacheDir: join(base, bucket),
    cacheBytes: 1e9,
  })
const fresh = (): ObjectStore => {
  count += 1
  return open(`lake-${count}`)
}

describe('objects in R2 keep the contract', () => {
  objectStoreContract(async () => fresh())
})

describe('jobs in R2 keep the contract', () => {
  jobStoreContract(async () => {
    const store = fresh()
    return { store: jobStore(store), keys: async () => (await store.list('')).map(({ key }) => key) }
  })
})

it('tables in R2 take the commits of four writers in one chain', async () => {
  const store = fresh()
  const key = 'estat/parquet/x.parquet'
  await store.put(key, new TextEncoder().encode('PAR1'))
  const file = {
    key,
    bytes: 4,
    rows: 1,
    columns: LAKE_COLUMNS.slice(0, 6),
    stats: [],
    datasetId: '0000000001',
    splitOffsets: [4],
    properties: {},
  }
  const options = { create: true, now: Date.now(), signal: new AbortController().signal }
  const writer = async () => {
    const catalog = localCatalog({ store: open(store.bucket), root: `s3://${store.bucket}` })
    for (let at = 0; at < 5; at += 1)
      await catalog.commit('estat', 't', { kind: 'append', files: [file], properties: {} }, options)
  }
  await Promise.all([writer(), writer(), writer(), writer()])
  const table = await localCatalog({ store, root: `s3://${store.bucket}` }).load('estat', 't')
  expect([table?.rows, table?.snapshots.length]).toEqual([20, 20])
  table?.snapshots.forEach(({ parentId }, at) => expect(parentId).toBe(table.snapshots[at - 1]?.id ?? null))
})

/**
 * Known: this R2 does not look at `If-None-Match` when a multipart upload is completed (nor does Ceph's radosgw), so of
 * two streams of more than 5 MiB that race for one key both are told that they won. S3 itself refuses the second.
 */
it('large objects go up in parts, never over one that is there, and come down whole', async () => {
  const store = fresh()
  const body = new Uint8Array(21_000_000).map((_, at) => at % 251)
  const stream = (bytes: Uint8Array<ArrayBuffer>) => new Blob([bytes]).stream() as AsyncIterable<Uint8Array>
  expect(await store.put('csv/big', stream(body), { ifAbsent: true })).toBe(true)
  expect(await store.put('csv/big', stream(new Uint8Array(9_000_000)), { ifAbsent: true })).toBe(false)
  expect(await store.put('csv/big', new Uint8Array(9_000_000), { ifAbsent: true })).toBe(false)
  expect(Buffer.compare((await store.get('csv/big')) ?? new Uint8Array(), body)).toBe(0)
  const raced = [1, 2].map(() => store.put('csv/bytes', body, { ifAbsent: true }))
  expect((await Promise.all(raced)).filter(Boolean)).toHaveLength(1)
})
