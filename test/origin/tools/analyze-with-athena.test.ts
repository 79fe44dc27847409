/** `analyze_with_athena` through the door that MCP and plain HTTP share, over real Parquet files. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { queryDuckdb } from '../../../origin/adapters/query-duckdb.ts'
import { callTool } from '../../../origin/call-tool.ts'
import type { LakeTable } from '../../../origin/lake/ports.ts'
import type { Ports } from '../../../origin/ports.ts'
import { type AnalysisOutput, analyzeWithAthena } from '../../../origin/tools/analyze-with-athena.ts'
import { estimateTokens } from '../../../origin/tools/budget.ts'
import { writePopulation } from '../adapters/population-files.ts'

let folder = ''
let tables: Readonly<Record<string, LakeTable>>
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'analyze-'))
  tables = await writePopulation(folder)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function call(args: object): Promise<{ result: AnalysisOutput; text: string }> {
  const store = { localPath: async (key: string) => join(folder, key) }
  const lake = {
    list: async () => Object.keys(tables),
    load: async (_tenant: string, name: string) => tables[name] ?? null,
  }
  const engine = queryDuckdb({ store, tempDir: join(folder, 'tmp') })
  const { result, text } = await callTool(
    {
      tools: [analyzeWithAthena],
      ports: { tables: lake, engine, stats: { origin: 'sample' } } as unknown as Ports,
      limits: { fetchRows: 100_000, millis: 20_000 },
      now: () => 0,
      newId: () => 'id',
    },
    {
      name: 'analyze_with_athena',
      args: { table_name: 'crowd', ...args },
      caller: { id: 'test', tenant: 'estat', scopes: ['lake'] },
      signal: new AbortController().signal,
    },
  )
  return { result: analyzeWithAthena.output.parse(result), text }
}
const ask = (custom_query: string, more: object = {}) => call({ analysis_type: 'custom', custom_query, ...more })

it('lists the columns of the table with the summary', async () => {
  const { result, text } = await call({ table_name: 'population' })
  expect(result.columns).toContainEqual({ name: 'area_code', type: 'varchar' })
  expect(result.columns).toContainEqual({ name: 'level', type: 'integer' })
  expect(result.columns).toHaveLength(tables['population']?.columns.length ?? 0)
  expect(text).toMatch(/^列：area_code varchar, .*value double, .*time_start date$/m)
  expect((await call({ table_name: 'population', lang: 'E' })).text).toMatch(/^Columns: area_code varchar/m)
})

it('points from a refused query to where the columns are', async () => {
  await expect(ask('SELECT upper(value) FROM crowd')).rejects.toMatchObject({
    code: 'QUERY_REJECTED',
    hint: expect.stringContaining('analyze_with_athena with analysis_type basic lists the columns'),
  })
})

it('refuses one row that no answer could hold, and shows one that it can', async () => {
  const codes = (where: string): string => `SELECT array_agg(area_code ORDER BY area_code) AS codes FROM crowd ${where}`
  await expect(ask(codes(''))).rejects.toMatchObject({
    code: 'TOO_LARGE',
    hint: expect.stringMatching(/fewer columns/),
  })
  const { result, text } = await ask(codes('WHERE value = 3'))
  expect(JSON.parse(String(result.rows[0]?.[0]))).toHaveLength(1200)
  expect(estimateTokens(JSON.stringify(result)) + estimateTokens(text)).toBeLessThan(25_000)
})

it('walks ties by its cursor to the last row, none lost and none twice', async () => {
  const query = "SELECT area_code, time_code FROM crowd WHERE value < 3 AND unit = '世帯' ORDER BY time_code"
  const seen: string[] = []
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const { result } = await ask(query, { max_rows: 500, ...(cursor === undefined ? {} : { cursor }) })
    seen.push(...result.rows.map((row) => row.join()))
    expect(result.warnings).toEqual([])
    cursor = result.next_cursor
  }
  expect([seen.length, new Set(seen).size]).toEqual([1200, 1200])
})

it('says what may differ from page to page', async () => {
  const query = 'SELECT area_code, row_number() OVER (ORDER BY time_code) AS n FROM crowd'
  expect((await ask(query, { max_rows: 10 })).result.warnings.join()).toMatch(/row_number の結果が変わる/)
  expect((await ask(`${query} LIMIT 10`, { max_rows: 10 })).result.warnings).toEqual([])
})
