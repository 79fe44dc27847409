/** `/files/` of the origin where the file changes under the reader, or is more than was asked for. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { serveFile } from '../../origin/files.ts'
import type { ObjectStore } from '../../origin/ports.ts'
import { fakeObjectStore } from '../fakes/object-store.ts'

const KEY = 'estat/csv/a.csv'
const caller = { id: 'k1', tenant: 'estat', scopes: ['lake'] } as const
const text = (words: string) => new TextEncoder().encode(words)

let real: ReturnType<typeof fakeObjectStore>
let store: ObjectStore
beforeAll(() => void (real = fakeObjectStore()))
afterAll(() => real.dispose())
beforeEach(async () => {
  await real.put(KEY, text('first'))
  store = { ...real }
})
const get = (headers: Record<string, string> = {}) =>
  serveFile(new Request('http://origin/files/estat/csv/a.csv', { headers }), caller, store)

it('never mixes the head of one version with the bytes of the next', async () => {
  let heads = 0
  store = {
    ...real,
    async head(key) {
      const info = await real.head(key)
      if (heads++ === 0) await real.put(key, text('the second, which is longer'))
      return info
    },
  }
  const response = await get()
  expect([response.headers.get('content-length'), await response.text()]).toEqual(['27', 'the second, which is longer'])
  expect(heads).toBe(2)
})

it('gives up on a file that is replaced each time', async () => {
  store = {
    ...real,
    async head(key) {
      const info = await real.head(key)
      await real.put(key, text('again'))
      return info
    },
  }
  await expect(get()).rejects.toMatchObject({ code: 'AWS_SERVICE_ERROR' })
})

it('reads no more of a file than the range, and none of it for a condition', async () => {
  let cancelled = false
  let pulled = 0
  const calls: number[] = []
  store = {
    ...real,
    head: async (key) => ({ key, size: 1_000_000, modified: 0, version: 'v' }),
    async stream(_key, from = 0) {
      calls.push(from)
      return new ReadableStream<Uint8Array>({
        pull(controller) {
          pulled += 1
          controller.enqueue(new Uint8Array(100))
        },
        cancel: () => void (cancelled = true),
      })
    },
  }
  const part = await get({ range: 'bytes=500-749' })
  expect((await part.arrayBuffer()).byteLength).toBe(250)
  await expect.poll(() => cancelled).toBe(true)
  expect({ calls, few: pulled < 8 }).toEqual({ calls: [500], few: true })
  expect((await get({ 'if-none-match': '"v"' })).status).toBe(304)
  expect(calls).toHaveLength(1)
})
