/** Which tables a query touches: every name in FROM is a WITH of its scope, or one of the caller's own tables. */
import { quoted, refused } from './refusal.ts'
import type { Join, Query, TableRelation } from './tree.ts'
import { nodesHere } from './walk.ts'

export interface Allowed {
  /** The caller's tables, by name. */
  readonly tables: readonly string[]
  /** The schema they stand in; names are allowed with it or alone. */
  readonly database: string
}

/** Tables that stand in one query, and times they are joined without a condition. */
const MAX_TABLES = 12
const MAX_CROSS_JOINS = 2

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()

/**
 * @returns The allowed tables that the query reads, in their own spelling, each once, in order of name.
 * @throws Fault QUERY_REJECTED for any other name, and beyond the caps on tables and cross joins.
 */
export function tablesOf(query: Query, allowed: Allowed): readonly string[] {
  return [...new Set(placesOf(query, allowed).values())].toSorted()
}

/** The same by each place in the query where a table of the lake stands: a WITH of that name is none. */
export function placesOf(query: Query, allowed: Allowed): ReadonlyMap<TableRelation, string> {
  const found = new Map<TableRelation, string>()
  const counts = { tables: 0, crosses: 0 }
  const visit = (value: unknown, scope: readonly string[]): void => {
    if (typeof value !== 'object' || value === null) return
    if (!('kind' in value)) return Object.values(value).forEach((part) => visit(part, scope))
    if (value.kind === 'query') return visitQuery(value as Query, scope)
    if (value.kind === 'table') counts.tables += resolve(value as TableRelation, scope, allowed, found)
    if (value.kind === 'join' && 'on' in value && isCross(value as Join)) counts.crosses += 1
    if (value.kind === 'select' && 'from' in value) counts.crosses += Math.max(0, (value.from as []).length - 1)
    Object.values(value).forEach((part) => visit(part, scope))
  }
  const visitQuery = (inner: Query, scope: readonly string[]): void => {
    let names = scope
    for (const cte of inner.with) {
      visit(cte.query, names)
      names = [...names, cte.name]
    }
    for (const part of [inner.body, inner.orderBy]) visit(part, names)
  }
  visitQuery(query, [])
  if (counts.tables > MAX_TABLES)
    throw refused(`it reads tables more than ${MAX_TABLES} times`, 'Use WITH to read once.')
  if (counts.crosses > MAX_CROSS_JOINS) {
    throw refused(`it has more than ${MAX_CROSS_JOINS} joins without a condition`, 'Write JOIN b ON a.x = b.x.')
  }
  return found
}

/** Also `ON true`, `ON 1 = 1` and `ON d.x = d.x`: conditions that do not bring two relations together. */
function isCross({ type, on }: Join): boolean {
  if (on === null) return type === 'CROSS'
  const columns = [...nodesHere(on)].filter((node) => node.kind === 'column')
  const owners = new Set(columns.map(({ table }) => table?.toLowerCase()))
  const names = new Set(columns.map(({ name }) => name.toLowerCase()))
  return owners.size < 2 && (names.size < 2 || !owners.has(undefined))
}

type Places = Map<TableRelation, string>

/** 1 for a table of the lake, which is noted in `found`; 0 for a WITH. */
function resolve(table: TableRelation, scope: readonly string[], allowed: Allowed, found: Places): 0 | 1 {
  if (table.schema === null && scope.some((name) => same(name, table.name))) return 0
  const known = allowed.tables.find((name) => same(name, table.name))
  if (known === undefined || (table.schema !== null && !same(table.schema, allowed.database))) {
    const shown = table.schema === null ? table.name : `${table.schema}.${table.name}`
    throw refused(`there is no table ${quoted(shown)} in your lake`, tableHint(allowed))
  }
  found.set(table, known)
  return 1
}

const tableHint = ({ tables }: Allowed): string =>
  tables.length === 0
    ? 'Your lake is empty: load a table with load_to_iceberg first.'
    : `Use one of: ${tables.slice(0, 20).join(', ')}${tables.length > 20 ? ', …' : ''}.`
