/**
 * A meaningful call of every tool, in an order in which each finds what it needs, and what its answer must hold.
 * Figures are of the bundled sample. No import: the list runs in any runtime.
 */

type Json = Readonly<Record<string, unknown>>
/** What came so far, by tool: the last answer. */
type SoFar = Readonly<Record<string, Json>>

export interface ToolCall {
  readonly tool: string
  /** @param own a table name that nobody else uses. */
  readonly args: (soFar: SoFar, own: string) => Json
  /** Facts of a right answer, by name. */
  readonly holds: (result: Json) => Readonly<Record<string, boolean>>
}

const CENSUS = '0003410379'
const MUNICIPALITIES = '0000020201'
const COFFEE = '0003280145'

const call = (tool: string, args: ToolCall['args'] | Json, holds: ToolCall['holds']): ToolCall => ({
  tool,
  args: typeof args === 'function' ? args : () => args,
  holds,
})
const list = (value: unknown): readonly Json[] => (Array.isArray(value) ? (value as Json[]) : [])
const text = (value: unknown): string => (typeof value === 'string' ? value : '')

export const CALLS: readonly ToolCall[] = [
  call('search_estat_data', { query: '国勢調査 人口', max_results: 3 }, ({ results }) => ({
    found: list(results).length > 0,
    'an id of ten digits': /^\d{10}$/.test(text(list(results)[0]?.['dataset_id'])),
  })),
  call(
    'apply_keyword_suggestions',
    { original_query: '東京の給料', accepted_keywords: { 給料: '賃金' } },
    (result) => ({
      rewritten: JSON.stringify(result).includes('東京の賃金'),
    }),
  ),
  call('lookup', { kind: 'area', find: '府中市' }, ({ matches }) => ({
    'both of them': ['13206', '34208'].every((code) => list(matches).some((match) => match['code'] === code)),
  })),
  call('search_files', { query: '調査', max_results: 3 }, ({ results }) => ({ found: list(results).length === 3 })),
  call('describe_dataset', { dataset_id: CENSUS }, ({ axes, rows }) => ({
    axes: list(axes).length >= 3,
    rows: rows === 1008,
  })),
  call('fetch_dataset_auto', { dataset_id: COFFEE, max_rows: 5 }, ({ counts, s3_json_path }) => ({
    counted: Number((counts as Json)['matched']) > 0,
    kept: text(s3_json_path).startsWith('s3://'),
  })),
  call(
    'fetch_dataset_filtered',
    {
      dataset_id: CENSUS,
      filters: { tab: '人口', cat01: '総数', area: '東京都', time: '2020年' },
      save_to_s3: false,
    },
    ({ counts, ...result }) => ({
      'one row': (counts as Json)['matched'] === 1,
      '14,047,594 people': JSON.stringify(result).includes('14047594'),
    }),
  ),
  call('fetch_large_dataset_complete', { dataset_id: MUNICIPALITIES, max_records: 20_000 }, (result) => ({
    'all rows': JSON.stringify(result).includes('15313'),
  })),
  call('save_dataset_as_csv', { dataset_id: CENSUS }, ({ rows, s3_path }) => ({
    rows: rows === 1008,
    path: text(s3_path).endsWith('.csv'),
  })),
  call('save_metadata_as_csv', { dataset_id: CENSUS }, ({ s3_path }) => ({ path: text(s3_path).endsWith('.csv') })),
  call(
    'download_csv_from_s3',
    ({ save_metadata_as_csv }) => ({ s3_path: save_metadata_as_csv?.['s3_path'], return_content: true }),
    (result) => ({ content: JSON.stringify(result).includes('カテゴリID') }),
  ),
  call(
    'get_csv_download_url',
    ({ save_dataset_as_csv }) => ({ s3_path: save_dataset_as_csv?.['s3_path'], expires_in: 600 }),
    (result) => ({ link: /\/files\//.test(JSON.stringify(result)) }),
  ),
  call(
    'transform_to_parquet',
    ({ fetch_dataset_auto }) => ({ s3_json_path: fetch_dataset_auto?.['s3_json_path'] }),
    ({ rows, s3_parquet_path }) => ({
      rows: Number(rows) > 0,
      path: text(s3_parquet_path).endsWith('.parquet'),
    }),
  ),
  call(
    'load_to_iceberg',
    ({ transform_to_parquet }, own) => ({
      table_name: own,
      s3_parquet_path: transform_to_parquet?.['s3_parquet_path'],
    }),
    ({ rows_loaded, rows_after }) => ({ 'as many': Number(rows_loaded) > 0 && rows_loaded === rows_after }),
  ),
  call(
    'ingest_dataset',
    (_, own) => ({ dataset_id: COFFEE, table_name: own }),
    (result) => ({ 'of this job': JSON.stringify(result).includes('job_id') }),
  ),
  call(
    'get_job',
    ({ ingest_dataset }) => ({ job_id: jobOf(ingest_dataset), wait_seconds: 20 }),
    (result) => ({ ended: (result['job'] as Json | null)?.['state'] === 'done' }),
  ),
  call(
    'cancel_job',
    ({ ingest_dataset }) => ({ job_id: jobOf(ingest_dataset) }),
    // What is over stays as it ended.
    (result) => ({ 'still done': (result['job'] as Json | null)?.['state'] === 'done' }),
  ),
  call(
    'analyze_with_athena',
    (_, own) => ({ table_name: own, analysis_type: 'custom', custom_query: `SELECT count(*) AS n FROM estat.${own}` }),
    ({ rows }) => ({ counted: list(rows).length === 1 }),
  ),
  call('lake_tables', {}, (result) => ({ listed: JSON.stringify(result).includes('clients_') })),
  call(
    'compare_revisions',
    (_, own) => ({ table_name: own }),
    ({ unchanged, changed }) => ({ 'the same twice': Number(unchanged) > 0 && changed === 0 }),
  ),
  call('get_estat_table_url', { dataset_id: CENSUS }, (result) => ({
    page: JSON.stringify(result).includes(`https://www.e-stat.go.jp/dbview?sid=${CENSUS}`),
  })),
]

function jobOf(answer: Json | undefined): unknown {
  return answer?.['job_id'] ?? (answer?.['job'] as Json | undefined)?.['job_id']
}
