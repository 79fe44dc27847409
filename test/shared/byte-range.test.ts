import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isOneRange, rangeOf } from '../../shared/byte-range.ts'
import { conditionOf, isConditional, rangeHolds } from '../../shared/preconditions.ts'

const some = fc.integer({ min: 0, max: 40 })

describe('a range', () => {
  it('is what slicing gives', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 30 }), some, some, (bytes, a, b) => {
        const [first, last] = [Math.min(a, b), Math.max(a, b)]
        for (const [header, wanted] of [
          [`bytes=${first}-${last}`, bytes.slice(first, last + 1)],
          [`bytes=${first}-`, bytes.slice(first)],
          [`bytes=-${last}`, last === 0 ? bytes.slice(0, 0) : bytes.slice(-last)],
        ] as const) {
          const range = rangeOf(header, bytes.length)
          expect(isOneRange(header)).toBe(true)
          const sent = typeof range === 'object' && range ? bytes.slice(range.first, range.last + 1) : range
          expect(sent).toEqual(wanted.length === 0 ? 'unsatisfiable' : wanted)
        }
      }),
    )
  })

  it.each(['bytes=5-4', 'bytes=0-1,3-4', 'items=0-1', 'bytes=-', 'bytes=a-b', 'bytes=1', '', 'bytes=--1', '0-1'])(
    '%j is none: the whole is sent',
    (header) => {
      expect(rangeOf(header, 10)).toBeNull()
      expect(isOneRange(header)).toBe(false)
    },
  )

  it('of an empty file can never be', () => {
    for (const header of ['bytes=0-', 'bytes=0-0', 'bytes=-1']) expect(rangeOf(header, 0)).toBe('unsatisfiable')
    expect(rangeOf(null, 0)).toBeNull()
  })
})

describe('preconditions', () => {
  const modified = Date.parse('2026-11-20T01:02:03Z')
  const now = { etag: '"v1"', modified }
  const at = (seconds: number) => new Date(modified + seconds * 1000).toUTCString()

  it.each([
    [{}, 'go on'],
    [{ 'if-match': '"v1"' }, 'go on'],
    [{ 'if-match': '*' }, 'go on'],
    [{ 'if-match': '"v0", "v1"' }, 'go on'],
    [{ 'if-match': 'W/"v1"' }, 'failed'],
    [{ 'if-match': '"v0"' }, 'failed'],
    [{ 'if-unmodified-since': at(0) }, 'go on'],
    [{ 'if-unmodified-since': at(-1) }, 'failed'],
    [{ 'if-unmodified-since': 'yesterday, all day' }, 'go on'],
    // A tag is asked in place of a date (13.1.4).
    [{ 'if-match': '"v1"', 'if-unmodified-since': at(-1) }, 'go on'],
    [{ 'if-none-match': '"v1"' }, 'not modified'],
    [{ 'if-none-match': 'W/"v1"' }, 'not modified'],
    [{ 'if-none-match': '"v0", W/"v1"' }, 'not modified'],
    [{ 'if-none-match': '*' }, 'not modified'],
    [{ 'if-none-match': '"v0"' }, 'go on'],
    [{ 'if-none-match': '"v0"', 'if-modified-since': at(0) }, 'go on'],
    [{ 'if-modified-since': at(0) }, 'not modified'],
    [{ 'if-modified-since': at(-1) }, 'go on'],
    [{ 'if-modified-since': 'never' }, 'go on'],
    [{ 'if-match': '"v0"', 'if-none-match': '"v1"' }, 'failed'],
  ])('%j: %s', (headers, verdict) => {
    expect(conditionOf(new Headers(headers), now)).toBe(verdict)
    expect(isConditional(new Headers(headers))).toBe(Object.keys(headers).length > 0)
  })

  it.each([
    [{}, true],
    [{ 'if-range': '"v1"' }, true],
    [{ 'if-range': 'W/"v1"' }, false],
    [{ 'if-range': '"v0"' }, false],
    [{ 'if-range': at(0) }, true],
    [{ 'if-range': at(1) }, false],
    [{ 'if-range': 'some day' }, false],
  ])('a range under %j: %s', (headers, holds) => expect(rangeHolds(new Headers(headers), now)).toBe(holds))
})
