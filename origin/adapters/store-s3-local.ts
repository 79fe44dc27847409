/** Which objects of S3 may be answered from a copy, and how one is fetched. */
import { HeadObjectCommand } from '@aws-sdk/client-s3'
import { statusOf } from './aws-faults.ts'
import { copyName, type FileCache } from './store-s3-cache.ts'
import { type Bucket, isAbsent, openObject } from './store-s3-read.ts'

/**
 * Data files of tables are not written twice: their names hold a UUID, or the load whose rows they are. A query asks for
 * many of them, so S3 is not asked first. Of any other object a resumed job may write other bytes under the same key.
 */
const IMMUTABLE = /^[^/]+\/iceberg\/[^/]+\/data\//

/** How often an object may change between the question for its version and its reading. */
const CHANGES = 4

/** The path of a copy of the object as it is; null where there is none. Of what can change, S3 is asked for the version. */
export async function cachedFile(at: Bucket, cache: FileCache, key: string): Promise<string | null> {
  if (IMMUTABLE.test(key)) return cache.path(copyName(key), () => openObject(at, key))
  for (let change = 1; ; change += 1) {
    const version = await versionOf(at, key)
    if (version === null) return null
    try {
      return await cache.path(copyName(key, version), () => openObject(at, key, 0, version))
    } catch (error) {
      if (statusOf(error) !== 412 || change === CHANGES) throw error
    }
  }
}

/** Keeps a file that was just stored as the copy, so that it need not be fetched. @returns whether it took the file. */
export const keepCopy = async (cache: FileCache, key: string, path: string): Promise<boolean> =>
  IMMUTABLE.test(key) && cache.adopt(copyName(key), path)

async function versionOf({ client, bucket }: Bucket, key: string): Promise<string | null> {
  try {
    return (await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }))).ETag ?? ''
  } catch (error) {
    if (isAbsent(error)) return null
    throw error
  }
}
