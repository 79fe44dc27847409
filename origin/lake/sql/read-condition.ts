/** IN, CASE, CAST and comparisons with subqueries. */
import { fieldsOf, flag, list, text } from './read-fields.ts'
import { readType } from './read-literal.ts'
import { exprOrNull, type Reading } from './reading.ts'
import { refused } from './refusal.ts'
import type { Comparison, Expr } from './tree.ts'

const COMPARISON: Readonly<Record<string, Comparison>> = { Eq: '=', Neq: '<>', Lt: '<', Lte: '<=', Gt: '>', Gte: '>=' }

/** Most values in one IN list, and items of one array. */
export const MAX_IN = 1000

export function readIn(node: unknown, read: Reading): Expr {
  const fields = fieldsOf(node, ['this', 'expressions', 'query', 'not'], 'IN')
  const values = list(fields['expressions'])
  const query = fields['query']
  if (values.length > MAX_IN) throw refused(`IN has more than ${MAX_IN} values`, 'Join a table, or use BETWEEN.')
  const items = query === null || query === undefined ? values.map(read.expr) : read.query(query)
  return { kind: 'in', of: read.expr(fields['this']), items, not: flag(fields['not']) }
}

export function readCase(node: unknown, read: Reading): Expr {
  const fields = fieldsOf(node, ['operand', 'whens', 'else_'], 'CASE')
  const whens = list(fields['whens']).map((pair) => {
    const [when, then] = list(pair)
    return [read.expr(when), read.expr(then)] as const
  })
  return {
    kind: 'case',
    operand: exprOrNull(fields['operand'], read),
    whens,
    otherwise: exprOrNull(fields['else_'], read),
  }
}

export function readCast(node: unknown, read: Reading, orNull: boolean): Expr {
  const fields = fieldsOf(node, ['this', 'to', 'double_colon_syntax'], 'CAST')
  return { kind: 'cast', of: read.expr(fields['this']), to: readType(fields['to']), orNull }
}

export function readQuantified(node: unknown, quantifier: 'ALL' | 'ANY', read: Reading): Expr {
  const fields = fieldsOf(node, ['this', 'subquery', 'op'], quantifier)
  const op = COMPARISON[text(fields['op']) ?? '']
  if (op === undefined) throw refused(`${quantifier} without a comparison is not supported`)
  return { kind: 'quantified', of: read.expr(fields['this']), op, quantifier, query: read.query(fields['subquery']) }
}
