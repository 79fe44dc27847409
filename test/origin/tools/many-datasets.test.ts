/** Answers about a table that holds datasets by the dozen: small all the same (promise 7), and every one can be cited. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { estimateTokens } from '../../../origin/tools/budget.ts'
import { execute, openOrigin, type TestOrigin } from '../support/origin.ts'

const COFFEE = '0003280145'
const DATASETS = 60
const TABLES = 4

let origin: TestOrigin
beforeAll(async () => {
  origin = await openOrigin()
  const { parquet, tables } = origin.ports
  const made = await execute(origin, 'transform_to_parquet', { dataset_id: COFFEE })
  const signal = new AbortController().signal
  const file = await parquet.inspect(String(made.result['s3_parquet_path']).replace('s3://estat-lake/', ''), signal)
  const ids = Array.from({ length: DATASETS }, (_, at) => String(1_000_000_000 + at))
  const lineage = String(file.properties['estat.source'])
  const properties = Object.fromEntries(ids.map((id) => [`estat.dataset.${id}`, lineage.replaceAll(COFFEE, id)]))
  const files = ids.map((datasetId) => ({ ...file, datasetId }))
  for (let at = 0; at < TABLES; at += 1)
    await tables.commit('estat', `many_${at}`, { kind: 'append', files, properties }, { create: true, now: 1, signal })
})
afterAll(() => origin.close())

const size = ({ result, text }: { result: unknown; text: string }): number =>
  estimateTokens(JSON.stringify(result)) + estimateTokens(text)

describe('a table of sixty datasets', () => {
  it.each([
    ['analyze_with_athena', {}],
    ['analyze_with_athena', { analysis_type: 'custom', custom_query: 'SELECT * FROM many_0', max_rows: 5000 }],
    ['lake_tables', {}],
  ])('%s %j fits, and says how to cite those that it leaves out', async (tool, args) => {
    const answer = await execute(origin, tool, { table_name: 'many_0', ...args })
    expect(size(answer)).toBeLessThan(25_000)
    const holder = (answer.result['table'] ?? answer.result) as { sources: { note: string }[] }
    const left = DATASETS - holder.sources.length
    expect(holder.sources.at(-1)?.note).toContain(`他に${left}件の統計表`)
    expect(answer.text).toContain(`他に${left}件の統計表`)
  })

  it('the query that they name cites all of them', async () => {
    const custom_query = "SELECT table_name, citation FROM catalog WHERE table_name = 'many_0'"
    const asked = { table_name: 'catalog', analysis_type: 'custom', custom_query, max_rows: 5000 }
    const first = await execute(origin, 'analyze_with_athena', asked)
    const more = await execute(origin, 'analyze_with_athena', { ...asked, cursor: first.result['next_cursor'] })
    const rows = [first, more].flatMap(({ result }) => result['rows'] as string[][])
    expect(new Set(rows.map(([, citation]) => /sid=(\d{10})/.exec(String(citation))?.[1])).size).toBe(DATASETS)
  })

  it('a lake of such tables is listed page by page', async () => {
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const answer = await execute(origin, 'lake_tables', cursor === undefined ? {} : { cursor })
      expect(size(answer)).toBeLessThan(25_000)
      seen.push(...(answer.result['tables'] as { table_name: string }[]).map(({ table_name }) => table_name))
      cursor = (answer.result['next_cursor'] as string | null) ?? undefined
    } while (cursor !== undefined)
    expect(seen).toEqual(Array.from({ length: TABLES }, (_, at) => `many_${at}`))
  })

  it('a load cites what it loaded', async () => {
    const made = await execute(origin, 'transform_to_parquet', { dataset_id: COFFEE })
    const file = { table_name: 'many_1', s3_parquet_path: made.result['s3_parquet_path'] }
    const { result } = await execute(origin, 'load_to_iceberg', file)
    expect(result['sources']).toEqual([expect.objectContaining({ dataset_id: COFFEE })])
  })
})
