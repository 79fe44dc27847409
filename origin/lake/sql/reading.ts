import type { Expr, Query } from './tree.ts'

/** The readers call one another through this: an expression holds queries, and a query expressions. */
export interface Reading {
  readonly expr: (node: unknown) => Expr
  /** The argument of a function: an expression, or a function of its own. */
  readonly argument: (node: unknown) => Expr
  readonly query: (node: unknown) => Query
}

export const exprOrNull = (node: unknown, read: Reading): Expr | null =>
  node === null || node === undefined ? null : read.expr(node)
