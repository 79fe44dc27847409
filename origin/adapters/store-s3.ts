/** ObjectStore over a bucket of S3, or of anything that speaks its protocol. */
import {
  DeleteObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  S3Client,
  type ListObjectsV2CommandOutput,
} from '@aws-sdk/client-s3'
import { createReadStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { fault } from '../../shared/fault.ts'
import { keyProblem } from '../lake/object-key.ts'
import type { ObjectInfo, ObjectStore } from '../ports.ts'
import { type AwsOptions, awsClientConfig } from './aws-client.ts'
import { awsFault, isAwsError, statusOf } from './aws-faults.ts'
import { cachedFile, keepCopy } from './store-s3-local.ts'
import { fileCache } from './store-s3-cache.ts'
import { type Bucket, isAbsent, type OpenObject, openObject } from './store-s3-read.ts'
import { BrokenBody, createObject, writeObject } from './store-s3-write.ts'
import { diskFault } from './store-local-faults.ts'

export interface S3StoreOptions extends AwsOptions {
  readonly bucket: string
  /** Folder of the copies that `localPath` answers with; other processes may share it. */
  readonly cacheDir: string
  /** Bytes that those copies may take. */
  readonly cacheBytes: number
}

/**
 * The role needs s3:GetObject, s3:PutObject, s3:DeleteObject, s3:AbortMultipartUpload on the objects, and s3:ListBucket
 * on the bucket (without it S3 says 403, not 404, of what is not there). A process that is killed within a multipart
 * upload leaves parts behind that a lifecycle rule of the bucket has to remove (AbortIncompleteMultipartUpload).
 *
 * @throws Fault INVALID_PARAMETER for a key that is none; AWS_SERVICE_ERROR in plain words for what S3 refuses or fails at.
 */
export function s3Store(options: S3StoreOptions): ObjectStore {
  const { bucket, cacheDir, cacheBytes } = options
  // An endpoint of one's own rarely answers to `<bucket>.<host>`.
  const client = new S3Client({ ...awsClientConfig(options), forcePathStyle: options.endpoint !== undefined })
  const at: Bucket = { client, bucket }
  const cache = fileCache({ folder: cacheDir, maxBytes: cacheBytes })

  return {
    bucket,

    get: (key) =>
      asking('s3:GetObject', key, async () => {
        const found = await openObject(at, key)
        return found === null ? null : collect(found.size, found.chunks)
      }),

    stream: (key, from = 0, version) =>
      asking('s3:GetObject', key, async () => {
        try {
          const found = await openObject(at, key, from, version === undefined ? undefined : `"${version}"`)
          return found === null ? null : streamOf(found)
        } catch (error) {
          if (version !== undefined && statusOf(error) === 412) return null
          throw error
        }
      }),

    head: (key) =>
      asking('s3:GetObject', key, async () => {
        try {
          const { ContentLength, LastModified, ETag } = await client.send(
            new HeadObjectCommand({ Bucket: bucket, Key: key }),
          )
          const version = ETag === undefined ? {} : { version: ETag.replaceAll('"', '') }
          return { key, size: ContentLength ?? 0, modified: LastModified?.getTime() ?? 0, ...version }
        } catch (error) {
          if (isAbsent(error)) return null
          throw error
        }
      }),

    put: (key, body, { ifAbsent = false } = {}) =>
      asking('s3:PutObject', key, async () => {
        if (ifAbsent) return createObject(at, key, body)
        await writeObject(at, key, body)
        return true
      }),

    list: (prefix) =>
      asking('s3:ListBucket', prefix === '' ? null : prefix.replace(/\/$/, ''), () => listAll(at, prefix)),

    delete: (key) =>
      asking('s3:DeleteObject', key, async () => {
        await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }))
      }),

    localPath: (key) =>
      asking('s3:GetObject', key, async () => {
        const path = await cachedFile(at, cache, key)
        if (path === null) throw fault('NOT_FOUND', 'There is no such file in the lake.')
        return path
      }),

    putFile: (key, path) =>
      asking('s3:PutObject', key, async () => {
        await writeObject(at, key, createReadStream(path, { highWaterMark: 1024 * 1024 }))
        if (!(await keepCopy(cache, key, path))) await rm(path, { force: true })
      }),
  }
}

async function collect(size: number, chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const bytes = new Uint8Array(size)
  let at = 0
  for await (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
}

/** S3 lists by UTF-8 bytes, 1,000 keys at a time. */
async function listAll({ client, bucket }: Bucket, prefix: string): Promise<readonly ObjectInfo[]> {
  const found: ObjectInfo[] = []
  let token: string | undefined
  do {
    const page: ListObjectsV2CommandOutput = await client.send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: token }),
    )
    for (const { Key = '', Size = 0, LastModified } of page.Contents ?? [])
      found.push({ key: Key, size: Size, modified: LastModified?.getTime() ?? 0 })
    token = page.NextContinuationToken
  } while (token !== undefined)
  return found
}

/** Pulled as it is read, so that nothing is fetched ahead of a slow reader. */
const streamOf = ({ chunks, close }: OpenObject): ReadableStream<Uint8Array> =>
  new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await chunks.next()
          if (done) controller.close()
          else controller.enqueue(value)
        } catch (error) {
          controller.error(said(error, 's3:GetObject'))
        }
      },
      cancel: close,
    },
    { highWaterMark: 0 },
  )

/** Every method ends here, so that no name of AWS and no path leaves with an error. */
async function asking<T>(action: string, key: string | null, work: () => Promise<T>): Promise<T> {
  const problem = key === null ? null : keyProblem(key)
  if (problem !== null) throw fault('INVALID_PARAMETER', problem)
  try {
    return await work()
  } catch (error) {
    throw said(error, action)
  }
}

/** What the caller's own body threw passes as it is. */
function said(error: unknown, action: string): unknown {
  if (error instanceof BrokenBody) return diskFault(error.cause)
  return isAwsError(error) ? awsFault(error, 'S3', action) : diskFault(error)
}
