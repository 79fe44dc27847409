/** Answers that read: an object, a part of one, its head, a list. */
import type { IncomingHttpHeaders } from 'node:http'
import type { Answer } from '../wire-aws/faults.ts'
import { bare, type Bucket, listObjects, type StoredObject } from './bucket.ts'
import { S3Error, xmlText } from './errors.ts'

/** GET and HEAD ("GetObject"): conditions, then the range. */
export function readObject(
  object: StoredObject | undefined,
  headers: IncomingHttpHeaders,
  query: URLSearchParams,
): Answer {
  if (object === undefined) throw new S3Error(404, 'NoSuchKey')
  const { bytes, etag } = object
  if (headers['if-match'] !== undefined && bare(headers['if-match']) !== etag)
    throw new S3Error(412, 'PreconditionFailed')
  const told = { ...headersOf(object), ...overrides(query) }
  if (headers['if-none-match'] !== undefined && bare(headers['if-none-match']) === etag)
    return { status: 304, headers: told }
  const range = rangeOf(headers.range, bytes.length)
  if (range === null) {
    const checksums = headers['x-amz-checksum-mode'] === 'ENABLED' ? object.checksums : {}
    return { status: 200, headers: { ...told, ...checksums, 'content-length': String(bytes.length) }, body: bytes }
  }
  const [start, end] = range
  return {
    status: 206,
    headers: {
      ...told,
      'content-range': `bytes ${start}-${end}/${bytes.length}`,
      'content-length': String(end - start + 1),
    },
    body: bytes.subarray(start, end + 1),
  }
}

const headersOf = ({ etag, modified, headers }: StoredObject): Record<string, string> => ({
  etag: `"${etag}"`,
  'last-modified': modified.toUTCString(),
  'accept-ranges': 'bytes',
  ...headers,
})

const overrides = (query: URLSearchParams): Record<string, string> =>
  Object.fromEntries(
    [...query].flatMap(([name, value]) => (name.startsWith('response-') ? [[name.slice(9), value]] : [])),
  )

/** First and last byte; null where the whole is asked for. RFC 9110, section 14.1.2. */
function rangeOf(header: string | undefined, size: number): readonly [number, number] | null {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? []
  if (header === undefined || (from === '' && to === '')) return null
  const start = from === '' ? Math.max(0, size - Number(to)) : Number(from)
  if (start >= size) throw new S3Error(416, 'InvalidRange')
  return [start, from === '' || to === '' ? size - 1 : Math.min(size - 1, Number(to))]
}

/** "ListObjectsV2", without delimiters: nobody here asks for them. */
export function listAnswer(bucket: Bucket, name: string, query: URLSearchParams): Answer {
  if (query.get('list-type') !== '2' || query.has('delimiter')) throw new S3Error(501, 'NotImplemented')
  const token = query.get('continuation-token')
  const after = token === null ? (query.get('start-after') ?? '') : Buffer.from(token, 'base64url').toString()
  const prefix = query.get('prefix') ?? ''
  const { entries, next } = listObjects(bucket, prefix, after, Math.min(Number(query.get('max-keys') ?? 1000), 1000))
  const contents = entries.map(
    ([key, { etag, bytes, modified }]) =>
      `<Contents><Key>${xmlText(key)}</Key><LastModified>${modified.toISOString()}</LastModified>` +
      `<ETag>&quot;${etag}&quot;</ETag><Size>${bytes.length}</Size><StorageClass>STANDARD</StorageClass></Contents>`,
  )
  const more =
    next === null ? '' : `<NextContinuationToken>${Buffer.from(next).toString('base64url')}</NextContinuationToken>`
  return {
    status: 200,
    headers: { 'content-type': 'application/xml' },
    body:
      `<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult><Name>${name}</Name><Prefix>${xmlText(prefix)}</Prefix>` +
      `<KeyCount>${entries.length}</KeyCount><MaxKeys>1000</MaxKeys><IsTruncated>${next !== null}</IsTruncated>` +
      `${more}${contents.join('')}</ListBucketResult>`,
  }
}
