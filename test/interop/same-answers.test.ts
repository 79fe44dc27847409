/**
 * One query, one answer: what the guard lets through is run by DuckDB, as embedded does it, and by Trino over the very
 * same table. The queries are those of the guard's own corpus that was written blind; they read two real tables.
 */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import type { Cell } from '../../origin/lake/ports.ts'
import { guardSql } from '../../origin/lake/sql/guard.ts'
import { Fault } from '../../shared/fault.ts'
import { trino } from './judges/trino.ts'
import { type MotoLake, openMotoLake } from './lake-on-moto.ts'

const url = inject('trinoUrl')
const aws = inject('aws')
if (url === null) console.warn('LEFT OUT: the same answers from DuckDB and Trino, for want of Trino')

interface Query {
  readonly id: string
  readonly about: string
  readonly sql: string
}
const TABLES = ['d_0000010101', 'd_0003448237']
const QUERIES = JSON.parse(
  readFileSync(new URL('../origin/lake/sql/blind/legitimate.json', import.meta.url), 'utf8'),
) as readonly Query[]

interface Accepted extends Query {
  /** As the guard prints it. */
  readonly text: string
}

/** What the guard refuses is told and judged in `test/origin/lake/sql/blind.test.ts`. */
const accepted: Accepted[] = []
for (const query of QUERIES) {
  const guarded = await guardSql(query.sql, { tables: TABLES, database: 'estat' }).catch((error: unknown) => error)
  if (!(guarded instanceof Error)) accepted.push({ ...query, text: (guarded as { sql: string }).sql })
}

/** Approximate on both engines, by different sketches; or cut by a LIMIT among rows that tie. */
const APPROXIMATE = /approx_(percentile|distinct)|now\(\)|current_|ORDER BY 1, 2 LIMIT 100/

type Rows = readonly (readonly unknown[])[]
type Outcome = { readonly types: readonly string[]; readonly rows: Rows } | { readonly refused: string }

describe.runIf(url !== null)('DuckDB answers as Trino does', () => {
  let lake: MotoLake
  beforeAll(async () => {
    lake = await openMotoLake(aws ?? '')
    await lake.load('d_0000010101', '0000020201')
    await lake.load('d_0003448237', '0003410379')
  })
  afterAll(() => lake.close())

  async function ours(sql: string): Promise<Outcome> {
    const names = (await guardSql(sql, { tables: TABLES, database: 'estat' })).tables
    const loaded = Object.fromEntries(
      await Promise.all(names.map(async (name) => [name, await lake.table(name)] as const)),
    )
    try {
      const request = { sql, tables: loaded, database: 'estat', maxRows: 100_000, offset: 0 }
      const answer = await lake.engine.query(request, AbortSignal.timeout(60_000))
      return { types: answer.columns.map(({ type }) => type), rows: answer.rows }
    } catch (error) {
      if (error instanceof Fault) return { refused: `${error.code}: ${error.message}` }
      throw error
    }
  }

  async function theirs(sql: string): Promise<Outcome> {
    try {
      const answer = await trino(url ?? '').query(sql)
      return { types: answer.columns.map(({ type }) => type), rows: answer.rows }
    } catch (error) {
      return { refused: error instanceof Error ? error.message : String(error) }
    }
  }

  it.each(accepted)('$id $about', async ({ text }) => {
    const [one, other] = [await ours(text), await theirs(text)]
    expect(rowsOf(one, text)).toEqual(rowsOf(other, text))
  })
})

/** Rows, sorted, as ties stand in any order; only their number where the answer is approximate. */
function rowsOf(outcome: Outcome, sql: string): readonly string[] | number | 'refused' {
  if ('refused' in outcome) return 'refused'
  return APPROXIMATE.test(sql) ? outcome.rows.length : outcome.rows.map(plainRow).toSorted()
}

/** Doubles are summed in another order on each engine: twelve digits agree. */
function plain(cell: unknown): unknown {
  if (typeof cell === 'number') return Number.isInteger(cell) ? cell : Number(cell.toPrecision(12))
  if (Array.isArray(cell)) return JSON.stringify(cell.map(plain))
  if (typeof cell !== 'string') return cell
  if (/^[[{]/.test(cell)) return cell
  if (/^-?\d+\.\d+$/.test(cell)) return Number(Number(cell).toPrecision(12))
  return /^\d{4}-\d\d-\d\d[ T]\d\d:/.test(cell)
    ? new Date(cell.replace(' UTC', '').replace(' ', 'T').replace(/Z?$/, 'Z')).toISOString()
    : cell
}
const plainRow = (row: readonly unknown[] | readonly Cell[]): string => JSON.stringify(row.map(plain))
