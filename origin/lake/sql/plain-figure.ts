/** Whether an expression is a table's own figure, or something worked out from several. */
import { columnOfKey } from './held.ts'
import { originOf, type Places } from './origins.ts'
import type { Expr } from './tree.ts'

/** Functions that leave a figure what it is. */
const KEEPS = new Set(['coalesce', 'nullif', 'round', 'abs', 'truncate', 'floor', 'ceil', 'ceiling', 'try', 'if'])

/**
 * `value` itself, cast, rounded, filled, chosen by a CASE, or scaled by a number. A product with another column is a
 * weight, and a sum of weighted rates is an honest figure.
 */
export function isFigure(node: Expr, places: Places): boolean {
  const is = (part: Expr): boolean => isFigure(part, places)
  if (node.kind === 'column') {
    const key = originOf(node, places)?.key ?? null
    return key !== null && columnOfKey(key) === 'value'
  }
  if (node.kind === 'cast' || node.kind === 'unary') return is(node.of)
  if (node.kind === 'binary') {
    const sides = [node.left, node.right]
    const scaled = node.op === '+' || node.op === '-' || sides.some(({ kind }) => kind === 'literal')
    return scaled && alike(sides, is)
  }
  if (node.kind === 'case') return alike([...node.whens.map(([, then]) => then), node.otherwise ?? NULL], is)
  if (node.kind !== 'call' || !KEEPS.has(node.fn)) return false
  return alike(node.fn === 'if' ? node.args.slice(1) : node.args, is)
}

const NULL = { kind: 'literal', type: 'null', text: 'NULL' } as const satisfies Expr

/** One figure at least, and nothing but figures and literals beside it. */
const alike = (parts: readonly Expr[], is: (part: Expr) => boolean): boolean =>
  parts.some(is) && parts.every((part) => part.kind === 'literal' || is(part))
