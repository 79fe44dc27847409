/** The store of keys goes away and comes back, seen from outside. */
import { expect, it } from 'vitest'
import { recordKeys } from '../../edge/adapters/keys-records.ts'
import { memoryRecords } from '../../edge/adapters/records-memory.ts'
import { recentRecords } from '../../edge/recent-records.ts'
import { createKey, revokeKey } from '../../shared/key-admin.ts'
import { type TestEdge, testEdge } from './fixture.ts'

const random = (count: number) => crypto.getRandomValues(new Uint8Array(count))

async function scene() {
  let edge: TestEdge | null = null
  let down = false
  const now = () => edge?.now() ?? 0
  const report = () => {}
  const stored = memoryRecords({ now })
  const get = (name: string) => (down ? Promise.reject(new Error('down')) : stored.get(name))
  const records = recentRecords({ records: { ...stored, get }, now, report })
  const made = await testEdge({ keys: recordKeys({ records, report }) })
  edge = made
  const issue = () => createKey(stored, { tenant: 'estat', scopes: ['read'] }, { random, now: now() })
  const ask = async (key: string) => (await made.request('/tools', { headers: { 'x-api-key': key } })).status
  return { edge: made, stored, issue, ask, now, become: (state: 'up' | 'down') => void (down = state === 'down') }
}

it('refuses a revoked key within a minute, while it is in use all the time', async () => {
  const { edge, stored, issue, ask, now } = await scene()
  const { text, id } = await issue()
  expect(await ask(text)).toBe(200)
  await revokeKey(stored, id, now())
  const answers: number[] = []
  for (let second = 0; second <= 60; second += 5) {
    edge.advance(5)
    answers.push(await ask(text))
  }
  expect(answers.at(-1)).toBe(401)
  // Once refused, always refused.
  expect(answers.lastIndexOf(200)).toBeLessThan(answers.indexOf(401))
})

it('lets those in who were known, for ten minutes, and refuses nobody for a wrong reason', async () => {
  const { edge, issue, ask, become } = await scene()
  const [known, never] = [await issue(), await issue()]
  expect(await ask(known.text)).toBe(200)
  become('down')
  for (let minute = 0; minute < 9; minute++) {
    edge.advance(60)
    expect(await ask(known.text)).toBe(200)
    // "At present", not "wrong": the key may be right.
    expect(await ask(never.text)).toBe(503)
  }
  const guessed = `${known.id}.${'A'.repeat(43)}`
  expect(await ask(guessed)).toBe(401)
  edge.advance(61)
  expect(await ask(known.text)).toBe(503)
  become('up')
  edge.advance(5)
  expect([await ask(known.text), await ask(never.text)]).toEqual([200, 200])
})

it('refuses a key that was revoked in the outage as soon as the store is back', async () => {
  const { edge, stored, issue, ask, now, become } = await scene()
  const { text, id } = await issue()
  expect(await ask(text)).toBe(200)
  become('down')
  edge.advance(60)
  await revokeKey(stored, id, now())
  expect(await ask(text)).toBe(200)
  become('up')
  edge.advance(2)
  expect(await ask(text)).toBe(401)
})

it('ends a key at its hour without asking anybody', async () => {
  const { edge, stored, ask, now, become } = await scene()
  const expires = new Date(now() + 90_000).toISOString()
  const { text } = await createKey(stored, { tenant: 'estat', scopes: ['read'], expires }, { random, now: now() })
  expect(await ask(text)).toBe(200)
  become('down')
  edge.advance(89)
  expect(await ask(text)).toBe(200)
  edge.advance(1)
  expect(await ask(text)).toBe(401)
})
