/** Queries: SELECT, VALUES, set operations, and WITH. */
import { fieldsOf, flag, isNode, list, namesOf, requiredName, text, typed } from './read-fields.ts'
import { readGroupBy } from './read-group.ts'
import { readFrom } from './read-relation.ts'
import { readOver, readSort, windowName } from './read-window.ts'
import type { Reading } from './reading.ts'
import { quoted, refused } from './refusal.ts'
import type { Cte, Expr, Query, Select, SelectItem, Sort } from './tree.ts'

const SETS = { union: 'UNION', intersect: 'INTERSECT', except: 'EXCEPT' } as const
type SetType = keyof typeof SETS
const isSet = (type: string): type is SetType => Object.hasOwn(SETS, type)

export function readQuery(node: unknown, read: Reading): Query {
  const [type, fields] = typed(node)
  if (type === 'select') return readSelect(fields, read)
  if (type === 'subquery') return readBracketed(fields, read)
  if (type === 'paren') return read.query(fieldsOf(fields, ['this'], 'brackets')['this'])
  if (isSet(type)) return readSet(type, fields, read)
  if (type === 'values') {
    const rows = list(fieldsOf(fields, ['expressions'], 'VALUES')['expressions']).map((row) =>
      list(fieldsOf(row, ['expressions'], 'a row')['expressions']).map(read.expr),
    )
    return bare({ kind: 'values', rows })
  }
  const statement = type === 'command' || type === 'raw' ? 'this statement' : quoted(type.replaceAll('_', ' '))
  throw refused(`${statement} is no query`, 'Only SELECT and WITH ... SELECT may run: the lake is read-only here.')
}

const bare = (body: Query['body']): Query => ({
  kind: 'query',
  with: [],
  body,
  orderBy: [],
  offset: null,
  limit: null,
  withTies: false,
})

/** Brackets around a query, which may add order and limit of their own where the query inside has none. */
function readBracketed(node: unknown, read: Reading): Query {
  const fields = fieldsOf(node, ['this', 'order_by', 'limit', 'offset'], 'a subquery')
  const inner = read.query(fields['this'])
  const outer = { orderBy: readOrder(fields['order_by'], read), ...readPage(fields) }
  if (outer.orderBy.length === 0 && outer.limit === null && outer.offset === null) return inner
  if (inner.orderBy.length > 0 || inner.limit !== null || inner.offset !== null) {
    throw refused('ORDER BY or LIMIT stands inside and outside of brackets', 'Put the inner query into FROM (...) t.')
  }
  return { ...inner, ...outer }
}

const SELECT_FIELDS = [
  'expressions',
  'from',
  'joins',
  'where_clause',
  'group_by',
  'having',
  'order_by',
  'limit',
  'offset',
  'fetch',
  'distinct',
  'with',
  'windows',
]

function readSelect(node: unknown, read: Reading): Query {
  const fields = fieldsOf(node, SELECT_FIELDS, 'SELECT')
  const select: Select = {
    kind: 'select',
    distinct: flag(fields['distinct']),
    items: list(fields['expressions']).map((item) => readItem(item, read)),
    from: readFrom(fields['from'], list(fields['joins']), read),
    where: clause(fields['where_clause'], 'WHERE', read),
    groupBy: readGroupBy(fields['group_by'], read),
    having: clause(fields['having'], 'HAVING', read),
    windows: list(fields['windows']).map((window) => {
      const named = fieldsOf(window, ['name', 'spec'], 'WINDOW')
      return { name: windowName(named['name']) ?? '', window: readOver(named['spec'], read) }
    }),
  }
  return {
    ...bare(select),
    with: readWith(fields['with'], read),
    orderBy: readOrder(fields['order_by'], read),
    ...readPage(fields),
  }
}

const clause = (node: unknown, what: string, read: Reading): Expr | null =>
  node === null || node === undefined ? null : read.expr(fieldsOf(node, ['this'], what)['this'])

