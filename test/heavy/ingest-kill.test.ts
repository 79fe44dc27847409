/**
 * Kill -9 in the middle of ingest_dataset: `vitest run --config test/heavy/vitest.config.ts ingest-kill`.
 * `INGEST_ROWS` and `INGEST_KILLS` choose another size.
 */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { localCatalog } from '../../origin/adapters/catalog-local.ts'
import { openDuck, sqlList } from '../../origin/adapters/duckdb.ts'
import { parquetMerger } from '../../origin/adapters/parquet-merge.ts'
import { localStore } from '../../origin/adapters/store-local.ts'
import type { LakeTable } from '../../origin/lake/ports.ts'
import { callTool, type OriginProcess, startOrigin } from '../e2e/origin-process.ts'
import { cellsOfPages, cellsOfRows } from './csv-judge.ts'
import { STANDIN_ID, startUpstream, type Upstream } from './upstream.ts'

const ROWS = Number(process.env['INGEST_ROWS'] ?? 320_000)
const KILLS = Number(process.env['INGEST_KILLS'] ?? 10)
const ID = '0009000001'
const TABLE = `d_${ID}`
const AXES = ['tab', 'cat01', 'area', 'time']

let upstream: Upstream
let origin: OriginProcess
let bucket: string
beforeAll(async () => {
  upstream = await startUpstream({ id: ID, rows: ROWS })
  const env = {
    ESTAT_APP_ID: STANDIN_ID,
    ESTAT_BASE_URL: upstream.url,
    ESTAT_GAP_MS: '0',
    ESTAT_JOB_LEASE_SECONDS: '1',
    ESTAT_CALL_SECONDS: '4',
  }
  origin = await startOrigin({ env })
  bucket = join(origin.dataDir, 'estat-lake')
})
afterAll(async () => {
  await origin.close()
  await upstream.close()
})

const call = (tool: string, args: object): Promise<Record<string, unknown>> =>
  callTool(origin, tool, args).catch((error: Error) => {
    throw new Error(`${error.message}\n${origin.log()}`, { cause: error })
  })

interface JobShown {
  readonly state: string
  readonly s3_json_path: string
  readonly lake: { readonly rows_before: number; readonly rows_loaded: number; readonly rows_after: number }
}

async function untilOver(job_id: string): Promise<JobShown> {
  const until = Date.now() + 120_000
  while (Date.now() < until) {
    const { job } = (await call('get_job', { job_id, wait_seconds: 2 })) as { job: JobShown }
    if (job.state !== 'queued' && job.state !== 'running') return job
  }
  throw new Error(`the job did not end:\n${origin.log()}`)
}

const sleep = (millis: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, millis))
const namesIn = async (folder: string): Promise<readonly string[]> => readdir(join(bucket, folder)).catch(() => [])

/** Moments between two steps of a job: a name more in a folder tells of one. */
const MOMENTS = [
  ['any moment', null],
  ['Parquet is whole', `estat/iceberg/${TABLE}/data/dataset_id=${ID}`],
  ['the snapshot is there', `estat/iceberg/${TABLE}/metadata`],
] as const

/** @returns What was waited for; of a job that is past it, or over before, nothing comes for three seconds. */
async function untilMoment(kill: number): Promise<string> {
  const [name, folder] = MOMENTS[kill % MOMENTS.length] ?? MOMENTS[0]
  const count = async (): Promise<number> =>
    folder === null
      ? 0
      : (await namesIn(folder)).filter((file) => /\.parquet$|^v\d+\.metadata\.json$/.test(file)).length
  const before = await count()
  const until = Date.now() + (folder === null ? Math.random() * 2_500 : 3_000)
  while (Date.now() < until) {
    if ((await count()) > before) return name
    await sleep(1)
  }
  return folder === null ? name : `not: ${name}`
}

