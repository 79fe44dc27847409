/**
 * The Athena adapter and both writers against a real Trino, the engine that Athena is, over moto's S3 and Glue; between
 * them a server that speaks Athena's protocol.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { athenaCatalog } from '../../origin/adapters/catalog-athena.ts'
import { icebergCatalog } from '../../origin/adapters/catalog-iceberg.ts'
import { gluePointer } from '../../origin/adapters/catalog-pointer-glue.ts'
import { athenaPlace, queryAthena } from '../../origin/adapters/query-athena.ts'
import { s3Store } from '../../origin/adapters/store-s3.ts'
import type { ParquetFile, QueryAnswer, TableCatalog } from '../../origin/lake/ports.ts'
import type { ObjectStore } from '../../origin/ports.ts'
import { verifyAws } from '../../infra/scripts/verify-aws/verify.ts'
import { calm, type Lake, openLake } from '../origin/lake/support/lake.ts'
import { cellFile } from '../origin/lake/support/parquet-file.ts'
import { type WireAthena, wireAthena } from '../support/wire-athena/server.ts'
import { CREDENTIALS, REGION } from './judges/moto.ts'
import { trinoExecutor } from './trino-executor.ts'

const aws = inject('aws')
const url = inject('trinoUrl')
if (url === null) console.warn('LEFT OUT: Athena on Trino, for want of Trino')

const BUCKET = 'interop-athena'
const [ONE, TWO] = ['0000000001', '0000000002']
let folder = ''
let local: Lake
let store: ObjectStore
let athena: WireAthena
let tables: TableCatalog
let settings: { region: string; endpoint: string; credentials: typeof CREDENTIALS; workgroup: string }

describe.runIf(url !== null && aws !== null)('Athena, with Trino behind the wire', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'athena-trino-'))
    local = await openLake()
    const account = { region: REGION, endpoint: aws ?? '', credentials: CREDENTIALS }
    const client = new S3Client({ ...account, forcePathStyle: true })
    await client.send(
      new CreateBucketCommand({ Bucket: BUCKET, CreateBucketConfiguration: { LocationConstraint: REGION } }),
    )
    client.destroy()
    store = s3Store({ ...account, bucket: BUCKET, cacheDir: join(folder, 'cache'), cacheBytes: 100_000_000 })
    const keys = { [CREDENTIALS.accessKeyId]: CREDENTIALS.secretAccessKey }
    athena = await wireAthena({ execute: trinoExecutor(url ?? '', store).execute, region: REGION, keys })
    settings = { region: REGION, endpoint: athena.url, credentials: CREDENTIALS, workgroup: 'primary' }
    const pointer = gluePointer({ ...account, store, databasePrefix: 'w_' })
    const reads = icebergCatalog({ store, pointer, root: `s3://${BUCKET}`, tellsDeletes: true })
    const databaseOf = (tenant: string): string => `w_${tenant}`
    tables = athenaCatalog({ reads, at: athenaPlace(settings), store, databaseOf })
  })
  afterAll(async () => {
    await athena.close()
    await local.close()
    await rm(folder, { recursive: true, force: true })
  })

  it('verifies as npm run verify:aws does: our writer, MERGE with delete files, OPTIMIZE, our append', async () => {
    process.env['AWS_ACCESS_KEY_ID'] = CREDENTIALS.accessKeyId
    process.env['AWS_SECRET_ACCESS_KEY'] = CREDENTIALS.secretAccessKey
    const lines: string[] = []
    const env = {
      S3_BUCKET: BUCKET, AWS_REGION: REGION, AWS_ENDPOINT_URL_S3: aws ?? '', AWS_ENDPOINT_URL_GLUE: aws ?? '',
      AWS_ENDPOINT_URL_ATHENA: athena.url,
    } // biome-ignore format: one record
    const say = (line: string): void => void lines.push(line)
    const holds = await verifyAws({ env, say, agree: async () => true, signal: calm })
    expect(lines.join('\n')).toMatch(
      /delete files: yes, so Athena alone may answer[^]*nothing is left\nThe AWS side holds: 6 steps\.$/,
    )
    expect(holds).toBe(true)
  })

  async function file(id: string, cells: readonly Readonly<Record<string, string>>[]): Promise<ParquetFile> {
    const made = await cellFile(local, id, cells)
    const key = `estat/parquet/${crypto.randomUUID()}.parquet`
    await store.put(key, (await local.store.get(made.key)) ?? new Uint8Array())
    return { ...made, key }
  }
  const options = { create: true, now: 1_000, signal: calm }
  async function rowsOf(sql: string): Promise<QueryAnswer['rows']> {
    const table = await tables.load('estat', 'people')
    if (table === null) throw new Error('no table')
    const engine = queryAthena({ ...settings, databaseOf: (tenant) => `w_${tenant}` })
    const request = { sql, tables: { people: table }, database: 'estat', maxRows: 100, offset: 0 }
    return (await engine.query(request, AbortSignal.timeout(60_000))).rows
  }
  const ALL = 'SELECT dataset_id, cat01_code, value FROM people ORDER BY 1, 2'

  it("loads by Athena's statements: made, replaced in one snapshot, merged, widened, appended", async () => {
    const replace = async (
      id: string,
      cells: readonly Readonly<Record<string, string>>[],
      kind: 'replace' | 'merge' = 'replace',
    ) =>
      tables.commit(
        'estat',
        'people',
        { kind, datasetId: id, files: [await file(id, cells)], properties: { [`estat.dataset.${id}`]: id } },
        options,
      )
    await replace(ONE, [
      { cat01: '001', $: '1' },
      { cat01: '002', $: '2' },
    ])
    expect(await rowsOf(ALL)).toEqual([
      [ONE, '001', 1],
      [ONE, '002', 2],
    ])
    await replace(ONE, [
      { cat01: '002', $: '20' },
      { cat01: '003', $: '3' },
    ])
    expect(await rowsOf(ALL)).toEqual([
      [ONE, '002', 20],
      [ONE, '003', 3],
    ])
    await replace(
      ONE,
      [
        { cat01: '003', $: '30' },
        { cat01: '004', $: '4' },
      ],
      'merge',
    )
    expect(await rowsOf(ALL)).toEqual([
      [ONE, '002', 20],
      [ONE, '003', 30],
      [ONE, '004', 4],
    ])
    await replace(TWO, [{ cat01: '001', $: '7' }])
    expect((await rowsOf(ALL)).at(-1)).toEqual([TWO, '001', 7])
    const more = { kind: 'append', files: [await file(TWO, [{ cat01: '001', $: '7' }])], properties: {} } as const
    await tables.commit('estat', 'people', more, options)
    expect(await rowsOf('SELECT count(*) AS n, sum(value) AS s FROM people')).toEqual([[5, 68]])
    const table = await tables.load('estat', 'people')
    expect(table?.properties).toMatchObject({ [`estat.dataset.${ONE}`]: ONE })
    expect((await store.list('estat/athena-load/')).length).toBe(0)
  })

  it('gives arrays, dates and times as DuckDB does', async () => {
    const sql =
      "SELECT array_agg(cat01_code ORDER BY cat01_code) AS codes, DATE '2020-10-01' AS day, TIMESTAMP '2020-10-01 09:05:00' AS at, 1E8 AS many, 12345678901234567890.5 AS long, max(retrieved_at) AS seen FROM people WHERE dataset_id = '0000000001'"
    expect(await rowsOf(sql)).toEqual([
      [
        '["002","003","004"]',
        '2020-10-01',
        '2020-10-01T09:05:00.000',
        100_000_000,
        '12345678901234567890.5',
        '2026-11-20T10:00:00.123Z',
      ],
    ])
    await expect(rowsOf('SELECT 1 / (count(*) - count(*)) AS x FROM people')).rejects.toThrow('Division by zero.')
    await expect(rowsOf('SELECT CAST(cat01_code || cat01_name AS integer) AS x FROM people')).rejects.toThrow(
      /could not be read/,
    )
  })
})
