import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { queryDuckdb } from '../../../../origin/adapters/query-duckdb.ts'
import type { TableMeta } from '../../../../origin/estat/model.ts'
import type { LakeColumn, LakeTable, QueryAnswer } from '../../../../origin/lake/ports.ts'
import { type BasicAnalysis, assembleBasic, basicAnalysis } from '../../../../origin/lake/sql/analysis.ts'
import { guardSql } from '../../../../origin/lake/sql/guard.ts'

const COLUMNS: readonly (readonly [name: string, type: LakeColumn['type'], fieldId: number])[] = [
  ['dataset_id', 'string', 1],
  ['value', 'double', 4],
  ['symbol', 'string', 6],
  ['symbol_meaning', 'string', 7],
  ['unit', 'string', 8],
  ['time_start', 'date', 11],
  ['time_end', 'date', 12],
  ['tab_code', 'string', 100],
  ['tab_name', 'string', 101],
  ['cat01_code', 'string', 110],
  ['cat01_name', 'string', 111],
  ['area_code', 'string', 260],
]

/** Two datasets: one measures by tab alone, one by cat01 under a single tab. */
const ROWS = [
  ['0000000001', 10, null, null, '人', '2020-01-01', '2020-12-31', '01', '人口', '000', '総数', '13000'],
  ['0000000001', 30, null, null, '人', '2021-01-01', '2021-12-31', '01', '人口', '001', '男', '27000'],
  ['0000000001', 1.5, null, null, '％', '2020-01-01', '2020-12-31', '02', '増減率', '000', '総数', '13000'],
  ['0000000001', null, '-', '該当数値なし', '％', '2020-01-01', '2020-12-31', '02', '増減率', '001', '男', '13000'],
  ['0000000002', 5, null, null, '人', '2015-10-01', '2015-10-01', '00', '観測値', 'A1', '総人口', '13101'],
  ['0000000002', 7, null, null, '世帯', '2015-10-01', '2015-10-01', '00', '観測値', 'A2', '世帯数', '13101'],
  ['0000000002', null, 'X', '秘匿', '世帯', '2015-10-01', '2015-10-01', '00', '観測値', 'A2', '世帯数', '13102'],
]

let folder = ''
let file = { key: 'data.parquet', rows: ROWS.length, bytes: 0, datasetId: '0000000001' }

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'analysis-'))
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  const connection = await instance.connect()
  const types = { string: 'VARCHAR', double: 'DOUBLE', date: 'DATE' } as Readonly<Record<string, string>>
  await connection.run(`CREATE TABLE t (${COLUMNS.map(([name, type]) => `${name} ${types[type]}`).join(', ')})`)
  const cells = ROWS.map((row) => `(${row.map((cell) => (cell === null ? 'NULL' : `'${cell}'`)).join(', ')})`)
  await connection.run(`INSERT INTO t VALUES ${cells.join(', ')}`)
  const ids = COLUMNS.map(([name, , id]) => `${name}: ${id}`).join(', ')
  await connection.run(`COPY t TO '${join(folder, file.key)}' (FORMAT parquet, FIELD_IDS {${ids}})`)
  connection.closeSync()
  instance.closeSync()
  file = { ...file, bytes: (await stat(join(folder, file.key))).size }
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const tableWith = (columns: readonly string[], properties: Readonly<Record<string, string>>): LakeTable => ({
  tenant: 'estat',
  name: 'facts',
  uuid: '',
  columns: COLUMNS.filter(([name]) => columns.includes(name)).map(([name, type, fieldId]) => ({
    name,
    type,
    fieldId,
    doc: '',
  })),
  rows: ROWS.length,
  snapshotId: null,
  snapshots: [],
  files: [file],
  properties,
})

/** The whole way that the tool goes: plan, guard, engine, assembly. */
async function analyse(table: LakeTable, meta: TableMeta | null = null): Promise<BasicAnalysis> {
  const engine = queryDuckdb({ store: { localPath: async (key) => join(folder, key) }, tempDir: folder, threads: 1 })
  const answers: Record<string, QueryAnswer> = {}
  for (const { part, sql, maxRows } of basicAnalysis(table, meta)) {
    const guarded = await guardSql(sql, { tables: ['facts'], database: 'estat' })
    const request = { sql: guarded.sql, tables: { facts: table }, database: 'estat', maxRows, offset: 0 }
    answers[part] = await engine.query(request, AbortSignal.timeout(10_000))
  }
  return assembleBasic(answers as Parameters<typeof assembleBasic>[0])
}

