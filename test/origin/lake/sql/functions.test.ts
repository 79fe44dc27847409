/** Every function on the list runs on DuckDB, and so does every legitimate query. */
import { tmpdir } from 'node:os'
import { DuckDBInstance } from '@duckdb/node-api'
import { describe, expect, it } from 'vitest'
import { queryDuckdb } from '../../../../origin/adapters/query-duckdb.ts'
import { columnNamed } from '../../../../origin/lake/columns.ts'
import type { LakeTable } from '../../../../origin/lake/ports.ts'
import { macroStatements } from '../../../../origin/lake/sql/duckdb-macros.ts'
import { FUNCTIONS } from '../../../../origin/lake/sql/functions.ts'
import { guardSql } from '../../../../origin/lake/sql/guard.ts'
import { LEGITIMATE } from './legitimate.ts'

const tableOf = (name: string, columns: LakeTable['columns']): LakeTable => ({
  tenant: 'estat',
  name,
  uuid: '',
  columns,
  rows: 0,
  snapshotId: null,
  snapshots: [],
  files: [],
  properties: {},
})
const NAMES = ['tab_code', 'cat01_code', 'area_code', 'area_name', 'time_code', 'time_name', 'time_start', 'time_end']
const known = [...NAMES, 'value', 'value_text', 'symbol', 'unit'].flatMap((name) => columnNamed(name) ?? [])
const code = { name: 'code', type: 'string', fieldId: 998, doc: '' } as const
const tables = { facts: tableOf('facts', known), dims: tableOf('dims', [code]) }
const engine = queryDuckdb({ store: { localPath: async (key) => key }, tempDir: tmpdir(), threads: 1 })

describe('legitimate queries run', () => {
  it.each(LEGITIMATE)('%s', async (_what, text) => {
    const { sql, columns } = await guardSql(text, { tables: Object.keys(tables), database: 'estat' })
    const request = { sql, tables, database: 'estat', maxRows: 10, offset: 0 }
    const answer = await engine.query(request, AbortSignal.timeout(10_000))
    const names = answer.columns.map(({ name }) => name)
    expect(names).toEqual(columns ?? names)
  })
})

/** One call of each function, or null where the legitimate queries or Trino's answers have it. */
const CALLS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    // biome-ignore format: one list
    [
      'sum', 'avg', 'min', 'max', 'any_value', 'arbitrary', 'stddev_samp', 'stddev_pop', 'var_samp', 'var_pop', 'skewness',
      'kurtosis', 'geometric_mean', 'ceil', 'ceiling', 'sign', 'cbrt', 'exp', 'log2', 'log10', 'is_nan', 'is_finite',
      'is_infinite', 'degrees', 'radians', 'sin', 'cos', 'tan', 'asin', 'acos', 'atan',
    ].map((name) => [name, `${name}(value)`]),
  ),
  ...Object.fromEntries(
    // biome-ignore format: one list
    [
      'quarter', 'month', 'week', 'week_of_year', 'day', 'day_of_month', 'dow', 'day_of_year', 'doy', 'yow', 'hour', 'minute',
      'second', 'date',
    ].map((name) => [name, `${name}(time_start)`]),
  ),
  ...Object.fromEntries(['reverse', 'codepoint', 'normalize', 'ltrim', 'rtrim'].map((name) => [name, `${name}(unit)`])),
  ...Object.fromEntries(
    ['covar_pop', 'covar_samp', 'regr_intercept', 'pow', 'atan2'].map((name) => [name, `${name}(value, 2)`]),
  ),
  ...Object.fromEntries(
    ['rank', 'dense_rank', 'percent_rank', 'cume_dist'].map((name) => [name, `${name}() OVER (ORDER BY value)`]),
  ),
  lead: 'lead(value, 1, 0) OVER (ORDER BY value)',
  nth_value: 'nth_value(value, 2) OVER (ORDER BY value)',
  min_by: 'min_by(area_name, value)',
  bool_and: 'bool_and(value > 1)',
  every: 'every(value > 1)',
  pi: 'pi()',
  e: 'e()',
  nan: 'nan()',
  infinity: 'infinity()',
  split: "split(unit, ',')",
  starts_with: "starts_with(unit, '千')",
  chr: 'chr(65)',
  rpad: "rpad(unit, 5, ' ')",
  regexp_extract_all: "regexp_extract_all(unit, '.')",
  regexp_split: "regexp_split(unit, '.')",
  current_timestamp: 'current_timestamp',
  contains: 'contains(ARRAY[1, 2], 1)',
  array_min: 'array_min(ARRAY[1])',
  filter: 'filter(ARRAY[1, 2], x -> x > 1)',
  year: 'year(time_start)',
  upper: 'upper(unit)',
}

describe('functions of the list', () => {
  it('are made as macros where a query calls them, inner ones first', () => {
    expect(macroStatements('SELECT sum("value") FROM "facts"')).toEqual([])
    const names = macroStatements("trino_log2(8), trino_divide_any(1, 2), 'trino_unknown'").map(
      (one) => one.split(/[ (]/)[2],
    )
    expect(names).toEqual([
      'trino_infinity',
      'trino_nan',
      'trino_ln',
      'trino_log2',
      'trino_divide_int',
      'trino_divide_any',
    ])
  })

  it('are all known to DuckDB by the name given', async () => {
    const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
    const connection = await instance.connect()
    const called = [...FUNCTIONS.values()].map(({ duckdb }) => duckdb).join(' ')
    for (const statement of macroStatements(called)) await connection.run(statement)
    const reader = await connection.runAndReadAll('SELECT DISTINCT function_name FROM duckdb_functions()')
    const names = new Set(reader.getRows().map(([name]) => name))
    connection.closeSync()
    instance.closeSync()
    const special = ['coalesce', 'nullif', 'try', 'grouping', 'current_date', 'current_timestamp', 'now']
    const printedOtherwise = new Set([...special, 'concat', 'date_trunc', 'date_add'])
    const windows = [...FUNCTIONS].filter(([, known]) => known.kind === 'window').map(([name]) => name)
    const missing = [...FUNCTIONS]
      .filter(([name]) => !windows.includes(name) && !printedOtherwise.has(name))
      .filter(([, { duckdb }]) => !names.has(duckdb))
      .map(([name]) => name)
    expect(missing).toEqual([])
  })

  it.each(Object.entries(CALLS))('%s runs', async (_name, call) => {
    const { sql } = await guardSql(`SELECT ${call} AS answer FROM facts`, { tables: ['facts'], database: 'estat' })
    const request = { sql, tables, database: 'estat', maxRows: 10, offset: 0 }
    expect((await engine.query(request, AbortSignal.timeout(10_000))).columns).toHaveLength(1)
  })

  it('have each been called by some test here', async () => {
    const { TRINO_ANSWERS } = await import('../../../contracts/trino-answers.ts')
    const texts = [...LEGITIMATE.map(([, sql]) => sql), ...TRINO_ANSWERS.map(({ sql }) => sql), ...Object.values(CALLS)]
    const written = texts.join('\n').toLowerCase()
    const untried = [...FUNCTIONS.keys()].filter((name) => !new RegExp(`\\b${name}\\b`).test(written))
    expect(untried).toEqual([])
  })
})
