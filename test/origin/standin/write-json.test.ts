import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { treeFromJson } from '../../../origin/standin/read-json.ts'
import { branch, type Element, leaf } from '../../../origin/standin/tree.ts'
import { writeJson } from '../../../origin/standin/write-json.ts'

const written = (...children: Element[]): string => writeJson(branch('R', children)).slice('{"R":'.length, -1)

describe('The conversion rules of e-Stat (reference/estat-api.md, 3.1)', () => {
  it('1: attributes become "@x", the text beside them "$", in that order', () => {
    expect(written(leaf('GOV_ORG', 'abc', { code: '00200' }))).toBe('{"GOV_ORG":{"@code":"00200","$":"abc"}}')
  })

  it('2: text without attributes is a bare scalar', () => {
    expect(written(leaf('CYCLE', '-'))).toBe('{"CYCLE":"-"}')
  })

  it('3: what is repeated is an array, what occurs once an object, what does not occur is absent', () => {
    const one = leaf('CLASS', null, { code: '1' })
    expect(written(one)).toBe('{"CLASS":{"@code":"1"}}')
    expect(written(one, one)).toBe('{"CLASS":[{"@code":"1"},{"@code":"1"}]}')
    expect(written(leaf('NOTE', 'a'), one)).toBe('{"NOTE":"a","CLASS":{"@code":"1"}}')
  })

  it('4: an empty element is "", and so is one whose children are none', () => {
    expect(written(leaf('DESCRIPTION', null), branch('NARROWING_COND', []))).toBe(
      '{"DESCRIPTION":"","NARROWING_COND":""}',
    )
  })

  it.each([
    ['0', '0'],
    ['202010', '202010'],
    ['2024000101', '2024000101'],
    ['9007199254740993', '9007199254740993'],
    ['00200524', '"00200524"'],
    ['01', '"01"'],
    ['-1', '"-1"'],
    ['1.5', '"1.5"'],
    ['201601-201612', '"201601-201612"'],
    ['', '""'],
  ])('5: bare text %j is written %s', (text, json) => {
    expect(written(leaf('X', text))).toBe(`{"X":${json}}`)
  })

  it('5: attributes and "$" are always strings', () => {
    expect(written(leaf('VALUE', '102', { tab: '1' }))).toBe('{"VALUE":{"@tab":"1","$":"102"}}')
    expect(written(leaf('VALUE', '', { tab: '1' }))).toBe('{"VALUE":{"@tab":"1","$":""}}')
  })

  it("6: ASCII only, uppercase hex, < > & = ' escaped, surrogate pairs as two, / left alone", () => {
    expect(written(leaf('X', '人')).slice(5, -1)).toBe('"\\u4EBA"')
    expect(written(leaf('X', `<>&='`)).slice(5, -1)).toBe('"\\u003C\\u003E\\u0026\\u003D\\u0027"')
    expect(written(leaf('X', '𠮟')).slice(5, -1)).toBe('"\\uD842\\uDF9F"')
    expect(written(leaf('X', 'a/"\\\n')).slice(5, -1)).toBe('"a/\\"\\\\\\n"')
  })
})

describe('Whatever text a table holds', () => {
  const anyText = fc.string({ unit: 'binary' })

  it('comes back from the JSON as it was, which is ASCII on one line', () => {
    fc.assert(
      fc.property(anyText, anyText, (attribute, text) => {
        const json = written(leaf('X', text, { a: attribute }))
        expect(JSON.parse(json)).toEqual({ X: { '@a': attribute, $: text } })
        expect(json).toMatch(/^[ -~]*$/)
        expect(json).not.toMatch(/[<>&=']/)
        expect(json).not.toMatch(/\\u(?![0-9A-F]{4})/)
      }),
    )
  })

  it('makes a tree that is read back to the same JSON', () => {
    const tree = fc.letrec<{ element: Element }>((tie) => ({
      element: fc.record({
        name: fc.constantFrom('A', 'B', 'C'),
        attributes: fc.dictionary(fc.constantFrom('x', 'y'), anyText, { noNullPrototype: true }),
        content: fc.oneof(
          fc.constant(null),
          fc.string({ unit: 'binary', maxLength: 12 }),
          fc.array(tie('element'), { maxLength: 4 }),
        ),
      }),
    })).element
    fc.assert(
      fc.property(tree, (root) => {
        const json = writeJson(root)
        expect(writeJson(treeFromJson(JSON.parse(json)))).toBe(json)
      }),
    )
  })
})
