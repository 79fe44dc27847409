import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ValueSlicer } from '../../../origin/lake/value-slice.ts'

const encode = (text: string): Uint8Array => new TextEncoder().encode(text)

/** Slices `body` fed in chunks of `size` bytes. */
function slice(body: string, size = 7) {
  const bytes = encode(body)
  const slicer = new ValueSlicer()
  const pieces: Uint8Array[] = []
  for (let at = 0; at < bytes.length; at += size) pieces.push(...slicer.push(bytes.subarray(at, at + size)))
  return { text: new TextDecoder().decode(Buffer.concat(pieces)), ...slicer.end() }
}

const body = (dataInf: string, more = ''): string =>
  `{"GET_STATS_DATA":{"RESULT":{"STATUS":0},"STATISTICAL_DATA":{"RESULT_INF":{"TOTAL_NUMBER":9,"FROM_NUMBER":1},${more}"DATA_INF":{${dataInf}}}}}`

const NOTE = '"NOTE":[{"@char":"-","$":"\\"VALUE\\":[]"}]'
const ROWS = '[{"@tab":"1]","$":"a\\\\"},{"@tab":"}","$":"\\"VALUE\\":["}]'

describe('cutting VALUE out of a page', () => {
  it.each([
    ['after NOTE', body(`${NOTE},"VALUE":${ROWS}`)],
    ['before NOTE', body(`"VALUE":${ROWS},${NOTE}`)],
    ['with whitespace', body(`${NOTE} ,\n "VALUE" :\t${ROWS} `)],
    [
      'with VALUE elsewhere',
      body(`"VALUE":${ROWS}`, '"TABLE_INF":{"VALUE":[{"x":1}],"t":["VALUE",[{}]]},"VALUE":[{}],'),
    ],
    ['with the word in names', body(`"VALUE":${ROWS}`, '"CLASS_INF":{"CLASS_OBJ":{"@name":"\\"VALUE\\":[{}]"}},')],
  ])('%s', (_, text) => {
    for (const size of [1, 3, 1000]) {
      const found = slice(text, size)
      expect(found.text).toBe(ROWS)
      expect(found).toMatchObject({ rows: 2, shape: 'array', resultInf: { TOTAL_NUMBER: 9, FROM_NUMBER: 1 } })
    }
  })

  it('takes the one row that comes without its array', () => {
    expect(slice(body('"VALUE":{"$":"5"}'))).toMatchObject({ text: '{"$":"5"}', rows: 1, shape: 'object' })
  })

  it('knows a page without rows', () => {
    expect(slice(body(NOTE))).toMatchObject({ text: '', rows: 0, shape: 'none' })
    expect(slice(body('"VALUE":[]'))).toMatchObject({ text: '[]', rows: 0, shape: 'array' })
  })

  it('keeps the annotations', () => {
    const annotation = { '@annotation': '1', $: '速報値 \u{20BB7} }]' }
    const text = body(`"ANNOTATION":${JSON.stringify(annotation)},"VALUE":[{"$":"1"}]`)
    expect(slice(text).annotation).toEqual(annotation)
  })

  it.each([
    ['in a string', -40],
    ['in VALUE', -6],
    ['at the end', -1],
  ])('refuses a body that breaks off %s', (_, end) => {
    expect(() => slice(body(`"VALUE":${ROWS}`).slice(0, end))).toThrow('breaks off')
  })

  it('finds the rows of any body, however it is spaced and cut', () => {
    const row = fc.dictionary(fc.constantFrom('@tab', '@cat01', '$', 'VALUE', '@unit'), fc.string({ unit: 'grapheme' }))
    const extra = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 3 })
    const property = fc.property(
      fc.array(row, { maxLength: 5 }),
      extra,
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 0, max: 2 }),
      (rows, more, size, indent) => {
        const text = JSON.stringify(
          { GET_STATS_DATA: { X: more, STATISTICAL_DATA: { Y: more, DATA_INF: { N: more, VALUE: rows } } } },
          null,
          indent,
        )
        const found = slice(text, size)
        expect(JSON.parse(found.text)).toEqual(rows)
        expect(found.rows).toBe(rows.length)
      },
    )
    fc.assert(property, { numRuns: 200 })
  })
})
