/**
 * Checks the signatures of AWS requests as the services do (IAM User Guide, "Create a signed AWS API request"; S3 API
 * Reference, "Authenticating Requests"): in the header, in the query (presigned), and of the chunks of a streamed body.
 * Written from the documents with node:crypto alone, so that it is no mirror of the SDK's own signer.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

export interface SignedRequest {
  readonly method: string
  /** Path and query exactly as they came. */
  readonly url: string
  readonly headers: IncomingHttpHeaders
}

export interface SigningRules {
  readonly region: string
  readonly service: string
  /** Secret by access key id. */
  readonly keys: Readonly<Record<string, string>>
  readonly now: () => number
}

/** What a verified request may go on with. */
export interface Verified {
  /** `x-amz-content-sha256`: a hash, or how the body is (not) signed. */
  readonly payload: string
  /** The signature of a chunk, given the one before it (`STREAMING-AWS4-HMAC-SHA256-PAYLOAD`). */
  readonly chunkSignature: (previous: string, bytes: Uint8Array) => string
  readonly trailerSignature: (previous: string, text: string) => string
  readonly signature: string
}

export class AuthError extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, code: string) {
    super(code)
    this.status = status
    this.code = code
  }
}

const SKEW_MS = 15 * 60_000
export const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex')
const hmac = (key: Uint8Array | string, text: string): Buffer => createHmac('sha256', key).update(text).digest()

/** @throws AuthError 403 (400 for what cannot be read) where the request is not signed as it must be. */
export function verifySigV4(request: SignedRequest, rules: SigningRules): Verified {
  const [path, query] = splitOnce(request.url, '?')
  const pairs = query === '' ? [] : query.split('&').map((part) => splitOnce(part, '='))
  const presigned = pairs.some(([name]) => name === 'X-Amz-Signature')
  const claim = presigned ? fromQuery(pairs) : fromHeader(request.headers)
  const [accessKey = '', day, region, service, end] = claim.credential.split('/')
  if (day !== claim.date.slice(0, 8) || region !== rules.region || service !== rules.service || end !== 'aws4_request')
    throw new AuthError(400, 'AuthorizationHeaderMalformed')
  const secret = rules.keys[accessKey]
  if (secret === undefined) throw new AuthError(403, 'InvalidAccessKeyId')
  checkTime(claim, rules.now())
  const signed = claim.signedHeaders.split(';')
  checkSignedHeaders(request.headers, signed)
  const canonical = [
    request.method,
    path,
    canonicalQuery(pairs),
    ...signed.map((name) => `${name}:${headerText(request.headers[name])}`),
    '',
    claim.signedHeaders,
    claim.payload,
  ].join('\n')
  const scope = `${day}/${region}/${service}/aws4_request`
  const key = hmac(hmac(hmac(hmac(`AWS4${secret}`, day), region), service), 'aws4_request')
  const sign = (algorithm: string, ...lines: readonly string[]): string =>
    hmac(key, [algorithm, claim.date, scope, ...lines].join('\n')).toString('hex')
  if (!same(sign('AWS4-HMAC-SHA256', sha256(canonical)), claim.signature))
    throw new AuthError(403, 'SignatureDoesNotMatch')
  return {
    payload: claim.payload,
    signature: claim.signature,
    chunkSignature: (previous, bytes) => sign('AWS4-HMAC-SHA256-PAYLOAD', previous, sha256(''), sha256(bytes)),
    trailerSignature: (previous, text) => sign('AWS4-HMAC-SHA256-TRAILER', previous, sha256(text)),
  }
}

interface Claim {
  readonly credential: string
  readonly signedHeaders: string
  readonly signature: string
  /** `20261120T103000Z`. */
  readonly date: string
  readonly payload: string
  /** Seconds; null for a signature in the header. */
  readonly expires: number | null
}

function fromHeader(headers: IncomingHttpHeaders): Claim {
  const [, credential, signedHeaders, signature] =
    /^AWS4-HMAC-SHA256 Credential=([^,\s]+), ?SignedHeaders=([^,\s]+), ?Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? '',
    ) ?? []
  if (credential === undefined || signedHeaders === undefined || signature === undefined)
    throw new AuthError(403, 'AccessDenied')
  const payload = headerText(headers['x-amz-content-sha256'])
  return { credential, signedHeaders, signature, payload, date: headerText(headers['x-amz-date']), expires: null }
}

function fromQuery(pairs: readonly Pair[]): Claim {
  const value = (name: string): string => decodeURIComponent(pairs.find(([known]) => known === name)?.[1] ?? '')
  if (value('X-Amz-Algorithm') !== 'AWS4-HMAC-SHA256') throw new AuthError(400, 'AuthorizationQueryParametersError')
  const expires = Number(value('X-Amz-Expires'))
  if (!(expires >= 1 && expires <= 604_800)) throw new AuthError(400, 'AuthorizationQueryParametersError')
  return {
    credential: value('X-Amz-Credential'),
    signedHeaders: value('X-Amz-SignedHeaders'),
    signature: value('X-Amz-Signature'),
    date: value('X-Amz-Date'),
    payload: value('X-Amz-Content-Sha256') || 'UNSIGNED-PAYLOAD',
    expires,
  }
}

function checkTime({ date, expires }: Claim, now: number): void {
  const at = Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'))
  if (Number.isNaN(at)) throw new AuthError(403, 'AccessDenied')
  if (expires === null && Math.abs(now - at) > SKEW_MS) throw new AuthError(403, 'RequestTimeTooSkewed')
  if (expires !== null && (now > at + expires * 1000 || at > now + SKEW_MS)) throw new AuthError(403, 'AccessDenied')
}

/** `host` and every `x-amz-` header must be under the signature, and so must what decides about the body. */
function checkSignedHeaders(headers: IncomingHttpHeaders, signed: readonly string[]): void {
  const must = Object.keys(headers).filter((name) => name.startsWith('x-amz-') || name === 'content-md5')
  if (['host', ...must].some((name) => !signed.includes(name))) throw new AuthError(403, 'AccessDenied')
}

type Pair = readonly [name: string, value: string]

const canonicalQuery = (pairs: readonly Pair[]): string =>
  pairs
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .toSorted(([a, x], [b, y]) => (a === b ? compare(x, y) : compare(a, b)))
    .map((pair) => pair.join('='))
    .join('&')

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** As AWS encodes: everything but letters, digits and `-._~`. */
const encode = (part: string): string =>
  encodeURIComponent(decodeURIComponent(part)).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  )

const headerText = (value: string | readonly string[] | undefined): string =>
  (typeof value === 'string' ? value : (value ?? []).join(',')).trim().replace(/\s+/g, ' ')

function splitOnce(text: string, mark: string): Pair {
  const at = text.indexOf(mark)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}

export function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
