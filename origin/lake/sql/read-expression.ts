/** Expressions. A node type without a reader here is refused. */
import { exprOrNull, type Reading } from './reading.ts'
import { fieldsOf, flag, list, nameOf, namesOf, requiredName, typed } from './read-fields.ts'
import { checkPlaced } from './check-call.ts'
import { MAX_IN, readCase, readCast, readIn, readQuantified } from './read-condition.ts'
import { readCall } from './read-call.ts'
import { readInterval, readLiteral } from './read-literal.ts'
import { quoted, refused } from './refusal.ts'
import type { BinaryOperator, Expr } from './tree.ts'

const BINARY: Readonly<Record<string, BinaryOperator>> = {
  add: '+',
  sub: '-',
  mul: '*',
  div: '/',
  mod: '%',
  concat: '||',
  eq: '=',
  neq: '<>',
  lt: '<',
  lte: '<=',
  gt: '>',
  gte: '>=',
  and: 'AND',
  or: 'OR',
  null_safe_eq: 'IS NOT DISTINCT FROM',
  null_safe_neq: 'IS DISTINCT FROM',
}

export function readExpression(node: unknown, read: Reading): Expr {
  const [type, fields] = typed(node)
  const operator = BINARY[type]
  if (operator !== undefined) return readBinary(type, operator, fields, read)
  const reader = READERS[type]
  if (reader !== undefined) return reader(fields, read)
  const call = readCall(type, fields, read)
  if (call !== null) return checkPlaced(call)
  throw refused(`${quoted(type.replaceAll('_', ' '))} is not supported`, INSTEAD[type])
}

/** An argument: `x -> x + 1` may stand here, and nowhere else. */
export function readArgument(node: unknown, read: Reading): Expr {
  const [type, raw] = typed(node)
  if (type !== 'lambda') return read.expr(node)
  const fields = fieldsOf(raw, ['parameters', 'body', 'parameter_types'], 'a lambda')
  const parameters = namesOf(fields['parameters'])
  if (parameters.length !== 1 || list(fields['parameter_types']).some((of) => of !== null)) {
    throw refused('a lambda takes one parameter without a type', 'Write x -> x + 1.')
  }
  return { kind: 'lambda', parameters, body: read.expr(fields['body']) }
}

const INSTEAD: Readonly<Record<string, string>> = {
  i_like: 'Write lower(x) LIKE lower(y).',
  lambda: 'Functions like x -> x + 1 are arguments of transform and filter.',
  raw: "Write x NOT LIKE '...', or NOT (x LIKE '...').",
  dot: 'Give the table a short name (FROM t AS f) and write f.column.',
  method_call: 'Write the function by its name alone.',
  unicode_string: 'Write the character itself.',
  is_true: 'Write x = true.',
  is_false: 'Write x = false.',
  median: 'Write approx_percentile(x, 0.5).',
  string_agg: "Write listagg(x, ', ') WITHIN GROUP (ORDER BY x).",
  group_concat: "Write listagg(x, ', ') WITHIN GROUP (ORDER BY x).",
  placeholder: 'Write the value itself.',
  parameter: 'Write the value itself.',
}

type Reader = (fields: unknown, read: Reading) => Expr

