import { expect, it } from 'vitest'
import { memoryRecords } from '../../edge/adapters/records-memory.ts'
import { recentRecords } from '../../edge/recent-records.ts'
import { revokedLinks } from '../../edge/revoked-links.ts'
import { createKey, revokeKey } from '../../shared/key-admin.ts'
import { revokeLink, revokeLinksBefore } from '../../shared/link-revocation.ts'

const NOON = Date.parse('2026-11-20T12:00:00Z')

function scene() {
  let time = NOON
  let down = false
  const now = () => time
  const records = memoryRecords({ now })
  const get = (name: string) => (down ? Promise.reject(new Error('down')) : records.get(name))
  const recent = recentRecords({ records: { ...records, get }, now, report: () => {} })
  return {
    records,
    links: revokedLinks(recent),
    now,
    advance: (seconds: number) => void (time += seconds * 1000),
    outage: () => void (down = true),
  }
}

const link = (change: object = {}) => ({
  tenant: 'estat',
  jti: 'jti-0001',
  sub: 'abcdef0123456789',
  iat: NOON / 1000,
  ...change,
})

it('takes back one link, and no other, within a minute', async () => {
  const { records, links, advance } = scene()
  expect(await links.isRevoked(link())).toBe(false)
  await revokeLink(records, link())
  advance(60)
  expect(await links.isRevoked(link())).toBe(true)
  expect(await links.isRevoked(link({ jti: 'jti-0002' }))).toBe(false)
  expect(await links.isRevoked(link({ tenant: 'other' }))).toBe(false)
})

it('takes back all of a tenant issued before an instant, and none issued later', async () => {
  const { records, links, advance } = scene()
  expect(await links.isRevoked(link())).toBe(false)
  expect(await revokeLinksBefore(records, 'estat', NOON + 1)).toBe(NOON + 1000)
  advance(60)
  expect(await links.isRevoked(link())).toBe(true)
  expect(await links.isRevoked(link({ jti: 'jti-0009', iat: NOON / 1000 - 86_400 }))).toBe(true)
  expect(await links.isRevoked(link({ iat: NOON / 1000 + 1 }))).toBe(false)
  expect(await links.isRevoked(link({ tenant: 'other' }))).toBe(false)
})

it('does not bring links back by an earlier instant', async () => {
  const { records, links } = scene()
  await revokeLinksBefore(records, 'estat', NOON + 10_000)
  expect(await revokeLinksBefore(records, 'estat', NOON - 10_000)).toBe(NOON + 10_000)
  expect(await links.isRevoked(link())).toBe(true)
})

it('takes back the links of a key with the key', async () => {
  const { records, links, now, advance } = scene()
  const random = (count: number) => crypto.getRandomValues(new Uint8Array(count))
  const [one, other] = await Promise.all(
    ['one', 'other'].map((label) =>
      createKey(records, { tenant: 'estat', scopes: ['lake'], label }, { random, now: NOON }),
    ),
  )
  const [mine, others] = [link({ sub: one?.id }), link({ sub: other?.id })]
  expect([await links.isRevoked(mine), await links.isRevoked(others)]).toEqual([false, false])
  await revokeKey(records, one?.id ?? '', now())
  advance(60)
  expect([await links.isRevoked(mine), await links.isRevoked(others)]).toEqual([true, false])
  // A link lives for seven days at the most: for as long as that the key's end is known.
  advance(7 * 86_400)
  expect(await links.isRevoked(mine)).toBe(true)
})

it('remembers what was revoked for as long as a link may live', async () => {
  const { records, links, advance } = scene()
  await revokeLink(records, link())
  await revokeLinksBefore(records, 'other', NOON)
  advance(7 * 86_400)
  expect(await links.isRevoked(link())).toBe(true)
  expect(await links.isRevoked(link({ tenant: 'other', iat: NOON / 1000 - 1 }))).toBe(true)
  advance(86_400)
  expect(await records.list('link')).toEqual([])
})

it('serves no link where that cannot be known', async () => {
  const { records, links, outage } = scene()
  await records.put('links:broken', '{"not_before":"soon"}')
  await expect(links.isRevoked(link({ tenant: 'broken' }))).rejects.toThrow('not_before')
  outage()
  await expect(links.isRevoked(link())).rejects.toThrow('down')
})
