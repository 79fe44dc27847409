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
    code: z
      .string()
      .regex(/^(\d{5}|\d{8})?$/, 'expected 5 or 8 digits')
      .optional(),
    max_results: z.int().optional(),
    dataset_id: z.string().optional(),
    words: z.union([z.string(), z.array(z.string())]).optional(),
    lang: z.enum(['J', 'E']).optional(),
    layout: z.enum(['long', 'wide']).optional(),
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
    ['a number with commas between thousands', { max_results: '1,000,000' }, { max_results: 1_000_000 }],
    ['1 for true', { save: 1 }, { save: true }],
    ['"0" for false', { save: '0' }, { save: false }],
    ['"No" for false', { save: 'No' }, { save: false }],
    ['"ｔｒｕｅ" for true', { save: 'ｔｒｕｅ' }, { save: true }],
    ['a choice in capitals and blanks', { layout: ' WIDE' }, { layout: 'wide' }],
    ['a choice in full width', { kind: '２' }, { kind: '2' }],
    ['"en" for E', { lang: 'en' }, { lang: 'E' }],
    ['"ja-JP" for J', { lang: 'ja-JP' }, { lang: 'J' }],
    ['日本語 for J', { lang: '日本語' }, { lang: 'J' }],
    ['a code in full-width digits', { code: '００２００５２１' }, { code: '00200521' }],
    ['a code with blanks at its ends', { code: ' 00200 ' }, { code: '00200' }],
    ['a number where a code goes', { code: 20052 }, { code: '20052' }],
    ['full width stays in a free text', { name: 'ＡＢＣ １' }, { name: 'ＡＢＣ １' }],
    ['what Python prints where an object goes', { filters: "{'area': '東京都'}" }, { filters: { area: '東京都' } }],
    ['full-width letters in JSON stay', { filters: '{"cat01":"Ａ"}' }, { filters: { cat01: 'Ａ' } }],
    ['JSON text of a list where a text may go too', { words: '["XLS","CSV"]' }, { words: ['XLS', 'CSV'] }],
    ['a text with brackets that is no JSON', { words: '[再掲]' }, { words: '[再掲]' }],
    ['JSON text of a list of choices', { either: '["share"]' }, { either: ['share'] }],
    ['a choice of several forms in capitals', { either: 'Share' }, { either: 'share' }],
    ['maxResults', { maxResults: '7' }, { max_results: 7 }],
    ['max-results', { 'max-results': 7 }, { max_results: 7 }],
    ['MAX_RESULTS', { MAX_RESULTS: 7 }, { max_results: 7 }],
    ['datasetId', { datasetId: '0003448237' }, { dataset_id: '0003448237' }],
    ['statsDataId', { statsDataId: '0003448237' }, { dataset_id: '0003448237' }],
    ['null for one left out', { name: null, count: null }, {}],
    ['"null" for one left out', { name: 'null', filters: 'null' }, {}],
    ['"" for one left out', { name: '', kind: '' }, {}],
  ])('%s', (_what, args, meant) => expect(parse({ id: 'a', ...args })).toEqual({ ...least, ...meant }))

  it('a required text may be empty: the tool says what it needs', () => expect(parse({ id: '' }).id).toBe(''))
})

describe('refused, with the argument named', () => {
  it.each<[string, unknown, RegExp]>([
    ['an unknown argument', { id: 'a', limit: 3 }, /no argument "limit"/],
    [
      'one under two spellings',
      { id: 'a', maxResults: 1, max_results: 2 },
      /"maxResults" and "max_results" are the same/,
    ],
    ['a name that every object has', { id: 'a', constructor: 1 }, /no argument "constructor"/],
    ['commas that part no thousands', { id: 'a', count: '1,2' }, /^count: /],
    ['2 for a boolean', { id: 'a', save: 2 }, /^save: /],
    ['another language', { id: 'a', lang: 'fr' }, /^lang: /],
    ['seven digits', { id: 'a', code: '0020052' }, /^code: expected 5 or 8 digits/],
    ['JSON that is none where an object goes', { id: 'a', filters: '{"area":' }, /^filters: /],
    ['a missing one', {}, /^id: /],
    ['text where a number goes', { id: 'a', count: 'many' }, /^count: /],
    ['out of range', { id: 'a', count: 1000 }, /^count: /],
    ['a list for the arguments', ['a'], /must be an object/],
    ['text for the arguments', 'a', /must be an object/],
    ['JSON text of a list for the arguments', '["a"]', /must be an object/],
    ['JSON text that nests without end for the arguments', `{"id":${'['.repeat(100_000)}`, /must be an object/],
    ['a missing one, in plain words', {}, /^id: missing\.$/],
    ['a list where members go', { id: 'a', filters: ['a'] }, /^filters: .*expected object, received array/],
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

it('says what goes where something of another type was sent, and is told by the arguments themselves elsewhere', () => {
  const described = {
    name: 'fetch',
    input: z.object({
      filters: z.record(z.string(), z.string()).describe('E.g. {"area": "東京都"}.'),
      max_rows: z.int().max(10).optional().describe('E.g. 5.'),
    }),
  }
  const reading = (args: unknown) => () => parseArguments(described, args)
  const hint = 'Correct filters and call fetch again. filters: E.g. {"area": "東京都"}.'
  expect(reading({})).toThrow(expect.objectContaining({ hint }))
  expect(reading({ filters: ['area'] })).toThrow(expect.objectContaining({ hint }))
  expect(reading({ filters: {}, max_rows: 11 })).toThrow(
    expect.objectContaining({ hint: 'Correct max_rows and call fetch again.' }),
  )
  expect(reading('filters')).toThrow(
    expect.objectContaining({ hint: 'Send a JSON object. Its members are: filters, max_rows.' }),
  )
})

it('takes a JSON text for all of the arguments', () => {
  expect(parse('{"id":"a","count":"7"}')).toEqual({ ...least, count: 7 })
})

describe('an unknown name is told what it may have meant', () => {
  const filtered = {
    name: 'fetch',
    input: z.object({ dataset_id: z.string(), filters: z.object({}), max_rows: z.int() }),
  }

  it.each<[name: string, hint: RegExp]>([
    ['max_row', /^Did you mean "max_rows" by "max_row"\? Its arguments are: dataset_id, filters, max_rows\.$/],
    ['rows', /^Did you mean "max_rows"/],
    ['datasetIds', /^Did you mean "dataset_id"/],
    ['filter', /^Did you mean "filters"/],
    ['area', /^An axis goes into filters: \{"filters": \{"area": \.\.\.\}\}\. Its arguments/],
    ['cat01', /^An axis goes into filters/],
    ['limit', /^Its arguments are: /],
    ['x'.repeat(10_000), /^Its arguments are: /],
  ])('%.20s', (name, hint) =>
    expect(() => parseArguments(filtered, { [name]: 1 })).toThrow(
      expect.objectContaining({ code: 'INVALID_PARAMETER', hint: expect.stringMatching(hint) }),
    ),
  )
})
