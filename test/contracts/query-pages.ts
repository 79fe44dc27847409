/** That pages of an answer, each a run of its own, make the whole: no row lost, none twice. */
import { expect, it } from 'vitest'
import type { Cell, QueryAnswer } from '../../origin/lake/ports.ts'
import { Fault } from '../../shared/fault.ts'
import type { QueryEngineFixture } from './query-engine.ts'

const ROWS = 12_000
const AREAS = ROWS / 2

/**
 * ROWS rows of which none are alike and many tie: half as many areas with seven names at two times; the columns of
 * POPULATION_ROWS.
 */
export const crowdRows = (): readonly (readonly Cell[])[] =>
  Array.from({ length: ROWS }, (_, row) => {
    const at = (row * 7919) % ROWS
    const area = at % AREAS
    const [code, name] = [String(area).padStart(5, '0'), `第${area % 7}地域`]
    const [time, start] = at < AREAS ? ['2010100000', '2010-10-01'] : ['2015100000', '2015-10-01']
    return [code, name, time, at % 10, null, at % 4 === 0 ? '世帯' : '人', 1, 3, start]
  })

const TIES = 'SELECT area_code, time_code FROM crowd'

interface Walk {
  readonly what: string
  readonly sql: string
  readonly rows: number
  /** How many of them each row is like, itself counted; 1 where absent. */
  readonly alike?: number
}

const WALKS: readonly Walk[] = [
  { what: 'ties', sql: `${TIES} WHERE time_code IN ('2015100000', '2010100000') ORDER BY time_code`, rows: ROWS },
  { what: 'ties from the end', sql: `${TIES} ORDER BY value DESC`, rows: ROWS },
  { what: 'no ORDER BY', sql: TIES, rows: ROWS },
  { what: 'every column', sql: 'SELECT * FROM crowd WHERE level = 3 ORDER BY unit', rows: ROWS },
  {
    what: 'every column of one of two',
    sql: 'SELECT a.* FROM crowd a JOIN crowd b ON a.area_code = b.area_code WHERE b.value < 3',
    rows: ROWS * 0.6,
    alike: 2,
  },
  { what: 'a grouping', sql: 'SELECT area_code, count(*) AS n FROM crowd GROUP BY area_code', rows: AREAS },
  {
    what: 'a grouping by ties',
    sql: 'SELECT area_code, sum(value) AS s FROM crowd GROUP BY 1 ORDER BY s DESC',
    rows: AREAS,
  },
  { what: 'DISTINCT', sql: 'SELECT DISTINCT area_code, area_name FROM crowd ORDER BY area_name', rows: AREAS },
  { what: 'UNION', sql: `${TIES} UNION SELECT area_code, unit FROM crowd ORDER BY 2`, rows: ROWS + AREAS },
  {
    what: 'a join',
    sql: 'SELECT a.area_code, b.time_code FROM crowd a JOIN crowd b ON a.area_code = b.area_code AND a.level = b.level',
    rows: ROWS * 2,
    alike: 2,
  },
  { what: "ties at the query's own LIMIT", sql: `${TIES} ORDER BY time_code OFFSET 100 LIMIT 1234`, rows: 1234 },
  {
    what: 'ties at a LIMIT inside',
    sql: `SELECT area_code, time_code FROM (${TIES} ORDER BY value LIMIT 1500) t`,
    rows: 1500,
  },
  {
    what: 'a LIMIT over a grouping inside',
    sql: 'SELECT c, n FROM (SELECT area_code AS c, count(*) AS n FROM crowd GROUP BY area_code LIMIT 900) t',
    rows: 900,
  },
  {
    what: 'a LIMIT in one side of a UNION',
    sql: `(${TIES} ORDER BY unit LIMIT 700) UNION ALL SELECT 'x', 'y'`,
    rows: 701,
  },
  { what: 'a LIMIT in WITH', sql: `WITH t AS (${TIES} ORDER BY value LIMIT 1500) SELECT * FROM t`, rows: 1500 },
  {
    what: 'arrays',
    sql: 'SELECT time_code, array_agg(area_code ORDER BY area_code) AS codes FROM crowd GROUP BY time_code, value',
    rows: 20,
  },
  { what: 'values', sql: 'VALUES (3, 1), (1, 2), (2, 3)', rows: 3 },
]

export function queryPagesContract(setUp: () => Promise<QueryEngineFixture>): void {
  const ask = async (sql: string, maxRows: number, offset = 0): Promise<QueryAnswer> => {
    const { engine, tables } = await setUp()
    return engine.query({ sql, tables, database: 'estat', maxRows, offset }, AbortSignal.timeout(10_000))
  }

  it.each(WALKS)('walks $what', async ({ sql, rows: count, alike = 1 }) => {
    const whole = (await ask(sql, 100_000)).rows
    expect(whole).toHaveLength(count)
    expect(new Set(whole.map((row) => JSON.stringify(row))).size).toBe(count / alike)
    for (const offset of [500, Math.max(0, count - 300)]) {
      const { rows, more } = await ask(sql, 500, offset)
      expect([offset, more, rows]).toEqual([offset, count > offset + 500, whole.slice(offset, offset + 500)])
    }
  })

  it("keeps the caller's own order above ties, nulls last", async () => {
    const sql = 'SELECT time_code, area_code FROM population ORDER BY time_code DESC, value'
    const { rows } = await ask(sql, 10)
    expect(rows.map(([, area]) => area)).toEqual(['27000', '13000', '00000', '47000', '13000', '00000'])
  })

  it('gives the one row of an aggregate to the first page alone', async () => {
    const sql = 'SELECT count(*) AS n, max(area_code) AS last FROM crowd HAVING count(*) > 1'
    expect(await ask(sql, 1)).toMatchObject({ rows: [[ROWS, '05999']], more: false })
    expect(await ask(sql, 1, 1)).toMatchObject({ rows: [], more: false })
  })

  it.each([
    [
      'an array of every row many times',
      'SELECT array_agg(a.area_name) AS x FROM crowd a CROSS JOIN (SELECT area_code FROM crowd LIMIT 100) b',
    ],
    [
      'a text of every row',
      "SELECT listagg(a.area_name, ',') WITHIN GROUP (ORDER BY a.area_code) AS x FROM crowd a CROSS JOIN (SELECT level FROM crowd LIMIT 9) b",
    ],
  ])('refuses %s in one cell', async (_what, sql) => {
    const error = await ask(sql, 10).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(Fault)
    expect(error).toMatchObject({
      code: 'TOO_LARGE',
      hint: expect.stringMatching(/select fewer columns or aggregate/i),
    })
  })

  it('ends a page early where its rows are long, and goes on from there', async () => {
    const sql =
      'SELECT x.area_code, t.codes FROM (SELECT array_agg(area_code ORDER BY area_code) AS codes FROM crowd WHERE value = 3) t CROSS JOIN (SELECT area_code FROM crowd LIMIT 900) x'
    const first = await ask(sql, 900)
    expect(first.more).toBe(true)
    expect(first.rows.length).toBeGreaterThan(50)
    expect(JSON.stringify(first.rows).length).toBeLessThan(6_000_000)
    const next = await ask(sql, 900, first.rows.length)
    expect(next.rows[0]?.[0]).not.toBe(first.rows.at(-1)?.[0])
    expect(first.rows.length + next.rows.length).toBeLessThanOrEqual(900)
  })
}