const ALL = COLUMNS.map(([name]) => name)
const RECORDS = { 'estat.dataset.0000000001': '{}', 'estat.dataset.0000000002': '{"measureAxis":"cat01"}' }

describe('the basic analysis', () => {
  it('never puts measures, units or datasets together', async () => {
    const analysis = await analyse(tableWith(ALL, RECORDS))
    expect(analysis).toEqual({
      rows: 7,
      span: { start: '2015-10-01', end: '2021-12-31' },
      values: 5,
      missing: {
        count: 2,
        by_symbol: [
          { symbol: '-', meaning: '該当数値なし', count: 1 },
          { symbol: 'X', meaning: '秘匿', count: 1 },
        ],
      },
      measures: [
        summary('0000000001', '01', '人口', '人', 2, 10, 20, 30),
        summary('0000000001', '02', '増減率', '％', 1, 1.5, 1.5, 1.5),
        summary('0000000002', '00/A1', '観測値 / 総人口', '人', 1, 5, 5, 5),
        summary('0000000002', '00/A2', '観測値 / 世帯数', '世帯', 1, 7, 7, 7),
      ],
      measures_complete: true,
      areas: 4,
      datasets: [
        { dataset_id: '0000000001', rows: 4 },
        { dataset_id: '0000000002', rows: 3 },
      ],
    })
  })

  it('finds the axis of measures by the units of its codes', async () => {
    const item = { level: null, parentCode: null, name: '' }
    const items = [
      { ...item, code: 'A1', unit: '人' },
      { ...item, code: 'A2', unit: '世帯' },
    ]
    const meta = { axes: [{ id: 'cat01', name: '項目', description: null, items }] } as unknown as TableMeta
    const analysis = await analyse(tableWith(ALL, { 'estat.dataset.0000000001': 'not json' }), meta)
    expect(analysis.measures.map((measure) => measure.measure_code)).toContain('00/A2')
    const untold = await analyse(tableWith(ALL, { 'estat.dataset.0000000001': 'not json' }))
    expect(untold.measures.map((measure) => measure.measure_code)).toEqual(['01', '02', '00', '00'])
  })

  it('leaves out a tab that says the same everywhere', async () => {
    const one = { 'estat.dataset.0000000002': '{"measureAxis":"cat01"}' }
    const table = tableWith(
      ALL.filter((name) => name !== 'dataset_id'),
      one,
    )
    expect(
      basicAnalysis(table)
        .map(({ sql }) => sql)
        .join(),
    ).not.toContain('"dataset_id"')
    const { measures } = assembleBasic({
      ...EMPTY,
      measures: { ...EMPTY.measures, rows: [[null, '人', 1, 5, 5, 5, '00', '観測値', 'A1', '総人口']] },
    })
    expect(measures).toEqual([summary(null, 'A1', '総人口', '人', 1, 5, 5, 5)])
  })

  it('does with value and unit alone', async () => {
    const analysis = await analyse(tableWith(['value', 'unit'], {}))
    expect(analysis).toMatchObject({ rows: 7, span: null, areas: null, values: 5, missing: { count: 2 } })
    expect(analysis.measures.map(({ measure_code, unit, count }) => [measure_code, unit, count])).toEqual([
      [null, '世帯', 1],
      [null, '人', 3],
      [null, '％', 1],
    ])
  })

  it('says where it lists not all', () => {
    expect(assembleBasic({ ...EMPTY, measures: { ...EMPTY.measures, more: true } }).measures_complete).toBe(false)
  })
})

const answer = { columns: [], rows: [], more: false, bytesScanned: 0, costUsd: 0, engine: 'duckdb' } as const
const EMPTY: Parameters<typeof assembleBasic>[0] = {
  overview: answer,
  datasets: answer,
  missing: answer,
  measures: answer,
}

function summary(
  ...[dataset_id, measure_code, measure_name, unit, count, min, mean, max]: [
    string | null,
    string | null,
    string | null,
    string | null,
    number,
    number,
    number,
    number,
  ]
): BasicAnalysis['measures'][number] {
  return { dataset_id, measure_code, measure_name, unit, count, min, mean, max }
}
