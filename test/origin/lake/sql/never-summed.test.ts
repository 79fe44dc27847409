/** Sums of rates and index numbers: refused where they are proved to be such, warned of where they may be. */
import { describe, expect, it } from 'vitest'
import { guardSql, sqlWarnings } from '../../../../origin/lake/sql/guard.ts'

const columns = ['tab_code', 'tab_name', 'area_code', 'area_name', 'time_code', 'value', 'unit', 'dataset_id'].map(
  (name) => ({ name }),
)
const one = (axis: string, code: string, name: string, kind: 'rate' | 'index') => ({ axis, code, name, kind })
const known = (all: boolean, ...codes: ReturnType<typeof one>[]) => JSON.stringify({ neverSummed: { all, codes } })

/** 就業者数 (01) beside 完全失業率 (02) and 指数 (03). */
const MIXED = known(false, one('tab', '02', '完全失業率', 'rate'), one('tab', '03', '指数', 'index'))
const ONLY = known(true, one('tab', '1', '指数', 'index'), one('tab', '2', '前年同月比', 'rate'))
const TABLES = [
  { name: 'mixed', columns, properties: { 'estat.dataset.0000000001': MIXED } },
  { name: 'indices', columns, properties: { 'estat.dataset.0000000002': ONLY } },
  { name: 'two', columns, properties: { 'estat.dataset.0000000001': MIXED, 'estat.dataset.0000000003': known(false) } },
  { name: 'old', columns, properties: { 'estat.dataset.0000000004': JSON.stringify({ measureAxis: 'tab' }) } },
  { name: 'plain', columns },
]
async function warned(sql: string): Promise<string> {
  const guarded = await guardSql(sql, { tables: TABLES.map(({ name }) => name), database: 'estat' })
  return sqlWarnings(guarded.query, TABLES)
    .map(({ E }) => E)
    .join('\n')
}

describe('is refused, with the measure and what to write instead', () => {
  it.each([
    ['by code', "SELECT sum(value) FROM mixed WHERE tab_code = '02'", '完全失業率', 'a rate'],
    ['by name', "SELECT sum(value) FROM mixed WHERE tab_name = '指数'", '指数', 'an index number'],
    ['by unit, whatever is known of the table', "SELECT sum(value) FROM plain WHERE unit = '％'", '％', 'a rate'],
    ['by unit of an index', "SELECT sum(value) FROM plain WHERE unit = '2020年=100'", '2020年=100', 'an index number'],
    ['where the table has nothing else', 'SELECT area_name, sum(value) FROM indices GROUP BY area_name', '指数', 'an index'],
    ['in a list of one', "SELECT sum(value) FROM mixed WHERE tab_code IN ('02')", '完全失業率', 'a rate'],
    ['in a CASE', "SELECT sum(CASE WHEN tab_code = '02' THEN value END) FROM mixed", '完全失業率', 'a rate'],
    ['in a FILTER', "SELECT sum(value) FILTER (WHERE tab_code = '02') FROM mixed", '完全失業率', 'a rate'],
    ['over a window', "SELECT sum(value) OVER () FROM mixed WHERE tab_code = '02'", '完全失業率', 'a rate'],
    ['under another name', "SELECT sum(v) FROM (SELECT value AS v FROM mixed WHERE tab_code = '02') t", '完全失業率', 'a rate'],
    ['in WITH', "WITH t AS (SELECT * FROM mixed WHERE tab_code = '02') SELECT sum(value) FROM t", '完全失業率', 'a rate'],
    ['cast and scaled', "SELECT sum(CAST(coalesce(value, 0) AS double) / 100) FROM mixed WHERE tab_code = '02'", '完全失業率', 'a rate'],
    ['in HAVING', "SELECT area_code FROM mixed WHERE tab_code = '02' GROUP BY 1 HAVING sum(value) > 1", '完全失業率', 'a rate'],
    ['of one dataset of two', "SELECT sum(value) FROM two WHERE tab_code = '02' AND dataset_id = '0000000001'", '完全失業率', 'a rate'],
  ])('%s', async (_what, sql, measure, kind) => {
    await expect(warned(sql)).rejects.toMatchObject({
      code: 'QUERY_REJECTED',
      message: expect.stringMatching(new RegExp(`"${measure}", ${kind}.*never summed`)),
      hint: expect.stringMatching(/avg\(value\).*max\(value\).*sum\(w\.value\)/),
    })
  })
}) // biome-ignore format: a table

describe('is let through', () => {
  it.each([
    ['a mean', "SELECT avg(value) FROM mixed WHERE tab_code = '02' AND unit = '％'"],
    [
      'a count',
      "SELECT sum(value) FROM mixed WHERE tab_code = '01' AND unit = '人' AND time_code = '1' AND area_code = '1'",
    ],
    [
      'one cell, picked by sum',
      "SELECT area_code, time_code, sum(value) FROM mixed WHERE tab_code = '02' GROUP BY 1, 2",
    ],
    ['a count of rates', "SELECT sum(CASE WHEN value > 3 THEN 1 ELSE 0 END) FROM mixed WHERE tab_code = '02'"],
  ])('without a word: %s', async (_what, sql) => {
    expect(await warned(sql)).not.toMatch(/never summed/)
  })

  it.each([
    [
      'weights',
      "SELECT sum(r.value * w.value) / sum(w.value) FROM mixed r JOIN plain w ON r.area_code = w.area_code WHERE r.tab_code = '02'",
      '完全失業率',
    ],
    [
      'every measure in turn',
      'SELECT tab_code, unit, sum(value) FROM mixed GROUP BY tab_code, unit',
      '完全失業率, 指数',
    ],
    ['a code that one dataset of two means so', "SELECT sum(value) FROM two WHERE tab_code = '02'", '完全失業率'],
    ['squares', "SELECT sum(power(value, 2)) FROM mixed WHERE tab_code = '02'", '完全失業率'],
  ])('with a warning: %s', async (_what, sql, names) => {
    expect(await warned(sql)).toContain(`rates or index numbers (${names})`)
  })

  it('where nothing is known of the table: an older record or a unit that is worked out', async () => {
    expect(await warned("SELECT sum(value) FROM old WHERE tab_code = '02'")).not.toMatch(/never summed/)
    expect(await warned('SELECT sum(value) FROM plain WHERE unit = (SELECT max(unit) FROM plain)')).not.toMatch(
      /never summed/,
    )
  })
})
