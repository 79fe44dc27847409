/** Results in an S3 that speaks the wire protocol. */
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LOOK_AGAIN_MS } from '../../../edge/adapters/cache-fronted.ts'
import { memoryCache } from '../../../edge/adapters/cache-memory.ts'
import { s3Cache } from '../../../edge/adapters/cache-s3.ts'
import { awsSender } from '../../../shared/aws/sender.ts'
import { resultCacheContract } from '../../contracts/result-cache.ts'
import { WIRE_KEYS, WIRE_REGION, type WireS3, wireS3 } from '../../support/wire-s3/server.ts'

let s3: WireS3
beforeAll(async () => {
  s3 = await wireS3()
  s3.bucket('results')
})
afterAll(() => s3?.close())

let time = Date.now()
const clock = { now: () => time, advance: (seconds: number) => void (time += seconds * 1000) }
const aws = awsSender({
  service: 's3',
  region: WIRE_REGION,
  credentials: () => Promise.resolve(WIRE_KEYS),
  send: (request) => fetch(request),
})
const instance = (bucket = 'results') =>
  s3Cache({ aws, bucketUrl: `${s3.url}/${bucket}`, front: memoryCache(clock), now: clock.now, timeoutMs: 1_000 })
const kept = (text: string) => ({ result: { success: true }, text, storedAt: time })
const objects = () => [...s3.bucket('results').objects]
/** Over what is there, as another program might. */
const overwrite = (bytes: Buffer) =>
  aws({ method: 'PUT', url: `${s3.url}/results/${objects().at(-1)?.[0]}`, body: new Uint8Array(bytes) })

describe('ResultCache in S3', () => {
  describe('in the instance that put', () => {
    resultCacheContract(() => {
      const cache = instance()
      return { cache, ...clock }
    })
  })
  describe('in another instance', () => {
    resultCacheContract(() => {
      const [one, other] = [instance(), instance()]
      return { cache: { get: (key) => other.get(key), put: (...given) => one.put(...given) }, ...clock }
    })
  })

  it('keeps compressed, under a digest', async () => {
    s3.bucket('results').objects.clear()
    await instance().put('v1:1:x@1:abc:pub', kept('x'.repeat(100_000)), 60)
    const [name, object] = objects()[0] ?? []
    expect(name).toMatch(/^cache\/[0-9a-f]{64}$/)
    expect(object?.bytes.length).toBeLessThan(2_000)
  })

  it('finds what another instance renewed, after a short time', async () => {
    const key = crypto.randomUUID()
    const [one, other] = [instance(), instance()]
    await one.put(key, kept('old'), 3_600)
    expect(await other.get(key)).toMatchObject({ text: 'old' })
    await one.put(key, kept('new'), 3_600)
    clock.advance(LOOK_AGAIN_MS / 1000 - 1)
    const before = s3.requests.length
    expect(await other.get(key)).toMatchObject({ text: 'old' })
    expect(s3.requests).toHaveLength(before)
    clock.advance(1)
    expect(await other.get(key)).toMatchObject({ text: 'new' })
    expect(await other.get(key)).toMatchObject({ text: 'new' })
    expect(s3.requests).toHaveLength(before + 1)
  })

  it('remembers what another instance puts for all', async () => {
    const key = crypto.randomUUID()
    const cache = instance()
    const before = s3.requests.length
    await cache.note?.(key, kept('joined'), 60)
    expect(await cache.get(key)).toMatchObject({ text: 'joined' })
    expect(s3.requests).toHaveLength(before)
    expect(await instance().get(key)).toBeNull()
  })

  it('takes nothing that is broken, cut short, of another form or of another key', async () => {
    const key = crypto.randomUUID()
    const whole = { key, until: time + 60_000, kept: kept('forged') }
    await instance().put(key, kept('true'), 60)
    const wrong = [
      Buffer.from('{}'),
      gzipSync(JSON.stringify(whole)).subarray(0, 40),
      gzipSync('{"kept":{}}'),
      gzipSync(JSON.stringify({ ...whole, key: 'another' })),
    ]
    for (const bytes of wrong) {
      await overwrite(bytes)
      expect(await instance().get(key)).toBeNull()
    }
    await overwrite(gzipSync(JSON.stringify(whole)))
    expect(await instance().get(key)).toMatchObject({ text: 'forged' })
  })

  it('says that S3 fails, and goes on with what it has', async () => {
    const key = crypto.randomUUID()
    const cache = instance('no-such-bucket-key')
    await expect(cache.put(key, kept('here'), 3_600)).rejects.toThrow('S3 answered 404')
    expect(await cache.get(key)).toMatchObject({ text: 'here' })
    clock.advance(LOOK_AGAIN_MS / 1000)
    expect(await cache.get(key)).toMatchObject({ text: 'here' })
    const refused = s3Cache({
      aws: () => Promise.resolve(new Response('<Error/>', { status: 403 })),
      bucketUrl: s3.url,
      front: memoryCache(clock),
      now: clock.now,
    })
    await expect(refused.get(key)).rejects.toThrow('S3 answered 403')
  })
})
