/** Writing an object of S3 whole: one request, or a multipart upload that is aborted when anything of it fails. */
import { HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { attemptsOf, outcomeUnknown, statusOf } from './aws-faults.ts'
import { type Bucket, isAbsent } from './store-s3-read.ts'

/**
 * S3 takes parts of 5 MiB and up, 10,000 at the most: 50 GB in all. Two at once cost some 70 MB of memory at the peak,
 * two of 8 MiB some 110.
 */
const PART_BYTES = 5 * 1024 * 1024
const PARTS_AT_ONCE = 2
/** Marks whose write it was, so that one whose answer got lost can be told from another writer's. */
const WRITE_ID = 'write-id'
/** How often a refused or lost conditional write is sent again; S3 asks for it on 409. */
const TRIES = 5

/** The body itself failed, not S3: `cause` is what it threw. */
export class BrokenBody extends Error {
  override readonly name = 'BrokenBody'

  constructor(cause: unknown) {
    super('the body broke off', { cause })
  }
}

export type Body = Uint8Array | AsyncIterable<Uint8Array>

export async function writeObject(at: Bucket, key: string, body: Body): Promise<void> {
  const id = randomUUID()
  try {
    await send(at, key, body, { Metadata: { [WRITE_ID]: id } })
  } catch (error) {
    if (!isOpen(error) || (await writerOf(at, key)) !== id) throw error
  }
}

/**
 * Creates the object; false where there is one (`If-None-Match: *`).
 *
 * A request whose answer got lost may have been done, and the SDK sends it again by itself: so a refusal counts only
 * where the object that is there is not this write's own. Sending the same bytes once more is safe: at most one of
 * the two is taken.
 */
export async function createObject(at: Bucket, key: string, body: Body): Promise<boolean> {
  const id = randomUUID()
  // Spares a long upload that would be refused in the end; some of S3's kin (R2, Ceph) would not even refuse it.
  if (!(body instanceof Uint8Array) && (await writerOf(at, key)) !== null) return false
  for (let attempt = 1; ; attempt += 1) {
    try {
      await send(at, key, body, { IfNoneMatch: '*', Metadata: { [WRITE_ID]: id } })
      return true
    } catch (error) {
      if (statusOf(error) === 412 && attempt === 1 && attemptsOf(error) === 1) return false
      if (statusOf(error) !== 412 && statusOf(error) !== 409 && !isOpen(error)) throw error
      const there = await writerOf(at, key)
      if (there !== null) return there === id
      // A stream is gone once it was read; bytes can be sent again.
      if (!(body instanceof Uint8Array) || attempt >= TRIES) throw error
      await sleep(20 * 2 ** attempt * Math.random())
    }
  }
}

/** Whether the write may be there: no answer, or "no such upload" to a second request for what the first one ended. */
const isOpen = (error: unknown): boolean => outcomeUnknown(error) || (statusOf(error) === 404 && attemptsOf(error) > 1)

/** The mark of the object's writer, '' where it left none; null where there is no object. */
async function writerOf({ client, bucket }: Bucket, key: string): Promise<string | null> {
  try {
    const { Metadata } = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }))
    return Metadata?.[WRITE_ID] ?? ''
  } catch (error) {
    if (isAbsent(error)) return null
    throw error
  }
}

interface Conditions {
  readonly IfNoneMatch?: '*'
  readonly Metadata?: Record<string, string>
}

/** Checksums (CRC32) are the SDK's own: `requestChecksumCalculation` is WHEN_SUPPORTED. */
async function send({ client, bucket }: Bucket, key: string, body: Body, conditions: Conditions): Promise<void> {
  const params = { Bucket: bucket, Key: key, ...conditions }
  // Whoever knows conditions at all knows them of a single request.
  if (body instanceof Uint8Array && (body.length <= PART_BYTES || conditions.IfNoneMatch !== undefined)) {
    await client.send(new PutObjectCommand({ ...params, Body: body }))
    return
  }
  let broken: BrokenBody | null = null
  async function* watched() {
    try {
      if (body instanceof Uint8Array) yield body
      else yield* body
    } catch (error) {
      broken = new BrokenBody(error)
      throw error
    }
  }
  const stream = Readable.from(watched())
  const upload = new Upload({
    client,
    partSize: PART_BYTES,
    queueSize: PARTS_AT_ONCE,
    params: { ...params, Body: stream },
  })
  try {
    await upload.done()
  } catch (error) {
    // Why the body broke off, and not that the upload could not be aborted afterwards.
    throw broken ?? error
  } finally {
    stream.destroy()
  }
}
