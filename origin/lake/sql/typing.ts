/**
 * Finds the type of every expression, and with it what Trino would refuse and DuckDB would quietly accept:
 * unknown columns, aliases in WHERE or GROUP BY, and text compared with numbers
 * (Trino documentation, "Functions / Conversion functions": no implicit cast between character and numeric types).
 */
import type { LakeTable } from '../ports.ts'
import { type Scope, type ScopeColumn, output, renamed, resolve, same } from './columns.ts'
import { quoted, refused } from './refusal.ts'
import type { Expr, Query, Relation, Select, SelectItem } from './tree.ts'
import { typeExpr } from './type-expression.ts'
import { type Type, UNKNOWN, columnType, common, type } from './types.ts'

export type Types = ReadonlyMap<Expr, Type>
/** Columns of each query's result, by its body. */
export type Widths = ReadonlyMap<Query['body'], number>

type Tables = Readonly<Record<string, Pick<LakeTable, 'columns'>>>
interface Named {
  readonly name: string
  readonly columns: readonly ScopeColumn[]
}

/** @throws Fault QUERY_REJECTED for an unknown column, and for text compared with a number. */
export function typesOf(query: Query, tables: Tables): { readonly types: Types; readonly widths: Widths } {
  const types = new Map<Expr, Type>()
  const widths = new Map<Query['body'], number>()
  const lake = Object.entries(tables).map(([name, { columns }]) => ({
    name,
    columns: columns.map((column) => ({ table: name, name: column.name, type: columnType(column.type) })),
  }))
  const expr = (node: Expr, scope: Scope, ctes: readonly Named[]): Type => {
    const found = typeExpr(node, {
      typeOf: (inner) => expr(inner, scope, ctes),
      query: (inner) => typeQuery(inner, scope, ctes),
      scope,
      within: (columns, inner) => expr(inner, { columns, outer: scope }, ctes),
    })
    types.set(node, found)
    return found
  }
  const typeQuery = (node: Query, outer: Scope | null, before: readonly Named[]): readonly ScopeColumn[] => {
    let ctes = before
    for (const cte of node.with) {
      const columns = renamed(typeQuery(cte.query, outer, ctes), { name: cte.name, columns: cte.columns })
      ctes = [{ name: cte.name, columns }, ...ctes]
    }
    const [output, order] = typeBody(node, outer, ctes)
    widths.set(node.body, output.length)
    for (const sort of node.orderBy) expr(sort.by, order, ctes)
    return output
  }
  const typeBody = (
    node: Query,
    outer: Scope | null,
    ctes: readonly Named[],
  ): readonly [readonly ScopeColumn[], Scope] => {
    const { body } = node
    if (body.kind === 'select') return typeSelect(body, outer, ctes)
    if (body.kind === 'values') {
      const rows = body.rows.map((row) => row.map((item) => expr(item, { columns: [], outer }, ctes)))
      const columns = (rows[0] ?? []).map((_, at) => output(`_col${at}`, common(rows.map((row) => row[at] ?? UNKNOWN))))
      return [columns, { columns, outer }]
    }
    const [left, right] = [typeQuery(body.left, outer, ctes), typeQuery(body.right, outer, ctes)]
    if (left.length !== right.length) throw refused(`${body.op} joins ${left.length} and ${right.length} columns`)
    const columns = left.map((column, at) => output(column.name, common([column.type, right[at]?.type ?? UNKNOWN])))
    return [columns, { columns, outer }]
  }
  const typeSelect = (
    node: Select,
    outer: Scope | null,
    ctes: readonly Named[],
  ): readonly [readonly ScopeColumn[], Scope] => {
    let columns: readonly ScopeColumn[] = []
    for (const from of node.from) columns = [...columns, ...relation(from, { columns, outer }, ctes)]
    const scope: Scope = { columns, outer }
    for (const part of [node.where, node.having]) if (part !== null) expr(part, scope, ctes)
    for (const item of node.groupBy) {
      for (const by of item.kind === 'by' ? [item.of] : item.sets.flat()) expr(by, scope, ctes)
    }
    for (const { window } of node.windows) {
      for (const by of [...window.partitionBy, ...window.orderBy.map((sort) => sort.by)]) expr(by, scope, ctes)
    }
    const items = node.items.flatMap((item, at) => itemColumns(item, at, scope, (of) => expr(of, scope, ctes)))
    const unstarred = items.filter((_, at) => node.items[at]?.kind !== 'star')
    return [items, { columns: [...unstarred, ...columns], outer }]
  }
  const relation = (node: Relation, scope: Scope, ctes: readonly Named[]): readonly ScopeColumn[] => {
    if (node.kind === 'derived') return renamed(typeQuery(node.query, null, ctes).map(untabled), node.alias)
    if (node.kind === 'table') {
      const named = node.schema === null ? [...ctes, ...lake] : lake
      const found = named.find((one) => same(one.name, node.name))
      if (found === undefined) throw refused(`there is no table ${quoted(node.name)} in your lake`)
      return renamed(found.columns, node.alias ?? { name: node.name, columns: [] })
    }
    if (node.kind === 'unnest') {
      const items = node.arrays.map((array) => output('_col0', (expr(array, scope, ctes), elementOf(array, types))))
      return renamed([...items, ...(node.ordinality ? [output('_col1', type('integer'))] : [])], node.alias)
    }
    const left = relation(node.left, scope, ctes)
    const right = relation(node.right, { columns: [...scope.columns, ...left], outer: scope.outer }, ctes)
    if (node.on !== null) expr(node.on, { columns: [...left, ...right], outer: scope.outer }, ctes)
    for (const name of node.using) for (const side of [left, right]) resolve(null, name, { columns: side, outer: null })
    return [...left, ...right.filter((column) => !node.using.some((name) => same(name, column.name)))]
  }
  typeQuery(query, null, [])
  return { types, widths }
}

const untabled = (column: ScopeColumn): ScopeColumn => ({ ...column, table: null })

const elementOf = (array: Expr, types: Types): Type => {
  if (array.kind === 'array') return common(array.items.map((item) => types.get(item) ?? UNKNOWN))
  return array.kind === 'call' && array.fn === 'sequence' ? type('integer') : UNKNOWN
}

function itemColumns(item: SelectItem, at: number, scope: Scope, typeOf: (node: Expr) => Type): readonly ScopeColumn[] {
  if (item.kind === 'item') {
    const name = item.alias ?? (item.of.kind === 'column' ? item.of.name : `_col${at}`)
    return [output(name, typeOf(item.of))]
  }
  const { table } = item
  const columns = scope.columns.filter(
    (column) => table === null || (column.table !== null && same(column.table, table)),
  )
  if (columns.length === 0) throw refused(`there is nothing for ${quoted(table === null ? '*' : `${table}.*`)} to mean`)
  return columns
}
