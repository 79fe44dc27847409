import { mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { diskRecords } from '../../../edge/adapters/records-disk.ts'
import { memoryRecords } from '../../../edge/adapters/records-memory.ts'
import { recordKeys } from '../../../edge/adapters/keys-records.ts'
import { recentRecords } from '../../../edge/recent-records.ts'
import { dynamoRecords } from '../../../shared/aws/records-dynamodb.ts'
import { kvApiRecords } from '../../../shared/cloudflare/records-kv-api.ts'
import { recordName } from '../../../shared/keys.ts'
import { keyStoreContract } from '../../contracts/key-store.ts'
import { recordsContract } from '../../contracts/records.ts'
import { type WireKvApi, wireKvApi } from '../../support/wire-kv-api.ts'
import { type WireDynamo, wireDynamo } from '../../support/wire-dynamodb.ts'

const clock = () => {
  let time = Date.parse('2026-11-20T00:00:00Z')
  return { now: () => time, advance: (seconds: number) => void (time += seconds * 1000) }
}

describe('Records in memory', () => {
  recordsContract(() => {
    const { now, advance } = clock()
    const records = memoryRecords({ now })
    return { records, elsewhere: records, advance }
  })
})

describe('Records with a short memory in front', () => {
  recordsContract(() => {
    const { now, advance } = clock()
    const behind = memoryRecords({ now })
    const front = () => recentRecords({ records: behind, now, report: () => {} })
    return { records: front(), elsewhere: front(), advance }
  })
})

describe('KeyStore over records', () => {
  keyStoreContract(() => {
    const { now, advance } = clock()
    const records = memoryRecords({ now })
    const report = () => {}
    return {
      store: recordKeys({ records: recentRecords({ records, now, report }), report }),
      put: (id, record) =>
        record ? records.put(recordName(id), JSON.stringify(record)) : records.delete(recordName(id)),
      advance,
    }
  })
})

describe('Records on this disk', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'estat-records-'))
  })
  afterAll(() => rm(folder, { recursive: true }))
  const fresh = (): string => join(folder, crypto.randomUUID(), 'keys.json')

  recordsContract(() => {
    const { now, advance } = clock()
    const path = fresh()
    return { records: diskRecords({ path, now }), elsewhere: diskRecords({ path, now }), advance }
  })

  it('is read by its owner alone, also where it was not before, and leaves nothing beside it', async () => {
    const path = fresh()
    const records = diskRecords({ path, now: Date.now })
    await records.put('a', '1')
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    const other = join(folder, 'open.json')
    await writeFile(other, '{}', { mode: 0o644 })
    await diskRecords({ path: other, now: Date.now }).put('a', '1')
    expect((await stat(other)).mode & 0o777).toBe(0o600)
    for (const left of [`${path}.lock`, `${other}.lock`]) await expect(stat(left)).rejects.toThrow('ENOENT')
  })

  it('sees what a person writes into the file, and says no where it is none', async () => {
    const path = join(folder, 'by-hand.json')
    const records = diskRecords({ path, now: Date.now })
    expect(await records.get('key:a')).toBeNull()
    await writeFile(path, JSON.stringify({ 'key:a': { text: 'one' } }))
    expect(await records.get('key:a')).toBe('one')
    for (const broken of ['{', '[]', '{"key:a":"secret-hash"}', '']) {
      await writeFile(path, broken)
      await expect(records.get('key:a')).rejects.toThrow('the file of records is not one')
      // What cannot be read is never written over.
      await expect(records.put('key:b', 'two')).rejects.toThrow('the file of records is not one')
      expect(await readFile(path, 'utf8')).toBe(broken)
    }
  })

  it('takes over the lock of a process that is gone, and waits for one that is there', async () => {
    const path = fresh()
    const records = diskRecords({ path, now: Date.now })
    await records.put('a', '1')
    await writeFile(`${path}.lock`, 'a process that is gone')
    const long = Date.now() / 1000 - 60
    await utimes(`${path}.lock`, long, long)
    await records.put('a', '2')
    await writeFile(`${path}.lock`, 'a process that is there')
    const waiting = records.put('a', '3')
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(await records.get('a')).toBe('2')
    await rm(`${path}.lock`)
    await waiting
    expect(await records.get('a')).toBe('3')
  })
})

