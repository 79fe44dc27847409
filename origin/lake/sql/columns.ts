/** Which columns a name may mean at each place of a query. */
import { quoted, refused } from './refusal.ts'
import type { TableAlias } from './tree.ts'
import { type Type, UNKNOWN } from './types.ts'

export interface ScopeColumn {
  /** The table's name or alias at this place; null behind USING and for a lambda's parameter. */
  readonly table: string | null
  readonly name: string
  readonly type: Type
}

/** What names mean: innermost query first. */
export interface Scope {
  readonly columns: readonly ScopeColumn[]
  readonly outer: Scope | null
}

/** A column of a query's result, which no table's name stands before. */
export const output = (name: string, of: Type): ScopeColumn => ({ table: null, name, type: of })

export const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()

/**
 * The column of that name. @throws Fault QUERY_REJECTED where none has it, with the nearest ones.
 * An ambiguous name is left to the engine, which knows which of them USING has joined.
 */
export function resolve(table: string | null, name: string, scope: Scope): Type {
  for (let at: Scope | null = scope; at !== null; at = at.outer) {
    const found = at.columns.filter(
      (column) => same(column.name, name) && (table === null || (column.table !== null && same(column.table, table))),
    )
    const first = found[0]
    if (first !== undefined) return found.every((one) => one.type.kind === first.type.kind) ? first.type : UNKNOWN
  }
  throw unknownColumn(table, name, scope)
}

function unknownColumn(table: string | null, name: string, scope: Scope): Error {
  const all = [...new Set(scope.columns.map((column) => column.name))]
  const near = all.toSorted((a, b) => distance(a, name) - distance(b, name)).slice(0, 8)
  const hint = near.length === 0 ? 'There is no table in FROM.' : `Nearest columns: ${near.join(', ')}.`
  return refused(`there is no column ${quoted(table === null ? name : `${table}.${name}`)}`, hint)
}

/** How unlike two names are: character pairs that only one of them has. */
function distance(a: string, b: string): number {
  const pairs = (text: string): Set<string> =>
    new Set(Array.from({ length: text.length }, (_, at) => text.toLowerCase().slice(at, at + 2)))
  const [mine, other] = [pairs(a), pairs(b)]
  const shared = [...mine].filter((pair) => other.has(pair)).length
  return mine.size + other.size - 2 * shared
}

/** Columns under a new table name, and under new names of their own where the alias gives them. */
export function renamed(columns: readonly ScopeColumn[], alias: TableAlias | null): readonly ScopeColumn[] {
  if (alias === null) return columns
  if (alias.columns.length > 0 && alias.columns.length !== columns.length) {
    throw refused(
      `${quoted(alias.name)} names ${alias.columns.length} columns of ${columns.length}`,
      'Name every column, or none.',
    )
  }
  return columns.map((column, at) => ({ ...column, table: alias.name, name: alias.columns[at] ?? column.name }))
}
