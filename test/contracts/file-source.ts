/** What every `FileSource` promises: the file's own bytes, RFC 9110's ranges and conditions, and faults in our words. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { fileAskHeaders } from '../../edge/domain/file-headers.ts'
import type { FileSource } from '../../edge/ports.ts'

export interface OpenFileSource {
  readonly source: FileSource
  /** Writes an object under a key of the tenant `estat`. */
  put(key: string, bytes: Uint8Array): Promise<void>
  /** From now on the store behind it fails every request; `heal` ends that. */
  breakDown(): void
  heal(): void
}

const bytesOf = (length: number): Uint8Array => Uint8Array.from({ length }, (_, at) => (at * 7 + (at >> 8)) % 256)
const freshKey = (): string => `estat/csv/人口 +&'(${crypto.randomUUID()}).csv`

interface Asked {
  readonly status: number
  readonly headers: Headers
  readonly bytes: Uint8Array
}

async function ask(
  { source }: OpenFileSource,
  key: string,
  headers: Readonly<Record<string, string>> = {},
  method: 'GET' | 'HEAD' = 'GET',
): Promise<Asked> {
  const answer = await source.open({
    key,
    method,
    headers: fileAskHeaders(new Headers(headers), method),
    caller: { id: 'k1', tenant: 'estat', scopes: ['lake'] },
    requestId: crypto.randomUUID(),
    trace: { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', tracestate: null },
    signal: new AbortController().signal,
  })
  return { status: answer.status, headers: answer.headers, bytes: new Uint8Array(await answer.arrayBuffer()) }
}

export function fileSourceContract(open: () => OpenFileSource): void {
  it('gives the whole, with what a client needs to go on later', async () => {
    const [lab, key, bytes] = [open(), freshKey(), bytesOf(100_000)]
    await lab.put(key, bytes)
    const { status, headers, bytes: got } = await ask(lab, key)
    expect([status, headers.get('content-length'), headers.get('accept-ranges')]).toEqual([200, '100000', 'bytes'])
    expect(Buffer.from(got).equals(bytes)).toBe(true)
    expect(headers.get('etag')).toMatch(/^"[^"]+"$/)
    expect(Date.parse(headers.get('last-modified') ?? '')).not.toBeNaN()
  })

  it('gives the head alone, whatever range is asked for', async () => {
    const [lab, key] = [open(), freshKey()]
    await lab.put(key, bytesOf(1_000))
    const whole = await ask(lab, key)
    for (const range of [{}, { range: 'bytes=0-9' }, { range: 'bytes=5000-' }]) {
      const { status, headers, bytes } = await ask(lab, key, range, 'HEAD')
      expect([status, headers.get('content-length'), bytes.length]).toEqual([200, '1000', 0])
      expect(headers.get('etag')).toBe(whole.headers.get('etag'))
    }
  })

  it('gives an empty file', async () => {
    const [lab, key] = [open(), freshKey()]
    await lab.put(key, new Uint8Array())
    const { status, bytes } = await ask(lab, key)
    expect([status, bytes.length]).toEqual([200, 0])
    expect((await ask(lab, key, { range: 'bytes=0-' })).status).toBe(416)
  })

  it('gives the range that slicing gives, at random', async () => {
    const [lab, key, bytes] = [open(), freshKey(), bytesOf(1_000)]
    await lab.put(key, bytes)
    const at = fc.integer({ min: 0, max: 1_200 })
    const form = fc.constantFrom('both', 'from', 'last')
    await fc.assert(
      fc.asyncProperty(at, at, form, async (a, b, kind) => {
        const [first, last] = [Math.min(a, b), Math.max(a, b)]
        const [range, from, to] = {
          both: [`bytes=${first}-${last}`, first, Math.min(last, 999)] as const,
          from: [`bytes=${first}-`, first, 999] as const,
          last: [`bytes=-${last}`, Math.max(0, 1_000 - last), last === 0 ? -1 : 999] as const,
        }[kind]
        const { status, headers, bytes: got } = await ask(lab, key, { range })
        const wanted = bytes.slice(from, to + 1)
        const there = wanted.length > 0
        expect([status, headers.get('content-range')]).toEqual(
          there ? [206, `bytes ${from}-${to}/1000`] : [416, 'bytes */1000'],
        )
        expect([...got]).toEqual([...wanted])
      }),
      { numRuns: 40 },
    )
  })

  it.each(['bytes=5-2', 'bytes=0-1,4-5', 'lines=1-2', 'bytes=', 'bytes=x-'])(
    'gives the whole for %s',
    async (range) => {
      const [lab, key] = [open(), freshKey()]
      await lab.put(key, bytesOf(10))
      const { status, bytes } = await ask(lab, key, { range })
      expect([status, bytes.length]).toEqual([200, 10])
    },
  )

  it('holds to the conditions, in their order', async () => {
    const [lab, key] = [open(), freshKey()]
    await lab.put(key, bytesOf(10))
    const { headers } = await ask(lab, key)
    const [etag, modified] = [headers.get('etag') ?? '', headers.get('last-modified') ?? '']
    const range = 'bytes=2-4'
    const before = new Date(Date.parse(modified) - 1000).toUTCString()
    for (const [sent, status, length] of [
      [{ 'if-none-match': etag }, 304, 0],
      [{ 'if-none-match': `"x", W/${etag}` }, 304, 0],
      [{ 'if-none-match': '*' }, 304, 0],
      [{ 'if-none-match': '"x"' }, 200, 10],
      [{ 'if-none-match': '"x"', 'if-modified-since': modified }, 200, 10],
      [{ 'if-modified-since': modified }, 304, 0],
      [{ 'if-modified-since': before }, 200, 10],
      [{ 'if-unmodified-since': before }, 412, 0],
      [{ 'if-unmodified-since': modified, range }, 206, 3],
      [{ 'if-match': '"x"' }, 412, 0],
      [{ 'if-match': etag, range }, 206, 3],
      [{ range, 'if-range': etag }, 206, 3],
      [{ range, 'if-range': `W/${etag}` }, 200, 10],
      [{ range, 'if-range': '"x"' }, 200, 10],
      [{ range, 'if-range': modified }, 206, 3],
      [{ range, 'if-range': before }, 200, 10],
      [{ range: 'bytes=50-', 'if-range': etag }, 416, 0],
      [{ range: 'bytes=50-', 'if-range': '"x"' }, 200, 10],
      [{ range, 'if-none-match': etag }, 304, 0],
    ] as const) {
      const answer = await ask(lab, key, sent)
      expect([sent, answer.status, answer.bytes.length]).toEqual([sent, status, length])
      expect(answer.headers.get('etag')).toBe(etag)
    }
    for (const [sent, status] of [
      [{ 'if-none-match': etag }, 304],
      [{ 'if-match': '"x"' }, 412],
    ] as const)
      expect((await ask(lab, key, sent, 'HEAD')).status).toBe(status)
  })

  it('gives another tag to other bytes of the same length', async () => {
    const [lab, key] = [open(), freshKey()]
    await lab.put(key, new TextEncoder().encode('first'))
    const etag = (await ask(lab, key)).headers.get('etag') ?? ''
    await lab.put(key, new TextEncoder().encode('other'))
    const resumed = await ask(lab, key, { range: 'bytes=2-', 'if-range': etag })
    expect([resumed.status, new TextDecoder().decode(resumed.bytes)]).toEqual([200, 'other'])
    expect((await ask(lab, key, { 'if-none-match': etag })).status).toBe(200)
  })

  it('has no file where there is none', async () => {
    const lab = open()
    for (const method of ['GET', 'HEAD'] as const)
      for (const headers of [{}, { 'if-none-match': '"x"' }, { range: 'bytes=0-1' }])
        await expect(ask(lab, freshKey(), headers, method)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('says in our words that the store does not answer, and nothing of it', async () => {
    const [lab, key] = [open(), freshKey()]
    await lab.put(key, bytesOf(10))
    lab.breakDown()
    try {
      for (const method of ['GET', 'HEAD'] as const)
        await expect(ask(lab, key, {}, method)).rejects.toMatchObject({
          code: 'ESTAT_UNAVAILABLE',
          message: expect.not.stringMatching(/[<>:/]|S3|XML|bucket|AKIA/),
        })
    } finally {
      lab.heal()
    }
    expect((await ask(lab, key)).status).toBe(200)
  })

  it('ends with its reader', async () => {
    const [lab, key] = [open(), freshKey()]
    await lab.put(key, bytesOf(4_000_000))
    const leaving = new AbortController()
    const answer = await lab.source.open({
      key,
      method: 'GET',
      headers: new Headers(),
      caller: { id: 'k1', tenant: 'estat', scopes: ['lake'] },
      requestId: 'r',
      trace: { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', tracestate: null },
      signal: leaving.signal,
    })
    const reader = (answer.body as ReadableStream<Uint8Array>).getReader()
    expect((await reader.read()).value?.length).toBeGreaterThan(0)
    await reader.cancel()
    expect((await reader.read()).done).toBe(true)
    expect((await ask(lab, key, { range: 'bytes=-1' })).status).toBe(206)
  })
}
