/** The origin on AWS, by configuration alone: a process of its own against an S3 and a Glue over the wire. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { type WireGlue, wireGlue } from '../support/wire-glue/server.ts'
import { WIRE_KEYS, WIRE_REGION, type WireS3, wireS3 } from '../support/wire-s3/server.ts'
import { type OriginProcess, startOrigin } from '../e2e/origin-process.ts'

const TABLE = 'd_0000020201'
const ROWS = 15_313
const BUCKET = 'estat-lake'

// Processes start and DuckDB works: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 120_000 })

let s3: WireS3
let glue: WireGlue
const started: OriginProcess[] = []
beforeAll(async () => {
  s3 = await wireS3()
  s3.bucket(BUCKET)
  glue = await wireGlue()
})
afterAll(async () => {
  await Promise.all(started.map((origin) => origin.close()))
  await Promise.all([s3.close(), glue.close()])
})

/** Another task of the same service: an empty disk, the same bucket. */
async function task(env: Readonly<Record<string, string>> = {}): Promise<OriginProcess> {
  const origin = await startOrigin({
    env: {
      ESTAT_HOME: 'aws',
      AWS_REGION: WIRE_REGION,
      AWS_ENDPOINT_URL_S3: s3.url,
      AWS_ENDPOINT_URL_GLUE: glue.url,
      AWS_ACCESS_KEY_ID: WIRE_KEYS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: WIRE_KEYS.secretAccessKey,
      S3_BUCKET: BUCKET,
      ...env,
    },
  })
  started.push(origin)
  return origin
}

interface Answered {
  readonly success: boolean
  readonly result: Record<string, unknown>
  readonly error: { readonly code: string; readonly message: string; readonly hint: string }
}

async function ask(origin: OriginProcess, tool_name: string, args: object): Promise<Answered> {
  const response = await fetch(`${origin.url}/execute`, {
    method: 'POST',
    headers: { 'x-api-key': origin.adminKey, 'content-type': 'application/json' },
    body: JSON.stringify({ tool_name, arguments: args }),
  })
  return (await response.json()) as Answered
}

async function call(origin: OriginProcess, tool: string, args: object): Promise<Record<string, unknown>> {
  const answer = await ask(origin, tool, args)
  if (!answer.success) throw new Error(JSON.stringify(answer.error))
  return answer.result
}

const SQL = `SELECT count(*), count(DISTINCT concat(area_code, time_code)) FROM ${TABLE}`
const counted = async (origin: OriginProcess) =>
  (await call(origin, 'analyze_with_athena', { table_name: TABLE, analysis_type: 'custom', custom_query: SQL }))['rows']

it('keeps the lake in S3 and its tables in Glue, and any task answers from them', async () => {
  const first = await task()
  const parquet = await call(first, 'transform_to_parquet', { dataset_id: '0000020201' })
  expect(parquet['s3_parquet_path']).toMatch(/^s3:\/\/estat-lake\/estat\/parquet\//)
  const load = { table_name: TABLE, s3_parquet_path: parquet['s3_parquet_path'] }
  glue.plan({ on: 'UpdateTable', fault: { kind: 'lose-answer' } })
  for (const created of [true, false])
    expect(await call(first, 'load_to_iceberg', load)).toMatchObject({ rows_loaded: ROWS, rows_after: ROWS, created })
  expect(await counted(first)).toEqual([[ROWS, ROWS]])
  expect(glue.database('estat')?.get(TABLE)?.Parameters).toMatchObject({ table_type: 'ICEBERG' })
  expect([...s3.bucket(BUCKET).objects.keys()].some((key) => key.startsWith(`estat/iceberg/${TABLE}/data/`))).toBe(true)

  await first.kill('SIGKILL')
  const second = await task()
  expect(await counted(second)).toEqual([[ROWS, ROWS]])
  const csv = await call(second, 'save_dataset_as_csv', { dataset_id: '0000020201', output_filename: 'towns.csv' })
  expect(csv).toMatchObject({ rows: ROWS })
  const before = s3.requests.length
  expect(await counted(second)).toEqual([[ROWS, ROWS]])
  const data = s3.requests.slice(before).filter((line) => line.includes(`/${TABLE}/data/`))
  expect(data, 'data files are read from the copies').toEqual([])
})

it('keeps tables by names alone where there is no Glue', async () => {
  s3.bucket('no-glue')
  const origin = await task({
    S3_BUCKET: 'no-glue',
    ESTAT_TABLES: 'files',
    AWS_ENDPOINT_URL_GLUE: 'http://127.0.0.1:9',
  })
  const parquet = await call(origin, 'transform_to_parquet', { dataset_id: '0000020201' })
  await call(origin, 'load_to_iceberg', { table_name: TABLE, s3_parquet_path: parquet['s3_parquet_path'] })
  expect(await counted(origin)).toEqual([[ROWS, ROWS]])
  expect(s3.bucket('no-glue').objects.has(`estat/iceberg/${TABLE}/metadata/v1.metadata.json`)).toBe(true)
})

it('says in plain words that the bucket is not there', async () => {
  const origin = started[1] as OriginProcess
  s3.plan({ on: 'PUT', fault: { kind: 'refuse', status: 404, code: 'NoSuchBucket' }, times: 99 })
  const { error } = await ask(origin, 'transform_to_parquet', { dataset_id: '0003410379' })
  s3.heal()
  expect(error).toMatchObject({ code: 'AWS_SERVICE_ERROR', message: expect.stringContaining('bucket') })
  expect(error.hint).toContain('S3_BUCKET')
})

it('says at start what is missing', async () => {
  const entry = fileURLToPath(new URL('../../origin/main.ts', import.meta.url))
  const child = spawn(process.execPath, [entry], { env: { ESTAT_HOME: 'aws' }, stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', (text: Buffer) => (said += text.toString()))
  const [code] = (await once(child, 'close')) as [number]
  expect([code, said]).toEqual([1, expect.stringContaining('AWS_REGION: is required with ESTAT_HOME=aws')])
})
