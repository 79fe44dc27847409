/**
 * A large table fetched whole by a real origin process while it serves 20 calls a second:
 * `node test/bench/fetch.bench.ts [--rows 1000000,10000000] [--quarter 1000000] [--node-options="..."] [--arenas 2]`.
 *
 * The upstream is the stand-in in a process of its own. Memory is the resident memory of the origin's whole process
 * tree, sampled every 50 ms. `--quarter`: the same for so many rows with a quarter of one CPU, where a cgroup can be made.
 */
import { spawn } from 'node:child_process'
import { parseArgs } from 'node:util'
import { fileURLToPath } from 'node:url'
import { type OriginProcess, startOrigin } from '../e2e/origin-process.ts'
import { samplePeak } from './process-tree.ts'
import { quarterCpu } from './quarter-cpu.ts'

const ID = '0009000001'
const APP_ID = 'standin'
const CALLS_A_SECOND = 20
const TARGET = { bytes: 460e6, ratio: 1.1 }

interface Figures {
  readonly rows: number
  readonly cpu: string
  readonly seconds: number
  readonly peak: number
  readonly idle: number
  readonly calls: number
  readonly failed: number
  readonly p50: number
  readonly p95: number
  readonly most: number
}

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000,10000000' },
    quarter: { type: 'string', default: '' },
    'node-options': { type: 'string', default: '--max-old-space-size=160 --max-semi-space-size=4' },
    arenas: { type: 'string', default: '2' },
  },
})
/** V8 and glibc take what a machine has before they give back: with these the figure is what the work needs. */
const FLAGS = { NODE_OPTIONS: values['node-options'], MALLOC_ARENA_MAX: values.arenas }
const sleep = (millis: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, millis))

/** The stand-in in a process of its own. */
async function startStandin(rows: number): Promise<{ url: string; stop: () => void }> {
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
  return { url, stop: () => void child.kill('SIGKILL') }
}

async function call(origin: OriginProcess, tool_name: string, args: object): Promise<Record<string, unknown>> {
  const response = await fetch(`${origin.url}/execute`, {
    method: 'POST',
    headers: { 'x-api-key': origin.adminKey, 'content-type': 'application/json' },
    body: JSON.stringify({ tool_name, arguments: args }),
  })
  const answer = (await response.json()) as { success: boolean; result: Record<string, unknown>; text: string }
  if (!answer.success) throw new Error(answer.text)
  return answer.result
}

/** 20 calls a second of a client's usual ones, whether or not the ones before were answered. */
function startLoad(origin: OriginProcess) {
  const questions: readonly (readonly [string, object])[] = [
    ['search_estat_data', { query: '東京都の人口の推移' }],
    ['describe_dataset', { dataset_id: ID }],
    ['search_estat_data', { query: '失業率', max_results: 10 }],
    ['get_estat_table_url', { dataset_id: ID }],
    ['lookup', { kind: 'area', find: '府中市' }],
  ]
  const millis: number[] = []
  const open = new Set<Promise<void>>()
  let failed = 0
  let asked = 0
  const timer = setInterval(() => {
    const [tool, args] = questions[asked++ % questions.length] as readonly [string, object]
    const from = performance.now()
    const asking = call(origin, tool, args).then(
      () => void millis.push(performance.now() - from),
      () => void failed++,
    )
    open.add(asking)
    void asking.then(() => open.delete(asking))
  }, 1000 / CALLS_A_SECOND)
  return async () => {
    clearInterval(timer)
    await Promise.all(open)
    return { millis: millis.toSorted((a, b) => a - b), failed }
  }
}

async function measure(rows: number, quarter: boolean): Promise<Figures> {
  const standin = await startStandin(rows)
  const settings = { ESTAT_APP_ID: APP_ID, ESTAT_BASE_URL: standin.url, ...FLAGS }
  const origin = await startOrigin({ env: settings })
  const release = quarter ? quarterCpu(origin.pid()) : null
  if (quarter && release === null) throw new Error('no cgroup can be made here')
  try {
    await call(origin, 'search_estat_data', { query: '人口' })
    await sleep(1000)
    const idle = samplePeak(origin.pid())()
    const peakOf = samplePeak(origin.pid())
    const endLoad = startLoad(origin)
    const from = performance.now()
    const begun = await call(origin, 'fetch_large_dataset_complete', { dataset_id: ID, max_records: rows })
    const job = await untilOver(origin, String(begun['job_id']), rows)
    const seconds = (performance.now() - from) / 1000
    const { millis, failed } = await endLoad()
    if (job['state'] !== 'done' || job['rows_done'] !== rows || job['complete'] !== true)
      throw new Error(`the job did not end whole: ${JSON.stringify(job)}`)
    const at = (share: number): number => millis[Math.min(millis.length - 1, Math.floor(millis.length * share))] ?? 0
    const calls = { calls: millis.length, failed, p50: at(0.5), p95: at(0.95), most: at(1) }
    return { rows, cpu: quarter ? '1/4' : 'full', seconds, peak: peakOf(), idle, ...calls }
  } finally {
    await origin.close()
    standin.stop()
    release?.()
  }
}

async function untilOver(origin: OriginProcess, job_id: string, rows: number): Promise<Record<string, unknown>> {
  for (;;) {
    const { job } = (await call(origin, 'get_job', { job_id, wait_seconds: 10 })) as { job: Record<string, unknown> }
    process.stderr.write(`\r${Number(job['rows_done']).toLocaleString('en')} of ${rows.toLocaleString('en')} rows `)
    if (job['complete'] !== null) {
      process.stderr.write('\n')
      return job
    }
  }
}

const MB = (bytes: number): string => (bytes / 1e6).toFixed(0)
const results: Figures[] = []
for (const rows of values.rows.split(',').filter(Boolean)) results.push(await measure(Number(rows), false))
for (const rows of values.quarter.split(',').filter(Boolean)) results.push(await measure(Number(rows), true))

console.log(`node ${process.version}, ${JSON.stringify(FLAGS)}, ${CALLS_A_SECOND} calls a second meanwhile`)
console.log(
  'rows | CPU | seconds | rows/s | peak MB (tree) | before MB | calls | failed | p50 ms | p95 ms | slowest ms',
)
for (const { rows, cpu, seconds, peak, idle, calls, failed, p50, p95, most } of results)
  console.log(
    [
      rows,
      cpu,
      seconds.toFixed(1),
      Math.round(rows / seconds),
      MB(peak),
      MB(idle),
      calls,
      failed,
      p50.toFixed(0),
      p95.toFixed(0),
      most.toFixed(0),
    ].join(' | '),
  )
const full = results.filter(({ cpu }) => cpu === 'full')
const [first, last] = [full[0], full.at(-1)]
if (first !== undefined && last !== undefined && first !== last)
  console.log(
    `peak ${MB(last.peak)} MB (target: under ${MB(TARGET.bytes)}), ${(last.peak / first.peak).toFixed(2)} times that of ${first.rows} rows (target: at most ${TARGET.ratio})`,
  )
