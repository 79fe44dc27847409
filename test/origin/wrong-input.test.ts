/** Wrong input on each tool: a coded error that says what to do next, and nothing is written (issue 2). */
import { readdir } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TOOLS } from '../../origin/tools/registry.ts'
import { execute, openOrigin, type TestOrigin } from './support/origin.ts'

let origin: TestOrigin
/** Real things to be wrong about: a kept fetch, its Parquet file, a table. */
const real = { raw: '', parquet: '' }
let before: readonly string[]

beforeAll(async () => {
  origin = await openOrigin()
  const fetched = await execute(origin, 'fetch_dataset_auto', { dataset_id: '0003280145' })
  real.raw = String(fetched.result['s3_json_path'])
  const parquet = await execute(origin, 'transform_to_parquet', { s3_json_path: real.raw })
  real.parquet = String(parquet.result['s3_parquet_path'])
  await execute(origin, 'load_to_iceberg', { table_name: 'coffee', s3_parquet_path: real.parquet })
  before = await files()
})
afterAll(() => origin.close())

const files = async () => (await readdir(origin.dataDir, { recursive: true })).toSorted()

const AREAS = '0000020201'
const id = { dataset_id: '0003280145' }
const q = { query: '人口' }

type Case = readonly [what: string, args: unknown, code: string, says: RegExp]
const CASES: Readonly<Record<string, readonly Case[]>> = {
  search_estat_data: [
    ['no query', {}, 'INVALID_PARAMETER', /query/],
    ['an empty query', { query: '　' }, 'INVALID_PARAMETER', /query/],
    ['max_results 0', { ...q, max_results: 0 }, 'INVALID_PARAMETER', /max_results/],
    ['max_results 1000', { ...q, max_results: 1000 }, 'INVALID_PARAMETER', /max_results/],
    ['text where a number goes', { ...q, max_results: 'many' }, 'INVALID_PARAMETER', /max_results/],
    ['an unknown argument', { ...q, limit: 3 }, 'INVALID_PARAMETER', /"limit".*max_results/s],
    ['a cursor of another question', { ...q, cursor: 'abc' }, 'INVALID_PARAMETER', /cursor/],
  ],
  apply_keyword_suggestions: [
    ['no keywords', { original_query: '給料' }, 'INVALID_PARAMETER', /accepted_keywords/],
    ['an empty list', { original_query: '給料', accepted_keywords: {} }, 'INVALID_PARAMETER', /one word/],
    [
      'an empty query',
      { original_query: ' ', accepted_keywords: { 給料: '賃金' } },
      'INVALID_PARAMETER',
      /original_query/,
    ],
    ['an unknown argument', { original_query: '給料', query: 'x' }, 'INVALID_PARAMETER', /"query"/],
  ],
  lookup: [
    ['an unknown kind', { kind: 'city', find: '府中市' }, 'INVALID_PARAMETER', /kind/],
    ['nothing to find', { kind: 'area', find: '　' }, 'INVALID_PARAMETER', /find/],
    ['a level of surveys', { kind: 'survey', find: '労働力', level: 1 }, 'INVALID_PARAMETER', /level/],
    ['a cursor of another question', { kind: 'area', find: '市', cursor: 'abc' }, 'INVALID_PARAMETER', /cursor/],
  ],
  search_files: [
    ['no query', {}, 'INVALID_PARAMETER', /query/],
    ['an empty query', { query: '　' }, 'INVALID_PARAMETER', /query/],
    ['an operator', { query: '人口 OR 世帯' }, 'INVALID_PARAMETER', /plain words/],
    ['an unknown kind of file', { ...q, data_type: 'XLS,DOC' }, 'INVALID_PARAMETER', /"DOC".*XLS_REP/s],
    ['a code without its zeros', { ...q, stats_code: 200_521 }, 'INVALID_PARAMETER', /stats_code.*eight digits/],
    ['max_results 21', { ...q, max_results: 21 }, 'INVALID_PARAMETER', /max_results/],
    ['a cursor of another question', { ...q, cursor: 'abc' }, 'INVALID_PARAMETER', /cursor/],
    ['an unknown argument', { ...q, format: 'CSV' }, 'INVALID_PARAMETER', /"format".*data_type/s],
    ['what the sample does not have', { query: '国勢調査' }, 'NO_DATA', /ESTAT_APP_ID.*toukei=00200521/s],
  ],
  describe_dataset: [
    ['an unknown id', { dataset_id: '0009999999' }, 'NOT_FOUND', /search_estat_data/],
    ['nine digits', { dataset_id: '000341037' }, 'INVALID_PARAMETER', /ten digits/],
    ['an id whose figures are not bundled', { dataset_id: '0003215843' }, 'NO_DATA', /ESTAT_APP_ID/],
    ['an unknown axis', { ...id, axis: 'cat09' }, 'INVALID_PARAMETER', /cat01/],
    ['an unknown argument', { ...id, axes: 'area' }, 'INVALID_PARAMETER', /"axes"/],
    ['find without axis', { ...id, find: '横浜' }, 'INVALID_PARAMETER', /axis/],
    ['a level of 0', { ...id, axis: 'area', level: 0 }, 'INVALID_PARAMETER', /level/],
  ],
  fetch_dataset_auto: [
    ['an unknown id', { dataset_id: '0009999999' }, 'NOT_FOUND', /search_estat_data/],
    ['nine digits', { dataset_id: '000341037' }, 'INVALID_PARAMETER', /ten digits/],
    ['max_rows 0', { ...id, max_rows: 0 }, 'INVALID_PARAMETER', /max_rows/],
    ['text where a number goes', { ...id, max_rows: 'all' }, 'INVALID_PARAMETER', /max_rows/],
    ['text where a boolean goes', { ...id, save_to_s3: 'perhaps' }, 'INVALID_PARAMETER', /save_to_s3/],
    ['an unknown argument', { ...id, filters: {} }, 'INVALID_PARAMETER', /"filters"/],
    ['a cursor of nothing', { ...id, cursor: 'MTox' }, 'INVALID_PARAMETER', /cursor/],
  ],
  fetch_dataset_filtered: [
    ['an unknown id', { dataset_id: '0009999999', filters: { area: '1' } }, 'NOT_FOUND', /search_estat_data/],
    ['nine digits', { dataset_id: '000341037', filters: { area: '1' } }, 'INVALID_PARAMETER', /ten digits/],
    ['a name that fits two codes', { dataset_id: AREAS, filters: { area: '府中市' } }, 'AMBIGUOUS_NAME', /13206/],
    ['an unknown axis', { ...id, filters: { region: 'ブラジル' } }, 'INVALID_PARAMETER', /area/],
    ['an unknown name', { ...id, filters: { area: 'ブラジリア' } }, 'INVALID_PARAMETER', /describe_dataset/],
    ['a code outside the excerpt', { dataset_id: AREAS, filters: { cat01: 'A1102' } }, 'NO_DATA', /ESTAT_APP_ID/],
    [
      'a range backwards',
      { ...id, filters: { area: { from: '80100', to: '09100' } } },
      'INVALID_PARAMETER',
      /backwards/,
    ],
    ['an unknown layout', { ...id, filters: { area: '合計' }, layout: 'broad' }, 'INVALID_PARAMETER', /layout/],
    ['an unknown figure', { ...id, filters: { area: '合計' }, derive: 'mean' }, 'INVALID_PARAMETER', /derive/],
    [
      'shares of several measures',
      { ...id, filters: { area: ['合計', 'ブラジル'] }, derive: 'share' },
      'INVALID_PARAMETER',
      /never mixes/,
    ],
    [
      'wide and derive',
      { ...id, filters: { area: '合計' }, layout: 'wide', derive: 'rank' },
      'INVALID_PARAMETER',
      /mix/,
    ],
    ['no filters', { ...id, filters: {} }, 'INVALID_PARAMETER', /fetch_dataset_auto/],
    ['filters left out', id, 'INVALID_PARAMETER', /filters/],
    ['filters that are text', { ...id, filters: 'ブラジル' }, 'INVALID_PARAMETER', /filters/],
    ['an unknown argument', { ...id, filters: { area: 'ブラジル' }, area: '1' }, 'INVALID_PARAMETER', /"area"/],
  ],
  fetch_large_dataset_complete: [
    ['an unknown id', { dataset_id: '0009999999' }, 'NOT_FOUND', /search_estat_data/],
    ['max_records 0', { ...id, max_records: 0 }, 'INVALID_PARAMETER', /max_records/],
    ['a page larger than e-Stat gives', { ...id, chunk_size: 100_001 }, 'INVALID_PARAMETER', /chunk_size/],
    ['pages too small', { ...id, chunk_size: 10 }, 'INVALID_PARAMETER', /chunk_size/],
    ['an unknown argument', { ...id, max_rows: 10 }, 'INVALID_PARAMETER', /"max_rows".*max_records/s],
  ],
  get_job: [
    ['an unknown job', { job_id: 'job-1' }, 'NOT_FOUND', /lists your jobs/],
    ['a path for a job', { job_id: '../../estat' }, 'NOT_FOUND', /lists your jobs/],
    ['a wait that is too long', { wait_seconds: 21 }, 'INVALID_PARAMETER', /wait_seconds/],
    ['a cursor beside a job', { job_id: 'job-1', cursor: 'MTox' }, 'INVALID_PARAMETER', /cursor/],
    ['a cursor of nothing', { cursor: 'MTox' }, 'INVALID_PARAMETER', /cursor/],
  ],
  cancel_job: [
    ['an unknown job', { job_id: 'job-1' }, 'NOT_FOUND', /lists your jobs/],
    ['no job', {}, 'INVALID_PARAMETER', /job_id/],
    ['an unknown argument', { job_id: 'job-1', force: true }, 'INVALID_PARAMETER', /"force"/],
  ],
  get_estat_table_url: [
    ['nine digits', { dataset_id: '000341037' }, 'INVALID_PARAMETER', /ten digits/],
    ['a number that lost its zeros', { dataset_id: 3_410_379 }, 'INVALID_PARAMETER', /leading zeros/],
    ['no id', {}, 'INVALID_PARAMETER', /dataset_id/],
  ],
  save_dataset_as_csv: [
    ['an unknown id', { dataset_id: '0009999999' }, 'NOT_FOUND', /search_estat_data/],
    ['a folder in the name', { ...id, output_filename: '../../etc/passwd' }, 'INVALID_PARAMETER', /folder/],
    ['a path outside the lake', { ...id, s3_json_path: '/etc/passwd' }, 'INVALID_PARAMETER', /s3:\/\//],
    ['a fetch of another table', { dataset_id: AREAS, s3_json_path: 'RAW' }, 'INVALID_PARAMETER', /0003280145/],
    ['spread without wide', { ...id, spread: 'area' }, 'INVALID_PARAMETER', /wide/],
    ['an unknown axis to spread', { ...id, layout: 'wide', spread: 'cat09' }, 'INVALID_PARAMETER', /cat01/],
    ['an unknown layout', { ...id, layout: 'cross' }, 'INVALID_PARAMETER', /layout/],
    ['a path of another machine', { ...id, local_json_path: '/tmp/a.json' }, 'INVALID_PARAMETER', /s3_json_path/],
    ['two fetches', { ...id, s3_json_path: 'RAW', local_json_path: 'a' }, 'INVALID_PARAMETER', /exclude/],
    ['filters beside a fetch', { ...id, s3_json_path: 'RAW', filters: { area: '1' } }, 'INVALID_PARAMETER', /filters/],
  ],
  download_csv_from_s3: [
    ['no path', {}, 'INVALID_PARAMETER', /s3_path/],
    ['a path outside the lake', { s3_path: '/etc/passwd' }, 'INVALID_PARAMETER', /s3:\/\//],
    ['a path that climbs', { s3_path: 'estat/csv/../../x.csv' }, 'INVALID_PARAMETER', /path in this lake/],
    ['another tenant', { s3_path: 's3://estat-lake/other/csv/a.csv' }, 'NOT_FOUND', /path/],
    ['a file that is not there', { s3_path: 's3://estat-lake/estat/csv/a.csv' }, 'NOT_FOUND', /save_dataset_as_csv/],
    ['a Parquet file', { s3_path: 'PARQUET' }, 'INVALID_PARAMETER', /CSV/],
    ['a kept page', { s3_path: 'RAW' }, 'INVALID_PARAMETER', /save_dataset_as_csv/],
  ],
  save_metadata_as_csv: [
    ['an unknown id', { dataset_id: '0009999999' }, 'NOT_FOUND', /search_estat_data/],
    ['nine digits', { dataset_id: '000341037' }, 'INVALID_PARAMETER', /ten digits/],
    ['a folder in the name', { ...id, output_filename: 'a/b.csv' }, 'INVALID_PARAMETER', /folder/],
    ['an unknown argument', { ...id, axis: 'area' }, 'INVALID_PARAMETER', /"axis"/],
  ],
  transform_to_parquet: [
    ['neither path nor id', {}, 'INVALID_PARAMETER', /exactly one/],
    ['both', { ...id, s3_json_path: 'RAW' }, 'INVALID_PARAMETER', /exactly one/],
    ['a path outside the lake', { s3_json_path: 's3://elsewhere/raw/a' }, 'INVALID_PARAMETER', /s3:\/\/estat-lake/],
    ['a path that climbs', { s3_json_path: 'raw/../../etc/passwd' }, 'INVALID_PARAMETER', /path in this lake/],
    ['another tenant', { s3_json_path: 's3://estat-lake/other/raw/a' }, 'NOT_FOUND', /path/],
    ['no such fetch', { s3_json_path: 's3://estat-lake/raw/0003280145/none/manifest.json' }, 'NOT_FOUND', /save_to_s3/],
    ['an unknown data_type', { s3_json_path: 'RAW', data_type: 'people' }, 'INVALID_PARAMETER', /data_type/],
    ['a prefix with a slash', { s3_json_path: 'RAW', output_prefix: 'a/b' }, 'INVALID_PARAMETER', /output_prefix/],
  ],
  load_to_iceberg: [
    [
      'a table name with a dot',
      { table_name: 'other.t', s3_parquet_path: 'PARQUET' },
      'INVALID_PARAMETER',
      /table_name/,
    ],
    [
      'a file that is not there',
      { table_name: 't', s3_parquet_path: 's3://estat-lake/estat/parquet/none.parquet' },
      'NOT_FOUND',
      /./,
    ],
    ['a raw page', { table_name: 't', s3_parquet_path: 'RAW' }, 'INVALID_PARAMETER', /transform_to_parquet/],
    [
      'a path outside the lake',
      { table_name: 't', s3_parquet_path: 'file:///etc/passwd' },
      'INVALID_PARAMETER',
      /s3:\/\//,
    ],
    [
      'another tenant',
      { table_name: 't', s3_parquet_path: 's3://estat-lake/other/parquet/a.parquet' },
      'NOT_FOUND',
      /path/,
    ],
    ['an unknown mode', { table_name: 't', s3_parquet_path: 'PARQUET', mode: 'upsert' }, 'INVALID_PARAMETER', /mode/],
    [
      'a table that is not there',
      { table_name: 't', s3_parquet_path: 'PARQUET', create_if_not_exists: false },
      'NOT_FOUND',
      /./,
    ],
  ],
  lake_tables: [
    ['an unknown table', { table_name: 'nothing' }, 'NOT_FOUND', /Tables: coffee/],
    ['an axis without a table', { axis: 'area' }, 'INVALID_PARAMETER', /table/i],
    ['an axis that the table lacks', { table_name: 'coffee', axis: 'cat15' }, 'INVALID_PARAMETER', /Axes: /],
    ["another question's cursor", { table_name: 'coffee', axis: 'area', cursor: 'abc' }, 'INVALID_PARAMETER', /cursor/],
  ],
  compare_revisions: [
    ['an unknown table', { table_name: 'nothing' }, 'NOT_FOUND', /Tables: coffee/],
    [
      'a snapshot that is none',
      { table_name: 'coffee', from_snapshot: 'yesterday' },
      'INVALID_PARAMETER',
      /from_snapshot/,
    ],
    ['a snapshot that is not there', { table_name: 'coffee', from_snapshot: '123' }, 'NOT_FOUND', /oldest/],
    ['a table that was loaded once', { table_name: 'coffee' }, 'NO_DATA', /load_to_iceberg/],
    ['an id that is none', { table_name: 'coffee', dataset_id: 'x' }, 'INVALID_PARAMETER', /ten digits/],
  ],
  analyze_with_athena: [
    ['an unknown table', { table_name: 'nothing' }, 'NOT_FOUND', /load_to_iceberg/],
    ['an unknown kind', { table_name: 'coffee', analysis_type: 'magic' }, 'INVALID_PARAMETER', /analysis_type/],
    ['custom without a query', { table_name: 'coffee', analysis_type: 'custom' }, 'INVALID_PARAMETER', /custom_query/],
    ['a query without custom', { table_name: 'coffee', custom_query: 'SELECT 1' }, 'INVALID_PARAMETER', /custom/],
    ['a write', custom('DROP TABLE coffee'), 'QUERY_REJECTED', /SELECT/],
    ['two statements', custom('SELECT 1; SELECT 2'), 'QUERY_REJECTED', /./],
    ['a file', custom("SELECT * FROM read_csv('/etc/passwd')"), 'QUERY_REJECTED', /./],
    ['an unknown column', custom('SELECT valeu FROM coffee'), 'QUERY_REJECTED', /value/],
    ['a table that is not there', custom('SELECT * FROM other'), 'QUERY_REJECTED', /coffee/],
    ['a syntax error', custom('SELECT FROM WHERE'), 'QUERY_REJECTED', /./],
    ['max_rows 0', { ...custom('SELECT 1'), max_rows: 0 }, 'INVALID_PARAMETER', /max_rows/],
  ],
}

function custom(custom_query: string) {
  return { table_name: 'coffee', analysis_type: 'custom', custom_query }
}

/** Stands in what the set-up made. */
const filled = (args: unknown): unknown =>
  JSON.parse(
    JSON.stringify(args)
      .replaceAll('"RAW"', JSON.stringify(real.raw))
      .replaceAll('"PARQUET"', JSON.stringify(real.parquet)),
  )

describe.each(TOOLS.map(({ name }) => name))('%s', (name) => {
  it.each(CASES[name] ?? [])('%s', async (_what, args, code, says) => {
    const answer = await execute(origin, name, filled(args))
    expect([answer.success, answer.error?.code]).toEqual([false, code])
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.status).toBeLessThan(500)
    expect(answer.error.hint.length).toBeGreaterThan(10)
    expect(answer.text).toMatch(says)
    expect(answer.text).not.toContain(origin.dataDir)
    expect(await files()).toEqual(before)
  })

  it('is tried with wrong input', () => expect(CASES[name]?.length ?? 0).toBeGreaterThan(2))

  it('accepts no list for arguments', async () => {
    expect((await execute(origin, name, ['x'])).error).toMatchObject({
      code: 'INVALID_PARAMETER',
      hint: expect.any(String),
    })
  })
})

it('an unknown tool is told the known ones', async () => {
  const { status, error } = await execute(origin, 'load_everything', {})
  expect([status, error.code, error.hint]).toEqual([404, 'NOT_FOUND', expect.stringContaining('describe_dataset')])
})

it('a selection over the budget of a call is refused with its size, and nothing is written', async () => {
  const small = await openOrigin({ limits: { fetchRows: 1000 } })
  for (const [name, args] of [
    ['transform_to_parquet', { dataset_id: AREAS }],
    ['fetch_large_dataset_complete', { dataset_id: AREAS, save_to_s3: false }],
  ] as const) {
    const { error } = await execute(small, name, args)
    expect([name, error.code, error.message]).toEqual([name, 'TOO_LARGE', expect.stringContaining('15,313')])
    expect(error.hint).toMatch(/fetch_large_dataset_complete|save_to_s3/)
  }
  expect(await readdir(small.dataDir, { recursive: true })).toEqual([])
  await small.close()
})
