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
  (await guardSql(sql, { tables: Object.keys(COLUMNS), database: 'estat', columns: COLUMNS })).warnings
    .map(({ E }) => E)
    .join('\n')

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
    ['an alias from a subquery', 'SELECT sum(v) FROM (SELECT value AS v FROM facts)', /every measure/],
    [
      'an alias through two',
      'WITH a AS (SELECT value * 2 AS v FROM facts), b (w) AS (SELECT v FROM a) SELECT avg(w) FROM b',
      /every unit/,
    ],
    [
      'an aggregate of groups',
      'SELECT max(m) FROM (SELECT tab_code, unit, min(value) AS m FROM facts GROUP BY tab_code, unit) t',
      /every measure/,
    ],
    [
      'a scalar subquery',
      'SELECT avg(v) FROM (SELECT (SELECT max(value) FROM facts WHERE tab_code = d.area_code) AS v FROM plain d) t',
      /every unit/,
    ],
    [
      'an array unpacked',
      'SELECT sum(x) FROM (SELECT array_agg(value) AS a FROM facts) t CROSS JOIN UNNEST(a) AS u (x)',
      /every measure/,
    ],
    ['ordering by it alone', 'SELECT area_code FROM facts GROUP BY area_code ORDER BY sum(value)', /every measure/],
    ['several units', "SELECT avg(value) FROM plain WHERE unit IN ('人', '世帯')", /every unit/],
    ['any unit', "SELECT avg(value) FROM plain WHERE unit LIKE '%'", /every unit/],
    ['one unit or else', "SELECT avg(value) FROM plain WHERE unit = '人' OR value > 0", /every unit/],
    ['not one unit', "SELECT avg(value) FROM plain WHERE NOT (unit = '人')", /every unit/],
    [
      'another unit from a subquery',
      "SELECT avg(v) FROM (SELECT value AS v, unit AS u FROM plain) t WHERE u IN ('人', '世帯')",
      /every unit/,
    ],
    [
      'one table of two',
      "SELECT avg(b.value) FROM plain a JOIN plain b ON a.area_code = b.area_code WHERE a.unit = '人'",
      /every unit/,
    ],
    [
      'the kept side of a join',
      "SELECT avg(a.value) FROM plain a LEFT JOIN plain b ON a.area_code = b.area_code AND a.unit = '人'",
      /every unit/,
    ],
    [
      'two CASEs in one',
      "SELECT sum(CASE WHEN unit = '人' THEN value WHEN unit = '世帯' THEN value END) FROM plain GROUP BY area_code",
      /every unit/,
    ],
    [
      'measures put under one another',
      "SELECT avg(value) FROM (SELECT value FROM plain WHERE unit = '人' UNION ALL SELECT value FROM plain WHERE unit = '世帯') t",
      /every unit/,
    ],
    [
      'a filter outside of the aggregate',
      "SELECT * FROM (SELECT unit, avg(value) OVER () AS a FROM plain) t WHERE unit = '人'",
      /every unit/,
    ],
    [
      'a filter in another query',
      "SELECT avg(value) FROM plain WHERE area_code IN (SELECT area_code FROM facts WHERE unit = '人')",
      /every unit/,
    ],
    [
      'a window over nothing in a named window',
      'SELECT avg(value) OVER w FROM plain WINDOW w AS (ORDER BY area_code)',
      /every unit/,
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
      `SELECT sum(value) FROM facts WHERE ${FIXED} AND time_code = '2020' AND area_code IN ('13000')`,
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
    ['fixed by another name', "SELECT avg(v) FROM (SELECT value AS v, unit AS u FROM plain) t WHERE u = '人'"],
    ['fixed inside and not shown', "SELECT avg(v) FROM (SELECT value AS v FROM plain WHERE unit = '人') t"],
    ['grouped by another name', 'SELECT u, avg(v) FROM (SELECT value AS v, unit AS u FROM plain) t GROUP BY u'],
    ['counts of groups', 'SELECT max(n) FROM (SELECT area_code, count(value) AS n FROM facts GROUP BY area_code) t'],
    [
      'fixed by an equal column',
      "SELECT avg(b.value) FROM plain a JOIN plain b ON a.unit = b.unit WHERE a.unit = '人'",
    ],
    ['fixed by USING', "SELECT avg(b.value) FROM plain a JOIN plain b USING (unit) WHERE a.unit = '人'"],
    [
      'the joined side fixed in ON',
      "SELECT avg(b.value) FROM plain a LEFT JOIN plain b ON a.area_code = b.area_code AND b.unit = '人'",
    ],
    ['one value from a subquery', 'SELECT max(value) FROM plain WHERE unit = (SELECT min(unit) FROM plain)'],
    [
      'the same unit on both sides',
      "SELECT avg(value) FROM (SELECT value FROM plain WHERE unit = '人' UNION ALL SELECT value FROM plain WHERE unit = '人') t",
    ],
    ['a FILTER', "SELECT avg(value) FILTER (WHERE unit = '人') FROM plain"],
    ['a CASE', "SELECT avg(CASE WHEN unit = '人' THEN value END), avg(CASE unit WHEN '人' THEN value END) FROM plain"],
    ['a named window', 'SELECT avg(value) OVER w FROM plain WINDOW w AS (PARTITION BY unit)'],
    ['a subquery for each row', 'SELECT (SELECT avg(b.value) FROM plain b WHERE b.unit = a.unit) AS m FROM plain a'],
    ['a condition on value', 'SELECT sum(CASE WHEN value > 100 THEN 1 END) FROM facts'],
    ['a window over the measure', 'SELECT avg(value) OVER (PARTITION BY tab_code, unit) FROM facts'],
    ['a table without the axis', 'SELECT area_code, unit, sum(value) FROM plain GROUP BY area_code, unit'],
  ])('is silent on %s', async (_what, sql) => {
    expect(await warningsFor(sql)).toBe('')
  })

  it('takes the usual axes for a table that is not loaded, and knows better once it is', async () => {
    const sql = 'SELECT unit, avg(value) FROM plain GROUP BY unit'
    const guarded = await guardSql(sql, { tables: ['plain'], database: 'estat' })
    expect(guarded.warnings.map(({ E }) => E).join()).toMatch(/every measure/)
    expect(sqlWarnings(guarded.query, [{ name: 'plain', columns: COLUMNS.plain }])).toEqual([])
  })
})
