/** Reading an object of S3 as one stream, whatever happens to the connection on the way. */
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Readable } from 'node:stream'
import { fault } from '../../shared/fault.ts'
import { statusOf } from './aws-faults.ts'

export interface Bucket {
  readonly client: S3Client
  readonly bucket: string
}

export interface OpenObject {
  /** Bytes that `chunks` gives: from where it was opened to the end. */
  readonly size: number
  readonly etag: string
  /** @throws Error of the SDK; Fault AWS_SERVICE_ERROR where the object was replaced meanwhile, or came short. */
  readonly chunks: AsyncGenerator<Uint8Array, void>
  /** Ends the connection, read from or not. */
  readonly close: () => void
}

/** Broken connections in a row, without a byte between them, after which reading is given up. */
const BREAKS = 4

/**
 * Opens an object from byte `from` on. A stream that breaks off goes on where it was, on the same version of the object
 * (`If-Match`); a body read in one go is checked against its checksum by the SDK.
 * @param etag Only this version: the answer is 412 for another.
 * @returns null where there is no such object. Beyond its end the stream is empty.
 */
export async function openObject(bucket: Bucket, key: string, from = 0, etag?: string): Promise<OpenObject | null> {
  const first = await request(bucket, key, from, etag)
  if (first === null) return null
  if (first === 'beyond') return { size: 0, etag: '', chunks: none(), close() {} }
  const opened: Opened = { from, size: first.ContentLength ?? 0, etag: first.ETag ?? '', body: heard(first.Body) }
  return {
    size: opened.size,
    etag: opened.etag,
    chunks: resumed(bucket, key, opened),
    close: () => void opened.body.destroy(),
  }
}

async function* none(): AsyncGenerator<Uint8Array, void> {}

interface Opened {
  readonly from: number
  readonly size: number
  readonly etag: string
  /** The connection that is read from now. */
  body: Readable
}

async function* resumed(bucket: Bucket, key: string, opened: Opened): AsyncGenerator<Uint8Array, void> {
  const { from, size } = opened
  let done = 0
  for (let breaks = 0; ; ) {
    try {
      for await (const chunk of opened.body as AsyncIterable<Buffer>) {
        breaks = 0
        done += chunk.length
        yield new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length)
      }
      if (done === size) return
      throw Object.assign(new Error('came short'), { code: 'ECONNRESET' })
    } catch (error) {
      breaks += 1
      if (isDamage(error))
        throw fault('AWS_SERVICE_ERROR', 'An object of the lake was damaged on its way.', { cause: error })
      if (breaks >= BREAKS) throw fault('AWS_SERVICE_ERROR', 'S3 did not answer.', { cause: error })
      await sleep(25 * 2 ** breaks)
    } finally {
      // Also where the reader left: the connection is of no more use.
      opened.body.destroy()
    }
    opened.body = await reopened(bucket, key, from + done, opened.etag)
  }
}

async function reopened(bucket: Bucket, key: string, from: number, etag: string): Promise<Readable> {
  const changed = (cause?: unknown) =>
    fault('AWS_SERVICE_ERROR', 'An object of the lake changed while it was read.', { cause })
  const answer = await request(bucket, key, from, etag).catch((error: unknown) => {
    throw statusOf(error) === 412 ? changed(error) : error
  })
  if (answer === null || answer === 'beyond') throw changed()
  return heard(answer.Body)
}

/** The SDK holds a body that was read whole to its checksum. Everything else that a body throws is the connection. */
const isDamage = (error: unknown): boolean => error instanceof Error && error.message.startsWith('Checksum mismatch')

/** A connection may fail before anyone reads from it: the reader is told then, and the process lives. */
function heard(body: unknown): Readable {
  return (body as Readable).on('error', () => {})
}

async function request({ client, bucket }: Bucket, key: string, from: number, etag?: string) {
  try {
    return await client.send(
      new GetObjectCommand({
        Bucket: bucket,
        Key: key,
        ...(from === 0 ? {} : { Range: `bytes=${from}-` }),
        ...(etag === undefined ? {} : { IfMatch: etag }),
      }),
    )
  } catch (error) {
    if (isAbsent(error)) return null
    if (statusOf(error) === 416) return 'beyond'
    throw error
  }
}

/** No such key; a bucket that is not there is told apart, for that is the operator's concern. HEAD has no body to tell. */
export const isAbsent = (error: unknown): boolean =>
  statusOf(error) === 404 && !(error instanceof Error && error.name === 'NoSuchBucket')
