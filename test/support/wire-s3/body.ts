/**
 * The body of an upload: unwrapped where it came as `aws-chunked` (S3 API Reference, "Signature Calculations: Transferring
 * Payload in Multiple Chunks", with and without trailers), held to its signature, length and checksums.
 */
import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { crc32 } from 'node:zlib'
import { same, sha256, type Verified } from '../wire-aws/sigv4.ts'
import { S3Error } from './errors.ts'

export interface Upload {
  readonly bytes: Buffer
  /** Checksums that were sent and hold: `x-amz-checksum-crc32` and its like. */
  readonly checksums: Readonly<Record<string, string>>
}

/** @throws S3Error 400 or 403 where body and promise differ. */
export function readBody(headers: IncomingHttpHeaders, raw: Buffer, auth: Verified): Upload {
  const { payload } = auth
  if (payload === '') throw new S3Error(400, 'MissingContentSHA256')
  const streaming = payload.startsWith('STREAMING-')
  if (!streaming && payload !== 'UNSIGNED-PAYLOAD' && payload !== sha256(raw))
    throw new S3Error(400, 'XAmzContentSHA256Mismatch')
  const { bytes, trailers } = streaming ? unchunked(headers, raw, auth) : { bytes: raw, trailers: {} }
  const length = headers['x-amz-decoded-content-length']
  if (streaming && Number(length) !== bytes.length) throw new S3Error(400, 'IncompleteBody')
  return { bytes, checksums: checked({ ...headers, ...trailers }, bytes) }
}

const crc32c = (bytes: Uint8Array): number => {
  let crc = -1
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1
  }
  return ~crc >>> 0
}

const word = (value: number): string => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes.toString('base64')
}

const SUMS: Readonly<Record<string, (bytes: Uint8Array) => string>> = {
  'x-amz-checksum-crc32': (bytes) => word(crc32(bytes)),
  'x-amz-checksum-crc32c': (bytes) => word(crc32c(bytes)),
  'x-amz-checksum-sha1': (bytes) => createHash('sha1').update(bytes).digest('base64'),
  'x-amz-checksum-sha256': (bytes) => createHash('sha256').update(bytes).digest('base64'),
}

function checked(told: IncomingHttpHeaders, bytes: Buffer): Readonly<Record<string, string>> {
  const held: Record<string, string> = {}
  for (const [name, sum] of Object.entries(SUMS)) {
    const claimed = told[name]
    if (typeof claimed !== 'string') continue
    if (sum(bytes) !== claimed) throw new S3Error(400, 'BadDigest')
    held[name] = claimed
  }
  const announced = told['x-amz-trailer']
  if (typeof announced === 'string' && held[announced] === undefined) throw new S3Error(400, 'MalformedTrailerError')
  const md5 = told['content-md5']
  if (typeof md5 === 'string' && createHash('md5').update(bytes).digest('base64') !== md5)
    throw new S3Error(400, 'BadDigest')
  return held
}

const KINDS = new Set([
  'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
])

function unchunked(headers: IncomingHttpHeaders, raw: Buffer, auth: Verified) {
  const { payload } = auth
  if (!KINDS.has(payload)) throw new S3Error(400, 'InvalidRequest')
  if (!(headers['content-encoding'] ?? '').split(',').some((coding) => coding.trim() === 'aws-chunked'))
    throw new S3Error(400, 'InvalidRequest')
  const signed = payload.startsWith('STREAMING-AWS4')
  const parts: Buffer[] = []
  let at = 0
  let signature = auth.signature
  for (;;) {
    const end = raw.indexOf('\r\n', at)
    const [, size, mark] =
      /^([0-9a-fA-F]+)(?:;chunk-signature=([0-9a-f]{64}))?$/.exec(raw.toString('latin1', at, end)) ?? []
    if (end < 0 || size === undefined || signed !== (mark !== undefined)) throw new S3Error(400, 'IncompleteBody')
    const chunk = raw.subarray(end + 2, end + 2 + Number.parseInt(size, 16))
    if (mark !== undefined) {
      if (!same(auth.chunkSignature(signature, chunk), mark)) throw new S3Error(403, 'SignatureDoesNotMatch')
      signature = mark
    }
    at = end + 2 + chunk.length
    if (chunk.length === 0) break
    parts.push(chunk)
    at += 2
  }
  return {
    bytes: Buffer.concat(parts),
    trailers: trailersOf(raw.toString('utf8', at), signed ? signature : null, auth),
  }
}

function trailersOf(text: string, previous: string | null, auth: Verified): Readonly<Record<string, string>> {
  const lines = text.split('\r\n').filter((line) => line !== '')
  const all = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  )
  const { 'x-amz-trailer-signature': mark, ...trailers } = all
  if (previous !== null && lines.length > 0) {
    const canonical = Object.entries(trailers)
      .map(([name, value]) => `${name}:${value}\n`)
      .join('')
    if (mark === undefined || !same(auth.trailerSignature(previous, canonical), mark))
      throw new S3Error(403, 'SignatureDoesNotMatch')
  }
  return trailers
}
