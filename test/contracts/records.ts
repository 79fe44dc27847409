/** What every `Records` promises. */
import { expect, it } from 'vitest'
import type { Records } from '../../edge/ports.ts'

export interface OpenRecords {
  readonly records: Records
  /** Another instance over the same store, as a second edge or the command line has it. */
  readonly elsewhere: Records
  readonly advance: (seconds: number) => void
  /** Where the store has a clock of its own, what is to be forgotten cannot be waited for. */
  readonly ownClock?: boolean
}

const fresh = (): string => crypto.randomUUID()
/** A change holds everywhere by then. */
const A_MINUTE = 60

export function recordsContract(open: () => OpenRecords | Promise<OpenRecords>): void {
  it('holds what was put under its name, and nothing else', async () => {
    const { records } = await open()
    const name = `key:${fresh()}`
    const texts = ['', '{"label":"人口 🗾"}', '\u0000\n"\\', 'x'.repeat(100_000)]
    for (const [at, text] of texts.entries()) await records.put(`${name}${at}`, text)
    for (const [at, text] of texts.entries()) expect(await records.get(`${name}${at}`)).toBe(text)
    expect(await records.get(name)).toBeNull()
    for (const odd of ['__proto__', 'constructor', 'hasOwnProperty']) expect(await records.get(odd)).toBeNull()
  })

  it('shows a new text, a changed one and its absence within a minute, here and elsewhere', async () => {
    const { records, elsewhere, advance } = await open()
    const name = `links:${fresh()}`
    const seen = async () => [await records.get(name), await elsewhere.get(name)]
    expect(await seen()).toEqual([null, null])
    for (const text of ['first', 'second']) {
      await records.put(name, text)
      advance(A_MINUTE)
      expect(await seen()).toEqual([text, text])
    }
    await elsewhere.delete(name)
    await elsewhere.delete(name)
    advance(A_MINUTE)
    expect(await seen()).toEqual([null, null])
  })

  it('lists names by their beginning, all and in order', async () => {
    const { records, elsewhere } = await open()
    const prefix = `${fresh()}:`
    const names = ['b', 'a', 'a#1', '東京', 'B'].map((end) => `${prefix}${end}`)
    for (const name of names) await records.put(name, 'x')
    await records.put(`x${prefix}a`, 'x')
    await records.delete(`${prefix}b`)
    const left = names.slice(1).toSorted()
    expect(await records.list(prefix)).toEqual(left)
    expect(await elsewhere.list(prefix)).toEqual(left)
    expect(await records.list(`${prefix}a#`)).toEqual([`${prefix}a#1`])
    expect(await records.list(`${prefix}c`)).toEqual([])
  })

  it('loses no change where two write at once', async () => {
    const { records, elsewhere } = await open()
    const prefix = `${fresh()}:`
    const names = Array.from({ length: 12 }, (_, at) => `${prefix}${String(at).padStart(2, '0')}`)
    await Promise.all(names.map((name, at) => (at % 2 ? records : elsewhere).put(name, name)))
    expect(await records.list(prefix)).toEqual(names)
    await Promise.all(names.slice(3).map((name, at) => (at % 2 ? records : elsewhere).delete(name)))
    expect(await elsewhere.list(prefix)).toEqual(names.slice(0, 3))
  })

  it('keeps what has a time for that time', async () => {
    const { records, advance, ownClock } = await open()
    const name = `keep:${fresh()}`
    await records.put(name, 'short', 100)
    advance(99)
    expect(await records.get(name)).toBe('short')
    expect(await records.list(name)).toEqual([name])
    if (ownClock) return
    advance(1 + A_MINUTE)
    expect(await records.get(name)).toBeNull()
    expect(await records.list(name)).toEqual([])
    await records.put(name, 'for ever')
    advance(1_000_000)
    expect(await records.get(name)).toBe('for ever')
  })
}
