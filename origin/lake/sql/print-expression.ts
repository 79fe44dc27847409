/** Expressions as text, in Trino's spelling. */
import { type Print, quoteName, quoteText } from './dialect.ts'
import type { BinaryOperator, Call, Expr, Frame, FrameBound, Sort, SqlType, Window } from './tree.ts'

const PLAIN = new Set(['literal', 'column', 'call', 'cast', 'case', 'exists', 'scalar', 'tuple', 'array', 'element'])
/** Whether it needs no brackets beside an operator. */
export const isPlain = (node: Expr): boolean => PLAIN.has(node.kind)

export function printExpr(node: Expr, print: Print): string {
  switch (node.kind) {
    case 'literal':
      return printLiteral(node)
    case 'interval':
      return `INTERVAL '${node.count}' ${node.unit}`
    case 'column':
      return `${node.table === null ? '' : `${quoteName(node.table)}.`}${quoteName(node.name)}`
    case 'call':
      return printCall(node, print)
    case 'cast':
      return `${node.orNull ? 'TRY_CAST' : 'CAST'}(${print.expr(node.of)} AS ${printType(node.to)})`
    case 'case':
      return printCase(node, print)
    case 'exists':
      return `EXISTS (${print.query(node.query)})`
    case 'scalar':
      return `(${print.query(node.query)})`
    case 'tuple':
      return `(${node.items.map(print.expr).join(', ')})`
    case 'array':
      return `ARRAY[${node.items.map(print.expr).join(', ')}]`
    case 'element':
      return `${print.operand(node.of)}[${print.expr(node.index)}]`
    case 'lambda':
      return `${node.parameters.map(quoteName).join(', ')} -> ${print.expr(node.body)}`
    default:
      return printCondition(node, print)
  }
}

/** Everything that puts an operator between its operands. */
function printCondition(node: Expr, print: Print): string {
  const not = 'not' in node && node.not ? 'NOT ' : ''
  switch (node.kind) {
    case 'unary':
      return `${node.op === '-' ? '-' : 'NOT '}${print.operand(node.of)}`
    case 'binary':
      return `${leftOperand(node.op, node.left, print)} ${node.op} ${rightOperand(node.op, node.right, print)}`
    case 'like': {
      const escape = node.escape === null ? '' : ` ESCAPE ${print.operand(node.escape)}`
      return `${print.operand(node.of)} LIKE ${print.operand(node.pattern)}${escape}`
    }
    case 'between':
      return `${print.operand(node.of)} ${not}BETWEEN ${print.operand(node.low)} AND ${print.operand(node.high)}`
    case 'in': {
      const inside = 'kind' in node.items ? print.query(node.items) : node.items.map(print.expr).join(', ')
      return `${print.operand(node.of)} ${not}IN (${inside})`
    }
    case 'is-null':
      return `${print.operand(node.of)} IS ${not}NULL`
    case 'quantified':
      return `${print.operand(node.of)} ${node.op} ${node.quantifier} (${print.query(node.query)})`
    default:
      throw new TypeError(`no spelling for ${node.kind}`)
  }
}

/** Operators of one rank, which read from left to right: a chain of them needs no brackets on its left. */
const RANK: Readonly<Partial<Record<BinaryOperator, string>>> = {
  AND: 'and',
  OR: 'or',
  '+': 'sum',
  '-': 'sum',
  '*': 'product',
  '/': 'product',
  '%': 'product',
  '||': 'concat',
}

function leftOperand(op: BinaryOperator, left: Expr, print: Print): string {
  const chained = left.kind === 'binary' && RANK[op] !== undefined && RANK[left.op] === RANK[op]
  return chained ? print.expr(left) : print.operand(left)
}

/** AND and OR give the same however they are grouped, and the parser groups long chains by halves. */
function rightOperand(op: BinaryOperator, right: Expr, print: Print): string {
  const chained = (op === 'AND' || op === 'OR') && right.kind === 'binary' && right.op === op
  return chained ? print.expr(right) : print.operand(right)
}

function printLiteral(node: Extract<Expr, { kind: 'literal' }>): string {
  switch (node.type) {
    case 'string':
      return quoteText(node.text)
    case 'date':
      return `DATE ${quoteText(node.text)}`
    case 'timestamp':
    case 'timestamptz':
      return `TIMESTAMP ${quoteText(node.text)}`
    default:
      return node.text
  }
}

export function printType(type: SqlType): string {
  if (type.of !== null) return `ARRAY(${printType(type.of)})`
  return type.args.length === 0 ? type.name : `${type.name}(${type.args.join(', ')})`
}

function printCase(node: Extract<Expr, { kind: 'case' }>, print: Print): string {
  const whens = node.whens.map(([when, then]) => ` WHEN ${print.expr(when)} THEN ${print.expr(then)}`).join('')
  const operand = node.operand === null ? '' : ` ${print.expr(node.operand)}`
  return `CASE${operand}${whens}${node.otherwise === null ? '' : ` ELSE ${print.expr(node.otherwise)}`} END`
}

const BARE = new Set(['current_date', 'current_timestamp'])

function printCall(call: Call, print: Print): string {
  if (BARE.has(call.fn)) return call.fn
  const args = call.fn === 'count' && call.args.length === 0 ? '*' : call.args.map(print.expr).join(', ')
  const order = call.orderBy.length === 0 ? '' : `ORDER BY ${call.orderBy.map(print.sort).join(', ')}`
  const within = call.fn === 'listagg' && order !== ''
  return [
    `${call.fn}(${call.distinct ? 'DISTINCT ' : ''}${args}${order === '' || within ? '' : ` ${order}`})`,
    within ? ` WITHIN GROUP (${order})` : '',
    call.filter === null ? '' : ` FILTER (WHERE ${print.expr(call.filter)})`,
    call.ignoreNulls ? ' IGNORE NULLS' : '',
    call.over === null ? '' : ` OVER ${printOver(call.over, print)}`,
  ].join('')
}

/** `w`, or `(...)`. */
export function printOver(window: Window, print: Print): string {
  const named = window.base !== null && window.partitionBy.length + window.orderBy.length === 0 && window.frame === null
  return named ? (window.base ?? '') : `(${printWindow(window, print)})`
}

export function printWindow(window: Window, print: Print): string {
  return [
    window.base ?? '',
    window.partitionBy.length === 0 ? '' : `PARTITION BY ${window.partitionBy.map(print.expr).join(', ')}`,
    window.orderBy.length === 0 ? '' : `ORDER BY ${window.orderBy.map(print.sort).join(', ')}`,
    window.frame === null ? '' : printFrame(window.frame, print),
  ]
    .filter((part) => part !== '')
    .join(' ')
}

function printFrame(frame: Frame, print: Print): string {
  const bound = (at: FrameBound): string =>
    'offset' in at ? `${print.operand(at.offset)} ${at.kind.toUpperCase()}` : at.kind.toUpperCase()
  if (frame.end === null) return `${frame.unit} ${bound(frame.start)}`
  return `${frame.unit} BETWEEN ${bound(frame.start)} AND ${bound(frame.end)}`
}

export function printSort(sort: Sort, print: Print): string {
  const nullsFirst = sort.nullsFirst ?? (print.dialect.nullsLast === true ? false : null)
  const nulls = nullsFirst === null ? '' : nullsFirst ? ' NULLS FIRST' : ' NULLS LAST'
  return `${print.expr(sort.by)}${sort.descending ? ' DESC' : ''}${nulls}`
}
