/** Which of two engines is asked, and what happens where the first one cannot. */
import { describe, expect, it } from 'vitest'
import { queryChoice } from '../../../origin/adapters/query-choice.ts'
import { OUT_OF_MEMORY } from '../../../origin/adapters/query-duckdb-faults.ts'
import type { LakeTable, QueryEngine } from '../../../origin/lake/ports.ts'
import { type ChoiceRules, chooseEngine, type ChosenTable } from '../../../origin/lake/sql/engine-choice.ts'
import { fault } from '../../../shared/fault.ts'

const MB = 1024 * 1024
const tableOf = (files: number, bytes: number): ChosenTable => ({
  files: Array.from({ length: files }, (_, at) => ({ key: `${at}`, rows: 1, bytes, datasetId: '0000000000' })),
})
const RULES: ChoiceRules = {
  smallBytes: 256 * MB,
  usdPerGet: 4e-7,
  athenaUsd: (bytes) => Math.max(5e-5, bytes * 5e-12),
}

describe('chooseEngine', () => {
  it.each([
    ['nothing to read', [], 'duckdb'],
    ['a table without files', [tableOf(0, 0)], 'duckdb'],
    ['a small table', [tableOf(5, 10 * MB)], 'duckdb'],
    ['just as much as may be', [tableOf(1, 256 * MB)], 'duckdb'],
    ['a byte more', [tableOf(1, 256 * MB), tableOf(1, 1)], 'athena'],
    ['small tables that are large together', [tableOf(2, 100 * MB), tableOf(1, 100 * MB)], 'athena'],
    ['as many requests as Athena costs', [tableOf(125, 1000)], 'duckdb'],
    ['more requests than Athena costs', [tableOf(126, 1000)], 'athena'],
    ['many files of a fair size', [tableOf(400, MB / 2)], 'duckdb'],
    ['rows that delete files take out', [{ ...tableOf(1, 10), rowsDeleted: true }], 'athena'],
  ] as const)('asks for %s: %#', (_what, tables, engine) => {
    expect(chooseEngine(tables, RULES)).toBe(engine)
  })

  it('never asks DuckDB where it is allowed nothing', () => {
    expect(chooseEngine([tableOf(1, 1)], { ...RULES, smallBytes: 0 })).toBe('athena')
  })
})

const TABLE: LakeTable = {
  tenant: 'estat', name: 't', uuid: '', rows: 1, snapshotId: '1', snapshots: [], properties: {},
  columns: [{ name: 'retrieved_at', type: 'timestamptz', fieldId: 1, doc: '' }],
  files: [{ key: 'k', rows: 1, bytes: 9, datasetId: '0000000000' }],
} // biome-ignore format: one record

function lab(failure?: unknown) {
  const asked: string[] = []
  const engine = (name: 'duckdb' | 'athena', error?: unknown): QueryEngine => ({
    async query() {
      asked.push(name)
      if (error !== undefined) throw error
      return { columns: [], rows: [], more: false, bytesScanned: 0, costUsd: 0, engine: name }
    },
  })
  const both = queryChoice({ duckdb: engine('duckdb', failure), athena: engine('athena') })
  const ask = (sql: string, signal = new AbortController().signal) =>
    both.query({ sql, tables: { t: TABLE }, database: 'estat', maxRows: 1, offset: 0 }, signal)
  return { ask, asked }
}

describe('QueryEngine of two', () => {
  it('says which one answered', async () => {
    const { ask, asked } = lab()
    expect((await ask('SELECT count(*) AS n FROM t')).engine).toBe('duckdb')
    expect(asked).toEqual(['duckdb'])
  })

  it('asks Athena for what DuckDB has no words for', async () => {
    const { ask, asked } = lab()
    expect((await ask('SELECT CAST(retrieved_at AS varchar) AS x FROM t')).engine).toBe('athena')
    expect(asked).toEqual(['athena'])
  })

  it.each([
    ['out of memory', fault('QUERY_REJECTED', OUT_OF_MEMORY)],
    ['without a file', fault('INTERNAL_ERROR', 'A data file of the table could not be read.')],
  ])('asks Athena where DuckDB is %s', async (_what, failure) => {
    const { ask, asked } = lab(failure)
    expect((await ask('SELECT 1 AS one FROM t')).engine).toBe('athena')
    expect(asked).toEqual(['duckdb', 'athena'])
  })

  it('asks nobody twice for a query that is wrong', async () => {
    const { ask, asked } = lab(fault('QUERY_REJECTED', 'Division by zero.'))
    await expect(ask('SELECT 1 / 0 AS x FROM t')).rejects.toThrow('Division by zero.')
    await expect(ask('SELECT nothing FROM t')).rejects.toMatchObject({ code: 'QUERY_REJECTED' })
    expect(asked).toEqual(['duckdb'])
  })

  it('lets a caller go', async () => {
    const { ask, asked } = lab(fault('INTERNAL_ERROR', 'gone'))
    await expect(ask('SELECT 1 AS one FROM t', AbortSignal.abort())).rejects.toThrow('gone')
    expect(asked).toEqual(['duckdb'])
  })
})
