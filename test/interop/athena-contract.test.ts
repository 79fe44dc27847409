/** The contract of a query engine, kept by the Athena adapter with a real Trino behind Athena's protocol. */
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, inject } from 'vitest'
import { queryAthena } from '../../origin/adapters/query-athena.ts'
import { s3Store } from '../../origin/adapters/store-s3.ts'
import type { Cell, LakeColumn, LakeTable } from '../../origin/lake/ports.ts'
import { POPULATION_ROWS, type QueryEngineFixture, queryEngineContract } from '../contracts/query-engine.ts'
import { crowdRows } from '../contracts/query-pages.ts'
import { type WireAthena, wireAthena } from '../support/wire-athena/server.ts'
import { CREDENTIALS, REGION } from './judges/moto.ts'
import { trino } from './judges/trino.ts'
import { trinoExecutor } from './trino-executor.ts'

const aws = inject('aws')
const url = inject('trinoUrl')
if (url === null) console.warn('LEFT OUT: the contract of a query engine on Trino, for want of Trino')

const BUCKET = 'interop-contract'
const SCHEMA = 'c_estat'
const COLUMNS: readonly (readonly [name: string, type: LakeColumn['type'], trino: string])[] = [
  ['area_code', 'string', 'varchar'],
  ['area_name', 'string', 'varchar'],
  ['time_code', 'string', 'varchar'],
  ['value', 'double', 'double'],
  ['symbol', 'string', 'varchar'],
  ['unit', 'string', 'varchar'],
  ['unit_scale', 'double', 'double'],
  ['level', 'int', 'integer'],
  ['time_start', 'date', 'date'],
]

let athena: WireAthena
let fixture: QueryEngineFixture

describe.runIf(url !== null && aws !== null)('QueryEngine by Athena, with Trino behind the wire', () => {
  beforeAll(async () => {
    const account = { region: REGION, endpoint: aws ?? '', credentials: CREDENTIALS }
    const client = new S3Client({ ...account, forcePathStyle: true })
    await client.send(
      new CreateBucketCommand({ Bucket: BUCKET, CreateBucketConfiguration: { LocationConstraint: REGION } }),
    )
    client.destroy()
    const store = s3Store({ ...account, bucket: BUCKET, cacheDir: '/nowhere', cacheBytes: 0 })
    await trino(url ?? '').query(`CREATE SCHEMA IF NOT EXISTS ${SCHEMA} WITH (location = 's3://${BUCKET}/${SCHEMA}/')`)
    const tables = {
      population: await made('population', POPULATION_ROWS),
      empty: await made('empty', []),
      crowd: await made('crowd', crowdRows()),
    }
    const keys = { [CREDENTIALS.accessKeyId]: CREDENTIALS.secretAccessKey }
    athena = await wireAthena({ execute: trinoExecutor(url ?? '', store).execute, region: REGION, keys })
    const engine = queryAthena({
      region: REGION, endpoint: athena.url, credentials: CREDENTIALS, workgroup: 'primary', databaseOf: () => SCHEMA,
      pauses: { first: 20, most: 200 },
    }) // biome-ignore format: one call
    fixture = { engine, tables }
  })
  afterAll(() => athena.close())

  queryEngineContract(async () => fixture)
})

/** A table of Iceberg that Trino makes and fills; one without rows has no snapshot here. */
async function made(name: string, rows: readonly (readonly Cell[])[]): Promise<LakeTable> {
  const judge = trino(url ?? '', SCHEMA)
  await judge.query(`CREATE TABLE ${name} (${COLUMNS.map(([column, , type]) => `${column} ${type}`).join(', ')})`)
  const literal = (cell: Cell, at: number): string =>
    `CAST(${cell === null ? 'NULL' : `'${String(cell)}'`} AS ${COLUMNS[at]?.[2]})`
  for (let from = 0; from < rows.length; from += 2000) {
    const values = rows.slice(from, from + 2000).map((row) => `(${row.map(literal).join(', ')})`)
    await judge.query(`INSERT INTO ${name} VALUES ${values.join(', ')}`)
  }
  const [last] = (
    await judge.query(
      `SELECT CAST(snapshot_id AS varchar) AS id FROM "${name}$snapshots" ORDER BY committed_at DESC LIMIT 1`,
    )
  ).rows
  return {
    tenant: 'estat',
    name,
    uuid: '00000000-0000-4000-8000-000000000000',
    columns: COLUMNS.map(([column, type], at) => ({ name: column, type, fieldId: at + 1, doc: '' })),
    rows: rows.length,
    snapshotId: rows.length === 0 ? null : String(last?.[0]),
    snapshots: [],
    files: [],
    properties: {},
  }
}
