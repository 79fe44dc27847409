/** A store over a wire-level S3, each on a bucket and a cache folder of its own. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { s3Store, type S3StoreOptions } from '../../origin/adapters/store-s3.ts'
import { WIRE_KEYS, WIRE_REGION, type WireS3, wireS3 } from './wire-s3/server.ts'

export type S3Lab = Awaited<ReturnType<typeof openS3>>

export async function openS3() {
  const server: WireS3 = await wireS3()
  const base = await mkdtemp(join(tmpdir(), 's3-'))
  let count = 0
  return {
    server,
    base,
    fresh(options: Partial<S3StoreOptions> = {}) {
      count += 1
      const name = options.bucket ?? `lake-${count}`
      const bucket = server.bucket(name)
      const cacheDir = join(base, `cache-${count}`)
      const given = {
        bucket: name,
        region: WIRE_REGION,
        endpoint: server.url,
        credentials: WIRE_KEYS,
        cacheDir,
        cacheBytes: 50_000_000,
        ...options,
      }
      return { store: s3Store(given), bucket, options: given }
    },
    /** A store whose bucket is not there. */
    missing: (options: S3StoreOptions) => s3Store({ ...options, bucket: 'not-there' }),
    async close() {
      await server.close()
      await rm(base, { recursive: true, force: true })
    },
  }
}
