import { expect, it } from 'vitest'
import { memoryRecords } from '../../edge/adapters/records-memory.ts'
import { recentRecords } from '../../edge/recent-records.ts'

function open() {
  let time = Date.parse('2026-11-20T00:00:00Z')
  const now = () => time
  const behind = memoryRecords({ now })
  const reported: unknown[] = []
  const asked: string[] = []
  let state: 'up' | 'down' | 'hangs' = 'up'
  let held: Promise<void> | null = null
  const records = recentRecords({
    records: {
      ...behind,
      async get(name) {
        asked.push(name)
        if (state === 'down') throw new Error('the store is down')
        if (state === 'hangs') return new Promise(() => {})
        if (held) await held
        return behind.get(name)
      },
    },
    now,
    report: (error) => void reported.push(error),
    timeoutMs: 20,
  })
  return {
    records,
    behind,
    reported,
    asked,
    advance: (seconds: number) => void (time += seconds * 1000),
    become: (next: typeof state) => void (state = next),
    hold: (until: Promise<void> | null) => void (held = until),
  }
}

it('asks the store once in fifteen seconds for a name, whether it is there or not', async () => {
  const { records, behind, asked, advance } = open()
  await behind.put('there', 'x')
  for (let second = 0; second < 30; second += 5) {
    expect(await records.get('there')).toBe('x')
    expect(await records.get('absent')).toBeNull()
    advance(5)
  }
  expect(asked).toEqual(['there', 'absent', 'there', 'absent'])
})

it('knows at once what was changed through it', async () => {
  const { records } = open()
  expect(await records.get('a')).toBeNull()
  await records.put('a', '1')
  expect(await records.get('a')).toBe('1')
  await records.delete('a')
  expect(await records.get('a')).toBeNull()
})

it.each(['down', 'hangs'] as const)(
  'goes on for ten minutes with what it found where the store %s',
  async (failure) => {
    const { records, behind, reported, asked, advance, become } = open()
    await behind.put('key', 'x')
    expect(await records.get('key')).toBe('x')
    expect(await records.get('absent')).toBeNull()
    become(failure)
    advance(16)
    for (let request = 0; request < 50; request++) expect(await records.get('key')).toBe('x')
    expect(asked.filter((name) => name === 'key')).toHaveLength(2)
    expect(reported).toHaveLength(1)
    // A link that was not revoked, or a key that did not exist, may be by now.
    await expect(records.get('absent')).rejects.toThrow(/the store/)
    await expect(records.get('never seen')).rejects.toThrow(/the store/)
    advance(580)
    expect(await records.get('key')).toBe('x')
    advance(5)
    await expect(records.get('key')).rejects.toThrow(/the store/)
  },
)

it('sees a revocation at once when the store is back', async () => {
  const { records, behind, advance, become } = open()
  await behind.put('key', 'x')
  await records.get('key')
  become('down')
  advance(300)
  expect(await records.get('key')).toBe('x')
  await behind.delete('key')
  become('up')
  advance(2)
  expect(await records.get('key')).toBeNull()
})

it('never answers a request beside the one that reads again with what is older than a minute', async () => {
  const { records, behind, advance, hold, asked } = open()
  await behind.put('key', 'x')
  await records.get('key')
  await behind.delete('key')
  let release = (): void => {}
  hold(new Promise((resolve) => (release = resolve)))
  advance(16)
  const first = records.get('key')
  // Within the time that a change may take, the others need not wait.
  expect(await records.get('key')).toBe('x')
  expect(asked).toHaveLength(2)
  advance(500)
  const [second, third] = [records.get('key'), records.get('key')]
  release()
  expect(await Promise.all([first, second, third])).toEqual([null, null, null])
})

it('lets a flood of invented names push out nothing that exists', async () => {
  const { records, behind, become } = open()
  await behind.put('key', 'x')
  await records.get('key')
  for (let at = 0; at < 12_000; at++) await records.get(`invented${at}`)
  become('down')
  expect(await records.get('key')).toBe('x')
  await expect(records.get('invented0')).rejects.toThrow(/the store/)
  expect(await records.get('invented11999')).toBeNull()
})
