/**
 * A large table fetched whole by a real origin process while it serves 20 calls a second:
 * `node test/bench/fetch.bench.ts [--rows 1000000,10000000] [--runs 3] [--seconds 120] [--quarter 1000000] [--limit 460]
 * [--flags '{"NODE_OPTIONS":"...","MALLOC_ARENA_MAX":"2"}']`.
 *
 * The upstream is the stand-in in a process of its own. Sizes take turns, each run has a new origin, the same warm-up
 * and the same length, and all figures are printed. Memory is the resident memory of the origin's whole process tree,
 * sampled every 50 ms; where a cgroup can be made, the tree cannot have more than `--limit` MB of any kind (0: no limit)
 * and is killed where it tries. `--flags`: other
 * environment than `npm start` gives the origin. `--quarter`: so many rows with a quarter of one CPU, where a cgroup can be made.
 */
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { ORIGIN_FLAGS } from '../../infra/scripts/start/origin-flags.ts'
import { CALLS_A_SECOND, type Figures, measureFetch, WAITS_UPSTREAM, WARM_SECONDS } from './fetch-run.ts'

const TARGET = { bytes: 460e6, ratio: 1.1 }

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000,10000000' },
    runs: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '120' },
    quarter: { type: 'string', default: '' },
    limit: { type: 'string', default: '460' },
    flags: { type: 'string', default: JSON.stringify(ORIGIN_FLAGS) },
  },
})
const flags = JSON.parse(values.flags) as Readonly<Record<string, string>>
const numbers = (list: string): readonly number[] => list.split(',').filter(Boolean).map(Number)
const limit = values.limit === '0' ? null : Number(values.limit) * 1e6
const seconds = Number(values.seconds)

const COLUMNS: readonly (readonly [name: string, cell: (figures: Figures) => string | number])[] = [
  ['rows', ({ rows }) => rows],
  ['CPU', ({ quarter }) => (quarter ? '1/4' : 'full')],
  ['seconds', ({ took }) => took.toFixed(1)],
  ['rows/s', ({ rows, took }) => Math.round(rows / took)],
  ['peak MB', ({ peak }) => MB(peak)],
  ['before MB', ({ before }) => MB(before)],
  ['killed', ({ killed }) => killed ?? 'no limit'],
  ['calls', ({ calls }) => calls],
  ['failed', ({ failed }) => failed],
  ['p50 ms', ({ p50 }) => p50.toFixed(0)],
  ['p95 ms', ({ p95 }) => p95.toFixed(0)],
  ['slowest ms', ({ most }) => most.toFixed(0)],
  [`p95 ms ${WAITS_UPSTREAM}`, ({ upstreamP95 }) => upstreamP95.toFixed(0)],
]
const MB = (bytes: number): string => (bytes / 1e6).toFixed(0)

console.log(`node ${process.version}, ${cpus().length} CPUs, ${JSON.stringify(flags)}`)
console.log(
  `${CALLS_A_SECOND} calls a second from ${WARM_SECONDS} s before each fetch until at least ${seconds} s after its beginning; cgroup limit ${limit === null ? 'none' : `${MB(limit)} MB`}`,
)
console.log(COLUMNS.map(([name]) => name).join(' | '))
const results: Figures[] = []
async function run(rows: number, quarter: boolean): Promise<void> {
  const figures = await measureFetch({ rows, quarter, seconds, flags, limit })
  results.push(figures)
  console.log(COLUMNS.map(([, cell]) => cell(figures)).join(' | '))
}
for (let turn = 0; turn < Number(values.runs); turn++) for (const rows of numbers(values.rows)) await run(rows, false)
for (const rows of numbers(values.quarter)) await run(rows, true)

const median = (found: readonly number[]): number =>
  found.toSorted((a, b) => a - b)[Math.floor(found.length / 2)] ?? Number.NaN
const peaks = numbers(values.rows).map((rows) =>
  results.filter((figures) => figures.rows === rows && !figures.quarter).map(({ peak }) => peak),
)
const most = Math.max(...results.map(({ peak }) => peak))
console.log(`highest peak ${MB(most)} MB (target: under ${MB(TARGET.bytes)})`)
const [few = [], many = []] = [peaks[0], peaks.at(-1)]
const ratio = peaks.length > 1 ? median(many) / median(few) : 1
if (peaks.length > 1)
  console.log(
    `medians of ${many.length}: ${ratio.toFixed(3)} times that of the fewest rows (target: at most ${TARGET.ratio}); largest over smallest of all: ${(Math.max(...many) / Math.min(...few)).toFixed(3)}`,
  )
const missed = results.some(({ failed, killed }) => failed > 0 || (killed ?? 0) > 0)
process.exitCode = missed || most >= TARGET.bytes || ratio > TARGET.ratio ? 1 : 0
