/** What the container runs, made here and started from a folder with nothing else in it, outside this clone. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type BundledFile, describeBundle, ENTRIES, makeBundle } from '../../infra/docker/bundle/make.ts'
import { openSession } from '../../infra/scripts/tour/session.ts'
import { callTool, type OriginProcess, startOrigin } from '../e2e/origin-process.ts'
import { type EdgeProcess, startEdgeProcess } from '../platform/black-box/edge-process.ts'

const folder = mkdtempSync(join(tmpdir(), 'bundle-'))
const server = join(folder, 'server')
const program = (name: keyof typeof ENTRIES): string => join(server, `${name}.mjs`)
const signing = (): Record<string, string> =>
  JSON.parse(execFileSync(process.execPath, [program('keys'), 'signing', 'caller', '--json'], { encoding: 'utf8' }))

let files: readonly BundledFile[]
let origin: OriginProcess
let edge: EdgeProcess

beforeAll(async () => {
  files = await makeBundle(server)
  const { ORIGIN_PUBLIC_KEYS = '', CALLER_SIGNING_KEY = '' } = signing()
  const env = { ORIGIN_PUBLIC_KEYS }
  origin = await startOrigin({ program: program('origin'), env })
  const settings = { ORIGIN_URL: origin.url, CALLER_SIGNING_KEY, MCP_API_KEY: 'a-key-of-this-test' }
  edge = await startEdgeProcess([process.execPath, program('edge')], settings)
})
afterAll(async () => {
  await edge?.close()
  await origin?.close()
  rmSync(folder, { recursive: true, force: true })
})

it('holds each program, the parser, the figures and one DuckDB, and says so', () => {
  const paths = files.map(({ path }) => path)
  expect(paths).toEqual(expect.arrayContaining(Object.keys(ENTRIES).map((name) => `${name}.mjs`)))
  expect(paths).toEqual(expect.arrayContaining(['polyglot_sql.wasm', 'data/catalogue.json']))
  expect(paths.filter((path) => path.endsWith('libduckdb.so'))).toHaveLength(1)
  expect(paths.filter((path) => /\.(ts|map)$|test|\.env/.test(path))).toEqual([])
  const { bytes } = files.find(({ path }) => path.endsWith('libduckdb.so')) ?? { bytes: 0 }
  const whole = files.reduce((all, file) => all + file.bytes, 0)
  // DuckDB is most of it, the parser 23 MB: code that grows past this has taken in what it should not.
  expect(whole - bytes).toBeLessThan(32_000_000)
  expect(describeBundle(files).at(-1)).toContain(`${(whole / 1_000_000).toFixed(2)} MB in ${files.length} files`)
})

it('makes Parquet and answers SQL, with DuckDB in its child', async () => {
  const { s3_parquet_path } = await callTool(origin, 'transform_to_parquet', { dataset_id: '0003280145' })
  await callTool(origin, 'load_to_iceberg', { table_name: 'coffee', s3_parquet_path })
  const custom_query = 'SELECT count(*) AS n FROM coffee'
  const query = { table_name: 'coffee', analysis_type: 'custom', custom_query }
  expect(await callTool(origin, 'analyze_with_athena', query)).toMatchObject({ rows: [[27]] })
  const commands = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => commandOf(pid))
  expect(commands.filter((text) => text.includes(program('duckdb-child')))).toHaveLength(1)
})

it('answers an MCP client through the edge', async () => {
  const session = await openSession({ url: edge.url, key: 'a-key-of-this-test', sdk: '2' })
  const { result } = await session.call('search_estat_data', { query: '人口', max_results: 1 }, () => undefined)
  expect(result['results']).toHaveLength(1)
  await session.close()
})

/** As the kernel tells it; nothing for a process that is gone. */
function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}
