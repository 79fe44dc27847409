/**
 * `estat.catalog`: what is in the lake, as a table of SQL (PRODUCT.md section 6). It is no file: a query that names it
 * gets it as a WITH of written values, so that it is true at that moment, on every engine.
 */
import { refused } from './refusal.ts'
import type { Cte, Expr, Query, Relation } from './tree.ts'

/** Its name: no other table may have it. */
export const CATALOG_TABLE = 'catalog'
/** What the WITH is called; a name that nobody writes. */
const INNER = 'estat catalog'

export const CATALOG_COLUMNS = [
  'table_name', 'dataset_id', 'title', 'statistics_name', 'gov_org', 'rows', 'updated_date', 'retrieved_at', 'loaded_at',
  'snapshot_id', 'citation', 'table_url',
] as const // biome-ignore format: one list

/** One dataset in one table. */
export type CatalogRow = Readonly<Record<(typeof CATALOG_COLUMNS)[number], string | number | null>>

/** Rows that a query may be given: each is written out, up to 18 parts of the 5,000 that a query may have. */
const MAX_ROWS = 250

/**
 * @param query One that `tablesOf` allowed with `catalog` among the tables.
 * @param database The schema under which it also answers.
 * @throws Fault QUERY_REJECTED for a lake of more datasets than can be written out, or of none.
 */
export function withCatalog(query: Query, rows: readonly CatalogRow[], database: string): Query {
  if (rows.length > MAX_ROWS) throw refused(`catalog has more than ${MAX_ROWS} rows`, 'Use lake_tables, which pages.')
  if (rows.length === 0) throw refused('your lake is empty', 'Load a table with load_to_iceberg first.')
  const renamed = rename(query, [], database) as Query
  return { ...renamed, with: [cteOf(rows), ...renamed.with] }
}

const cteOf = (rows: readonly CatalogRow[]): Cte => ({
  name: INNER,
  columns: CATALOG_COLUMNS,
  query: {
    kind: 'query',
    with: [],
    body: { kind: 'values', rows: rows.map((row) => CATALOG_COLUMNS.map((name) => valueOf(row[name]))) },
    orderBy: [],
    offset: null,
    limit: null,
    withTies: false,
  },
})

function valueOf(value: string | number | null): Expr {
  if (typeof value === 'number') return { kind: 'literal', type: 'integer', text: String(value) }
  if (value !== null) return { kind: 'literal', type: 'string', text: value }
  const of: Expr = { kind: 'literal', type: 'null', text: 'null' }
  return { kind: 'cast', of, to: { name: 'VARCHAR', args: [], of: null }, orNull: false }
}

const same = (a: string | null, b: string): boolean => a?.toLowerCase() === b.toLowerCase()

/** Every place that means the catalogue names the WITH instead; a WITH of the caller's own called so stays his. */
function rename(value: unknown, scope: readonly string[], database: string): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item) => rename(item, scope, database))
  if ('kind' in value && value.kind === 'query') return renameQuery(value as Query, scope, database)
  if ('kind' in value && value.kind === 'table') return renameTable(value as Table, scope, database)
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, rename(part, scope, database)]))
}

function renameQuery(query: Query, scope: readonly string[], database: string): Query {
  let names = scope
  const ctes = query.with.map((cte) => {
    const inner = { ...cte, query: renameQuery(cte.query, names, database) }
    names = [...names, cte.name]
    return inner
  })
  const parts = { body: query.body, orderBy: query.orderBy }
  return { ...query, ...(rename(parts, names, database) as typeof parts), with: ctes }
}

type Table = Extract<Relation, { kind: 'table' }>

function renameTable(table: Table, scope: readonly string[], database: string): Table {
  const isOurs = table.schema === null ? !scope.some((name) => same(name, table.name)) : same(table.schema, database)
  if (!isOurs || !same(table.name, CATALOG_TABLE)) return table
  return { ...table, schema: null, name: INNER, alias: table.alias ?? { name: CATALOG_TABLE, columns: [] } }
}
