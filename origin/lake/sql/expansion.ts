/**
 * How large a query becomes inside the engine: a macro copies its argument to every place that names it, so macros
 * within macros grow by powers (`1 / (1 / (1 / ...))`).
 */
import { FUNCTIONS } from './functions.ts'
import { refused } from './refusal.ts'
import type { Query } from './tree.ts'
import { type Node, isNode } from './walk.ts'

/** Nodes after expansion. A long report has some hundreds. */
const MAX_EXPANSION = 50_000

/** Most copies that a macro of `duckdb-macros.ts` makes of an argument. */
const COPIES = 3

/** @throws Fault QUERY_REJECTED beyond the cap. */
export function checkExpansion(query: Query): void {
  if (expansionOf(query) > MAX_EXPANSION) {
    throw refused('divisions or functions are nested too deeply in one another', 'Use WITH for the inner steps.')
  }
}

function expansionOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  const node = isNode(value) ? value : null
  let size = node === null ? 0 : 1
  for (const [field, part] of Object.entries(value)) size += expansionOf(part) * copiesOf(node, field)
  return size
}

function copiesOf(node: Node | null, field: string): number {
  if (node?.kind === 'binary' && (node.op === '/' || node.op === '%')) return field === 'right' ? COPIES : 1
  if (node?.kind === 'call' && field === 'args') return FUNCTIONS.get(node.fn)?.duckdb.startsWith('trino_') ? COPIES : 1
  return 1
}
