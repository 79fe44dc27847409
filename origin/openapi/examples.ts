/**
 * One call of each tool, as it is shown to people who import `/openapi.json`. The tests send every one of them: in this
 * order they work on the bundled sample, but for those that name what only an earlier answer can tell.
 */
const POPULATION = { dataset_id: '0003410379' } as const
const CSV = 's3://estat-lake/estat/csv/population.csv'

export const EXAMPLES: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  search_estat_data: { query: '東京都の人口の推移', max_results: 5 },
  apply_keyword_suggestions: { original_query: '給料の推移', accepted_keywords: { 給料: '賃金' } },
  lookup: { kind: 'area', find: '府中市' },
  search_files: { query: '人口' },
  describe_dataset: POPULATION,
  fetch_dataset_auto: { ...POPULATION, save_to_s3: false, max_rows: 5 },
  fetch_dataset_filtered: {
    ...POPULATION,
    filters: { tab: '人口', cat01: '総数', area: '東京都', time: { from: '1920年', to: '2020年' } },
    save_to_s3: false,
  },
  fetch_large_dataset_complete: { ...POPULATION, max_records: 10_000 },
  get_job: {},
  cancel_job: { job_id: '20261120T103000Z-1b9d6bcd' },
  save_dataset_as_csv: { ...POPULATION, output_filename: 'population.csv' },
  save_metadata_as_csv: { ...POPULATION, output_filename: 'population-codes.csv' },
  download_csv_from_s3: { s3_path: CSV, return_content: true },
  get_csv_download_url: { s3_path: CSV, expires_in: 3600 },
  transform_to_parquet: { ...POPULATION, data_type: 'population' },
  load_to_iceberg: {
    table_name: 'population',
    s3_parquet_path: 's3://estat-lake/estat/parquet/0003410379/20261120T103000Z-1b9d6bcd.parquet',
  },
  ingest_dataset: { ...POPULATION, table_name: 'population' },
  analyze_with_athena: { table_name: 'population', analysis_type: 'basic' },
  lake_tables: { table_name: 'population' },
  compare_revisions: { table_name: 'population' },
  get_estat_table_url: POPULATION,
}
