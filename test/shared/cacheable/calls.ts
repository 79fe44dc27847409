/** Calls of every cacheable tool as models write them: what is generated, what means the same, what does not. */
import fc from 'fast-check'

type Args = Readonly<Record<string, unknown>>

/** Texts with all that folding changes: widths, cases, blanks, dashes, signs that NFKC writes as many. */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({
    unit: fc.constantFrom('Ａ', 'a', ' ', '　', '東', '〜', '－', '\u200B', 'İ', '\uFDFA', '1', '１'),
    maxLength: 9,
  }),
  fc.constantFrom('null', ' null ', 'ＮＵＬＬ', '__proto__', '__PROTO__', '[', '{"from":"1"}', '[1]', 'latest', ''),
)
/** One that holds a letter, as required texts must. */
const words = fc.tuple(text, fc.constantFrom('人', '人口', 'x'), text).map((parts) => parts.join(''))
const id = fc.constantFrom(
  '0003410379',
  '０００３４１０３７９',
  ' 0003410379 ',
  'https://www.e-stat.go.jp/dbview?sid=0003410379',
  'https://www.e-stat.go.jp/en/stat-search/database?statdisp_id=0003410379',
  '3410379',
  'none',
)
const absent = fc.constantFrom(undefined, null, '', 'null')
const optional = (some: fc.Arbitrary<unknown>) => fc.oneof(some, absent)
const flag = optional(fc.constantFrom(true, false, 'true', 'False'))
const lang = optional(fc.constantFrom('J', 'E'))
const upTo = (most: number) => fc.integer({ min: 1, max: most }).chain((count) => fc.constantFrom(count, String(count)))
const cursor = optional(fc.constantFrom('MTphYmM', 'null '))

const scalar = fc.oneof(text, fc.integer())
const filter = fc.oneof(
  scalar,
  fc.array(fc.oneof(scalar, fc.array(scalar, { minLength: 1, maxLength: 3 })), { minLength: 1, maxLength: 4 }),
  fc.record({ from: scalar, to: scalar }, { requiredKeys: [] }),
  fc.record({ level: scalar }),
)
const axis = fc
  .oneof(fc.constantFrom('area', 'Area', ' cat01', '地域', 'ｔｉｍｅ', '__PROTO__'), text)
  .filter((name) => name !== '__proto__')

const table = { dataset_id: id, lang, cursor }
const fetch = { ...table, save_to_s3: flag, convert_to_japanese: flag, max_rows: optional(upTo(5000)) }

/** Arguments that each tool takes, by tool. */
export const GENERATED: Readonly<Record<string, fc.Arbitrary<Args>>> = {
  search_estat_data: fc.record({
    query: words,
    max_results: optional(upTo(20)),
    auto_suggest: flag,
    scoring_method: optional(fc.constantFrom('enhanced', 'basic')),
    survey_years: optional(fc.constantFrom('2020', 2020, '201501-202012')),
    stats_code: optional(fc.constantFrom('00200521', '00200')),
    collect_area: optional(fc.constantFrom('1', 2)),
    cursor,
    lang,
  }),
  lookup: fc.record({
    kind: fc.constantFrom('survey', 'area', 'field'),
    find: words,
    level: optional(upTo(3)),
    cursor,
    lang,
  }),
  search_files: fc.record({
    query: words,
    stats_code: optional(fc.constantFrom('00200521', '00200')),
    data_type: optional(
      fc.oneof(fc.constantFrom('XLS', 'csv, pdf', ' , ', '["CSV"]', 'ODS'), fc.array(text, { maxLength: 3 })),
    ),
    max_results: optional(upTo(20)),
    cursor,
    lang,
  }),
  describe_dataset: fc.record({ ...table, axis: optional(axis), find: optional(text), level: optional(upTo(9)) }),
  fetch_dataset_auto: fc.record(fetch),
  fetch_dataset_filtered: fc.record({
    ...fetch,
    filters: fc.dictionary(axis, filter, { maxKeys: 4 }),
    layout: optional(fc.constantFrom('long', 'wide')),
    derive: optional(
      fc.oneof(
        fc.constantFrom('yoy', 'rank'),
        fc.array(fc.constantFrom('yoy', 'share', 'rank'), { minLength: 1, maxLength: 4 }),
      ),
    ),
  }),
}

const ID = '0003410379'
const rows = (filters: object, more: object = {}) => ({ dataset_id: ID, filters, ...more })

