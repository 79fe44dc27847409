/**
 * `node test/bench/csv.bench.ts [rows]`: a generated table written as CSV, long and wide, each in a process of its own:
 * rows a second, and the peak memory of that process for a quarter of the rows and for all of them. Fails where the
 * larger needs over 1.25 times the smaller, or a file does not hold every row.
 */
import { fork } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { statsHttp } from '../../origin/adapters/stats-http.ts'
import { callTool } from '../../origin/call-tool.ts'
import { embeddedPorts } from '../../origin/embedded.ts'
import { fetchDataset } from '../../origin/jobs/fetch-dataset.ts'
import { manifestKey, rawPrefix } from '../../origin/jobs/manifest.ts'
import { generatedTable } from '../../origin/standin/generate/table.ts'
import { createStandin } from '../../origin/standin/standin.ts'
import { TOOLS } from '../../origin/tools/registry.ts'

const ID = '0009000001'
const MOST_GROWTH = 1.25
const LAYOUTS = ['long', 'wide'] as const

interface Measured {
  readonly cells: number
  readonly lines: number
  readonly bytes: number
  readonly millis: number
  /** Of the processor, in the process alone. */
  readonly cpuMillis: number
  /** Of the process, whole run, MB. */
  readonly peakMb: number
}

const now = (): number => Date.now()

/** The pages of a table, kept as a fetch keeps them: in a process of its own, so that its memory is not measured. */
async function keepPages(dataDir: string, rows: number): Promise<void> {
  const table = generatedTable({ id: ID, seed: 1, rows })
  const send = createStandin({ tables: [table], accepts: ['bench'], now })
  const stats = statsHttp({ send, appId: 'bench', origin: 'live', now })
  const { store } = embeddedPorts({ dataDir, bucket: 'estat-lake', appId: null, now })
  const ask = { lang: 'J' as const, signal: new AbortController().signal }
  const meta = await stats.describe(ID, ask)
  const request = { meta, queries: [[]], filters: {}, fetchId: String(rows), now: now(), maxRows: rows }
  await fetchDataset({ stats, store }, { ...request, progress: () => {} }, ask)
}

/** The tool itself, as a call runs it. */
async function saveCsv(dataDir: string, rows: number, layout: string): Promise<Measured> {
  const ports = embeddedPorts({ dataDir, bucket: 'estat-lake', appId: null, now })
  const deps = { tools: TOOLS, ports, limits: { fetchRows: 1, millis: 600_000 }, now, newId: () => 'bench' }
  const args = { dataset_id: ID, s3_json_path: manifestKey(rawPrefix(ID, String(rows))), layout }
  const caller = { id: 'bench', tenant: 'estat', scopes: ['read', 'lake'] as const }
  const started = performance.now()
  const before = process.cpuUsage()
  const signal = new AbortController().signal
  const { result } = await callTool(deps, { name: 'save_dataset_as_csv', args, caller, signal })
  const millis = performance.now() - started
  const { user, system } = process.cpuUsage(before)
  const { cells, rows: lines, bytes } = result as { cells: number; rows: number; bytes: number }
  return {
    cells,
    lines,
    bytes,
    millis,
    cpuMillis: (user + system) / 1000,
    peakMb: process.resourceUsage().maxRSS / 1024,
  }
}

/** This file again as a child, with what it is to do. */
function inChild(...work: string[]): Promise<Measured | null> {
  return new Promise((resolve, reject) => {
    const child = fork(import.meta.filename, work, { execArgv: ['--max-old-space-size=256'] })
    let answer: Measured | null = null
    child.on('message', (message) => (answer = message as Measured))
    child.on('exit', (code) => (code === 0 ? resolve(answer) : reject(new Error(`${work.join(' ')}: exit ${code}`))))
  })
}

async function bench(most: number): Promise<boolean> {
  const dataDir = await mkdtemp(join(tmpdir(), 'csv-bench-'))
  const peaks = new Map<string, number>()
  let holds = true
  try {
    console.log(
      `${'layout'.padEnd(7)}${'rows'.padStart(10)}${'lines'.padStart(10)}   MB file  seconds    CPU s    rows/s  peak MB`,
    )
    for (const rows of [Math.round(most / 4), most]) {
      await inChild('keep', dataDir, String(rows))
      for (const layout of LAYOUTS) {
        const one = await inChild('save', dataDir, String(rows), layout)
        if (one === null) throw new Error('no answer')
        holds &&= one.cells === rows
        const growth = one.peakMb / (peaks.get(layout) ?? one.peakMb)
        peaks.set(layout, one.peakMb)
        holds &&= growth <= MOST_GROWTH
        console.log(
          `${layout.padEnd(7)}${String(one.cells).padStart(10)}${String(one.lines).padStart(10)}${(one.bytes / 1e6).toFixed(1).padStart(10)}` +
            `${(one.millis / 1000).toFixed(1).padStart(9)}${(one.cpuMillis / 1000).toFixed(1).padStart(9)}${Math.round(
              (one.cells / one.millis) * 1000,
            )
              .toString()
              .padStart(10)}` +
            `${one.peakMb.toFixed(0).padStart(9)}${growth === 1 ? '' : `  x${growth.toFixed(2)}`}`,
        )
      }
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true })
  }
  return holds
}

const [what = '1000000', dataDir = '', rows = '', layout = ''] = process.argv.slice(2)
if (what === 'keep') await keepPages(dataDir, Number(rows))
else if (what === 'save') process.send?.(await saveCsv(dataDir, Number(rows), layout))
else if (!(await bench(Number(what)))) process.exitCode = 1
