/**
 * `node test/bench/lake.bench.ts [--rows 5000000] [--runs 5] [--threads 1] [--loaded 1000000,5000000,10000000]
 * [--seconds 90] [--small 1000000] [--queries 5] [--flags '{"NODE_OPTIONS":"..."}']`: raw pages to a committed Iceberg table.
 *
 * `--rows`: ours and DuckDB alone in turn, `--runs` times each, nothing beside; medians and their ratio.
 * `--loaded`: once for each size beside 20 calls a second, for at least `--seconds`: memory of the whole process tree, /health and searches.
 * `--small`: the same with a quarter of one CPU and 512 MB, where cgroups can be made.
 * `--queries`: runs of each query on the table of `--rows`, ours and bare DuckDB in turn; 0: none.
 */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { ORIGIN_FLAGS } from '../../infra/scripts/start/origin-flags.ts'
import { WRITE_SIZE } from '../../origin/adapters/duckdb-work.ts'
import { embeddedPorts } from '../../origin/embedded.ts'
import { rawPrefix } from '../../origin/jobs/manifest.ts'
import { measureQueries, median } from './lake-queries.ts'
import { ID, type LakeFigures, measureLake } from './lake-run.ts'

const TARGET = { ratio: 1.3, bytes: 460e6, growth: 1.1, healthMs: 1000, searchMs: 2000, query: 1.3 }
const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '5000000' },
    runs: { type: 'string', default: '5' },
    threads: { type: 'string', default: String(WRITE_SIZE.threads) },
    loaded: { type: 'string', default: '1000000,5000000,10000000' },
    seconds: { type: 'string', default: '90' },
    small: { type: 'string', default: '1000000' },
    queries: { type: 'string', default: '5' },
    flags: { type: 'string', default: JSON.stringify(ORIGIN_FLAGS) },
    data: { type: 'string', default: '' },
  },
})
const numbers = (list: string): readonly number[] => list.split(',').filter(Boolean).map(Number)
const seconds = Number(values.seconds)
const flags = JSON.parse(values.flags) as Readonly<Record<string, string>>
const dataDir = values.data === '' ? await mkdtemp(join(tmpdir(), 'lake-bench-')) : values.data
const run = promisify(execFile)
const PAGES = fileURLToPath(new URL('lake-pages.ts', import.meta.url))
const REFERENCE = fileURLToPath(new URL('lake-reference.ts', import.meta.url))
const MB = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`
const s = (seconds: number): string => `${seconds.toFixed(1)} s`

async function keepPages(rows: number): Promise<void> {
  if (existsSync(join(dataDir, 'estat-lake', rawPrefix(ID, String(rows)), 'manifest.json'))) return
  await run(process.execPath, [PAGES, dataDir, String(rows)])
}

interface Reference {
  readonly seconds: number
  readonly rows: number
  readonly bytes: number
  readonly peak: number
}
async function reference(rows: number): Promise<Reference> {
  const { stdout } = await run(process.execPath, [REFERENCE, dataDir, String(rows), values.threads])
  return JSON.parse(stdout) as Reference
}

async function compare(rows: number): Promise<void> {
  await keepPages(rows)
  const ours: LakeFigures[] = []
  const theirs: Reference[] = []
  for (let at = 0; at < Number(values.runs); at += 1) {
    theirs.push(await reference(rows))
    ours.push(await measureLake({ dataDir, rows, loaded: false, seconds: 0, small: false, flags }))
    const [a, b] = [theirs.at(-1), ours.at(-1)]
    if (a !== undefined && b !== undefined)
      console.log(
        `${rows} rows, run ${at + 1}: DuckDB alone ${s(a.seconds)}, ${MB(a.bytes)}, peak ${MB(a.peak)}; ours ${s(b.transform)} + commit ${s(b.load)}, ${MB(b.bytes)}, peak of the tree ${MB(b.peak)}`,
      )
  }
  const alone = median(theirs.map(({ seconds }) => seconds))
  const whole = median(ours.map(({ transform, load }) => transform + load))
  console.log(
    `${rows} rows, medians: DuckDB alone (${values.threads} threads) ${s(alone)}, ours (${WRITE_SIZE.threads} threads) ${s(whole)}: ${(whole / alone).toFixed(2)} times (target: at most ${TARGET.ratio})`,
  )
}

async function queries(rows: number): Promise<void> {
  const { parquet } = embeddedPorts({ dataDir, bucket: 'estat-lake', appId: null, now: Date.now })
  const key = `estat/parquet/${ID}/${rows}-population.parquet`
  const file = await parquet.inspect(key, new AbortController().signal)
  const figures = await measureQueries(dataDir, file, Number(values.queries))
  console.log('bare DuckDB ms | ours ms | times | query')
  for (const { sql, bare, ours } of figures)
    console.log(`${bare.toFixed(1)} | ${ours.toFixed(1)} | ${(ours / bare).toFixed(2)} | ${sql}`)
  const total = (of: 'bare' | 'ours'): number => figures.reduce((sum, figure) => sum + figure[of], 0)
  console.log(
    `all queries: ${(total('ours') / total('bare')).toFixed(2)} times bare DuckDB (target: at most ${TARGET.query})`,
  )
}

function tell({ rows, transform, load, before, peak, healthP99, searchMost, failed }: LakeFigures, on: string): void {
  console.log(
    `${rows} rows beside 20 calls a second${on}: ${s(transform + load)}, tree ${MB(before)} before, peak ${MB(peak)} (target: under ${MB(TARGET.bytes)}), /health p99 ${healthP99.toFixed(0)} ms (${TARGET.healthMs}), slowest search ${searchMost.toFixed(0)} ms (${TARGET.searchMs}), ${failed} failed`,
  )
}

try {
  console.log(`node ${process.version}, ${cpus().length} CPUs, ${JSON.stringify(flags)}`)
  for (const rows of numbers(values.rows)) await compare(rows)
  const last = numbers(values.rows).at(-1)
  if (values.queries !== '0' && last !== undefined) await queries(last)
  const loaded: LakeFigures[] = []
  for (const rows of numbers(values.loaded)) {
    await keepPages(rows)
    const figures = await measureLake({ dataDir, rows, loaded: true, seconds, small: false, flags })
    loaded.push(figures)
    tell(figures, '')
  }
  const [first, most] = [loaded[0], loaded.at(-1)]
  if (first !== undefined && most !== undefined && first !== most)
    console.log(
      `peak of ${most.rows} rows: ${(most.peak / first.peak).toFixed(2)} times that of ${first.rows} (target: at most ${TARGET.growth})`,
    )
  for (const rows of numbers(values.small)) {
    await keepPages(rows)
    tell(await measureLake({ dataDir, rows, loaded: true, seconds, small: true, flags }), ' with 0.25 CPU and 512 MB')
  }
} finally {
  if (values.data === '') await rm(dataDir, { recursive: true, force: true })
}
process.exit(0)
