/**
 * The S3 store, and what stands on it, against Ceph's radosgw: an S3 with signatures, conditions and a store of its own.
 * It is started here and by nobody else, for it takes seconds and needs Debian's packages.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CreateBucketCommand, ListMultipartUploadsCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { localCatalog } from '../../origin/adapters/catalog-local.ts'
import { jobStore } from '../../origin/adapters/jobs-store.ts'
import { s3Store, type S3StoreOptions } from '../../origin/adapters/store-s3.ts'
import { awsPorts } from '../../origin/aws.ts'
import { jobStoreContract } from '../contracts/job-store.ts'
import { objectStoreContract } from '../contracts/object-store.ts'
import { type CatalogLab, tableCatalogContract } from '../contracts/table-catalog.ts'
import { openOrigin } from '../origin/support/origin.ts'
import { type FaultyLine, faultyLine } from './faulty-line.ts'
import { installRadosgw } from './judges/install-radosgw.ts'
import { CEPH_KEYS, CEPH_REGION, startRadosgw } from './judges/radosgw.ts'
import type { ServerProcess } from './judges/server-process.ts'
import { wholeWay } from './whole-way.ts'

/** Fail by what this radosgw lacks. One that passes fails this suite, and is to be struck from the list. */
const KNOWN_FAILURES: Readonly<Record<string, string>> = {
  'creates a large stream once where two writers race':
    'CompleteMultipartUpload takes no notice of If-None-Match, so both writers are told that they won',
  'tells what was damaged on its way down':
    'it keeps no checksum (x-amz-checksum-crc32) and so answers with none that a reader could check',
}

const MB = 1024 * 1024
const say = (line: string): void => console.log(`judges: ${line}`)
const ceph = await installRadosgw(say)
if (typeof ceph === 'string') console.warn(`LEFT OUT: S3 of Ceph's radosgw: ${ceph}`)
else
  say(
    `${ceph.name}; known to fail there:\n${Object.entries(KNOWN_FAILURES)
      .map(([name, why]) => `  ${name}: ${why}\n`)
      .join('')}`,
  )

