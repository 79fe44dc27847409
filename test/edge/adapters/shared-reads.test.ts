import { describe, expect, it } from 'vitest'
import { memoryRecords } from '../../../edge/adapters/records-memory.ts'
import { sharedReads } from '../../../edge/adapters/shared-reads.ts'
import { recordsContract } from '../../contracts/records.ts'

describe('Records whose reads are shared', () => {
  recordsContract(() => {
    let time = 0
    const behind = memoryRecords({ now: () => time })
    const advance = (seconds: number): void => void (time += seconds * 1000)
    return { records: sharedReads(behind), elsewhere: sharedReads(behind), advance }
  })

  it('ask the store once for what many want at once, and again afterwards', async () => {
    const behind = memoryRecords({ now: () => 0 })
    await behind.put('key:a', 'there')
    let reads = 0
    const records = sharedReads({
      ...behind,
      get(name) {
        reads++
        return name === 'key:down' ? Promise.reject(new Error('down')) : behind.get(name)
      },
    })
    const many = (name: string) => Promise.allSettled(Array.from({ length: 100 }, () => records.get(name)))
    expect((await many('key:a')).every((one) => one.status === 'fulfilled' && one.value === 'there')).toBe(true)
    expect(reads).toBe(1)
    await many('key:a')
    expect(reads).toBe(2)
    expect((await many('key:down')).every(({ status }) => status === 'rejected')).toBe(true)
    await many('key:down')
    expect(reads).toBe(4)
  })

  it('bring nothing older than what was put meanwhile', async () => {
    const answers: ((text: string) => void)[] = []
    const records = sharedReads({
      ...memoryRecords({ now: () => 0 }),
      get: () => new Promise((resolve) => answers.push(resolve)),
    })
    const before = records.get('name')
    await records.put('name', 'new')
    const after = records.get('name')
    answers[1]?.('new')
    answers[0]?.('old')
    expect([await before, await after]).toEqual(['old', 'new'])
  })
})
