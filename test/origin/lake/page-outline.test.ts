import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PageOutline } from '../../../origin/lake/page-outline.ts'

const encode = (text: string): Uint8Array => new TextEncoder().encode(text)

function outlineOf(text: string, size = 7) {
  const bytes = encode(text)
  const outline = new PageOutline()
  for (let at = 0; at < bytes.length; at += size) outline.push(bytes.subarray(at, at + size))
  return outline.end()
}

const body = (dataInf: string): string =>
  `{"GET_STATS_DATA":{"RESULT":{"STATUS":0},"STATISTICAL_DATA":{"VALUE":[1],"DATA_INF":{${dataInf}},"N":{"VALUE":[2]}}}}`
const left = (dataInf: object): object => ({
  GET_STATS_DATA: { RESULT: { STATUS: 0 }, STATISTICAL_DATA: { VALUE: [1], DATA_INF: dataInf, N: { VALUE: [2] } } },
})

describe('what a page says beside its rows', () => {
  it.each([
    ['rows', '"NOTE":{"$":"人 \\"VALUE\\":["} , "VALUE" :\n[{"$":"]"}, {"x":[{},{}],"$":"}"}],"A":1', 2],
    ['one row without its array', '"NOTE":{"$":"人 \\"VALUE\\":["},"VALUE":{"$":"5","x":{}},"A":1', 1],
  ])('%s are counted and left out', (_, text, rows) => {
    for (const size of [1, 3, 1000])
      expect(outlineOf(body(text), size)).toEqual({
        rows,
        body: left({ NOTE: { $: '人 "VALUE":[' }, VALUE: null, A: 1 }),
      })
  })

  it('a body without rows, or with one that has no attributes, stays as it is', () => {
    for (const text of ['', '"VALUE":""', '"VALUE":"5"', '"VALUE":7', '"VALUE":null', '"X":[{}]'])
      expect(outlineOf(body(text))).toEqual({ rows: 0, body: JSON.parse(body(text)) as unknown })
    expect(outlineOf('{"GET_STATS_DATA":{"RESULT":{"STATUS":100}}}').rows).toBe(0)
    expect(outlineOf('[{"STATISTICAL_DATA":{"DATA_INF":[{"VALUE":[{}]}]}}]').rows).toBe(0)
  })

  it.each([
    ['rows that are no objects', body('"VALUE":[{"$":"1"},5]')],
    ['a row within a row', body('"VALUE":[{"$":"1"},[{"$":"2"}]]')],
    ['no row in an array', body('"VALUE":[]')],
    ['rows twice', body('"VALUE":[{"$":"1"}],"VALUE":[{"$":"1"}]')],
    ['damage within the rows', body('"VALUE":[{"$":"1},{"$":"2"}]')],
    ['a comma too many', body('"VALUE":[{"$":"1"},]')],
    ['an end within the rows', body('"VALUE":[{"$":"1"},{"$":"2"}]').slice(0, -50)],
    ['a web page', '<html>'],
  ])('%s is refused', (_, text) => {
    for (const size of [1, 1000]) expect(() => outlineOf(text, size)).toThrow(SyntaxError)
  })

  it('a body whose outline has no end is refused before it is all in memory', () => {
    const outline = new PageOutline()
    outline.push(encode('{"GET_STATS_DATA":{"X":"'))
    const filler = new Uint8Array(1024 * 1024).fill(0x61)
    let taken = 0
    expect(() => {
      for (; taken < 20; taken++) outline.push(filler)
    }).toThrow('too much')
    expect(taken).toBe(15)
  })

  it('keys that only look like the way to VALUE are not followed', () => {
    const decoy = '"a\\"DATA_INF":{"VALUE":[{"$":"1"}]},"a,\\"VALUE":[{}],"\\\\":{"VALUE":[{}]}'
    const text = `{"GET_STATS_DATA":{"STATISTICAL_DATA":{${decoy}}}}`
    expect(outlineOf(text)).toEqual({ rows: 0, body: JSON.parse(text) as unknown })
  })

  it('is what parsing gives, however the body is spaced and cut', () => {
    const row = fc.dictionary(fc.constantFrom('@tab', '$', 'VALUE', '"VALUE', '\\'), fc.string({ unit: 'grapheme' }))
    const extra = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 3 })
    const property = fc.property(
      fc.array(row, { minLength: 1, maxLength: 5 }),
      extra,
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 0, max: 2 }),
      (rows, more, size, indent) => {
        const around = (value: unknown): unknown => ({
          GET_STATS_DATA: { X: more, STATISTICAL_DATA: { Y: more, DATA_INF: { N: more, VALUE: value, M: more } } },
        })
        const found = outlineOf(JSON.stringify(around(rows), null, indent), size)
        expect(found).toEqual({ body: JSON.parse(JSON.stringify(around(null))) as unknown, rows: rows.length })
      },
    )
    fc.assert(property, { numRuns: 300 })
  })
})
