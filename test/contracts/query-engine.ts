/**
 * What every QueryEngine promises, whatever runs beneath. The tables are made by the adapter's own test (`setUp`),
 * the answers are Trino's, by its documentation.
 */
import { expect, it } from 'vitest'
import { Fault } from '../../shared/fault.ts'
import type { Cell, LakeTable, QueryAnswer, QueryEngine } from '../../origin/lake/ports.ts'
import { queryPagesContract } from './query-pages.ts'
import { TRINO_ANSWERS } from './trino-answers.ts'

export interface QueryEngineFixture {
  readonly engine: QueryEngine
  /**
   * `population` (POPULATION_ROWS over two files, the older without `unit_scale`), `empty` (the same columns, no file)
   * and `crowd` (the same columns, `crowdRows()` over two files).
   */
  readonly tables: Readonly<Record<string, LakeTable>>
}

/** area_code, area_name, time_code, value, symbol, unit, unit_scale (null: the file lacks it), level, time_start. */
export const POPULATION_ROWS: readonly (readonly Cell[])[] = [
  ['00000', '全国', '1920000000', 55963053, null, '人', null, 1, '1920-10-01'],
  ['13000', '東京都', '1920000000', 3699428, null, '人', null, 2, '1920-10-01'],
  ['47000', '沖縄県', '1945000000', null, '-', '人', null, 2, '1945-11-01'],
  ['00000', '全国', '2020000000', 126146099, null, '人', 1, 1, '2020-10-01'],
  ['13000', '東京都', '2020000000', 14047594, null, '人', 1, 2, '2020-10-01'],
  ['27000', '大阪府', '2020000000', 8837685, null, '人', 1, 2, '2020-10-01'],
]

