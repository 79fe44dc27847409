/** The S3 store where S3, the network or the clock fail: nothing is lost, doubled or half, and the words are ours. */
import { readdir, stat } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Fault } from '../../../shared/fault.ts'
import { openS3, type S3Lab } from '../../support/s3-store.ts'
import type { WireFault } from '../../support/wire-aws/faults.ts'

const MB = 1024 * 1024
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const textOf = (body: Uint8Array | null): string | null => (body === null ? null : new TextDecoder().decode(body))
/** Long for a small request to a server of this process, and short enough to wait for. */
const HASTY = { timeoutMs: 150 }
let lab: S3Lab
beforeAll(async () => {
  lab = await openS3()
})
afterAll(() => lab.close())

const REFUSALS: readonly (readonly [string, WireFault])[] = [
  ['500', { kind: 'refuse', status: 500, code: 'InternalError' }],
  ['503', { kind: 'refuse', status: 503, code: 'SlowDown' }],
  ['a connection that ends', { kind: 'reset' }],
]
const LOST: readonly (readonly [string, WireFault])[] = [
  ['an answer that got lost', { kind: 'lose-answer' }],
  ['an answer that never comes', { kind: 'say-nothing' }],
]

describe('a request is sent again', () => {
  it.each([...REFUSALS, ...LOST])('after %s', async (_, fault) => {
    const { store } = lab.fresh(HASTY)
    await store.put('gone', bytes('x'))
    for (const on of ['PUT', 'GET', 'HEAD', 'DELETE']) lab.server.plan({ on, fault })
    const done = [store.put('a', bytes('x')), store.get('gone'), store.head('gone'), store.delete('other')] as const
    expect(await Promise.all(done)).toEqual([true, bytes('x'), expect.objectContaining({ size: 1 }), undefined])
    expect((await store.list('')).map(({ key }) => key)).toEqual(['a', 'gone'])
  })
})

describe('an exclusive write', () => {
  it.each(LOST)('is found to be its own after %s', async (_, fault) => {
    const { store, bucket } = lab.fresh(HASTY)
    lab.server.plan({ on: 'PUT', fault })
    expect(await store.put('v1', bytes('mine'), { ifAbsent: true })).toBe(true)
    expect(textOf(await store.get('v1'))).toBe('mine')
    expect(bucket.objects.size).toBe(1)
  })

  it.each(LOST)('is still another one’s after %s', async (_, fault) => {
    const { store } = lab.fresh(HASTY)
    await store.put('v1', bytes('theirs'))
    lab.server.plan({ on: 'PUT', fault })
    expect(await store.put('v1', bytes('mine'), { ifAbsent: true })).toBe(false)
    expect(textOf(await store.get('v1'))).toBe('theirs')
  })

  it('is its own where every answer gets lost', async () => {
    const { store } = lab.fresh({ ...HASTY, maxAttempts: 2 })
    lab.server.plan({ on: 'PUT', fault: { kind: 'say-nothing' }, times: 2 })
    expect(await store.put('v1', bytes('mine'), { ifAbsent: true })).toBe(true)
  })

  it('is decided once even where the first request arrives last', async () => {
    const { store } = lab.fresh({ ...HASTY, maxAttempts: 1 })
    lab.server.plan({ on: 'PUT', fault: { kind: 'do-late', ms: 300 } })
    expect(await store.put('v1', bytes('mine'), { ifAbsent: true })).toBe(true)
    await new Promise((resolve) => setTimeout(resolve, 250))
    expect(await store.put('v1', bytes('other'), { ifAbsent: true })).toBe(false)
    expect(textOf(await store.get('v1'))).toBe('mine')
  })

  it('is tried again where S3 says that another request is under way', async () => {
    const { store } = lab.fresh()
    lab.server.plan({ on: 'PUT', fault: { kind: 'refuse', status: 409, code: 'ConditionalRequestConflict' }, times: 2 })
    expect(await store.put('v1', bytes('mine'), { ifAbsent: true })).toBe(true)
  })

  it('in parts is its own where the answer to the last step got lost', async () => {
    const { store, bucket } = lab.fresh()
    lab.server.plan({ on: 'POST', containing: 'uploadId=', fault: { kind: 'lose-answer' } })
    const body = new Blob([new Uint8Array(9 * MB)]).stream() as AsyncIterable<Uint8Array>
    expect(await store.put('big', body, { ifAbsent: true })).toBe(true)
    expect([bucket.objects.get('big')?.bytes.length, bucket.uploads.size]).toEqual([9 * MB, 0])
  })
})

describe('a large upload', () => {
  const lose = (times: number) =>
    lab.server.plan({ on: 'PUT', containing: 'partNumber=2', fault: { kind: 'lose-answer' }, times })

  it('goes on after a part whose answer got lost', async () => {
    const { store, bucket } = lab.fresh()
    lose(2)
    await store.put('big', new Uint8Array(17 * MB))
    expect(bucket.objects.get('big')?.bytes.length).toBe(17 * MB)
  })

  it('leaves nothing behind where a part cannot be brought over', async () => {
    const { store, bucket } = lab.fresh({ maxAttempts: 2 })
    lose(2)
    await expect(store.put('big', new Uint8Array(17 * MB))).rejects.toMatchObject({ code: 'AWS_SERVICE_ERROR' })
    expect([bucket.objects.size, bucket.uploads.size]).toEqual([0, 0])
  })
})

