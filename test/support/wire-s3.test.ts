/**
 * The wire-level S3 itself: signatures held to the worked examples of AWS's own documentation (S3 API Reference,
 * "Authenticating Requests": header, query, chunked, chunked with trailers), and what must be refused.
 */
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AuthError, type SignedRequest, verifySigV4 } from './wire-aws/sigv4.ts'
import { readBody } from './wire-s3/body.ts'
import { WIRE_KEYS, WIRE_REGION, type WireS3, wireS3 } from './wire-s3/server.ts'

const ID = 'AKIAIOSFODNN7EXAMPLE'
const AT = '20130524T000000Z'
const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
const rules = {
  region: 'us-east-1',
  service: 's3',
  keys: { [ID]: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' },
  now: () => Date.UTC(2013, 4, 24),
}
const host = 'examplebucket.s3.amazonaws.com'

const signed = (headers: Readonly<Record<string, string>>, signature: string) => ({
  ...headers,
  'x-amz-date': AT,
  authorization: `AWS4-HMAC-SHA256 Credential=${ID}/20130524/us-east-1/s3/aws4_request,SignedHeaders=${[...Object.keys(headers), 'x-amz-date'].toSorted().join(';')},Signature=${signature}`,
})

const EXAMPLES: readonly (readonly [string, SignedRequest])[] = [
  [
    'GET Object',
    {
      method: 'GET',
      url: '/test.txt',
      headers: signed(
        { host, range: 'bytes=0-9', 'x-amz-content-sha256': EMPTY },
        'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
      ),
    },
  ],
  [
    'PUT Object',
    {
      method: 'PUT',
      url: '/test%24file.text',
      headers: signed(
        {
          host,
          date: 'Fri, 24 May 2013 00:00:00 GMT',
          'x-amz-storage-class': 'REDUCED_REDUNDANCY',
          'x-amz-content-sha256': '44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072',
        },
        '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
      ),
    },
  ],
  [
    'GET Bucket Lifecycle',
    {
      method: 'GET',
      url: '/?lifecycle',
      headers: signed(
        { host, 'x-amz-content-sha256': EMPTY },
        'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
      ),
    },
  ],
  [
    'List Objects',
    {
      method: 'GET',
      url: '/?max-keys=2&prefix=J',
      headers: signed(
        { host, 'x-amz-content-sha256': EMPTY },
        '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
      ),
    },
  ],
  [
    'a presigned GET',
    {
      method: 'GET',
      url: `/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${ID}%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=${AT}&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404`,
      headers: { host },
    },
  ],
]

const STREAMED = {
  host: 's3.amazonaws.com',
  'content-encoding': 'aws-chunked',
  'x-amz-storage-class': 'REDUCED_REDUNDANCY',
  'x-amz-decoded-content-length': '66560',
}
const chunked = (signatures: readonly string[], tail: string): Buffer =>
  Buffer.from(
    `${[65_536, 1024, 0]
      .map(
        (size, at) =>
          `${size.toString(16)};chunk-signature=${signatures[at]}\r\n${'a'.repeat(size)}${size === 0 ? '' : '\r\n'}`,
      )
      .join('')}${tail}\r\n`,
  )

const CHUNKED = {
  headers: signed(
    { ...STREAMED, 'content-length': '66824', 'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD' },
    '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9',
  ),
  raw: chunked(
    [
      'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648',
      '0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497',
      'b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9',
    ],
    '',
  ),
}
const TRAILED = {
  headers: signed(
    {
      ...STREAMED,
      'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
      'x-amz-trailer': 'x-amz-checksum-crc32c',
    },
    '106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e',
  ),
  raw: chunked(
    [
      'b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2',
      '1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7',
      '2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992',
    ],
    'x-amz-checksum-crc32c:sOO8/Q==\r\nx-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n',
  ),
}
const CHUNKS = { method: 'PUT', url: '/examplebucket/chunkObject.txt' }

describe('signatures of the documentation', () => {
  it.each(EXAMPLES)('%s', (_, request) => {
    expect(() => verifySigV4(request, rules)).not.toThrow()
    const twisted = {
      ...request,
      url: request.url.replace('test', 'tes%74x').replace('lifecycle', 'policy').replace('=J', '=K'),
    }
    expect(() => verifySigV4(twisted, rules)).toThrow('SignatureDoesNotMatch')
    expect(() => verifySigV4(request, { ...rules, keys: { [ID]: 'other' } })).toThrow('SignatureDoesNotMatch')
    expect(() => verifySigV4(request, { ...rules, keys: {} })).toThrow('InvalidAccessKeyId')
    expect(() => verifySigV4(request, { ...rules, region: 'eu-west-1' })).toThrow('AuthorizationHeaderMalformed')
    expect(() => verifySigV4(request, { ...rules, now: () => rules.now() + 86_401_000 })).toThrow(AuthError)
  })

  it.each([
    ['a body in signed chunks', CHUNKED],
    ['and with a signed trailer', TRAILED],
  ])('%s', (_, { headers, raw }) => {
    const auth = verifySigV4({ ...CHUNKS, headers }, rules)
    expect(readBody(headers, raw, auth).bytes.toString()).toBe('a'.repeat(66_560))
    const twisted = Buffer.from(raw)
    twisted[200] = 98
    expect(() => readBody(headers, twisted, auth)).toThrow('SignatureDoesNotMatch')
    expect(() => readBody({ ...headers, 'x-amz-decoded-content-length': '66561' }, raw, auth)).toThrow('IncompleteBody')
  })

  it('a trailer of another signature, or another checksum, is refused', () => {
    const auth = verifySigV4({ ...CHUNKS, headers: TRAILED.headers }, rules)
    const text = TRAILED.raw.toString()
    const other = (from: string, to: string) => readBody(TRAILED.headers, Buffer.from(text.replace(from, to)), auth)
    expect(() => other('trailer-signature:d8', 'trailer-signature:d9')).toThrow('SignatureDoesNotMatch')
    expect(() => other('sOO8', 'sOO9')).toThrow('SignatureDoesNotMatch')
  })
})

describe('requests of the SDK that somebody changed on the way', () => {
  let s3: WireS3
  beforeAll(async () => {
    s3 = await wireS3()
    s3.bucket('lake')
  })
  afterAll(() => s3.close())

  interface Sent {
    headers: Record<string, string>
    body: unknown
  }
  /** A PUT whose signed request `change` may touch before it goes out. */
  async function put(change: (sent: Sent) => void): Promise<unknown> {
    const client = new S3Client({
      region: WIRE_REGION,
      endpoint: s3.url,
      credentials: WIRE_KEYS,
      forcePathStyle: true,
      maxAttempts: 1,
    })
    client.middlewareStack.add(
      (next) => (args) => {
        change(args.request as Sent)
        return next(args)
      },
      { step: 'finalizeRequest', priority: 'low' },
    )
    try {
      await client.send(new PutObjectCommand({ Bucket: 'lake', Key: 'a', Body: 'hello' }))
      return null
    } catch (error) {
      return error
    } finally {
      client.destroy()
    }
  }

  it('pass untouched', async () => {
    expect(await put(() => {})).toBeNull()
    expect(s3.bucket('lake').objects.get('a')?.bytes.toString()).toBe('hello')
  })

  it.each<[string, string, (sent: Sent) => void]>([
    ['another body', 'XAmzContentSHA256Mismatch', (sent) => (sent.body = 'hallo')],
    ['a header put in', 'AccessDenied', ({ headers }) => (headers['x-amz-acl'] = 'public-read')],
    [
      'a signed header changed',
      'SignatureDoesNotMatch',
      ({ headers }) => (headers['x-amz-checksum-crc32'] = 'AAAAAA=='),
    ],
    ['no signature', 'AccessDenied', ({ headers }) => delete headers['authorization']],
  ])('%s', async (_, name, change) => {
    s3.bucket('lake').objects.clear()
    expect(await put(change)).toMatchObject({ name })
    expect(s3.bucket('lake').objects.size).toBe(0)
  })
})
