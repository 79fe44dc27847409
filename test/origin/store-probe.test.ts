/** Health proves that the lake can be written, rarely and quickly. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { diskFault } from '../../origin/adapters/store-local-faults.ts'
import { localStore } from '../../origin/adapters/store-local.ts'
import { storeProbe } from '../../origin/store-probe.ts'
import { type FakeObjectStore, fakeObjectStore } from '../fakes/object-store.ts'

let store: FakeObjectStore
let time: number
const now = (): number => time
beforeEach(() => {
  store = fakeObjectStore()
  time = 0
})
const puts = (): number => store.calls.filter((call) => call.startsWith('put ')).length
const disk = (code: string) => diskFault(Object.assign(new Error('/secret/path'), { code }))

describe('a look at the store', () => {
  it('is one for any number of askers within half a minute', async () => {
    const condition = storeProbe({ store, now })
    const all = await Promise.all(Array.from({ length: 100 }, condition))
    expect(new Set(all)).toEqual(new Set([{ store: 'ok', problem: null }]))
    time = 29_999
    await condition()
    expect(puts()).toBe(1)
    time = 30_000
    await condition()
    expect(puts()).toBe(2)
  })

  it.each([
    ['ENOSPC', /full/],
    ['EROFS', /cannot be written/],
    ['EIO', /failed/],
  ])('says what to do where it cannot be written (%s), and sees when it can again', async (code, message) => {
    let broken = true
    const put: FakeObjectStore['put'] = async (...args) => {
      if (broken) throw disk(code)
      return store.put(...args)
    }
    const condition = storeProbe({ store: { ...store, put }, now })
    const found = await condition()
    expect(found.store).toBe('read_only')
    expect(found.problem?.message).toMatch(message)
    expect(found.problem?.hint).toMatch(/operator|disk/)
    expect(JSON.stringify(found)).not.toContain('secret')
    broken = false
    time += 30_000
    expect(await condition()).toEqual({ store: 'ok', problem: null })
  })

  it('that hangs is answered in time, by one look, and ends when it comes back', async () => {
    let release = (): void => {}
    const gate = new Promise<void>((resolve) => (release = resolve))
    const hanging = {
      ...store,
      put: async (...args: Parameters<FakeObjectStore['put']>) => (await gate, store.put(...args)),
    }
    const condition = storeProbe({ store: hanging, now: Date.now, waitMs: 50 })
    const from = performance.now()
    const answers = await Promise.all([condition(), condition()])
    answers.push(await condition())
    expect(performance.now() - from).toBeLessThan(1_000)
    expect(answers.map((answer) => answer.store)).toEqual(['failing', 'failing', 'failing'])
    expect(puts()).toBe(0)
    release()
    await new Promise((resolve) => setTimeout(resolve, 10))
    expect([await condition(), puts()]).toEqual([{ store: 'ok', problem: null }, 1])
  })

  it('of a folder that is none is read_only or worse, on a real disk', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'probe-'))
    const real = storeProbe({ store: localStore({ dataDir, bucket: 'lake' }), now })
    expect((await real()).store).toBe('ok')
    await rm(join(dataDir, 'lake'), { recursive: true })
    await writeFile(join(dataDir, 'lake'), 'a file where the bucket was')
    time += 30_000
    expect((await real()).store).not.toBe('ok')
    await rm(dataDir, { recursive: true })
  })
})
