/** The type of one expression, from the types of its parts. */
import { type Scope, type ScopeColumn, output, resolve } from './columns.ts'
import { quoted, refused } from './refusal.ts'
import { COMPARISONS, type Expr, type Query } from './tree.ts'
import { type Type, UNKNOWN, callType, castType, common, isNumber, literalType, type } from './types.ts'

/** What an expression's type is found by. */
export interface Finding {
  readonly typeOf: (node: Expr) => Type
  readonly query: (node: Query) => readonly ScopeColumn[]
  readonly scope: Scope
  readonly within: (columns: readonly ScopeColumn[], node: Expr) => Type
}

/** @throws Fault QUERY_REJECTED for an unknown column, and for text compared with a number. */
export function typeExpr(node: Expr, find: Finding): Type {
  switch (node.kind) {
    case 'literal':
      return literalType(node)
    case 'interval':
      return type('interval')
    case 'column':
      return resolve(node.table, node.name, find.scope)
    case 'call':
      return typeCall(node, find)
    case 'cast':
      find.typeOf(node.of)
      return castType(node.to)
    case 'case': {
      for (const [when] of node.whens) comparable(node.operand === null ? [when] : [node.operand, when], find)
      const results = [...node.whens.map(([, then]) => then), ...(node.otherwise === null ? [] : [node.otherwise])]
      return common(results.map(find.typeOf))
    }
    case 'scalar':
      return find.query(node.query)[0]?.type ?? UNKNOWN
    case 'exists':
      find.query(node.query)
      return type('boolean')
    case 'tuple':
      node.items.forEach(find.typeOf)
      return UNKNOWN
    case 'array':
      node.items.forEach(find.typeOf)
      return type('array')
    case 'element':
      find.typeOf(node.index)
      find.typeOf(node.of)
      return UNKNOWN
    case 'lambda':
      return find.within(
        node.parameters.map((name) => output(name, UNKNOWN)),
        node.body,
      )
    default:
      return typeCondition(node, find)
  }
}

function typeCall(node: Extract<Expr, { kind: 'call' }>, find: Finding): Type {
  const { over } = node
  const sorts = [...node.orderBy, ...(over?.orderBy ?? [])].map((sort) => sort.by)
  for (const part of [...sorts, ...(over?.partitionBy ?? []), ...(node.filter === null ? [] : [node.filter])]) {
    find.typeOf(part)
  }
  if (node.fn === 'nullif') comparable(node.args, find)
  return callType(node, find.typeOf)
}

function typeCondition(node: Expr, find: Finding): Type {
  switch (node.kind) {
    case 'unary':
      return node.op === 'NOT' ? (find.typeOf(node.of), type('boolean')) : find.typeOf(node.of)
    case 'binary':
      return typeBinary(node, find)
    case 'between':
      comparable([node.of, node.low, node.high], find)
      return type('boolean')
    case 'in':
      if ('kind' in node.items) find.query(node.items)
      comparable([node.of, ...('kind' in node.items ? [] : node.items)], find)
      return type('boolean')
    case 'like':
      for (const part of [node.of, node.pattern]) {
        if (isNumber(find.typeOf(part))) throw refused('LIKE is for text', 'Write CAST(x AS varchar) LIKE ....')
      }
      return type('boolean')
    case 'is-null':
      find.typeOf(node.of)
      return type('boolean')
    case 'quantified':
      find.typeOf(node.of)
      find.query(node.query)
      return type('boolean')
    default:
      return UNKNOWN
  }
}

function typeBinary({ op, left, right }: Extract<Expr, { kind: 'binary' }>, find: Finding): Type {
  if ((COMPARISONS as readonly string[]).includes(op) || op.startsWith('IS')) {
    comparable([left, right], find)
    return type('boolean')
  }
  const [a, b] = [find.typeOf(left), find.typeOf(right)]
  if (op === 'AND' || op === 'OR') return type('boolean')
  if (op === '||') return a.kind === 'array' ? a : type('varchar')
  if (b.kind === 'interval') return a
  if (a.kind === 'interval') return b
  for (const side of [a, b]) {
    if (side.kind === 'varchar') throw refused(`${op} is for numbers`, 'Write CAST(x AS double), or || to join text.')
  }
  const both = common([a, b])
  return op === '*' && both.kind === 'decimal' ? type('decimal', a.scale + b.scale) : both
}

/** Text and numbers do not compare in Trino: codes keep their leading zeros that way. */
function comparable(nodes: readonly Expr[], find: Finding): void {
  const types = nodes.map(find.typeOf)
  const texts = types.findIndex((one) => one.kind === 'varchar')
  const numbers = types.findIndex(isNumber)
  if (texts === -1 || numbers === -1) return
  const column = nodes[texts]
  const name = column?.kind === 'column' ? column.name : 'text'
  throw refused(`${quoted(name)} is text and is compared with a number`, "Write codes in quotes: area_code = '13000'.")
}
