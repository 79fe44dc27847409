/** What a bucket holds, and the operations on it: each in one turn of the event loop, so that conditions are exact. */
import { createHash, randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { compareKeys } from '../../../origin/lake/object-key.ts'
import type { Upload } from './body.ts'
import { S3Error } from './errors.ts'

export interface StoredObject {
  readonly bytes: Buffer
  /** Without quotes. */
  readonly etag: string
  readonly modified: Date
  /** `content-type` and `x-amz-meta-*` of the request that made it. */
  readonly headers: Readonly<Record<string, string>>
  readonly checksums: Readonly<Record<string, string>>
}

interface MultipartUpload {
  readonly key: string
  readonly headers: Readonly<Record<string, string>>
  readonly parts: Map<number, StoredObject>
}

export interface Bucket {
  readonly objects: Map<string, StoredObject>
  readonly uploads: Map<string, MultipartUpload>
}

export const newBucket = (): Bucket => ({ objects: new Map(), uploads: new Map() })

const MIN_PART = 5 * 1024 * 1024
const md5 = (bytes: Uint8Array): Buffer => createHash('md5').update(bytes).digest()

/** Conditions of a write ("Conditional requests"): what is there decides, now. */
export function checkWrite(headers: IncomingHttpHeaders, current: StoredObject | undefined): void {
  if (headers['if-none-match'] !== undefined && headers['if-none-match'] !== '*')
    throw new S3Error(501, 'NotImplemented')
  if (headers['if-none-match'] === '*' && current !== undefined) throw new S3Error(412, 'PreconditionFailed')
  if (headers['if-match'] === undefined) return
  if (current === undefined) throw new S3Error(404, 'NoSuchKey')
  if (bare(headers['if-match']) !== current.etag) throw new S3Error(412, 'PreconditionFailed')
}

export const bare = (etag: string): string => etag.replace(/^"|"$/g, '')

export function putObject(bucket: Bucket, key: string, headers: IncomingHttpHeaders, upload: Upload): StoredObject {
  checkWrite(headers, bucket.objects.get(key))
  const { bytes, checksums } = upload
  const object = { bytes, checksums, etag: md5(bytes).toString('hex'), modified: now(), headers: kept(headers) }
  bucket.objects.set(key, object)
  return object
}

/** S3 tells times to the second. */
const now = (): Date => new Date(Math.floor(Date.now() / 1000) * 1000)

const kept = (headers: IncomingHttpHeaders): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      /^x-amz-meta-|^content-type$|^content-disposition$/.test(name) && typeof value === 'string'
        ? [[name, value]]
        : [],
    ),
  )

export function startUpload(bucket: Bucket, key: string, headers: IncomingHttpHeaders): string {
  const id = randomUUID()
  bucket.uploads.set(id, { key, headers: kept(headers), parts: new Map() })
  return id
}

const uploadOf = (bucket: Bucket, key: string, id: string): MultipartUpload => {
  const found = bucket.uploads.get(id)
  if (found?.key !== key) throw new S3Error(404, 'NoSuchUpload')
  return found
}

export function putPart(bucket: Bucket, at: { key: string; id: string; part: number }, { bytes, checksums }: Upload) {
  const { parts } = uploadOf(bucket, at.key, at.id)
  if (!Number.isInteger(at.part) || at.part < 1 || at.part > 10_000) throw new S3Error(400, 'InvalidArgument')
  const part = { bytes, checksums, etag: md5(bytes).toString('hex'), modified: now(), headers: {} }
  parts.set(at.part, part)
  return part
}

export interface NamedPart {
  readonly number: number
  readonly etag: string
}

export function completeUpload(
  bucket: Bucket,
  key: string,
  id: string,
  headers: IncomingHttpHeaders,
  named: readonly NamedPart[],
): StoredObject {
  const { parts, headers: told } = uploadOf(bucket, key, id)
  checkWrite(headers, bucket.objects.get(key))
  if (named.length === 0) throw new S3Error(400, 'MalformedXML')
  const found = named.map(({ number, etag }, at) => {
    if (at > 0 && number <= (named[at - 1]?.number ?? 0)) throw new S3Error(400, 'InvalidPartOrder')
    const part = parts.get(number)
    if (part === undefined || part.etag !== etag) throw new S3Error(400, 'InvalidPart')
    if (at < named.length - 1 && part.bytes.length < MIN_PART) throw new S3Error(400, 'EntityTooSmall')
    return part
  })
  const etag = `${md5(Buffer.concat(found.map((part) => Buffer.from(part.etag, 'hex')))).toString('hex')}-${found.length}`
  const object = {
    bytes: Buffer.concat(found.map(({ bytes }) => bytes)),
    etag,
    modified: now(),
    headers: told,
    checksums: {},
  }
  bucket.objects.set(key, object)
  bucket.uploads.delete(id)
  return object
}

export function abortUpload(bucket: Bucket, key: string, id: string): void {
  uploadOf(bucket, key, id)
  bucket.uploads.delete(id)
}

export interface ListPage {
  readonly entries: readonly (readonly [key: string, object: StoredObject])[]
  /** Where the next page begins; null on the last one. */
  readonly next: string | null
}

/** @param after Keys up to and with this one were on the pages before. */
export function listObjects({ objects }: Bucket, prefix: string, after: string, most: number): ListPage {
  const all = [...objects]
    .filter(([key]) => key.startsWith(prefix) && (after === '' || compareKeys(key, after) > 0))
    .toSorted(([a], [b]) => compareKeys(a, b))
  const entries = all.slice(0, most)
  return { entries, next: all.length > most ? (entries.at(-1)?.[0] ?? null) : null }
}
