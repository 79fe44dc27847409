import { expect, it } from 'vitest'
import { recordKeys } from '../../edge/adapters/keys-records.ts'
import { memoryRecords } from '../../edge/adapters/records-memory.ts'
import { recentRecords } from '../../edge/recent-records.ts'
import { createKey, findKey, listKeys, revokeKey } from '../../shared/key-admin.ts'
import { recordName } from '../../shared/keys.ts'

const START = Date.parse('2026-11-20T00:00:00Z')
const random = (count: number) => crypto.getRandomValues(new Uint8Array(count))
const grant = { tenant: 'estat', scopes: ['read', 'lake'] } as const

function scene() {
  let time = START
  const now = () => time
  const records = memoryRecords({ now })
  const reported: string[] = []
  const report = (error: unknown) => void reported.push((error as Error).message)
  return {
    records,
    now,
    reported,
    /** As an edge has them. */
    keys: recordKeys({ records: recentRecords({ records, now, report }), report }),
    advance: (seconds: number) => void (time += seconds * 1000),
  }
}

it('makes a key whose secret is in the answer alone', async () => {
  const { records, keys, now } = scene()
  const key = await createKey(records, { ...grant, limit: 5, label: '田中' }, { random, now: now() })
  expect(await keys.find(key.id)).toEqual({ ...key.record, created: '2026-11-20T00:00:00.000Z', limit: 5 })
  expect(await records.get(recordName(key.id))).not.toContain(key.secret)
  expect(key.text).toBe(`${key.id}.${key.secret}`)
})

it('lists keys without anything of their secrets', async () => {
  const { records, now, advance } = scene()
  const expires = '2026-11-21T00:00:00Z'
  const [active, ending, ended] = [
    await createKey(records, { ...grant, label: 'active' }, { random, now: now() }),
    await createKey(records, { ...grant, expires }, { random, now: now() }),
    await createKey(records, grant, { random, now: now() }),
  ]
  await records.put(recordName('broken0000'), '{"hash":"x"}')
  await records.put('links:estat', '{}')
  await revokeKey(records, ended.id, now())
  advance(86_400)
  const listed = await listKeys(records, now())
  expect(Object.fromEntries(listed.map(({ id, state }) => [id, state]))).toEqual({
    [active.id]: 'active',
    [ending.id]: 'expired',
    [ended.id]: 'revoked',
    broken0000: 'unreadable',
  })
  for (const { record, secret } of [active, ending, ended])
    for (const hidden of [record.hash, secret]) expect(JSON.stringify(listed)).not.toContain(hidden)
  expect(await findKey(records, active.id, now())).toEqual({
    id: active.id,
    state: 'active',
    ...grant,
    limit: null,
    expires: null,
    label: 'active',
    created: '2026-11-20T00:00:00.000Z',
  })
  expect(await findKey(records, 'nobody', now())).toBeNull()
})

it('lists a thousand keys', async () => {
  const { records, now } = scene()
  for (let at = 0; at < 1_000; at++) await createKey(records, grant, { random, now: now() })
  const listed = await listKeys(records, now())
  expect(new Set(listed.map(({ id }) => id)).size).toBe(1_000)
  expect(listed.map(({ id }) => id)).toEqual(listed.map(({ id }) => id).toSorted())
})

it('revokes a key within a minute, and says so for ninety days', async () => {
  const { records, keys, now, advance } = scene()
  const key = await createKey(records, grant, { random, now: now() })
  expect(await keys.find(key.id)).not.toBeNull()
  expect(await revokeKey(records, key.id, now())).toMatchObject({ state: 'revoked', revoked: expect.any(String) })
  advance(60)
  expect(await keys.find(key.id)).toBeNull()
  const first = await findKey(records, key.id, now())
  expect(await revokeKey(records, key.id, now())).toEqual(first)
  // An edge of an older version, which knows only expiry, refuses it as well.
  expect(JSON.parse((await records.get(recordName(key.id))) ?? '{}')).toMatchObject({ expires: first?.revoked })
  advance(89 * 86_400)
  expect(await findKey(records, key.id, now())).toMatchObject({ state: 'revoked' })
  advance(86_400)
  expect(await findKey(records, key.id, now())).toBeNull()
})

it('has nothing to revoke where there is no key, and takes away what is none', async () => {
  const { records, keys, now, reported } = scene()
  expect(await revokeKey(records, 'nobody', now())).toBeNull()
  for (const text of ['{', '{}', '[]', '{"hash":"x"}', 'null']) {
    await records.put(recordName('broken0000'), text)
    expect(await keys.find('broken0000')).toBeNull()
    expect(await revokeKey(records, 'broken0000', now())).toEqual({ id: 'broken0000', state: 'revoked' })
    expect(await records.get(recordName('broken0000'))).toBeNull()
  }
  expect(reported).toContain('a key record has the wrong form')
})

it('makes no key of a grant that is none', async () => {
  const { records, now } = scene()
  for (const wrong of [{ tenant: 'Raw/..' }, { limit: 0 }, { expires: 'tomorrow' }, { label: 'x'.repeat(101) }])
    await expect(createKey(records, { ...grant, ...wrong }, { random, now: now() })).rejects.toThrow(
      Object.keys(wrong)[0],
    )
  expect(await records.list('')).toEqual([])
})
