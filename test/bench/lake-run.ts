/** Raw pages to a committed Iceberg table by a real origin process, alone or beside 20 calls a second. */
import { type ChildProcess, fork } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { callTool, type OriginProcess } from '../e2e/origin-process.ts'
import { manifestKey, rawPrefix } from '../../origin/jobs/manifest.ts'
import { quantile, startLoad } from './call-load.ts'
import { memoryLimit } from './memory-limit.ts'
import { samplePeak } from './process-tree.ts'
import { quarterCpu } from './quarter-cpu.ts'

export const ID = '0009000001'
export const TABLE = 'bench'
const CALLS_A_SECOND = 20
const QUESTIONS: readonly (readonly [string, object])[] = [
  ['search_estat_data', { query: '東京都の人口の推移' }],
  ['lookup', { kind: 'area', find: '府中市' }],
  ['search_estat_data', { query: '失業率', max_results: 10 }],
  ['get_estat_table_url', { dataset_id: ID }],
]
const sleep = (millis: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, millis))

export interface LakeRun {
  readonly dataDir: string
  readonly rows: number
  /** Calls beside it, and how memory and answers are meanwhile. */
  readonly loaded: boolean
  /** Calls go on and memory is watched for at least so long: what a server takes by the hour is no matter of rows. */
  readonly seconds: number
  /** A quarter of one CPU, and 512 MB in all. */
  readonly small: boolean
  /** Of the origin's environment. */
  readonly flags: Readonly<Record<string, string>>
}

export interface LakeFigures {
  readonly rows: number
  readonly transform: number
  readonly load: number
  readonly bytes: number
  /** Resident bytes of the process tree, before and at most. */
  readonly before: number
  readonly peak: number
  /** Milliseconds under load; NaN without. */
  readonly healthP99: number
  readonly searchMost: number
  readonly failed: number
}

/**
 * Of a run under load, where a cgroup can be made: it is killed beyond. The sampled peak counts what two processes share
 * twice, and may lie above.
 */
const LIMIT = 460e6

/** @throws Error where rows are missing, or the small machine cannot be made here. */
export async function measureLake(run: LakeRun): Promise<LakeFigures> {
  const limit = run.loaded ? memoryLimit(`estat-lake-${process.pid}`, run.small ? 512 * 1024 * 1024 : LIMIT) : null
  if (run.small && limit === null) throw new Error('no cgroup can be made here')
  const begin = (): Promise<{ child: ChildProcess; origin: OriginProcess }> => startServer(run)
  const { child, origin } = await (limit === null ? begin() : limit.start(begin))
  const release = run.small ? quarterCpu(child.pid ?? 0) : null
  try {
    return await beside(run, origin)
  } finally {
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await gone
    await sleep(300)
    release?.()
    limit?.release()
    await rm(join(run.dataDir, 'estat-lake', 'estat', 'iceberg'), { recursive: true, force: true })
  }
}

async function beside({ rows, loaded, seconds: least }: LakeRun, origin: OriginProcess): Promise<LakeFigures> {
  await callTool(origin, 'search_estat_data', { query: '東京都の人口の推移' })
  const load = loaded ? startLoad(origin, QUESTIONS, CALLS_A_SECOND) : null
  const health = loaded ? watchHealth(origin) : null
  await sleep(loaded ? 10_000 : 500)
  const before = samplePeak(origin.pid())()
  const peak = samplePeak(origin.pid())
  load?.mark()
  const from = performance.now()
  const path = `s3://estat-lake/${manifestKey(rawPrefix(ID, String(rows)))}`
  const file = await callTool(origin, 'transform_to_parquet', { s3_json_path: path, data_type: 'population' })
  const transform = (performance.now() - from) / 1000
  const { s3_parquet_path } = file
  const table = await callTool(origin, 'load_to_iceberg', { table_name: TABLE, s3_parquet_path })
  const seconds = (performance.now() - from) / 1000
  if (loaded) await sleep(least * 1000 - (performance.now() - from))
  const most = peak()
  const searches = (await load?.end()) ?? null
  const healthy = health?.() ?? []
  if (table['rows_after'] !== rows) throw new Error(`${JSON.stringify(table['rows_after'])} of ${rows} rows`)
  return {
    rows,
    transform,
    load: seconds - transform,
    bytes: Number(file['bytes']),
    before,
    peak: most,
    healthP99: quantile(healthy, 0.99),
    searchMost: Math.max(...(searches?.times.get('search_estat_data') ?? [Number.NaN])),
    failed: searches?.failed ?? 0,
  }
}

/** Asks ten times a second. @returns A function that ends it: milliseconds, ascending. */
function watchHealth({ url }: OriginProcess): () => readonly number[] {
  const times: number[] = []
  const timer = setInterval(() => {
    const from = performance.now()
    void fetch(`${url}/health`).then(
      ({ ok }) => void times.push(ok ? performance.now() - from : Number.POSITIVE_INFINITY),
      () => void times.push(Number.POSITIVE_INFINITY),
    )
  }, 100)
  return () => {
    clearInterval(timer)
    return times.toSorted((a, b) => a - b)
  }
}

async function startServer({ dataDir, flags }: LakeRun): Promise<{ child: ChildProcess; origin: OriginProcess }> {
  const child = fork(fileURLToPath(new URL('lake-server.ts', import.meta.url)), [dataDir], {
    env: { PATH: process.env['PATH'], ...flags },
    execArgv: [],
  })
  const said = await new Promise<{ url: string; adminKey: string }>((resolve, reject) => {
    child.once('message', (message) => resolve(message as { url: string; adminKey: string }))
    child.once('exit', () => reject(new Error('the origin ended')))
  })
  return { child, origin: { ...said, pid: () => child.pid ?? 0 } as OriginProcess }
}
