/**
 * Results in S3, for all instances of a region: `cache/<sha256 of the key>`, gzipped JSON with the key and the time after
 * which it is not answered. What is past its time is left to a lifecycle rule on `cache/`.
 *
 * The role needs s3:GetObject and s3:PutObject on `cache/*`, and s3:ListBucket on the bucket: without it S3 says 403, not
 * 404, of what is not there (S3 API reference, GetObject).
 */
import * as z from 'zod'
import type { AwsSender } from '../../shared/aws/sender.ts'
import { packJson, unpackJson } from '../gzip.ts'
import type { ResultCache } from '../ports.ts'
import { type FrontedCacheOptions, frontedCache, Kept } from './cache-fronted.ts'

export interface S3CacheOptions extends Omit<FrontedCacheOptions, 'shared'> {
  /** For the service `s3`. */
  readonly aws: AwsSender
  /** URL of the bucket: `https://<bucket>.s3.<region>.amazonaws.com`, or another S3's by path. */
  readonly bucketUrl: string
  /** Of one request, milliseconds. */
  readonly timeoutMs?: number
}

/** The key is in it as well: a name is only a digest. */
const Written = z.object({ key: z.string(), until: z.number(), kept: Kept })

export function s3Cache({ aws, bucketUrl, timeoutMs = 2_000, ...options }: S3CacheOptions): ResultCache {
  const base = bucketUrl.replace(/\/$/, '')
  const ask = async (method: 'GET' | 'PUT', key: string, body?: Uint8Array<ArrayBuffer>): Promise<Response> =>
    aws({
      method,
      url: `${base}/cache/${await sha256(key)}`,
      // No content encoding: fetch would undo it behind our back.
      ...(body ? { body, headers: { 'content-type': 'application/gzip' } } : {}),
      signal: AbortSignal.timeout(timeoutMs),
    })

  return frontedCache({
    ...options,
    shared: {
      async get(key) {
        const response = await ask('GET', key)
        if (response.ok) return readWritten(key, new Uint8Array(await response.arrayBuffer()))
        await response.body?.cancel()
        if (response.status === 404) return null
        throw new Error(`S3 answered ${response.status}`)
      },
      async put(key, { kept, until }) {
        const response = await ask('PUT', key, await packJson({ key, until, kept } satisfies z.infer<typeof Written>))
        await response.body?.cancel()
        if (!response.ok) throw new Error(`S3 answered ${response.status}`)
      },
    },
  })
}

/** Null for what is cut short, of another form, or another's. */
async function readWritten(key: string, bytes: Uint8Array<ArrayBuffer>) {
  const written = Written.safeParse(await unpackJson(bytes).catch(() => null))
  return written.success && written.data.key === key ? written.data : null
}

async function sha256(text: string): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
