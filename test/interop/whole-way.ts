import { execute, type TestOrigin } from '../origin/support/origin.ts'

/** From two datasets to a table, loaded again and merged, and what is asked of it; without what differs by the minute. */
export async function wholeWay(origin: TestOrigin) {
  const call = async (tool: string, args: object): Promise<Record<string, unknown>> => {
    const { success, text, result } = await execute(origin, tool, args)
    if (!success) throw new Error(`${tool}: ${text}`)
    return result
  }
  const loads = [['0003280145', 'replace'], ['0003005798', 'replace'], ['0003280145', 'merge']] // biome-ignore format: a list
  const counts = []
  for (const [dataset_id, mode] of loads) {
    const { s3_parquet_path } = await call('transform_to_parquet', { dataset_id })
    const done = await call('load_to_iceberg', { table_name: 't', s3_parquet_path, mode })
    counts.push([done['rows_before'], done['rows_after']])
  }
  const custom_query = 'SELECT dataset_id, count(*) AS n, sum(value) AS total FROM t GROUP BY dataset_id ORDER BY 1'
  const asked = { table_name: 't', analysis_type: 'custom', custom_query }
  const { columns, rows } = await call('analyze_with_athena', asked)
  const { basic } = await call('analyze_with_athena', { table_name: 't' })
  const { s3_path } = await call('save_dataset_as_csv', { dataset_id: '0003280145', output_filename: 'coffee.csv' })
  const csv = await origin.ports.store.get('estat/csv/coffee.csv')
  return {
    counts,
    columns,
    rows,
    basic,
    s3_path: String(s3_path).split('/').slice(3),
    csv: Buffer.from(csv ?? []).toString(),
  }
}