/** Pairs of calls that mean the same. */
export const SAME: readonly (readonly [tool: string, what: string, Args, Args])[] = [
  [
    'lookup',
    'widths, cases and blanks',
    { kind: 'area', find: ' Ｔｏｋｙｏ ' },
    { kind: 'area', find: 'tokyo', lang: 'J' },
  ],
  ['lookup', 'left out', { kind: 'area', find: '府中', level: '', cursor: null }, { kind: 'area', find: '府中' }],
  ['search_files', 'blanks', { query: ' 学校　調査 ' }, { query: '学校 調査', max_results: '5' }],
  [
    'search_files',
    'kinds in any form',
    { query: '人口', data_type: 'pdf, CSV' },
    { query: '人口', data_type: ['CSV', 'PDF', 'csv'] },
  ],
  ['search_files', 'no kind', { query: '人口', data_type: ' , ' }, { query: '人口' }],
  [
    'describe_dataset',
    'the page of the table',
    { dataset_id: `https://www.e-stat.go.jp/dbview?sid=${ID}` },
    { dataset_id: '０００３４１０３７９' },
  ],
  [
    'describe_dataset',
    'the spelling of an axis',
    { dataset_id: ID, axis: 'Ａrea ', find: ' 横浜' },
    { dataset_id: ID, axis: 'area', find: '横浜' },
  ],
  ['describe_dataset', 'what is blank', { dataset_id: ID, axis: '　', find: ' ', lang: '' }, { dataset_id: ID }],
  [
    'fetch_dataset_auto',
    'defaults',
    { dataset_id: ID },
    { dataset_id: ID, max_rows: '100', save_to_s3: 'true', convert_to_japanese: true },
  ],
  [
    'fetch_dataset_auto',
    'a page that keeps nothing',
    { dataset_id: ID, cursor: 'c' },
    { dataset_id: ID, cursor: 'c', save_to_s3: false },
  ],
  [
    'fetch_dataset_filtered',
    'the order of axes',
    rows({ area: '東京都', time: '2020' }),
    rows({ Time: 2020, ' area': '東京都' }),
  ],
  ['fetch_dataset_filtered', 'lists as sets', rows({ area: ['b', ['a', 'b']] }), rows({ area: ['a', 'b'] })],
  ['fetch_dataset_filtered', 'a list of one', rows({ time: ['latest'] }), rows({ time: 'latest' })],
  ['fetch_dataset_filtered', 'open ends', rows({ time: { to: '', from: ' 2010' } }), rows({ time: { from: 2010 } })],
  ['fetch_dataset_filtered', 'levels', rows({ area: { level: '２' } }), rows({ area: { level: 2 } })],
  [
    'fetch_dataset_filtered',
    'filters as JSON',
    rows({ area: '東京都' }),
    { dataset_id: ID, filters: '{"area":"東京都"}' },
  ],
  [
    'fetch_dataset_filtered',
    'one figure or a list of it',
    rows({ area: 'a' }, { derive: 'yoy' }),
    rows({ area: 'a' }, { derive: ['yoy', 'yoy'] }),
  ],
]

/** Calls of one tool that all mean something else. */
export const DIFFERENT: Readonly<Record<string, readonly Args[]>> = {
  search_estat_data: [
    { query: '人口' },
    { query: '人口', lang: 'E' },
    { query: '人口', max_results: 6 },
    { query: '世帯' },
  ],
  lookup: [
    { kind: 'area', find: '府中' },
    { kind: 'survey', find: '府中' },
    { kind: 'area', find: '府中', level: 2 },
    { kind: 'area', find: '府中', cursor: 'c' },
    { kind: 'area', find: '府中', lang: 'E' },
  ],
  search_files: [
    { query: '学校 調査' },
    { query: '調査 学校' },
    { query: 'ＧＤＰ' },
    { query: 'GDP' },
    { query: '学校 調査', stats_code: '00400001' },
    { query: '学校 調査', data_type: 'CSV' },
    { query: '学校 調査', data_type: 'ODS' },
    { query: '学校 調査', max_results: 6 },
  ],
  describe_dataset: [
    { dataset_id: ID },
    { dataset_id: '0003410380' },
    { dataset_id: '3410379' },
    { dataset_id: ID, axis: 'area' },
    { dataset_id: ID, axis: 'area', find: '東京都 府中市' },
    { dataset_id: ID, axis: 'area', find: '東京都府中市' },
    { dataset_id: ID, axis: 'area', find: 'a' },
    { dataset_id: ID, axis: 'area', find: 'A' },
    { dataset_id: ID, axis: 'area', level: 2 },
    { dataset_id: ID, axis: 'area', cursor: 'c' },
    { dataset_id: ID, lang: 'E' },
  ],
  fetch_dataset_auto: [
    { dataset_id: ID },
    { dataset_id: ID, save_to_s3: false },
    { dataset_id: ID, convert_to_japanese: false },
    { dataset_id: ID, max_rows: 99 },
    { dataset_id: ID, cursor: 'c' },
    { dataset_id: ID, cursor: 'd' },
    { dataset_id: ID, lang: 'E' },
  ],
  fetch_dataset_filtered: [
    rows({ area: '東京都' }),
    rows({ area: '東京都' }, { save_to_s3: false }),
    rows({ area: '東京都' }, { layout: 'wide' }),
    rows({ area: '東京都' }, { derive: ['yoy', 'share'] }),
    rows({ area: '東京都' }, { derive: ['share', 'yoy'] }),
    rows({ cat01: '東京都' }),
    rows({ area: '東京 都' }),
    rows({ area: ['東京都', '大阪府'] }),
    rows({ area: 'A1' }),
    rows({ area: 'a1' }),
    rows({ time: 'latest' }),
    rows({ time: ['latest', 'latest'] }),
    rows({ time: { from: '2010' } }),
    rows({ time: { to: '2010' } }),
    rows({ time: '[2010]' }),
    rows({ time: ['[2010]'] }),
    rows({ area: { level: '1' } }),
    rows({ area: '東京都', Area: '大阪府' }),
    rows({ area: '東京都', AREA: '大阪府' }),
  ],
}
