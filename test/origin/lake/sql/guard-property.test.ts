/** What passes touches only allowed tables, whatever is thrown at the guard; and the parser groups as DuckDB's does. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import { guardSql } from '../../../../origin/lake/sql/guard.ts'
import { readSql } from '../../../../origin/lake/sql/read.ts'
import { nodesOf } from '../../../../origin/lake/sql/walk.ts'
import { Fault } from '../../../../shared/fault.ts'
import { ATTACKS } from './attacks.ts'
import { LEGITIMATE } from './legitimate.ts'

const ALLOWED = ['facts', 'dims']
const OPTIONS = { tables: ALLOWED, database: 'estat' }

/** Words of every kind that matter here: allowed and other names, punctuation, clauses, functions, openings of text. */
const WORDS =
  // biome-ignore format: one list
  [
    'facts', 'dims', 'secret', 'users', 'estat', 'information_schema', '"facts$files"', "'/etc/passwd'", 'value', 'x',
    'SELECT', 'FROM', 'WITH', 'AS', 'WHERE', 'JOIN', 'ON', 'UNION', 'EXCEPT', 'LATERAL', 'UNNEST', 'VALUES', 'TABLE',
    '(', ')', ',', '.', ';', '*', '=', '--', '/*', '*/', "'", '"', '1', '->', '::', '[', ']', 'IN', 'EXISTS',
    'ORDER BY', 'read_csv', 'sum', 'query_table', 'SET', 'DROP', 'COPY', 'TO', 'ATTACH', 'OVER', 'RECURSIVE', 'PIVOT',
    'LIMIT',
  ]

const outcome = async (sql: string): Promise<string | null> => {
  try {
    return (await guardSql(sql, OPTIONS)).sql
  } catch (error) {
    if (error instanceof Fault && ['QUERY_REJECTED', 'INVALID_PARAMETER'].includes(error.code)) return null
    throw error
  }
}

/** Every table that the text names, and that no WITH anywhere in it defines. */
async function strangers(sql: string): Promise<readonly string[]> {
  const query = await readSql(sql)
  const nodes = [...nodesOf(query)]
  const ctes = nodes.flatMap((node) => (node.kind === 'query' ? node.with.map((cte) => cte.name.toLowerCase()) : []))
  return nodes
    .filter((node) => node.kind === 'table')
    .filter(({ schema, name }) => {
      const own = ALLOWED.includes(name.toLowerCase()) && (schema === null || schema.toLowerCase() === 'estat')
      return !own && !(schema === null && ctes.includes(name.toLowerCase()))
    })
    .map(({ name }) => name)
}

const holds = async (sql: string): Promise<void> => {
  const passed = await outcome(sql)
  if (passed === null) return
  expect(await strangers(passed)).toEqual([])
  expect(await outcome(passed)).toBe(passed)
  expect(passed.replaceAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"/g, '')).not.toMatch(/;|--|\/\*/)
}

describe('whatever passes touches only allowed tables, and passes again as it is', () => {
  it('on words in any order', async () => {
    const texts = fc.array(fc.constantFrom(...WORDS), { maxLength: 25 }).map((words) => words.join(' '))
    await fc.assert(fc.asyncProperty(texts, holds), { numRuns: 1500 })
  })

  it('on legitimate queries with a word changed, taken out or put in', async () => {
    const queries = fc.constantFrom(
      ...LEGITIMATE.map(([, sql]) => sql.replace(/--[^\n]*/, '').replace(/\/\*.*?\*\//, '')),
    )
    const mutated = fc
      .tuple(queries, fc.nat(), fc.constantFrom(...WORDS, ''), fc.boolean())
      .map(([sql, seed, word, keep]) => {
        const parts = sql.split(/\b/)
        const at = seed % parts.length
        return [...parts.slice(0, at), ` ${word} `, ...parts.slice(keep ? at : at + 1)].join('')
      })
    await fc.assert(fc.asyncProperty(mutated, holds), { numRuns: 1500 })
  })

  it('on attacks inside of legitimate queries', async () => {
    const attack = fc.constantFrom(
      ...Object.values(ATTACKS)
        .flat()
        .filter((sql) => sql.length < 200),
    )
    const frames = fc.constantFrom(
      (sql: string) => `SELECT * FROM (${sql}) AS t`,
      (sql: string) => `WITH facts AS (${sql}) SELECT * FROM facts`,
      (sql: string) => `SELECT (${sql}) FROM facts`,
      (sql: string) => `SELECT 1 FROM facts WHERE EXISTS (${sql})`,
      (sql: string) => `SELECT 1 FROM facts WHERE value IN (${sql})`,
      (sql: string) => `SELECT 1 FROM facts UNION ALL ${sql}`,
      (sql: string) => `${sql} UNION ALL SELECT 1 FROM facts`,
    )
    const framed = fc.tuple(attack, frames).map(([sql, frame]) => frame(sql))
    await fc.assert(fc.asyncProperty(framed, holds), { numRuns: 1000 })
  })
})

describe('operators group as another parser groups them', () => {
  let connection: DuckDBConnection
  let instance: DuckDBInstance
  beforeAll(async () => {
    instance = await DuckDBInstance.create(':memory:', { threads: '1' })
    connection = await instance.connect()
  })
  afterAll(() => {
    connection.closeSync()
    instance.closeSync()
  })
  const valueOf = async (expression: string): Promise<unknown> =>
    (await connection.runAndReadAll(`SELECT ${expression}`)).getRows()[0]?.[0]

  const number = fc.constantFrom('1', '2', '3', '5', '7')
  const arithmetic = fc
    .tuple(number, fc.array(fc.tuple(fc.constantFrom('+', '-', '*', '%'), number), { minLength: 1, maxLength: 6 }))
    .map(([first, rest]) => [first, ...rest.flat()].join(' '))
  const condition = fc.oneof(
    fc.tuple(arithmetic, fc.constantFrom('=', '<>', '<', '<=', '>', '>='), arithmetic).map((parts) => parts.join(' ')),
    fc.tuple(arithmetic, number, number).map(([a, b, c]) => `${a} BETWEEN ${b} AND ${c}`),
    fc.tuple(arithmetic, number).map(([a, b]) => `${a} IN (${b}, 4)`),
    fc.constantFrom('NULL IS NULL', '1 IS NOT NULL', "'ab' LIKE 'a%'", "'ab' NOT LIKE 'a%'", 'NULL'),
  )
  const logic = fc
    .tuple(
      condition,
      fc.array(fc.tuple(fc.constantFrom('AND', 'OR', 'AND NOT', 'OR NOT'), condition), { maxLength: 4 }),
    )
    .map(([first, rest]) => [first, ...rest.flat()].join(' '))

  it.each([
    ['arithmetic', arithmetic],
    ['conditions', logic],
  ])('%s', async (_what, expressions) => {
    const property = fc.asyncProperty(expressions, async (expression) => {
      const passed = await outcome(`SELECT ${expression} AS answer`)
      if (passed === null) return
      const printed = passed.replace(/^SELECT (.*) AS "answer"$/, '$1')
      expect(await valueOf(printed)).toEqual(await valueOf(expression))
    })
    await fc.assert(property, { numRuns: 400 })
  })
})
