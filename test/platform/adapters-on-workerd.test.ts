/** The contract suites against Durable Object, Workers KV and Cache API inside workerd. */
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestHarness, type TestHarness } from 'wrangler'
import type { Verdict } from '../../edge/domain/sliding-log.ts'
import { leasedCounter } from '../../edge/leased-counter.ts'
import type { KeptResult, Records, ResultCache } from '../../edge/ports.ts'
import { recordName } from '../../shared/keys.ts'
import { type OpenKeyStore, keyStoreContract } from '../contracts/key-store.ts'
import { leasedFromContract, rateCounterContract } from '../contracts/rate-counter.ts'
import { recordsContract } from '../contracts/records.ts'
import { type OpenResultCache, resultCacheContract } from '../contracts/result-cache.ts'
import './workerd.ts'

interface Keys {
  put(name: string, value: string): Promise<void>
  delete(name: string): Promise<void>
}

let server: TestHarness
let url: URL
let kv: Keys
beforeAll(async () => {
  server = createTestHarness({
    root: fileURLToPath(new URL('../..', import.meta.url)),
    workers: [
      {
        config: {
          name: 'adapters',
          main: fileURLToPath(new URL('adapters-worker.mts', import.meta.url)),
          compatibility_date: '2026-10-01',
          kv_namespaces: [{ binding: 'KEYS', id: 'KEYS' }],
          durable_objects: { bindings: [{ name: 'LIMITER', class_name: 'TestLimit' }] },
          migrations: [{ tag: 'v1', new_sqlite_classes: ['TestLimit'] }],
        },
      },
    ],
  })
  url = (await server.listen()).url
  kv = ((await server.getWorker().getEnv()) as unknown as { KEYS: Keys }).KEYS
})
afterAll(() => server?.close())

async function ask<Answer>(call: object, now: number): Promise<Answer> {
  const response = await fetch(url, { method: 'POST', body: JSON.stringify({ ...call, now }) })
  expect(response.status).toBe(200)
  return (await response.json()) as Answer
}

/** Begins where the last one ended: the isolate remembers between tests. */
let time = Date.now()
const clock = { now: () => time, advance: (seconds: number) => void (time += seconds * 1000) }

describe('RateCounter as a Durable Object', () => {
  const spend = (caller: string, asked: object) => ask<Verdict>({ do: 'spend', caller, ask: asked }, time)
  const open = () => ({
    counter: { spend },
    slackMs: 0,
    advance: (millis: number) => clock.advance(millis / 1000),
  })
  rateCounterContract(open)
  leasedFromContract(open)
  describe('behind leases', () => {
    rateCounterContract(() => ({ ...open(), counter: leasedCounter({ counter: { spend }, now: clock.now }) }))
  })

  it('comes back with all it counted after it was evicted', async () => {
    const caller = crypto.randomUUID()
    const asked = { cost: 3, limit: 10, windowMs: 60_000 }
    await spend(caller, { ...asked, upTo: 4, holdMs: 2_000 })
    await server.getWorker().evictDurableObject('LIMITER', { name: caller })
    expect(await spend(caller, asked)).toMatchObject({ remaining: 3 })
  })

  it('cleans up what is old and keeps what counts', async () => {
    const [gone, here] = [crypto.randomUUID(), crypto.randomUUID()]
    const asked = { cost: 3, limit: 10, windowMs: 60_000 }
    const worker = server.getWorker()
    await spend(gone, asked)
    clock.advance(61)
    await spend(here, asked)
    for (const caller of [gone, here]) await ask({ do: 'clean', caller }, time)
    const storage = await worker.getDurableObjectStorage('LIMITER', { name: gone })
    expect(await storage.exec("SELECT count(*) AS tables FROM sqlite_schema WHERE name = '_cf_KV'")).toEqual([
      { tables: 0 },
    ])
    for (const caller of [gone, here]) await worker.evictDurableObject('LIMITER', { name: caller })
    expect(await spend(here, asked)).toMatchObject({ remaining: 4 })
    expect(await spend(gone, asked)).toMatchObject({ remaining: 7 })
  })
})

describe('KeyStore in Workers KV', () => {
  const find = (id: string) => ask<Awaited<ReturnType<OpenKeyStore['store']['find']>>>({ do: 'find', id }, time)
  keyStoreContract(() => ({
    store: { find },
    put: (id, record) => (record ? kv.put(recordName(id), JSON.stringify(record)) : kv.delete(recordName(id))),
    advance: clock.advance,
  }))

  it('opens nothing with a record of the wrong form', async () => {
    for (const [at, text] of ['{', '{}', '[]', '{"hash":"x"}'].entries()) {
      await kv.put(recordName(`broken00${at}`), text)
      expect(await find(`broken00${at}`)).toBeNull()
    }
  })
})

describe('Records in Workers KV', () => {
  const call = <Answer>(method: keyof Records, ...args: unknown[]) => ask<Answer>({ do: 'records', method, args }, time)
  const records: Records = {
    get: (name) => call('get', name),
    put: async (...args) => void (await call('put', ...args)),
    delete: async (name) => void (await call('delete', name)),
    list: (prefix) => call('list', prefix),
  }
  recordsContract(() => ({ records, elsewhere: records, advance: clock.advance, ownClock: true }))

  it('lists to the end of what takes several pages', async () => {
    // A page of `list()` has 1,000 names.
    const names = Array.from({ length: 1_001 }, (_, at) => `paged:${String(at).padStart(4, '0')}`)
    await ask({ do: 'putRecords', names }, time)
    expect(await records.list('paged:')).toEqual(names)
  })
})

describe('ResultCache in the Cache API', () => {
  const open = (get: 'get' | 'getElsewhere'): OpenResultCache => {
    const cache: ResultCache = {
      get: (key) => ask<KeptResult | null>({ do: get, key }, time),
      put: async (key, kept, keepSeconds) => void (await ask({ do: 'put', key, kept, keepSeconds }, time)),
    }
    return { cache, ...clock }
  }
  describe('in the isolate that put', () => {
    resultCacheContract(() => open('get'))
  })
  describe('in another isolate', () => {
    resultCacheContract(() => open('getElsewhere'))
  })
})
