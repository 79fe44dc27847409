import { describe, expect, it } from 'vitest'
import { guardSql } from '../../../../origin/lake/sql/guard.ts'
import { Fault } from '../../../../shared/fault.ts'
import { ATTACKS } from './attacks.ts'
import { LEGITIMATE } from './legitimate.ts'

const OPTIONS = { tables: ['facts', 'dims', 'd_0003410379'], database: 'estat' }

async function refusal(sql: string): Promise<Fault> {
  const error: unknown = await guardSql(sql, OPTIONS).then(
    (passed) => new Error(`passed as: ${passed.sql}`),
    (thrown: unknown) => thrown,
  )
  if (error instanceof Fault) return error
  throw error
}

describe('legitimate queries pass', () => {
  it.each(LEGITIMATE)('%s', async (_what, sql) => {
    const passed = await guardSql(sql, OPTIONS)
    expect(OPTIONS.tables).toEqual(expect.arrayContaining([...passed.tables]))
    expect((await guardSql(passed.sql, OPTIONS)).sql).toBe(passed.sql)
  })
})

describe.each(Object.entries(ATTACKS))('refused: %s', (_class, attacks) => {
  it.each(attacks.map((sql) => [sql.slice(0, 100), sql]))('%s', async (_start, sql) => {
    const fault = await refusal(sql)
    expect(['QUERY_REJECTED', 'INVALID_PARAMETER']).toContain(fault.code)
    expect(fault.message.length).toBeLessThan(300)
    expect(fault.hint).not.toBe('')
  })
})

it('has at least 150 attacks in 15 classes, and 50 legitimate queries beside those of blind.test.ts', () => {
  expect(Object.keys(ATTACKS).length).toBeGreaterThanOrEqual(15)
  expect(Object.values(ATTACKS).flat().length).toBeGreaterThanOrEqual(150)
  expect(LEGITIMATE.length).toBeGreaterThanOrEqual(50)
})

describe('what comes back', () => {
  it('is regenerated text, the tables in their own spelling, and the columns', async () => {
    const sql = 'select Area_Name, sum(value) as "合計", count(*) from ESTAT.D_0003410379 f -- x\n group by 1'
    expect(await guardSql(sql, OPTIONS)).toMatchObject({
      sql: 'SELECT "Area_Name", sum("value") AS "合計", count(*) FROM "ESTAT"."D_0003410379" AS "f" GROUP BY 1',
      tables: ['d_0003410379'],
      columns: ['Area_Name', '合計', '_col2'],
    })
  })

  it('has no columns where * stands for them', async () => {
    expect((await guardSql('SELECT * FROM facts', OPTIONS)).columns).toBeNull()
  })

  it("leaves out the catalogue's own name, and keeps a zone", async () => {
    const passed = await guardSql(
      "SELECT listagg(DISTINCT x, ',') WITHIN GROUP (ORDER BY x) FROM AwsDataCatalog.estat.facts WHERE t > TIMESTAMP '2026-01-01 00:00:00 Asia/Tokyo'",
      OPTIONS,
    )
    expect(passed.sql).toBe(
      `SELECT listagg(DISTINCT "x", ',') WITHIN GROUP (ORDER BY "x") FROM "estat"."facts" WHERE "t" > TIMESTAMP '2026-01-01 00:00:00 Asia/Tokyo'`,
    )
  })

  it('keeps the meaning of operators by brackets', async () => {
    const { sql } = await guardSql('SELECT 1 + 2 * 3 - 4, NOT a.x = 1 OR a.y AND a.z FROM facts a', OPTIONS)
    expect(sql).toBe('SELECT 1 + (2 * 3) - 4, (NOT ("a"."x" = 1)) OR ("a"."y" AND "a"."z") FROM "facts" AS "a"')
  })
})

describe('refusals say what and what instead', () => {
  it.each([
    ['SELECT a\nFROM facts WHERE )', /line 2, column \d+, near "\)"/, /single quotes/],
    ["SELECT 'abc FROM facts", /line 1, column \d+.*quote is not closed/, /single quotes/],
    ['SELECT * FROM other', /no table "other"/, /facts, dims/],
    ['DROP TABLE facts', /"drop table" is no query/, /SELECT/],
    ['SELECT median(value) FROM facts', /median/, /approx_percentile/],
    ['SELECT random()', /random/, /./],
    ["SELECT area_name ILIKE 'x' FROM facts", /i like/, /lower\(x\) LIKE/],
    ["SELECT * FROM facts WHERE NOT area_name LIKE 'x'", /raw/, /NOT LIKE/],
    ['WITH RECURSIVE r AS (SELECT 1) SELECT 1', /RECURSIVE/, /sequence/],
    ['SELECT a.* FROM facts a JOIN dims b USING (code)', /USING/, /ON/],
    ['SELECT "$path" FROM facts', /hidden column/, /columns of the table/],
    ["SELECT TIMESTAMP '2020-01-01 00:00:00 Mars/Olympus'", /no timestamp/, /Asia\/Tokyo/],
    ["SELECT regexp_like(area_name, '((a{1,40}){2,40})x') FROM facts", /repeats too often/, /1000/],
    [
      'SELECT 1 FROM facts a JOIN facts b ON true JOIN facts c ON 1 = 1 JOIN facts d ON d.x = d.x',
      /without a condition/,
      /JOIN b ON/,
    ],
    ["SELECT date_trunc('decade', time_start) FROM facts", /argument 1 of date_trunc/, /'year'/],
  ])('%s', async (sql, message, hint) => {
    const fault = await refusal(sql)
    expect(fault.message).toMatch(message)
    expect(fault.hint).toMatch(hint)
  })

  it('takes no empty and no overlong text', async () => {
    expect((await refusal(' \n')).code).toBe('INVALID_PARAMETER')
    expect((await refusal(`SELECT '${'あ'.repeat(7000)}'`)).code).toBe('INVALID_PARAMETER')
  })

  it('says so where the lake is empty', async () => {
    await expect(guardSql('SELECT * FROM facts', { tables: [], database: 'estat' })).rejects.toMatchObject({
      hint: expect.stringContaining('empty') as string,
    })
  })

  it('never repeats invisible characters of the caller', async () => {
    expect((await refusal('SELECT * FROM "x\u202Ey"')).message).not.toContain('\u202E')
  })
})
