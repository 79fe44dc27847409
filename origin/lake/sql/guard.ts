/**
 * The SQL guard: one read-only query over the caller's own tables, or a refusal (PRODUCT.md section 7).
 *
 * It allows and never forbids: text is parsed, read into a tree that has room only for reviewed constructs
 * (`read-*.ts`), functions (`functions/`) and types, checked for tables, and printed again. The printed text is what
 * runs; no character of the caller's text does, beyond names and literals. Pure, but for the parser's one load.
 */
import { fault } from '../../../shared/fault.ts'
import type { Words } from '../../estat/words.ts'
import { type CatalogRow, withCatalog } from './catalog-table.ts'
import { checkExpansion } from './expansion.ts'
import { printQuery } from './print.ts'
import { readSql } from './read.ts'
import { refused } from './refusal.ts'
import { type Allowed, tablesOf } from './tables.ts'
import { unsteadyWarning } from './ties.ts'
import type { Query } from './tree.ts'
import { type WarnedTable, warningsOf } from './warnings.ts'

export interface GuardOptions extends Allowed {
  /** Longest text taken, in bytes of UTF-8; DEFAULT_MAX_BYTES where absent. Athena's own limit is 262,144. */
  readonly maxBytes?: number
  /** Columns of the tables, by name, where they are loaded already: warnings are exact then. */
  readonly columns?: Readonly<Record<string, WarnedTable['columns']>>
}

/** What a table is taken to have when its columns are not known. */
const USUAL = ['tab_code', 'area_code', 'time_code', 'unit'].map((name) => ({ name }))

const DEFAULT_MAX_BYTES = 20_000

export interface GuardedSql {
  /** The regenerated text, in Trino's dialect. */
  readonly sql: string
  /** What that text says, read from it: for all that is asked of it further. */
  readonly query: Query
  /** The caller's tables that it reads, in order of name. */
  readonly tables: readonly string[]
  /** Names of the result's columns where the text gives them all, else null (`*`). */
  readonly columns: readonly string[] | null
  /** Sentences for the answer: where it may add up what does not belong together (promise 5). */
  readonly warnings: readonly Words[]
}

/**
 * @param text What the caller sent.
 * @throws Fault INVALID_PARAMETER for an empty or overlong text; QUERY_REJECTED for a syntax error (line and column)
 *   and for everything else, saying which construct and what to write instead.
 */
export async function guardSql(text: string, options: GuardOptions): Promise<GuardedSql> {
  const max = options.maxBytes ?? DEFAULT_MAX_BYTES
  if (text.trim() === '') throw fault('INVALID_PARAMETER', 'The query is empty.', { hint: 'Send one SELECT.' })
  if (new TextEncoder().encode(text).length > max) {
    throw fault('INVALID_PARAMETER', `The query is longer than ${max} bytes.`, { hint: 'Write it shorter.' })
  }
  const read = await readSql(text)
  const tables = tablesOf(read, options)
  checkExpansion(read)
  const sql = printQuery(read)
  const query = await readStable(sql)
  return { sql, query, tables, columns: columnsOf(query), warnings: warningsOf(query, withColumns(tables, options)) }
}

const withColumns = (tables: readonly string[], { columns }: GuardOptions): readonly WarnedTable[] =>
  tables.map((name) => ({ name, columns: columns?.[name] ?? USUAL }))

/** The warnings once more, for tables that were loaded after the guard. */
export const sqlWarnings = (query: Query, tables: readonly WarnedTable[]): readonly Words[] => warningsOf(query, tables)

/** A query over `estat.catalog` with the catalogue written into it. */
export const writeCatalog = (query: Query, rows: readonly CatalogRow[], database: string): string =>
  printQuery(withCatalog(query, rows, database))

/** What may differ between the pages of an answer, in sentences; none where every page must fit the others. */
export function pageWarnings(query: Query): readonly Words[] {
  const warning = unsteadyWarning(query)
  return warning === null ? [] : [warning]
}

/** What is printed must read as what was checked: a slip in printer or parser ends here, not in an engine. */
async function readStable(sql: string): Promise<Query> {
  const query = await readSql(sql)
  if (printQuery(query) === sql) return query
  throw refused('its meaning is not certain', 'Put brackets around the parts of each condition.')
}

function columnsOf({ body }: Query): readonly string[] | null {
  if (body.kind === 'set') return columnsOf(body.left)
  if (body.kind === 'values') return (body.rows[0] ?? []).map((_, at) => `_col${at}`)
  const columns = body.items.map((item, at) => {
    if (item.kind === 'star') return null
    return item.alias ?? (item.of.kind === 'column' ? item.of.name : `_col${at}`)
  })
  return columns.every((name) => name !== null) ? columns : null
}
