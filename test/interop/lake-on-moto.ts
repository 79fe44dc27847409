/** The origin with its AWS adapters over moto: what the judges are given to read. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { icebergCatalog } from '../../origin/adapters/catalog-iceberg.ts'
import { gluePointer } from '../../origin/adapters/catalog-pointer-glue.ts'
import { duckGate } from '../../origin/adapters/duckdb-gate.ts'
import { parquetMerger } from '../../origin/adapters/parquet-merge.ts'
import { parquetDuckdb } from '../../origin/adapters/parquet-duckdb.ts'
import { queryDuckdb } from '../../origin/adapters/query-duckdb.ts'
import { s3Store } from '../../origin/adapters/store-s3.ts'
import type { LakeTable, QueryAnswer } from '../../origin/lake/ports.ts'
import { execute, openOrigin } from '../origin/support/origin.ts'
import { CREDENTIALS, REGION } from './judges/moto.ts'

export type MotoLake = Awaited<ReturnType<typeof openMotoLake>>

export const BUCKET = 'estat-lake'

export async function openMotoLake(url: string) {
  const aws = { region: REGION, endpoint: url, credentials: CREDENTIALS }
  const s3 = new S3Client({ ...aws, forcePathStyle: true })
  const place = { LocationConstraint: REGION } as const
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET, CreateBucketConfiguration: place })).catch(unlessOwned)
  const folder = await mkdtemp(join(tmpdir(), 'interop-'))
  const store = s3Store({ ...aws, bucket: BUCKET, cacheDir: join(folder, 'cache'), cacheBytes: 500_000_000 })
  const pointer = gluePointer({ ...aws, store, databasePrefix: '' })
  const tempDir = join(folder, 'tmp')
  const merger = parquetMerger({ store, tempDir, gate: duckGate() })
  const tables = icebergCatalog({ store, pointer, root: `s3://${BUCKET}`, merger })
  const engine = queryDuckdb({ store, tempDir })
  const origin = await openOrigin({ ports: { store, tables, engine, parquet: parquetDuckdb({ store, tempDir }) } })

  const call = async (tool: string, args: object): Promise<Record<string, unknown>> => {
    const answer = await execute(origin, tool, args)
    if (!answer.success) throw new Error(answer.text)
    return answer.result
  }
  const table = async (name: string): Promise<LakeTable> => {
    const found = await tables.load('estat', name)
    if (found === null) throw new Error(`there is no table ${name}`)
    return found
  }

  return {
    store,
    tables,
    engine,
    origin,
    call,
    table,
    /** Fetches a bundled dataset and loads it. @returns The snapshot. */
    async load(name: string, dataset_id: string, mode = 'replace'): Promise<string> {
      const made = await call('transform_to_parquet', { dataset_id })
      const { s3_parquet_path } = made
      return String((await call('load_to_iceberg', { table_name: name, s3_parquet_path, mode }))['snapshot_id'])
    },
    /** Every row as we read it, in the order of the table's columns. */
    async rows(name: string): Promise<QueryAnswer> {
      const known = await table(name)
      const columns = known.columns.map((column) => `"${column.name}"`).join(', ')
      const request = { sql: `SELECT ${columns} FROM ${name}`, tables: { [name]: known }, database: 'estat' }
      const pages: QueryAnswer[] = []
      for (let offset = 0; pages.length === 0 || pages.at(-1)?.more === true; offset += pages.at(-1)?.rows.length ?? 0)
        pages.push(await engine.query({ ...request, maxRows: 50_000, offset }, AbortSignal.timeout(60_000)))
      return { ...(pages[0] as QueryAnswer), rows: pages.flatMap(({ rows }) => rows) }
    },
    async close() {
      await origin.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const unlessOwned = (error: unknown): void => {
  if (!(error instanceof Error && error.name === 'BucketAlreadyOwnedByYou')) throw error
}
