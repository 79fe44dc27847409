import { mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { diskRecords } from '../../../edge/adapters/records-disk.ts'
import { memoryRecords } from '../../../edge/adapters/records-memory.ts'
import { recordKeys } from '../../../edge/adapters/keys-records.ts'
import { recentRecords } from '../../../edge/recent-records.ts'
import { dynamoRecords } from '../../../shared/aws/records-dynamodb.ts'
import { recordName } from '../../../shared/keys.ts'
import { keyStoreContract } from '../../contracts/key-store.ts'
import { recordsContract } from '../../contracts/records.ts'
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
