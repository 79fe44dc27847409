/** The contract of kept files over the real origin on this disk, and over an S3 that speaks the wire protocol. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { originFiles } from '../../../edge/adapters/files-origin.ts'
import { s3Files } from '../../../edge/adapters/files-s3.ts'
import { upstream } from '../../../edge/upstream.ts'
import { fileSourceContract } from '../../contracts/file-source.ts'
import { openOrigin, type TestOrigin } from '../../origin/support/origin.ts'
import { newSigningKey } from '../../platform/workerd.ts'
import { openS3, type S3Lab } from '../../support/s3-store.ts'
import { WIRE_KEYS, WIRE_REGION } from '../../support/wire-s3/server.ts'

const TRACE = { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', tracestate: null }
const CALLER = { id: 'k1', tenant: 'estat', scopes: ['lake'] } as const

describe('from the origin', () => {
  let origin: TestOrigin
  let down = false
  let signingKey: Awaited<ReturnType<typeof newSigningKey>>
  beforeAll(async () => {
    signingKey = await newSigningKey()
    const { d: _secret, ...publicKey } = signingKey
    origin = await openOrigin({ edgeKeys: [publicKey] })
  })
  afterAll(() => origin.close())

  const send = (request: Request): Promise<Response> =>
    down ? Promise.reject(new Error('connect ECONNREFUSED 10.0.0.7:8080')) : origin.fetch(request)
  const source = () => {
    const ask = upstream({
      originUrl: 'http://origin.test',
      signingKey,
      send,
      now: Date.now,
      newId: () => crypto.randomUUID(),
      timeoutMs: 5_000,
      report: () => {},
    })
    return originFiles({ upstream: ask })
  }

  fileSourceContract(() => ({
    source: source(),
    put: async (key, bytes) => void (await origin.ports.store.put(key, bytes)),
    breakDown: () => void (down = true),
    heal: () => void (down = false),
  }))
})

describe('from S3', () => {
  let lab: S3Lab
  let place: ReturnType<S3Lab['fresh']>
  const reported: string[] = []
  beforeAll(async () => {
    lab = await openS3()
    place = lab.fresh()
  })
  afterAll(() => lab.close())

  const source = (change: Partial<Parameters<typeof s3Files>[0]> = {}) =>
    s3Files({
      bucket: place.options.bucket,
      region: WIRE_REGION,
      endpoint: lab.server.url,
      credentials: () => Promise.resolve(WIRE_KEYS),
      send: fetch,
      report: (error) => void reported.push(String(error)),
      timeoutMs: 2_000,
      ...change,
    })
  const ask = (from: ReturnType<typeof source>, key: string, method: 'GET' | 'HEAD' = 'GET') =>
    from.open({
      key,
      method,
      headers: new Headers(),
      caller: CALLER,
      requestId: 'r',
      trace: TRACE,
      signal: new AbortController().signal,
    })

  let down = false
  fileSourceContract(() => ({
    source: source({ send: (request) => (down ? Promise.reject(new Error('connect ECONNREFUSED')) : fetch(request)) }),
    put: async (key, bytes) => void (await place.store.put(key, bytes)),
    breakDown: () => void (down = true),
    heal: () => void (down = false),
  }))

  it('asks once more where S3 says to slow down, and passes on no word of its XML', async () => {
    await place.store.put('estat/csv/a.csv', new TextEncoder().encode('a'))
    let answers = [503]
    const faulty = source({
      send: (request) => {
        const status = answers.shift()
        return status === undefined
          ? fetch(request)
          : Promise.resolve(new Response('<Error><Code>SlowDown</Code></Error>', { status }))
      },
    })
    expect(await (await ask(faulty, 'estat/csv/a.csv')).text()).toBe('a')
    for (const status of [403, 500]) {
      answers = [status, status]
      await expect(ask(faulty, 'estat/csv/a.csv')).rejects.toMatchObject({
        code: 'ESTAT_UNAVAILABLE',
        message: expect.not.stringContaining('Error'),
      })
    }
    expect(reported.join()).toMatch(/S3 answered 403.*S3 answered 500/)
  })

  it('tells a bucket that is not there, or another key, from a file that is not', async () => {
    await expect(ask(source({ bucket: 'not-there' }), 'estat/csv/a.csv')).rejects.toMatchObject({
      code: 'ESTAT_UNAVAILABLE',
    })
    const foreign = () => Promise.resolve({ ...WIRE_KEYS, secretAccessKey: 'wrong' })
    await expect(ask(source({ credentials: foreign }), 'estat/csv/a.csv')).rejects.toMatchObject({
      code: 'ESTAT_UNAVAILABLE',
    })
  })

  it('gives up on an S3 that is silent', async () => {
    const silent = source({
      timeoutMs: 50,
      send: (request) =>
        new Promise((_answer, reject) => {
          const { signal } = request
          if (signal.aborted) reject(signal.reason as Error)
          signal.addEventListener('abort', () => reject(signal.reason as Error))
        }),
    })
    await expect(ask(silent, 'estat/csv/a.csv')).rejects.toMatchObject({ code: 'ESTAT_UNAVAILABLE' })
  })

  it('names the bucket in the host of S3 itself', async () => {
    const urls: string[] = []
    const real = {
      bucket: 'my-lake',
      region: 'ap-northeast-1',
      credentials: () => Promise.resolve(WIRE_KEYS),
      send: (request: Request) => {
        urls.push(request.url)
        return Promise.resolve(new Response('a'))
      },
      report: () => {},
      timeoutMs: 1_000,
    }
    await ask(s3Files(real), 'estat/csv/人 口.csv')
    expect(urls).toEqual(['https://my-lake.s3.ap-northeast-1.amazonaws.com/estat/csv/%E4%BA%BA%20%E5%8F%A3.csv'])
  })
})