const READERS: Readonly<Record<string, Reader>> = {
  literal: readLiteral,
  boolean: (node) => ({
    kind: 'literal',
    type: 'boolean',
    text: flag(fieldsOf(node, ['value'], 'a truth value')['value']) ? 'true' : 'false',
  }),
  null: () => ({ kind: 'literal', type: 'null', text: 'null' }),
  interval: readInterval,
  column: (node) => {
    const fields = fieldsOf(node, ['name', 'table'], 'a column')
    const name = requiredName(fields['name'], 'a column')
    // "Iceberg connector / Metadata columns": "$path" and its like tell of the bucket.
    if (name.startsWith('$')) throw refused(`${quoted(name)} is a hidden column`, 'Take the columns of the table.')
    return { kind: 'column', table: nameOf(fields['table']), name }
  },
  paren: (node, read) => read.expr(fieldsOf(node, ['this'], 'brackets')['this']),
  neg: (node, read) => ({ kind: 'unary', op: '-', of: read.expr(fieldsOf(node, ['this'], 'a sign')['this']) }),
  not: (node, read) => ({ kind: 'unary', op: 'NOT', of: read.expr(fieldsOf(node, ['this'], 'NOT')['this']) }),
  mod_func: (node, read) => {
    const fields = fieldsOf(node, ['this', 'expression'], 'mod')
    return { kind: 'binary', op: '%', left: read.expr(fields['this']), right: read.expr(fields['expression']) }
  },
  like: (node, read) => {
    const fields = fieldsOf(node, ['left', 'right', 'escape'], 'LIKE')
    return {
      kind: 'like',
      of: read.expr(fields['left']),
      pattern: read.expr(fields['right']),
      escape: exprOrNull(fields['escape'], read),
    }
  },
  between: (node, read) => {
    const fields = fieldsOf(node, ['this', 'low', 'high', 'not'], 'BETWEEN')
    const [of, low, high] = [fields['this'], fields['low'], fields['high']].map(read.expr) as [Expr, Expr, Expr]
    return { kind: 'between', of, low, high, not: flag(fields['not']) }
  },
  in: readIn,
  is_null: (node, read) => {
    const fields = fieldsOf(node, ['this', 'not'], 'IS NULL')
    return { kind: 'is-null', of: read.expr(fields['this']), not: flag(fields['not']) }
  },
  case: readCase,
  if_func: (node, read) => {
    const fields = fieldsOf(node, ['condition', 'true_value', 'false_value'], 'if')
    return {
      kind: 'case',
      operand: null,
      whens: [[read.expr(fields['condition']), read.expr(fields['true_value'])]],
      otherwise: exprOrNull(fields['false_value'], read),
    }
  },
  cast: (node, read) => readCast(node, read, false),
  try_cast: (node, read) => readCast(node, read, true),
  exists: (node, read) => {
    const query = read.query(fieldsOf(node, ['this'], 'EXISTS')['this'])
    return { kind: 'exists', query }
  },
  subquery: (node, read) => ({ kind: 'scalar', query: read.query({ subquery: node }) }),
  all: (node, read) => readQuantified(node, 'ALL', read),
  any: (node, read) => readQuantified(node, 'ANY', read),
  tuple: (node, read) => {
    const items = list(fieldsOf(node, ['expressions'], 'a row')['expressions']).map(read.expr)
    return { kind: 'tuple', items }
  },
  array_func: (node, read) => {
    const items = list(fieldsOf(node, ['expressions', 'bracket_notation'], 'an array')['expressions']).map(read.expr)
    if (items.length > MAX_IN) throw refused(`an array has more than ${MAX_IN} items`)
    return { kind: 'array', items }
  },
  subscript: (node, read) => {
    const fields = fieldsOf(node, ['this', 'index'], 'a subscript')
    return { kind: 'element', of: read.expr(fields['this']), index: read.expr(fields['index']) }
  },
}

/**
 * In Trino `||` binds loosest of the arithmetic operators (SqlBase.g4, valueExpression), the parser gives it the
 * rank of `+`: where that would change the meaning, brackets are asked for.
 */
function readBinary(type: string, op: BinaryOperator, node: unknown, read: Reading): Expr {
  const fields = fieldsOf(node, ['left', 'right'], op)
  const sides = [fields['left'], fields['right']]
  if ((type === 'add' || type === 'sub') && sides.some((side) => typed(side)[0] === 'concat')) {
    throw refused('|| stands beside + or - without brackets', 'Write a || (b + c).')
  }
  return { kind: 'binary', op, left: read.expr(fields['left']), right: read.expr(fields['right']) }
}
