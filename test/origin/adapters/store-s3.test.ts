import { mkdir, mkdtemp, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { jobStore } from '../../../origin/adapters/jobs-store.ts'
import { jobStoreContract } from '../../contracts/job-store.ts'
import { objectStoreContract } from '../../contracts/object-store.ts'
import { openS3, type S3Lab } from '../../support/s3-store.ts'

const MB = 1024 * 1024
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
let lab: S3Lab
beforeAll(async () => {
  lab = await openS3()
})
afterAll(() => lab.close())

describe('the S3 store keeps the contract', () => {
  objectStoreContract(async () => lab.fresh().store)
})

describe('jobs on S3 keep the contract', () => {
  jobStoreContract(async () => {
    const { store } = lab.fresh()
    return { store: jobStore(store), keys: async () => (await store.list('')).map(({ key }) => key) }
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

describe('large objects', () => {
  it('go up in parts as they come, and down as a stream', async () => {
    const { store, bucket } = lab.fresh()
    const size = 20 * MB + 17
    expect(await store.put('csv/big.csv', pieces(size))).toBe(true)
    expect(bucket.objects.get('csv/big.csv')?.etag).toMatch(/-5$/)
    expect(bucket.uploads.size).toBe(0)
    const down = await joined((await store.stream('csv/big.csv')) as AsyncIterable<Uint8Array>)
    expect(down.equals(await joined(pieces(size)))).toBe(true)
  })

  it('are created once where two writers race', async () => {
    const { store, bucket } = lab.fresh()
    const body = () => pieces(9 * MB)
    const won = await Promise.all([1, 2, 3].map(() => store.put('csv/x', body(), { ifAbsent: true })))
    expect(won.filter(Boolean)).toHaveLength(1)
    expect(bucket.uploads.size).toBe(0)
  })

  it('leave no parts behind when the body breaks off', async () => {
    const { store, bucket } = lab.fresh()
    async function* broken() {
      yield* pieces(17 * MB)
      throw new Error('the line went dead')
    }
    await expect(store.put('csv/x', broken())).rejects.toThrow('the line went dead')
    expect([bucket.objects.size, bucket.uploads.size]).toEqual([0, 0])
  })

  it('are moved in from a file without being held', async () => {
    const { store, bucket, options } = lab.fresh()
    const folder = await mkdtemp(join(lab.base, 'in-'))
    const path = join(folder, 'x.parquet')
    await writeFile(path, await joined(pieces(9 * MB)))
    const key = 'estat/iceberg/t/data/x.parquet'
    await store.putFile(key, path)
    expect(bucket.objects.get(key)?.bytes.length).toBe(9 * MB)
    await expect(stat(path)).rejects.toMatchObject({ code: 'ENOENT' })
    // The file became the copy: nothing comes down again.
    const before = lab.server.requests.length
    expect((await stat(await store.localPath(key))).size).toBe(9 * MB)
    expect(lab.server.requests.slice(before)).toEqual([])
    expect(options.cacheDir.startsWith(lab.base)).toBe(true)
  })
})

it('lists to the end, page by page', async () => {
  const { store, bucket } = lab.fresh()
  const keys = Array.from({ length: 2_345 }, (_, at) => `raw/${String(at).padStart(5, '0')}`)
  for (const key of keys)
    bucket.objects.set(key, { bytes: Buffer.from(key), etag: 'x', modified: new Date(0), headers: {}, checksums: {} })
  const before = lab.server.requests.length
  expect((await store.list('raw/')).map(({ key }) => key)).toEqual(keys)
  expect(lab.server.requests.length - before).toBe(3)
})

it('stores an empty object, from bytes and from a stream', async () => {
  const { store } = lab.fresh()
  await store.put('a', new Uint8Array())
  await store.put('b', pieces(0))
  expect([(await store.get('a'))?.length, (await store.get('b'))?.length]).toEqual([0, 0])
})

it('sends a checksum with every write, and S3 checks it', async () => {
  const { store, bucket } = lab.fresh()
  await store.put('a', bytes('x'))
  expect(bucket.objects.get('a')?.checksums['x-amz-checksum-crc32']).toBeDefined()
})

describe('copies on this machine', () => {
  it('of a data file are fetched once, by however many ask at once', async () => {
    const { store } = lab.fresh()
    const key = 'estat/iceberg/t/data/1.parquet'
    await store.put(key, bytes('PAR1'))
    const before = lab.server.requests.length
    const paths = await Promise.all([1, 2, 3].map(() => store.localPath(key)))
    expect(new Set(paths).size).toBe(1)
    expect(paths[0]).toMatch(/\.parquet$/)
    expect(await readFile(await store.localPath(key), 'utf8')).toBe('PAR1')
    expect(lab.server.requests.slice(before).filter((line) => line.startsWith('GET'))).toHaveLength(1)
  })

  it('of what may be written anew follow it', async () => {
    const { store } = lab.fresh()
    await store.put('estat/parquet/x.parquet', bytes('old'))
    const old = await store.localPath('estat/parquet/x.parquet')
    await store.put('estat/parquet/x.parquet', bytes('new one'))
    expect(await readFile(await store.localPath('estat/parquet/x.parquet'), 'utf8')).toBe('new one')
    expect(await readFile(old, 'utf8')).toBe('old')
  })

  it('are shared by processes that have one folder', async () => {
    const one = lab.fresh()
    const two = lab.fresh({ ...one.options })
    await mkdir(one.options.cacheDir, { recursive: true })
    await one.store.put('raw/1/f/page-00001.json.gz', bytes('{}'))
    const paths = await Promise.all([one, two].map(({ store }) => store.localPath('raw/1/f/page-00001.json.gz')))
    expect(paths[0]).toBe(paths[1])
    expect(paths[0]).toMatch(/\.json\.gz$/)
  })
})