async function begin(): Promise<string> {
  const known = new Set(await namesIn('jobs/open/estat'))
  // Nobody may be there to hear its answer: its process is killed. The mark of the job tells its name.
  let refused = ''
  void call('ingest_dataset', { dataset_id: ID }).catch((error: unknown) => (refused = String(error)))
  const until = Date.now() + 20_000
  for (;;) {
    if (Date.now() > until) throw new Error(`no job was begun: ${refused}\n${origin.log()}`)
    const id = (await namesIn('jobs/open/estat')).find((name) => /^[\w-]+$/.test(name) && !known.has(name))
    if (id !== undefined) return id
    await sleep(1)
  }
}

async function isOver(id: string | undefined): Promise<boolean> {
  if (id === undefined) return true
  const { job } = (await call('get_job', { job_id: id })) as { job: JobShown }
  return job.state !== 'queued' && job.state !== 'running'
}

const textOf = (cell: unknown): string => {
  if (typeof cell === 'string' || typeof cell === 'number') return String(cell)
  throw new TypeError('a cell of another type')
}

/** What the table holds, by its live files and their own engine. */
async function rowsOf({ files }: LakeTable): Promise<readonly (readonly string[])[]> {
  const store = localStore({ dataDir: origin.dataDir, bucket: 'estat-lake' })
  const folders = [origin.dataDir]
  const duck = await openDuck({ memoryMb: 512, threads: 1, tempDir: join(origin.dataDir, 'judge'), folders })
  const paths = await Promise.all(files.map(({ key }) => store.localPath(key)))
  const codes = AXES.map((axis) => `${axis}_code`).join(', ')
  const read = `SELECT ${codes}, unit, value, value_text FROM read_parquet(${sqlList(paths)}, union_by_name = true)`
  const rows = await duck.rows(read, new AbortController().signal)
  duck.close()
  return rows.map((row) => [
    ...AXES.map((axis) => textOf(row[`${axis}_code`])),
    textOf(row['unit'] ?? ''),
    textOf(row['value_text'] ?? row['value']),
  ])
}

it(`killed ${KILLS} times: every table is whole, every job loads once, no row is doubled`, async () => {
  const moments: string[] = []
  const jobs: string[] = []
  for (let kill = 0; kill < KILLS; kill++) {
    if (await isOver(jobs.at(-1))) jobs.push(await begin())
    moments.push(await untilMoment(kill))
    await origin.kill('SIGKILL')
    await origin.restart()
  }
  const done: JobShown[] = []
  for (const id of jobs) done.push(await untilOver(id))
  const met = moments.filter((moment) => !moment.startsWith('not:'))
  expect(met.length, moments.join('; ')).toBeGreaterThan(KILLS / 2)
  expect(done.map(({ state }) => state)).toEqual(jobs.map(() => 'done'))
  const loads = jobs.map((_, at) => ({ rows_before: at === 0 ? 0 : ROWS, rows_loaded: ROWS, rows_after: ROWS }))
  expect(done.map(({ lake }) => lake)).toEqual(loads.map((load) => expect.objectContaining(load)))

  const store = localStore({ dataDir: origin.dataDir, bucket: 'estat-lake' })
  const merger = parquetMerger({ store, tempDir: join(origin.dataDir, 'judge') })
  const table = (await localCatalog({ store, root: bucket, merger }).load('estat', TABLE)) as LakeTable
  expect(table.snapshots).toHaveLength(jobs.length)
  const pages = (done.at(-1)?.s3_json_path ?? '').replace(/^s3:\/\/[^/]+\//, '').replace(/\/manifest\.json$/, '')
  const wanted = await cellsOfPages(join(bucket, pages), AXES, true)
  const rows = await rowsOf(table)
  const found = cellsOfRows(rows)
  expect([found.count, found.sums]).toEqual([ROWS, wanted.sums])
  expect(new Set(rows.map((row) => row.slice(0, AXES.length).join())).size).toBe(ROWS)
})
