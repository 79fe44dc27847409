/** Rows in batches are the rows, however the bytes are cut and whatever a text holds. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rowBatches } from '../../../origin/estat/row-batches.ts'

const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value))

function inPieces(body: Uint8Array, size: number) {
  const batches = rowBatches()
  const found = []
  let most = 0
  for (let at = 0; at < body.length; at += size) {
    const rows = batches.push(body.subarray(at, at + size))
    most = Math.max(most, rows.length)
    found.push(...rows)
  }
  return { rows: [...found, ...batches.end()], most }
}

describe('rowBatches', () => {
  const tricky = fc.constantFrom('},{"@', '"},{"@tab":"', '},{"$', '\\', '"', '東京都', '***', ']', '1')
  const row = fc.record({ '@tab': tricky, '@area': fc.string(), $: fc.oneof(tricky, fc.string()) })

  it('gives back every row, cut anywhere', () => {
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 30 }), fc.integer({ min: 1, max: 90 }), (rows, size) => {
        expect(inPieces(bytes(rows), size).rows).toEqual(rows)
      }),
    )
  })

  it('gives out large bodies before their end', () => {
    const rows = Array.from({ length: 20_000 }, (_, at) => ({ '@area': `"},{"@${at}`, '@unit': '人', $: String(at) }))
    const { rows: found, most } = inPieces(bytes(rows), 16_384)
    expect(found).toEqual(rows)
    expect(most).toBeLessThan(10_000)
  })

  it('knows one row without its array, no rows, and a cell without a text', () => {
    expect(inPieces(bytes({ '@area': '1', $: '5' }), 3).rows).toEqual([{ '@area': '1', $: '5' }])
    expect(inPieces(bytes([]), 1).rows).toEqual([])
    expect(inPieces(new Uint8Array(), 1).rows).toEqual([])
    expect(inPieces(bytes([{ '@area': '1' }]), 4).rows).toEqual([{ '@area': '1', $: '' }])
  })

  it('takes nothing that is no JSON for rows', () => {
    expect(() => inPieces(new TextEncoder().encode('[{"@area":"1","$":"5"},{"@ar'), 5)).toThrow(SyntaxError)
  })
})
