/** A tenant's own things, one of each kind, made through the front door; and what the tools call them. */
import { newJob } from '../../origin/jobs/job.ts'
import type { House } from './house.ts'
import { callOver, type HouseCaller } from './house-callers.ts'

export const DATASET = '0003280145'

export interface Belongings {
  readonly tenant: string
  /** By argument: what a tool is given to reach one of them. */
  readonly named: Readonly<Record<string, string>>
}

/** @param mark In the name of each: whoever else is shown it has seen what is not his. */
export async function furnish(house: House, owner: HouseCaller, mark: string): Promise<Belongings> {
  const tenant = owner.tenant as string
  async function made(tool: string, args: object, member: string): Promise<string> {
    const { text } = await callOver(house, 'plain', owner, tool, args)
    const { result, error } = JSON.parse(text) as { result?: Record<string, unknown>; error?: unknown }
    if (typeof result?.[member] !== 'string') throw new Error(`${tool}: ${JSON.stringify(error)}`)
    return result[member]
  }
  const raw = await made('fetch_dataset_auto', { dataset_id: DATASET }, 's3_json_path')
  const parquet = await made('transform_to_parquet', { s3_json_path: raw, output_prefix: mark }, 's3_parquet_path')
  const table = { table_name: `${mark}_table`, s3_parquet_path: parquet }
  const snapshot = await made('load_to_iceberg', table, 'snapshot_id')
  const csv = await made('save_dataset_as_csv', { dataset_id: DATASET, output_filename: mark }, 's3_path')
  const id = `${mark}-job`
  const work = { datasetId: DATASET, lang: 'J', queries: [[]], filters: {}, maxRecords: 10, pageRows: 10 } as const
  await house.origin.ports.jobs.create(
    newJob({ id, tenant, tool: 'fetch_dataset_auto', work, callersId: false, now: Date.now() }),
  )
  return {
    tenant,
    named: {
      job_id: id,
      s3_path: csv,
      s3_json_path: csv,
      s3_parquet_path: parquet,
      table_name: table.table_name,
      custom_query: `SELECT count(*) FROM ${tenant}.${table.table_name}`,
      from_snapshot: snapshot,
      to_snapshot: snapshot,
    },
  }
}
