/**
 * An S3 in this process, over real HTTP: it checks signatures, conditions and checksums as S3 does, keeps objects in
 * memory, and fails on demand. Path-style addresses only. What nobody here asks for answers 501.
 */
import type { IncomingHttpHeaders } from 'node:http'
import { type Answer, answer, type FaultPlan, faultPlan } from '../wire-aws/faults.ts'
import { wireServer, type WireServer } from '../wire-aws/server.ts'
import { AuthError, type Verified, verifySigV4 } from '../wire-aws/sigv4.ts'
import { readBody, type Upload } from './body.ts'
import {
  abortUpload,
  type Bucket,
  completeUpload,
  newBucket,
  putObject,
  putPart,
  startUpload,
  type StoredObject,
} from './bucket.ts'
import { errorXml, S3Error, xmlText } from './errors.ts'
import { listAnswer, readObject } from './read.ts'

export interface WireS3 extends WireServer, Pick<FaultPlan, 'plan' | 'heal'> {
  /** Makes the bucket where it is not there yet. */
  bucket(name: string): Bucket
  /** "PUT /bucket/key?query", in the order that they came, refused ones too. */
  readonly requests: readonly string[]
}

export interface WireS3Options {
  readonly region?: string
  /** Secret by access key id. */
  readonly keys?: Readonly<Record<string, string>>
  readonly now?: () => number
  readonly port?: number
}

/** Opens nothing but servers of these tests. */
export const WIRE_KEYS = { accessKeyId: 'AKIAWIRETEST', secretAccessKey: 'wire-test-secret' } as const
export const WIRE_REGION = 'ap-northeast-1'

export async function wireS3(options: WireS3Options = {}): Promise<WireS3> {
  const {
    region = WIRE_REGION,
    keys = { [WIRE_KEYS.accessKeyId]: WIRE_KEYS.secretAccessKey },
    now = Date.now,
  } = options
  const buckets = new Map<string, Bucket>()
  const faults = faultPlan()
  const requests: string[] = []

  const server = await wireServer((request, raw, response) => {
    const { method = '', url = '', headers } = request
    const line = `${method} ${decodeURI(url)}`
    requests.push(line)
    const act = (): Answer => {
      try {
        const auth = verifySigV4({ method, url, headers }, { region, service: 's3', keys, now })
        return route(buckets, { method, url, headers, raw, auth })
      } catch (error) {
        if (error instanceof S3Error || error instanceof AuthError) return refusal(error.status, error.code)
        throw error
      }
    }
    return answer({ request, response, act, refusal, fault: faults.take(method, line) })
  }, options.port)

  return {
    ...server,
    requests,
    plan: (...planned) => faults.plan(...planned),
    heal: () => faults.heal(),
    bucket(name) {
      const found = buckets.get(name) ?? newBucket()
      buckets.set(name, found)
      return found
    },
  }
}

const refusal = (status: number, code: string): Answer => ({
  status,
  headers: { 'content-type': 'application/xml' },
  body: errorXml(code),
})

interface Asked {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly raw: Buffer
  readonly auth: Verified
}

function route(buckets: ReadonlyMap<string, Bucket>, { method, url, headers, raw, auth }: Asked): Answer {
  const { pathname, search } = splitUrl(url)
  // A plus sign is a plus sign in S3's queries.
  const query = new URLSearchParams(search.replaceAll('+', '%2B'))
  const [, name = '', ...rest] = pathname.split('/')
  const key = decodeURIComponent(rest.join('/'))
  const bucket = buckets.get(name)
  if (bucket === undefined) throw new S3Error(404, 'NoSuchBucket')
  const upload = readBody(headers, raw, auth)
  if (key === '') return bucketRoute(bucket, name, { method, query, upload })
  const id = query.get('uploadId')
  if (id !== null) return uploadRoute(bucket, key, id, { method, query, upload, headers })
  if (method === 'POST' && query.has('uploads')) return started(name, key, startUpload(bucket, key, headers))
  if (method === 'GET' || method === 'HEAD') return readObject(bucket.objects.get(key), headers, query)
  if (method === 'PUT' && headers['x-amz-copy-source'] === undefined)
    return written(putObject(bucket, key, headers, upload))
  if (method !== 'DELETE') throw new S3Error(501, 'NotImplemented')
  bucket.objects.delete(key)
  return { status: 204 }
}

function splitUrl(url: string): { pathname: string; search: string } {
  const at = url.indexOf('?')
  return at < 0 ? { pathname: url, search: '' } : { pathname: url.slice(0, at), search: url.slice(at + 1) }
}

const written = ({ etag, checksums }: StoredObject): Answer => ({
  status: 200,
  headers: { etag: `"${etag}"`, ...checksums },
})

const xml = (body: string): Answer => ({ status: 200, headers: { 'content-type': 'application/xml' }, body })

const started = (bucket: string, key: string, id: string): Answer =>
  xml(
    `<InitiateMultipartUploadResult><Bucket>${bucket}</Bucket><Key>${xmlText(key)}</Key><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`,
  )

interface InBucket {
  readonly method: string
  readonly query: URLSearchParams
  readonly upload: Upload
}

function bucketRoute(bucket: Bucket, name: string, { method, query, upload }: InBucket): Answer {
  if (method === 'HEAD') return { status: 200 }
  if (method === 'GET') return listAnswer(bucket, name, query)
  if (method !== 'POST' || !query.has('delete')) throw new S3Error(501, 'NotImplemented')
  // "DeleteObjects" demands a checksum of its body.
  if (Object.keys(upload.checksums).length === 0) throw new S3Error(400, 'InvalidRequest')
  const keys = elements(upload.bytes.toString(), 'Key')
  for (const key of keys) bucket.objects.delete(key)
  return xml(
    `<DeleteResult>${keys.map((key) => `<Deleted><Key>${xmlText(key)}</Key></Deleted>`).join('')}</DeleteResult>`,
  )
}

function uploadRoute(
  bucket: Bucket,
  key: string,
  id: string,
  { method, query, upload, headers }: InBucket & { readonly headers: IncomingHttpHeaders },
): Answer {
  if (method === 'PUT') return written(putPart(bucket, { key, id, part: Number(query.get('partNumber')) }, upload))
  if (method === 'DELETE') {
    abortUpload(bucket, key, id)
    return { status: 204 }
  }
  if (method !== 'POST') throw new S3Error(501, 'NotImplemented')
  const parts = elements(upload.bytes.toString(), 'Part').map((part) => ({
    number: Number(elements(part, 'PartNumber')[0]),
    etag: (elements(part, 'ETag')[0] ?? '').replaceAll(/"|&quot;/g, ''),
  }))
  const { etag } = completeUpload(bucket, key, id, headers, parts)
  return xml(
    `<CompleteMultipartUploadResult><Key>${xmlText(key)}</Key><ETag>&quot;${etag}&quot;</ETag></CompleteMultipartUploadResult>`,
  )
}

/** The contents of every `<name>` element; the five entities of XML are read. */
const elements = (text: string, name: string): readonly string[] =>
  Array.from(text.matchAll(new RegExp(`<${name}>(.*?)</${name}>`, 'gs')), ([, inner = '']) =>
    inner.includes('<') ? inner : unescaped(inner),
  )

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }
const unescaped = (text: string): string =>
  text.replace(/&(lt|gt|amp|quot|apos);/g, (whole, name: string) => ENTITIES[name] ?? whole)
