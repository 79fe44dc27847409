/** Arguments as models send them: forgiving about form, strict about meaning. */
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { parseArguments } from '../../shared/arguments.ts'

const tool = {
  name: 'probe',
  input: z.object({
    id: z.string(),
    count: z.int().min(1).max(20).default(5),
    save: z.boolean().default(true),
    kind: z.enum(['1', '2']).optional(),
    name: z.string().optional(),
    filters: z.record(z.string(), z.string()).optional(),
    list: z.array(z.string()).optional(),
    bound: z.union([z.string(), z.number()]).optional(),
    either: z.union([z.enum(['share', 'rank']), z.array(z.enum(['share', 'rank']))]).optional(),
  }),
}
const parse = (args: unknown) => parseArguments(tool, args)
const least = { id: 'a', count: 5, save: true }

describe('taken as meant', () => {
  it.each<[string, object, object]>([
    ['a number as text', { count: '7' }, { count: 7 }],
    ['a number in full-width digits', { count: '１２' }, { count: 12 }],
    ['a boolean as text', { save: 'False' }, { save: false }],
    ['a number where an enum goes', { kind: 2 }, { kind: '2' }],
    ['JSON text where an object goes', { filters: '{"area":"東京都"}' }, { filters: { area: '東京都' } }],
    ['JSON text where a list goes', { list: '["a"]' }, { list: ['a'] }],
    ['null for one left out', { name: null, count: null }, {}],
    ['"null" for one left out', { name: 'null', filters: 'null' }, {}],
    ['"" for one left out', { name: '', kind: '' }, {}],
  ])('%s', (_what, args, meant) => expect(parse({ id: 'a', ...args })).toEqual({ ...least, ...meant }))

  it('a required text may be empty: the tool says what it needs', () => expect(parse({ id: '' }).id).toBe(''))
})

describe('refused, with the argument named', () => {
  it.each<[string, unknown, RegExp]>([
    ['an unknown argument', { id: 'a', limit: 3 }, /no argument "limit"/],
    ['a missing one', {}, /^id: /],
    ['text where a number goes', { id: 'a', count: 'many' }, /^count: /],
    ['out of range', { id: 'a', count: 1000 }, /^count: /],
    ['a list for the arguments', ['a'], /must be an object/],
    ['text for the arguments', 'a', /must be an object/],
    ['none of several forms', { id: 'a', either: 'sum' }, /^either: .*"share"\|"rank".*; or .*array/],
    ['no member of a union', { id: 'a', bound: true }, /^bound: Invalid input: expected string or number\.$/],
    ['none of several forms, in a list', { id: 'a', either: ['sum'] }, /^either: .*"share"\|"rank"/],
    ['__proto__, which would be dropped', JSON.parse('{"id":"a","filters":{"__proto__":"東京都"}}'), /__proto__/],
  ])('%s', (_what, args, says) => {
    expect(() => parse(args)).toThrow(
      expect.objectContaining({ code: 'INVALID_PARAMETER', message: expect.stringMatching(says) }),
    )
  })
})