describe('a body that breaks off', () => {
  const big = new Uint8Array(3 * MB).map((_, at) => at % 251)

  it('is read on from where it was', async () => {
    const { store } = lab.fresh()
    await store.put('a', big)
    lab.server.plan({ on: 'GET', fault: { kind: 'cut', bytes: MB }, times: 2 })
    expect(Buffer.compare((await store.get('a')) ?? new Uint8Array(), big)).toBe(0)
    lab.server.plan({ on: 'GET', fault: { kind: 'cut', bytes: 10 } })
    const rest = await new Response(await store.stream('a', 100)).bytes()
    expect(Buffer.compare(rest, big.subarray(100))).toBe(0)
  })

  it('is no mixture where the object was replaced meanwhile', async () => {
    const { store } = lab.fresh()
    await store.put('a', big)
    lab.server.plan({ on: 'GET', fault: { kind: 'cut', bytes: MB } })
    const reader = ((await store.stream('a')) as ReadableStream<Uint8Array>).getReader()
    await reader.read()
    await store.put('a', new Uint8Array(4 * MB))
    const rest = async () => {
      while (!(await reader.read()).done);
    }
    await expect(rest()).rejects.toMatchObject({ code: 'AWS_SERVICE_ERROR' })
  })

  it('is refused where its checksum is another', async () => {
    const { store } = lab.fresh()
    await store.put('a', bytes('0123456789'))
    lab.server.plan({ on: 'GET', fault: { kind: 'damage' } })
    await expect(store.get('a')).rejects.toMatchObject({ code: 'AWS_SERVICE_ERROR' })
    expect(textOf(await store.get('a'))).toBe('0123456789')
  })

  it('leaves no copy behind, and one that is asked for again is whole', async () => {
    const { store, options } = lab.fresh({ maxAttempts: 1 })
    await store.put('raw/a', big)
    lab.server.plan({ on: 'GET', fault: { kind: 'cut', bytes: 0 }, times: 4 })
    await expect(store.localPath('raw/a')).rejects.toMatchObject({ code: 'AWS_SERVICE_ERROR' })
    lab.server.plan({ on: 'GET', fault: { kind: 'damage' } })
    await expect(store.localPath('raw/a')).rejects.toMatchObject({ code: 'AWS_SERVICE_ERROR' })
    expect(await readdir(options.cacheDir)).toEqual([])
    expect((await stat(await store.localPath('raw/a'))).size).toBe(big.length)
  })
})

describe('what S3 refuses is told apart, in our words', () => {
  const told = async (work: Promise<unknown>): Promise<Fault> => {
    const failure = await work.catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(Fault)
    return failure as Fault
  }
  it.each([
    ['a wrong secret', { credentials: { accessKeyId: 'AKIAWIRETEST', secretAccessKey: 'wrong' } }, /credentials/],
    ['an unknown key', { credentials: { accessKeyId: 'AKIAOTHER', secretAccessKey: 'x' } }, /credentials/],
    ['another region', { region: 'us-east-1' }, /region/],
    ['nobody there', { endpoint: 'http://127.0.0.1:9', maxAttempts: 1 }, /did not answer/],
  ])('%s', async (_, options, words) => {
    const { store } = lab.fresh(options)
    for (const work of [() => store.put('a', bytes('x')), () => store.get('a'), () => store.list('')]) {
      const { code, message, hint } = await told(work())
      expect(code).toBe('AWS_SERVICE_ERROR')
      expect(message).toMatch(words)
      expect(`${message}${hint}`).not.toMatch(/AKIA|127\.0|lake-|wrong|SignatureDoes/)
    }
  })

  it('a missing bucket, and a permission that lacks', async () => {
    const { store, options } = lab.fresh()
    expect((await told(lab.missing(options).get('a'))).message).toMatch(/bucket .* does not exist/)
    lab.server.plan({ on: 'PUT', fault: { kind: 'refuse', status: 403, code: 'AccessDenied' } })
    expect((await told(store.put('a', bytes('x')))).hint).toMatch('s3:PutObject')
    lab.server.plan({ on: 'HEAD', fault: { kind: 'refuse', status: 403, code: 'AccessDenied' } })
    expect((await told(store.head('a'))).hint).toMatch('s3:GetObject')
  })

  it('too many requests, with a time to wait', async () => {
    const { store } = lab.fresh({ maxAttempts: 1 })
    lab.server.plan({ on: 'PUT', fault: { kind: 'refuse', status: 503, code: 'SlowDown' } })
    expect(await told(store.put('a', bytes('x')))).toMatchObject({ code: 'AWS_SERVICE_ERROR', retryAfterSeconds: 10 })
  })
})