export function queryEngineContract(setUp: () => Promise<QueryEngineFixture>): void {
  const ask = async (sql: string, page: { maxRows?: number; offset?: number } = {}): Promise<QueryAnswer> => {
    const { engine, tables } = await setUp()
    const { maxRows = 100, offset = 0 } = page
    return engine.query({ sql, tables, database: 'estat', maxRows, offset }, AbortSignal.timeout(10_000))
  }
  const refusal = async (sql: string): Promise<Fault> => {
    const error: unknown = await ask(sql).then(
      () => new Error(`ran: ${sql}`),
      (thrown: unknown) => thrown,
    )
    if (!(error instanceof Fault)) throw error
    expect(`${error.message} ${error.hint}`).not.toMatch(/\/tmp|\.parquet|read_parquet|trino_|duckdb|Binder|Catalog/i)
    return error
  }

  it('gives columns with Trino types and rows in their order', async () => {
    const sql =
      'SELECT area_code, level, value, time_start, count(*) OVER () AS n FROM population WHERE value IS NOT NULL ORDER BY value DESC'
    const answer = await ask(sql)
    expect(answer.columns).toEqual([
      { name: 'area_code', type: 'varchar' },
      { name: 'level', type: 'integer' },
      { name: 'value', type: 'double' },
      { name: 'time_start', type: 'date' },
      { name: 'n', type: 'bigint' },
    ])
    expect(answer.rows[0]).toEqual(['00000', 1, 126146099, '2020-10-01', 5])
    expect(answer.rows.map((row) => row[2])).toEqual([126146099, 55963053, 14047594, 8837685, 3699428])
  })

  it('keeps every value of every file, a missing one as null', async () => {
    const answer = await ask(
      'SELECT area_code, area_name, time_code, value, symbol, unit, unit_scale, level, time_start FROM estat.population ORDER BY time_code, area_code',
    )
    expect(answer.rows).toEqual(POPULATION_ROWS)
    expect(answer.bytesScanned).toBeGreaterThan(100)
    expect(answer.more).toBe(false)
  })

  it('pages to the end without losing or repeating a row', async () => {
    const sql = 'SELECT time_code, area_code FROM population ORDER BY time_code, area_code'
    const seen: unknown[] = []
    for (let offset = 0, more = true; more; offset += 4) {
      const answer = await ask(sql, { maxRows: 4, offset })
      expect(answer.rows.length).toBeLessThanOrEqual(4)
      seen.push(...answer.rows)
      more = answer.more
    }
    expect(seen).toEqual(POPULATION_ROWS.map((row) => [row[2], row[0]]))
  })

  queryPagesContract(setUp)

  it("stays within the query's own LIMIT and OFFSET", async () => {
    const sql = 'SELECT area_code FROM population ORDER BY value DESC NULLS LAST OFFSET 1 LIMIT 3'
    expect(await ask(sql, { maxRows: 2 })).toMatchObject({ rows: [['00000'], ['13000']], more: true })
    expect(await ask(sql, { maxRows: 2, offset: 2 })).toMatchObject({ rows: [['27000']], more: false })
    expect(await ask(sql, { maxRows: 2, offset: 3 })).toMatchObject({ rows: [], more: false })
  })

  it('answers over a table without rows', async () => {
    expect(await ask('SELECT count(*) AS n, sum(value) AS s FROM empty')).toMatchObject({ rows: [[0, null]] })
  })

  it('joins tables, and finds them by their name in any case', async () => {
    const sql =
      'SELECT p.area_name FROM Population p LEFT JOIN estat.empty e ON p.area_code = e.area_code WHERE p.level = 1'
    expect((await ask(sql)).rows).toEqual([['全国'], ['全国']])
  })

  it('runs only what its tables hold', async () => {
    expect((await refusal('SELECT * FROM other')).code).toBe('QUERY_REJECTED')
    expect((await refusal('SELECT * FROM other.population')).code).toBe('QUERY_REJECTED')
  })

  it('names the nearest columns for one that is not there', async () => {
    const fault = await refusal('SELECT area_nam FROM population')
    expect(fault.message).toContain('"area_nam"')
    expect(fault.hint).toContain('area_name')
  })

  it.each([
    ['text compared with a number', 'SELECT * FROM population WHERE area_code = 13000', /area_code.*text/],
    ['text in a list of numbers', 'SELECT * FROM population WHERE area_code IN (13000)', /text/],
    ['division by zero', 'SELECT level / (level - level) FROM population', /Division by zero/],
    ['division by a zero literal', 'SELECT level / 0 FROM population', /Division by zero/],
    ['modulo zero', 'SELECT level % (level - level) FROM population', /Division by zero/],
    ['a cast that fails', 'SELECT CAST(area_name AS integer) FROM population', /could not be read/],
    [
      'a column neither grouped nor aggregated',
      'SELECT area_name, count(*) FROM population GROUP BY area_code',
      /grouped/,
    ],
    ['an aggregate in WHERE', 'SELECT 1 FROM population WHERE sum(value) > 1', /WHERE/],
    ['an alias in WHERE', 'SELECT value AS v FROM population WHERE v > 1', /no column/],
    ['an alias in GROUP BY', 'SELECT area_code AS code, count(*) FROM population GROUP BY code', /no column/],
    ['a subquery of many rows', 'SELECT (SELECT value FROM population) FROM population', /more than one row/],
    [
      'an ambiguous column',
      'SELECT value FROM population a JOIN population b ON a.area_code = b.area_code',
      /More than one/,
    ],
    ['an argument of the wrong type', 'SELECT upper(value) FROM population', /type/],
    ['a pattern that is none', "SELECT regexp_like(area_name, '(') FROM population", /regular expression/],
    ['number overflow', 'SELECT 9223372036854775807 + level FROM population', /does not fit/],
  ])('refuses %s in our words', async (_what, sql, says) => {
    const fault = await refusal(sql)
    expect(fault.code).toBe('QUERY_REJECTED')
    expect(fault.message).toMatch(says)
  })

  it('stops when its caller leaves', async () => {
    const { engine, tables } = await setUp()
    const caller = new AbortController()
    const request = { sql: HEAVY, tables, database: 'estat', maxRows: 1, offset: 0 }
    const running = engine.query(request, caller.signal)
    setTimeout(() => caller.abort(), 150)
    const started = performance.now()
    await expect(running).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(performance.now() - started).toBeLessThan(3000)
    await expect(engine.query(request, AbortSignal.abort())).rejects.toMatchObject({ code: 'CANCELLED' })
  })

  it.each([0, -1, 1.5])('refuses %d as a number of rows', async (maxRows) => {
    await expect(ask('SELECT 1', { maxRows })).rejects.toMatchObject({ code: 'INVALID_PARAMETER' })
  })

  it.each(TRINO_ANSWERS)('answers as Trino: SELECT $sql ($source)', async ({ sql, answer }) => {
    const { rows } = await ask(`SELECT ${sql} AS answer`)
    expect(rows).toEqual([[answer]])
  })
}

/** A few billion rows: minutes on any machine here. */
export const HEAVY =
  'SELECT sum(a.x * b.y + c.z) AS s FROM UNNEST(sequence(1, 10000)) AS a (x) CROSS JOIN UNNEST(sequence(1, 10000)) AS b (y) CROSS JOIN UNNEST(sequence(1, 100)) AS c (z)'
