import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { JsonCheck } from '../../../origin/lake/json-check.ts'

const decoder = new TextDecoder('utf-8', { fatal: true })
const encode = (text: string): Uint8Array => new TextEncoder().encode(text)

function parses(bytes: Uint8Array): boolean {
  try {
    JSON.parse(decoder.decode(bytes))
    return true
  } catch {
    return false
  }
}

function passes(bytes: Uint8Array, size: number): boolean {
  const check = new JsonCheck({ open() {}, close() {}, comma() {} })
  try {
    for (let at = 0; at < bytes.length; at += size) check.push(bytes.subarray(at, at + size))
    check.end()
    return true
  } catch (error) {
    if (error instanceof SyntaxError) return false
    throw error
  }
}

const GOOD = [
  '0',
  '-0',
  '10',
  '1.5',
  '-1.50e+10',
  '1E5',
  '2e-07',
  ' true ',
  'false',
  'null',
  '""',
  '[]',
  '{}',
  '[[],{}]',
  '{"a":{"b":[1,2,{"c":null}]},"":[]}',
  '\n[1 ,\t2\r]',
  '"\\u00e9\\"\\\\\\/\\b\\f\\n\\r\\t"',
  '"\\ud800"',
  '"\u007f"',
  '"é人\u{20BB7}\u{10FFFF}\uFFFD"',
  '\uFEFF{"a":1}',
  '"\u2028"',
]
const BAD = [
  '',
  ' ',
  '01',
  '-',
  '1.',
  '.5',
  '1e',
  '1e+',
  '+1',
  '0x1',
  'NaN',
  'tru',
  'nulll',
  'True',
  "'a'",
  '"',
  '"\\x"',
  '"\\u12g4"',
  '"\t"',
  '"\u0000"',
  '[',
  ']',
  '{',
  '}',
  '[1,]',
  '[,1]',
  '{,}',
  '{"a"}',
  '{"a":}',
  '{"a":1,}',
  '{a:1}',
  '{"a":1 "b":2}',
  '[1 2]',
  '1 2',
  '{}{}',
  '[}',
  '{]',
  '{"a":[1}',
  '//',
  '[1]x',
  '\uFEFF\uFEFF1',
  ' \uFEFF1',
  '<html>',
  '\u00a01',
]

describe('JSON by its bytes', () => {
  it.each(GOOD)('takes %j', (text) => {
    expect([parses(encode(text)), passes(encode(text), 1), passes(encode(text), 100)]).toEqual([true, true, true])
  })

  it.each(BAD)('refuses %j', (text) => {
    expect([parses(encode(text)), passes(encode(text), 1), passes(encode(text), 100)]).toEqual([false, false, false])
  })

  it('judges UTF-8 as the decoder does: each start with each kind of second byte', () => {
    for (let first = 0x80; first <= 0xff; first++)
      for (const second of [0x22, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff])
        for (const tail of [[], [0x80], [0xbf, 0xbf]]) {
          const bytes = Uint8Array.from([0x22, first, second, ...tail, 0x22])
          expect(passes(bytes, 2), bytes.join(' ')).toBe(parses(bytes))
        }
  })

  it('judges a damaged body as JSON.parse does', () => {
    const signs = fc.constantFrom(...encode('{}[]",:\\u0e1-+.tfn \n'), 0x00, 0x1f, 0x80, 0xbf, 0xc3, 0xe4, 0xf0, 0xff)
    const damage = fc.array(fc.tuple(fc.nat(), signs, fc.constantFrom('replace', 'insert', 'drop')), { maxLength: 3 })
    const cut = fc.integer({ min: 1, max: 20 })
    const property = fc.property(fc.json({ maxDepth: 5 }), damage, cut, (text, damages, size) => {
      const bytes = [...encode(text)]
      for (const [where, sign, how] of damages)
        bytes.splice(where % (bytes.length + 1), how === 'insert' ? 0 : 1, ...(how === 'drop' ? [] : [sign]))
      const damaged = Uint8Array.from(bytes)
      expect(passes(damaged, size)).toBe(parses(damaged))
    })
    fc.assert(property, { numRuns: 3000 })
  })

  it('refuses what is nested deeper than any answer', () => {
    expect([passes(encode(`${'['.repeat(256)}${']'.repeat(256)}`), 9), passes(encode('['.repeat(257)), 9)]).toEqual([
      true,
      false,
    ])
  })

  it('tells where containers open and close, and what stands between', () => {
    const told: string[] = []
    const check = new JsonCheck({
      open: (depth, isObject, at) => told.push(`${isObject ? '{' : '['}${depth}@${at}`),
      close: (depth, at) => told.push(`close ${depth}@${at}`),
      comma: (depth) => told.push(`, ${depth}`),
    })
    for (const chunk of ['{"a":[', '1,{}],"b":"],"}']) check.push(encode(chunk))
    check.end()
    expect(told).toEqual(['{0@0', '[1@5', ', 2', '{2@2', 'close 2@3', 'close 1@4', ', 1', 'close 0@14'])
  })
})