describe.runIf(typeof ceph !== 'string')('with the S3 of radosgw', () => {
  let server: ServerProcess
  let line: FaultyLine
  let client: S3Client
  let base = ''
  let count = 0
  const met = new Set<string>()

  beforeAll(async () => {
    if (typeof ceph === 'string') return
    base = await mkdtemp(join(tmpdir(), 'radosgw-'))
    server = await startRadosgw(ceph)
    line = await faultyLine(server.url)
    client = new S3Client({ region: CEPH_REGION, endpoint: server.url, credentials: CEPH_KEYS, forcePathStyle: true })
  })
  afterAll(async () => {
    client?.destroy()
    await line?.close()
    await server?.stop()
    await rm(base, { recursive: true, force: true })
  })
  beforeEach(({ task }) => {
    met.add(task.name)
    const own: { fails?: boolean } = task
    own.fails = task.name in KNOWN_FAILURES
  })

  /** A store on a bucket of its own, over the line that can fail. */
  async function fresh(more: Partial<S3StoreOptions> = {}) {
    count += 1
    const bucket = `objects-${count}`
    await client.send(new CreateBucketCommand({ Bucket: bucket }))
    const options = {
      region: CEPH_REGION, endpoint: line.url, credentials: CEPH_KEYS, bucket, cacheDir: join(base, bucket),
      cacheBytes: 100_000_000, ...more,
    } // biome-ignore format: a list of settings
    return { store: s3Store(options), options }
  }

  describe('objects keep the contract', () => {
    objectStoreContract(async () => (await fresh()).store)
  })

  describe('jobs keep the contract', () => {
    jobStoreContract(async () => {
      const { store } = await fresh()
      return { store: jobStore(store), keys: async () => (await store.list('')).map(({ key }) => key) }
    })
  })

  describe('tables whose pointer is a name keep the contract', () => {
    tableCatalogContract(async (): Promise<CatalogLab> => {
      const { store, options } = await fresh({ maxAttempts: 2 })
      const swap = { on: 'PUT', containing: '.metadata.json' } as const
      return {
        store,
        open: () => localCatalog({ store: s3Store(options), root: `s3://${store.bucket}` }),
        loseAnswer: () => line.plan({ ...swap, fault: { kind: 'lose-answer' } }),
        goSilent() {
          line.plan({ ...swap, fault: { kind: 'go-silent' } })
          return () => line.heal()
        },
      }
    })
  })

  describe('the S3 store', () => {
    it('takes large streams in parts, never over what is there, and gives them back whole', async () => {
      const { store } = await fresh()
      const size = 20 * MB + 17
      expect(await store.put('csv/big', pieces(size), { ifAbsent: true })).toBe(true)
      expect(await store.put('csv/big', pieces(9 * MB), { ifAbsent: true })).toBe(false)
      const back = Buffer.from((await store.get('csv/big')) ?? [])
      expect(back.equals(await joined(pieces(size)))).toBe(true)
    })

    it('creates a large stream once where two writers race', async () => {
      const { store } = await fresh()
      const won = await Promise.all([1, 2].map(() => store.put('csv/x', pieces(9 * MB), { ifAbsent: true })))
      expect(won.filter(Boolean)).toHaveLength(1)
    })

    it('creates large bytes once where many writers race', async () => {
      const { store } = await fresh()
      const bodies = Array.from({ length: 4 }, (_, at) => new Uint8Array(9 * MB).fill(at))
      const won = await Promise.all(bodies.map((body) => store.put('csv/x', body, { ifAbsent: true })))
      expect(won.filter(Boolean)).toHaveLength(1)
      expect((await store.get('csv/x'))?.[0]).toBe(won.indexOf(true))
    })

    it('finds a write to be its own whose answer got lost, and no other', async () => {
      const { store } = await fresh()
      for (const [at, key] of ['v1', 'v1', 'v2'].entries()) {
        line.plan({ on: 'PUT', fault: { kind: 'lose-answer' } })
        expect(await store.put(key, new Uint8Array([at]), { ifAbsent: true })).toBe(at !== 1)
      }
      expect(await store.get('v1')).toEqual(new Uint8Array([0]))
    })

    it('leaves no parts behind when the body breaks off', async () => {
      const { store } = await fresh()
      async function* broken() {
        yield* pieces(17 * MB)
        throw new Error('the line went dead')
      }
      await expect(store.put('csv/x', broken())).rejects.toThrow('the line went dead')
      expect(await store.list('')).toEqual([])
      const { Uploads } = await client.send(new ListMultipartUploadsCommand({ Bucket: store.bucket }))
      expect(Uploads ?? []).toEqual([])
    })

    it('lists to the end, page by page', async () => {
      const { store } = await fresh()
      const keys = Array.from({ length: 1_234 }, (_, at) => `raw/${String(at).padStart(5, '0')}`)
      const left = keys.values()
      const write = async () => {
        for (const key of left) await store.put(key, new Uint8Array([1]))
      }
      await Promise.all(Array.from({ length: 16 }, write))
      expect((await store.list('raw/')).map(({ key }) => key)).toEqual(keys)
    })

    it('reads on where a body broke off', async () => {
      const { store } = await fresh()
      const body = await joined(pieces(3 * MB))
      await store.put('a', body)
      line.plan({ on: 'GET', fault: { kind: 'cut', bytes: MB }, times: 2 })
      expect(Buffer.from((await store.get('a')) ?? []).equals(body)).toBe(true)
      line.plan({ on: 'GET', fault: { kind: 'cut', bytes: 10 } })
      const rest = Buffer.from(await new Response(await store.stream('a', 100)).arrayBuffer())
      expect(rest.equals(body.subarray(100))).toBe(true)
    })

    it('gives no mixture where the object was replaced meanwhile', async () => {
      const { store } = await fresh()
      await store.put('a', await joined(pieces(3 * MB)))
      line.plan({ on: 'GET', fault: { kind: 'cut', bytes: MB } })
      const reader = ((await store.stream('a')) as ReadableStream<Uint8Array>).getReader()
      await reader.read()
      await store.put('a', new Uint8Array(4 * MB))
      const rest = async () => {
        while (!(await reader.read()).done);
      }
      await expect(rest()).rejects.toMatchObject({ message: 'An object of the lake changed while it was read.' })
    })

    it('stores nothing of what was damaged on its way up', async () => {
      const { store } = await fresh()
      for (const body of [new Uint8Array([1, 2, 3]), new Uint8Array(9 * MB)]) {
        line.damageNextUpload()
        await expect(store.put('a', body)).rejects.toMatchObject({ code: 'AWS_SERVICE_ERROR' })
        expect(await store.get('a')).toBeNull()
      }
    })

    it('tells what was damaged on its way down', async () => {
      const { store } = await fresh()
      await store.put('a', new TextEncoder().encode('0123456789'))
      line.plan({ on: 'GET', fault: { kind: 'damage' } })
      await expect(store.get('a')).rejects.toMatchObject({ code: 'AWS_SERVICE_ERROR' })
    })

    it('is let in by its own secret alone', async () => {
      const { store, options } = await fresh()
      const stranger = s3Store({ ...options, credentials: { ...CEPH_KEYS, secretAccessKey: 'another' } })
      await expect(stranger.put('a', new Uint8Array([1]))).rejects.toMatchObject({
        message: 'AWS does not accept the credentials of the server.',
      })
      expect(await store.list('')).toEqual([])
    })
  })

  it('the tools answer on it as they do on this disk, given nothing but its address', async () => {
    const { options } = await fresh()
    const { bucket, credentials, region } = options
    const endpoints = { s3: server.url }
    const dataDir = join(base, 'work')
    const home = {
      bucket,
      credentials,
      region,
      endpoints,
      dataDir,
      cacheBytes: 1e8,
      tables: 'files',
      athena: null,
    } as const
    const ports = awsPorts({ ...home, databasePrefix: '' }, { dataDir, appId: null, now: Date.now })
    const answers = []
    for (const origin of [await openOrigin({ ports }), await openOrigin()]) {
      answers.push(await wholeWay(origin))
      await origin.close()
    }
    expect(answers[0]).toEqual(answers[1])
  })

  it('names no failure of a test that is not here', () => {
    expect(Object.keys(KNOWN_FAILURES).filter((name) => !met.has(name))).toEqual([])
  })
})

/** `size` bytes in pieces of a megabyte, none of them like another. */
async function* pieces(size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < size; at += MB) yield new Uint8Array(Math.min(MB, size - at)).fill(at / MB)
}
async function joined(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = []
  for await (const chunk of chunks) all.push(chunk)
  return Buffer.concat(all)
}
