/** Walking a tree: every node, once, without knowing each kind. */
import type { Expr, Query, Relation } from './tree.ts'

/** Anything in a tree that has a kind. */
export type Node = Expr | Query | Query['body'] | Relation

export const isNode = (value: object): value is Node => 'kind' in value

/** Every node below `root`, itself first, in the order of the text. */
export function* nodesOf(root: unknown): Generator<Node> {
  if (typeof root !== 'object' || root === null) return
  if (isNode(root)) yield root
  for (const value of Object.values(root)) yield* nodesOf(value)
}

/** The same, without going into queries inside expressions or relations: one level of scope. */
export function* nodesHere(root: unknown): Generator<Node> {
  if (typeof root !== 'object' || root === null) return
  if (isNode(root)) yield root
  for (const value of Object.values(root)) {
    if (typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'query') continue
    yield* nodesHere(value)
  }
}