function readItem(node: unknown, read: Reading): SelectItem {
  const [type, fields] = typed(node)
  if (type === 'star') {
    const table = fieldsOf(fields, ['table'], '*')['table']
    return { kind: 'star', table: isNode(table) ? requiredName(table, '*') : null }
  }
  if (type !== 'alias') return { kind: 'item', of: read.expr(node), alias: null }
  const known = fieldsOf(fields, ['this', 'alias'], 'AS')
  return { kind: 'item', of: read.expr(known['this']), alias: requiredName(known['alias'], 'a column') }
}

/**
 * The parser gives INTERSECT the rank of UNION; Trino lets it bind tighter ("SELECT / INTERSECT clause").
 * Where that would change the answer, brackets are asked for.
 */
function readSet(type: SetType, node: unknown, read: Reading): Query {
  const fields = fieldsOf(node, ['left', 'right', 'all', 'distinct', 'with', 'order_by', 'limit', 'offset'], SETS[type])
  const sides = [typed(fields['left'])[0], typed(fields['right'])[0]] as const
  if (isSet(sides[1]) || (type === 'intersect' && (sides[0] === 'union' || sides[0] === 'except'))) {
    throw refused('INTERSECT is mixed with UNION or EXCEPT without brackets', 'Put brackets around each part.')
  }
  const [left, right] = [read.query(fields['left']), read.query(fields['right'])]
  return {
    ...bare({ kind: 'set', op: SETS[type], all: flag(fields['all']), left, right }),
    with: readWith(fields['with'], read),
    orderBy: readOrder(fields['order_by'], read),
    ...readPage(fields),
  }
}

function readWith(node: unknown, read: Reading): readonly Cte[] {
  if (node === null || node === undefined) return []
  const fields = fieldsOf(node, ['ctes', 'recursive'], 'WITH')
  if (flag(fields['recursive'])) {
    throw refused('WITH RECURSIVE is not allowed', 'Use window functions, or sequence(1, 10) for a range of numbers.')
  }
  return list(fields['ctes']).map((cte) => {
    const known = fieldsOf(cte, ['alias', 'this', 'columns'], 'WITH')
    return {
      name: requiredName(known['alias'], 'WITH'),
      columns: namesOf(known['columns']),
      query: read.query(known['this']),
    }
  })
}

const readOrder = (node: unknown, read: Reading): readonly Sort[] =>
  node === null || node === undefined
    ? []
    : list(fieldsOf(node, ['expressions'], 'ORDER BY')['expressions']).map((sort) => readSort(sort, read))

/** LIMIT n, LIMIT ALL, OFFSET n, FETCH FIRST n ROWS ONLY: written whole numbers alone. */
function readPage(fields: Readonly<Record<string, unknown>>): Pick<Query, 'limit' | 'offset'> {
  const fetch = isNode(fields['fetch'])
    ? fieldsOf(fields['fetch'], ['direction', 'count', 'rows'], 'FETCH')['count']
    : undefined
  const limit = count(fields['limit'], 'LIMIT')
  if (fetch === undefined) return { limit, offset: count(fields['offset'], 'OFFSET') }
  return { limit: fetch === null ? 1 : count(fetch, 'FETCH'), offset: count(fields['offset'], 'OFFSET') }
}

function count(node: unknown, what: string): number | null {
  if (node === null || node === undefined) return null
  const inner = isNode(node) && 'this' in node ? fieldsOf(node, ['this', 'rows'], what)['this'] : node
  const [type, fields] = typed(inner)
  if (type === 'column' && isNode(fields) && isNode(fields['name']) && fields['name']['name'] === 'ALL') return null
  const value = type === 'literal' && isNode(fields) ? (text(fields['value']) ?? '') : ''
  if (!/^\d{1,12}$/.test(value)) throw refused(`${what} is no written whole number`, `Write ${what} 100.`)
  return Number(value)
}
