import { describe, expect, it } from 'vitest'
import { guardSql, sqlWarnings } from '../../../../origin/lake/sql/guard.ts'

const names = (...columns: string[]): { name: string }[] => columns.map((name) => ({ name }))
const COLUMNS = {
  facts: names(
    'tab_code',
    'tab_name',
    'cat01_code',
    'cat01_role',
    'area_code',
    'area_name',
    'time_code',
    'value',
    'unit',
  ),
  plain: names('area_code', 'value', 'unit'),
}
const warningsFor = async (sql: string): Promise<string> =>
  (await guardSql(sql, { tables: Object.keys(COLUMNS), database: 'estat', columns: COLUMNS })).warnings.join('\n')

const FIXED = "tab_code = '020' AND cat01_code = '000' AND unit = '人'"

describe('warnings of what may be mixed', () => {
  it.each([
    ['every measure', 'SELECT avg(value) FROM facts', /every measure/],
    ['every unit', 'SELECT max(value) FROM plain', /every unit/],
    [
      'totals and parts',
      "SELECT sum(value) FROM facts WHERE tab_code = '020' AND time_code = '2020'",
      /totals.*cat01_role, area_role/,
    ],
    ['several periods', `SELECT area_code, sum(value) FROM facts WHERE ${FIXED} GROUP BY area_code`, /several periods/],
    ['a window', 'SELECT value / sum(value) OVER () FROM facts', /every measure/],
    ['a subquery', "SELECT * FROM (SELECT sum(value) AS s FROM facts WHERE cat01_code = '1') t", /every measure/],
    [
      'a grouping set without the measure',
      'SELECT tab_code, max(value) FROM facts GROUP BY GROUPING SETS ((tab_code), ())',
      /every measure/,
    ],
    ['a condition that fixes nothing', "SELECT sum(value) FROM facts WHERE tab_code <> '020'", /every measure/],
  ])('warns of %s', async (_what, sql, says) => {
    expect(await warningsFor(sql)).toMatch(says)
  })

  it.each([
    ['no aggregate', 'SELECT value FROM facts'],
    ['counting', 'SELECT count(value), approx_distinct(area_code) FROM facts'],
    [
      'everything fixed',
      `SELECT sum(value) FROM facts WHERE ${FIXED} AND time_code = '2020' AND area_code IN ('13000', '27000')`,
    ],
    ['grouped by the measure', 'SELECT tab_code, unit, min(value), avg(value) FROM facts GROUP BY tab_code, unit'],
    ['grouped by place', 'SELECT tab_code, unit, max(value) FROM facts GROUP BY 1, 2'],
    [
      'parts only',
      `SELECT sum(value) FROM facts WHERE tab_name = '人口' AND cat01_role = 'part' AND area_role = 'part' AND time_code = '2020'`,
    ],
    [
      'fixed in a WITH',
      `WITH t AS (SELECT * FROM facts WHERE ${FIXED}) SELECT area_code, time_code, sum(value) FROM t GROUP BY area_code, time_code`,
    ],
    ['a window over the measure', 'SELECT avg(value) OVER (PARTITION BY tab_code, unit) FROM facts'],
    ['a table without the axis', 'SELECT area_code, unit, sum(value) FROM plain GROUP BY area_code, unit'],
  ])('is silent on %s', async (_what, sql) => {
    expect(await warningsFor(sql)).toBe('')
  })

  it('takes the usual axes for a table that is not loaded, and knows better once it is', async () => {
    const sql = 'SELECT unit, avg(value) FROM plain GROUP BY unit'
    const guarded = await guardSql(sql, { tables: ['plain'], database: 'estat' })
    expect(guarded.warnings.join()).toMatch(/every measure/)
    expect(await sqlWarnings(guarded.sql, [{ name: 'plain', columns: COLUMNS.plain }])).toEqual([])
  })
})
