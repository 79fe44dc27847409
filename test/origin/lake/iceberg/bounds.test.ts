import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lowerBound, serialize, truncateUp, upperBound } from '../../../../origin/lake/iceberg/bounds.ts'

const hex = (bytes: Uint8Array | null) => (bytes === null ? null : Buffer.from(bytes).toString('hex'))

describe('single-value serialization (specification, Appendix D)', () => {
  it.each([
    ['boolean', true, '01'],
    ['int', -2, 'feffffff'],
    ['date', 18262, '56470000'],
    ['long', 1n << 40n, '0000000000010000'],
    ['timestamptz', -1n, 'ffffffffffffffff'],
    ['double', 102.5, '0000000000a05940'],
    ['string', '東京', 'e69db1e4baac'],
  ] as const)('%s %s', (type, value, expected) => {
    expect(hex(serialize(type, value))).toBe(expected)
  })

  it('puts both zeros inside the bounds of a zero', () => {
    expect(hex(lowerBound('double', 0))).toBe('0000000000000080')
    expect(hex(upperBound('double', -0))).toBe('0000000000000000')
  })
})

describe('bounds of long texts', () => {
  const text = (bytes: Uint8Array | null) => (bytes === null ? null : new TextDecoder().decode(bytes))

  it('keeps 16 code points, whole ones', () => {
    expect(text(lowerBound('string', '𠮷'.repeat(20)))).toBe('𠮷'.repeat(16))
    expect(text(upperBound('string', '𠮷'.repeat(20)))).toBe(`${'𠮷'.repeat(15)}𠮸`)
    expect(text(upperBound('string', 'x'.repeat(16)))).toBe('x'.repeat(16))
  })

  it('steps over the surrogates and past the last code point', () => {
    expect(truncateUp(`${'a'.repeat(15)}\uD7FFb`)).toBe(`${'a'.repeat(15)}\uE000`)
    expect(truncateUp(`${'a'.repeat(15)}\u{10FFFF}b`)).toBe(`${'a'.repeat(14)}b`)
    expect(truncateUp('\u{10FFFF}'.repeat(17))).toBeNull()
  })

  it('always holds the value between them, by UTF-8 bytes', () => {
    const property = fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }), (value) => {
      const own = Buffer.from(value)
      const upper = upperBound('string', value)
      expect(Buffer.compare(lowerBound('string', value), own)).toBeLessThanOrEqual(0)
      expect(upper === null || Buffer.compare(upper, own) >= 0).toBe(true)
    })
    fc.assert(property, { numRuns: 500 })
  })
})
