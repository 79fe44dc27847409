/** What holds for the arguments of every tool whose answers may be kept. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseArguments } from '../../../shared/arguments.ts'
import { CACHEABLE } from '../../../shared/cacheable/index.ts'
import type { Scope } from '../../../shared/server-info.ts'
import { DIFFERENT, GENERATED, SAME } from './calls.ts'

const toolOf = (name: string) => {
  const tool = CACHEABLE[name]
  if (tool === undefined) throw new Error(`${name} is not cacheable`)
  return tool
}
const read = (name: string, raw: unknown) => toolOf(name).normalise(parseArguments(toolOf(name), raw))
const key = (name: string, raw: unknown): string => JSON.stringify(read(name, raw))

it.each([
  ['GENERATED', GENERATED],
  ['DIFFERENT', DIFFERENT],
])('%s has calls of every tool', (_what, calls) => {
  expect(Object.keys(calls).toSorted()).toEqual(Object.keys(CACHEABLE).toSorted())
})

describe.each(Object.entries(CACHEABLE))('%s', (name, tool) => {
  it('is listed under its own name', () => {
    expect(tool.name).toBe(name)
  })

  it('has a normal form that it takes, in any order, and leaves as it is', () => {
    fc.assert(
      fc.property(GENERATED[name] ?? fc.constant({}), fc.infiniteStream(fc.nat()), (raw, order) => {
        const once = key(name, raw)
        const shuffled = Object.entries(raw)
          .map((entry) => [order.next().value ?? 0, entry] as const)
          .toSorted(([left], [right]) => left - right)
          .map(([, entry]) => entry)
        expect([key(name, JSON.parse(once)), key(name, Object.fromEntries(shuffled))]).toEqual([once, once])
      }),
      { numRuns: 150 },
    )
  })

  it('keeps apart what differs', () => {
    const keys = (DIFFERENT[name] ?? []).map((raw) => key(name, raw))
    expect(new Set(keys).size).toBe(keys.length)
  })
})

describe('equal meaning, equal object', () => {
  it.each(SAME)('%s: %s', (name, _what, one, other) => {
    expect(key(name, one)).toBe(key(name, other))
  })
})

describe('calls that keep something', () => {
  const FETCH = { dataset_id: '0003410379', filters: { area: '東京都' } }
  const keeps = (name: string, raw: object, scopes: readonly Scope[]) =>
    toolOf(name).keeps?.(read(name, raw), scopes) ?? false

  it.each([
    ['fetch_dataset_auto', { dataset_id: FETCH.dataset_id }],
    ['fetch_dataset_filtered', FETCH],
  ])('%s keeps rows for a caller with lake, asked to, on the first page', (name, args) => {
    const asked = [args, { ...args, save_to_s3: true }]
    for (const scopes of [['lake'], ['read', 'lake'], ['admin']] as const)
      expect(asked.map((raw) => keeps(name, raw, scopes))).toEqual([true, true])
    for (const scopes of [['read'], []] as const)
      expect(asked.map((raw) => keeps(name, raw, scopes))).toEqual([false, false])
    for (const more of [
      { save_to_s3: false },
      { save_to_s3: 'false' },
      { cursor: 'c' },
      { cursor: 'c', save_to_s3: true },
    ])
      expect(keeps(name, { ...args, ...more }, ['admin'])).toBe(false)
  })

  it('no entry that a caller of read fills is looked up by one with lake, unless nothing was to be kept', () => {
    for (const [name, tool] of Object.entries(CACHEABLE))
      for (const raw of DIFFERENT[name] ?? []) {
        const args = read(name, raw)
        const saves = 'save_to_s3' in args && args['save_to_s3'] === true
        expect(tool.keeps?.(args, ['lake']) ?? false, key(name, raw)).toBe(saves)
      }
  })
})
