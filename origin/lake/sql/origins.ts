/** Where the columns of a query come from: through aliases, subqueries and WITH, back to the tables. */
import { same } from './columns.ts'
import { type Equality, type Key, keyOf } from './held.ts'
import { COMPARISONS, type Expr, type Query } from './tree.ts'
import { isNode, type Node, nodesHere, nodesOf } from './walk.ts'

/** A table at one place of a query, or what a UNION makes of several. */
export interface Source {
  readonly id: number
  /** The lake table's own name; null for what a UNION makes. */
  readonly of: string | null
  /** `tab`, `area`, `time`, ... */
  readonly axes: readonly string[]
}

export interface Origin {
  /** The table's name or alias here; null for a result's column. */
  readonly table: string | null
  readonly name: string
  /** The column that it is, unchanged; null where it was computed. */
  readonly key: Key | null
  /** Where its figures come from: the sources whose `value` it is made of. */
  readonly reads: readonly Source[]
}

export interface Places {
  readonly columns: readonly Origin[]
  /** Tables, whose list of columns may not be complete. */
  readonly open: readonly { readonly table: string; readonly source: Source }[]
  readonly outer: Places | null
}

export const originIn = (source: Source, table: string, name: string): Origin => ({
  table,
  name,
  key: keyOf(source.id, name),
  reads: same(name, 'value') ? [source] : [],
})

type Column = Extract<Expr, { kind: 'column' }>

const ownOrigin = ({ table, name }: Column, { columns, open }: Places): Origin | null => {
  const found = columns.find((one) => same(one.name, name) && (table === null || same(one.table ?? '', table)))
  if (found !== undefined) return found
  const place = open.find((one) => table === null || same(one.table, table))
  return place === undefined ? null : originIn(place.source, place.table, name)
}

/** Explicit columns first, innermost first. */
export function originOf(column: Column, places: Places): Origin | null {
  for (let at: Places | null = places; at !== null; at = at.outer) {
    const found = ownOrigin(column, { ...at, open: [] })
    if (found !== null) return found
  }
  return places.open.length > 0 ? ownOrigin(column, places) : null
}

/** A column by itself, or cast to another type. */
const plainColumn = (node: Expr): Column | null => {
  if (node.kind === 'cast') return plainColumn(node.of)
  return node.kind === 'column' ? node : null
}

/** The key of an expression that is a column of these places, not of a query around them. */
export function ownKey(node: Expr, places: Places): Key | null {
  const column = plainColumn(node)
  return column === null ? null : (ownOrigin(column, places)?.key ?? null)
}

/**
 * What a condition says of every row that passes it: under AND alone, by = with one value or by IN with a list of one.
 * OR, LIKE and longer lists leave a column free.
 */
export function equalitiesOf(node: Expr, places: Places): readonly Equality[] {
  if (node.kind === 'binary' && node.op === 'AND') {
    return [...equalitiesOf(node.left, places), ...equalitiesOf(node.right, places)]
  }
  if (node.kind === 'binary' && node.op === '=') return equality(node.left, node.right, places)
  if (node.kind === 'in' && !node.not && !('kind' in node.items) && node.items.length === 1) {
    return node.items.flatMap((item) => equality(node.of, item, places))
  }
  return []
}

function equality(left: Expr, right: Expr, places: Places): readonly Equality[] {
  const [a, b] = [ownKey(left, places), ownKey(right, places)]
  if (a !== null && b !== null) return [{ kind: 'same', a, b }]
  const [key, by] = a === null ? [b, left] : [a, right]
  if (key === null || !isOneValue(by, places)) return []
  const outside = places.outer === null ? null : ownKey(by, places.outer)
  if (outside !== null)
    return [
      { kind: 'row', key },
      { kind: 'same', a: key, b: outside },
    ]
  if ([...nodesHere(by)].some((one) => one.kind === 'column')) return [{ kind: 'row', key }]
  return [{ kind: 'value', key, text: by.kind === 'literal' ? by.text : JSON.stringify(by) }]
}

/** No column of these places in it: a literal, a query that stands for one value, or a column of the row outside. */
const isOneValue = (node: Expr, places: Places): boolean =>
  [...nodesHere(node)].every((one) => one.kind !== 'column' || ownOrigin(one, places) === null) &&
  [...nodesOf(node)].every((one) => one.kind !== 'column' || one.table === null || !isTable(one.table, places))

const isTable = (name: string, { columns, open }: Places): boolean =>
  [...columns, ...open].some(({ table }) => table !== null && same(table, name))

/** Aggregates that count rows: their answer is no figure of the table any more. */
const COUNTS = new Set(['count', 'count_if', 'approx_distinct', 'cardinality', 'grouping', 'row_number', 'rank'])
const TRUTHS = new Set<string>(['in', 'like', 'between', 'is-null', 'exists', 'quantified'] satisfies Expr['kind'][])
const TRUE_OR_FALSE = new Set<string>([...COMPARISONS, 'AND', 'OR', 'IS DISTINCT FROM', 'IS NOT DISTINCT FROM'])
const isTruth = (node: Node): boolean => TRUTHS.has(node.kind) || (node.kind === 'binary' && TRUE_OR_FALSE.has(node.op))

/**
 * The sources whose figures an expression is made of.
 * @param ofQuery The columns of a subquery.
 */
export function readsOf(
  node: unknown,
  places: Places,
  ofQuery: (query: Query) => readonly Origin[],
): readonly Source[] {
  if (typeof node !== 'object' || node === null) return []
  if (isNode(node)) {
    if (node.kind === 'column') return originOf(node, places)?.reads ?? []
    if (node.kind === 'scalar') return ofQuery(node.query)[0]?.reads ?? []
    if (node.kind === 'query' || isTruth(node) || (node.kind === 'call' && COUNTS.has(node.fn))) return []
    if (node.kind === 'case') {
      return readsOf([node.whens.map(([, then]) => then), node.otherwise], places, ofQuery)
    }
  }
  return [...new Set(Object.values(node).flatMap((part) => readsOf(part, places, ofQuery)))]
}