describe('Records in DynamoDB', () => {
  let wire: WireDynamo
  beforeAll(async () => {
    wire = await wireDynamo()
  })
  afterAll(() => wire.close())

  recordsContract(() => {
    const { now, advance } = clock()
    const open = () => dynamoRecords({ dynamo: wire.dynamo, now })
    return { records: open(), elsewhere: open(), advance }
  })

  it('lists to the end of what takes several pages, past all else in the table', async () => {
    const records = dynamoRecords({ dynamo: wire.dynamo, now: Date.now })
    // A page ends at 1 MB of what was read (developer guide, "Scan").
    const names = Array.from({ length: 9 }, (_, at) => `paged:${at}`)
    for (const name of names) {
      await records.put(name, 'x'.repeat(300_000))
      await wire.dynamo.call('PutItem', { Item: { pk: { S: `rate#${name}` }, text: { S: 'x'.repeat(100_000) } } })
    }
    let pages = 0
    const counted = dynamoRecords({
      dynamo: { call: (operation, request) => (pages++, wire.dynamo.call(operation, request)) },
      now: Date.now,
    })
    expect(await counted.list('paged:')).toEqual(names)
    expect(pages).toBeGreaterThan(2)
  })
})

describe("Records in Workers KV, by Cloudflare's REST API", () => {
  let wire: WireKvApi
  beforeAll(async () => {
    wire = await wireKvApi()
  })
  afterAll(() => wire.close())
  const open = (change: object = {}) =>
    kvApiRecords({
      endpoint: wire.env['CLOUDFLARE_API_BASE_URL'] ?? '',
      accountId: wire.env['CLOUDFLARE_ACCOUNT_ID'] ?? '',
      namespaceId: wire.namespaceId,
      token: wire.env['CLOUDFLARE_API_TOKEN'] ?? '',
      send: (request) => fetch(request),
      ...change,
    })

  recordsContract(() => ({ records: open(), elsewhere: open(), advance: () => {}, ownClock: true }))

  it('asks for an end no earlier than Workers KV allows', async () => {
    await open().put('ends:a', 'x', 1)
    await open().put('ends:b', 'x', 90.5)
    await open().put('ends:c', 'x')
    const asked = wire.heard.filter((line) => line.includes('ends')).map((line) => line.split('/values/')[1])
    expect(asked).toEqual(['ends%3Aa?expiration_ttl=60', 'ends%3Ab?expiration_ttl=91', 'ends%3Ac'])
  })

  it('lists and reads a thousand in few requests', async () => {
    const records = open()
    const names = Array.from({ length: 1_000 }, (_, at) => `many:${String(at).padStart(4, '0')}`)
    for (const name of names) wire.values.set(name, name)
    const before = wire.heard.length
    expect(await records.list('many:')).toEqual(names)
    expect(await records.getMany?.([...names, 'none'])).toEqual([...names, null])
    expect(wire.heard.length - before).toBe(3 + 11)
  })

  it('tells a name that is absent from a namespace or a token that is wrong', async () => {
    expect(await open().get('absent')).toBeNull()
    for (const [change, status] of [
      [{ namespaceId: 'other' }, 404],
      [{ token: 'other' }, 403],
    ] as const) {
      const refused = expect.objectContaining({ name: 'KvApiError', status })
      for (const call of ['get', 'list', 'delete'] as const)
        await expect(open(change)[call]('absent')).rejects.toEqual(refused)
      await expect(open(change).put('absent', 'x')).rejects.toEqual(refused)
    }
  })
})
