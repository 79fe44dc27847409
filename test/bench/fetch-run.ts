/** One measurement of a large fetch: an origin of its own, a stand-in of its own, the same load and the same length. */
import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { callTool, type OriginProcess, startOrigin } from '../e2e/origin-process.ts'
import { quantile, startLoad } from './call-load.ts'
import { memoryLimit } from './memory-limit.ts'
import { samplePeak } from './process-tree.ts'
import { quarterCpu } from './quarter-cpu.ts'

const ID = '0009000001'
const APP_ID = 'standin'
export const CALLS_A_SECOND = 20
/** Load alone, before anything is measured: what a process takes to warm up is no matter of rows. */
export const WARM_SECONDS = 15
const QUESTIONS: readonly (readonly [string, object])[] = [
  ['search_estat_data', { query: '東京都の人口の推移' }],
  // Asks the upstream each time, beside the pages: it waits where the stand-in, one process, makes those.
  ['describe_dataset', { dataset_id: ID }],
  ['search_estat_data', { query: '失業率', max_results: 10 }],
  ['get_estat_table_url', { dataset_id: ID }],
  ['lookup', { kind: 'area', find: '府中市' }],
]
export const WAITS_UPSTREAM = 'describe_dataset'

export interface Run {
  readonly rows: number
  /** A quarter of one CPU for the origin. */
  readonly quarter: boolean
  /** Memory is watched, and calls go on, for at least so long, however few rows there are. */
  readonly seconds: number
  /** Of the origin's environment. */
  readonly flags: Readonly<Record<string, string>>
  /** Bytes that a cgroup lets it have; null: any. */
  readonly limit: number | null
}

export interface Figures extends Run {
  /** Of the fetch. */
  readonly took: number
  /** Resident bytes of the process tree: before the fetch, under load, and at its peak. */
  readonly before: number
  readonly peak: number
  readonly calls: number
  readonly failed: number
  /** Milliseconds, of the calls that the origin answers alone. */
  readonly p50: number
  readonly p95: number
  readonly most: number
  /** Of those that ask the upstream. */
  readonly upstreamP95: number
  /** Null where there was no limit. */
  readonly killed: number | null
}

const sleep = (millis: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, millis))

/** @throws Error where the job did not end whole, or no cgroup can be made for a quarter of a CPU. */
export async function measureFetch(run: Run): Promise<Figures> {
  const standin = await startStandin(run.rows)
  const env = { ESTAT_APP_ID: APP_ID, ESTAT_BASE_URL: standin.url, ...run.flags }
  const limit = run.limit === null ? null : memoryLimit(`estat-bench-${process.pid}`, run.limit)
  const origin = await (limit === null ? startOrigin({ env }) : limit.start(() => startOrigin({ env })))
  const release = run.quarter ? quarterCpu(origin.pid()) : null
  if (run.quarter && release === null) throw new Error('no cgroup can be made here')
  try {
    const figures = await underLoad(run, origin)
    return { ...run, ...figures, killed: limit?.killed() ?? null }
  } finally {
    await origin.close()
    standin.child.kill('SIGKILL')
    release?.()
    limit?.release()
  }
}

async function underLoad({ rows, seconds }: Run, origin: OriginProcess): Promise<Omit<Figures, keyof Run | 'killed'>> {
  const load = startLoad(origin, QUESTIONS, CALLS_A_SECOND)
  await sleep(WARM_SECONDS * 1000)
  const before = samplePeak(origin.pid())()
  const peak = samplePeak(origin.pid())
  load.mark()
  const from = performance.now()
  const took = await fetchWhole(origin, rows)
  await sleep(Math.max(0, seconds * 1000 - (performance.now() - from)))
  const { times, failed } = await load.end()
  const all = [...times].flatMap(([, millis]) => millis)
  const own = [...times].flatMap(([tool, millis]) => (tool === WAITS_UPSTREAM ? [] : millis)).toSorted((a, b) => a - b)
  const upstream = (times.get(WAITS_UPSTREAM) ?? []).toSorted((a, b) => a - b)
  const answered = { p50: quantile(own, 0.5), p95: quantile(own, 0.95), most: quantile(own, 1) }
  return { took, before, peak: peak(), calls: all.length, failed, ...answered, upstreamP95: quantile(upstream, 0.95) }
}

/** @returns Seconds. */
async function fetchWhole(origin: OriginProcess, rows: number): Promise<number> {
  const from = performance.now()
  const begun = await callTool(origin, 'fetch_large_dataset_complete', { dataset_id: ID, max_records: rows })
  for (;;) {
    // On a machine too busy to answer in time the work goes on: it is asked for again.
    const answer = await callTool(origin, 'get_job', { job_id: begun['job_id'], wait_seconds: 5 }).catch(() => null)
    if (answer === null) continue
    const { job } = answer as { job: Record<string, unknown> }
    process.stderr.write(`\r${Number(job['rows_done']).toLocaleString('en')} of ${rows.toLocaleString('en')} rows `)
    if (job['complete'] === null) continue
    process.stderr.write('\n')
    if (job['state'] === 'done' && job['rows_done'] === rows && job['complete'] === true)
      return (performance.now() - from) / 1000
    throw new Error(`the job did not end whole: ${JSON.stringify(job)}`)
  }
}

/** In a process of its own. */
async function startStandin(rows: number): Promise<{ readonly url: string; readonly child: ChildProcess }> {
  const script = fileURLToPath(new URL('../../infra/scripts/standin.ts', import.meta.url))
  const child = spawn(process.execPath, [script, '--rows', String(rows), '--port', '0', '--app-id', APP_ID])
  const url = await new Promise<string>((resolve, reject) => {
    let said = ''
    child.stdout.on('data', (text: Buffer) => {
      said += text.toString()
      const found = /http:\/\/[\d.]+:\d+/.exec(said)?.[0]
      if (found !== undefined) resolve(found)
    })
    child.stderr.on('data', (text: Buffer) => (said += text.toString()))
    child.once('exit', () => reject(new Error(`the stand-in ended: ${said}`)))
  })
  return { url, child }
}
