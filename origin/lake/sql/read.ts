/** Text to tree: the whole way, with the bounds on depth and size. */
import { parseSql } from './parser.ts'
import { readArgument, readExpression } from './read-expression.ts'
import { readQuery } from './read-query.ts'
import type { Reading } from './reading.ts'
import { refused } from './refusal.ts'
import type { Query } from './tree.ts'
import { nodesHere, nodesOf } from './walk.ts'

/** Nesting of expressions and queries; a chain of ANDs counts one for each. */
const MAX_DEPTH = 150
/** Expressions and queries in all. */
const MAX_PARTS = 5000

/**
 * @param sql One statement of Trino's dialect.
 * @returns Its tree.
 * @throws Fault QUERY_REJECTED for a syntax error (line and column), for more than one statement, for anything but a
 *   query, and for every construct, function or type that is not on the lists.
 */
export async function readSql(sql: string): Promise<Query> {
  const roots = await parseSql(sql)
  const root = roots[0]
  if (roots.length !== 1 || root === undefined) {
    throw refused(roots.length === 0 ? 'it is empty' : `it holds ${roots.length} statements`, 'Send one SELECT.')
  }
  const query = reading().query(root)
  checkStars(query)
  return query
}

/**
 * Trino leaves the columns of USING out of `a.*` (Trino documentation, "SELECT / JOIN / USING"), and DuckDB does not: the
 * same text would have other columns there.
 */
function checkStars(query: Query): void {
  for (const node of nodesOf(query)) {
    if (node.kind !== 'select' || !node.items.some((item) => item.kind === 'star' && item.table !== null)) continue
    const joined = [...nodesHere(node.from)].some((from) => from.kind === 'join' && from.using.length > 0)
    if (joined) throw refused('a.* stands over a join by USING', 'Join with ON, or name the columns.')
  }
}

function reading(): Reading {
  let depth = 0
  let parts = 0
  const within = <T>(work: () => T): T => {
    depth += 1
    parts += 1
    if (depth > MAX_DEPTH) throw refused('it is nested too deeply', 'Use WITH for steps and IN (...) for many values.')
    if (parts > MAX_PARTS) throw refused('it has too many parts', 'Join a table instead of writing values out.')
    try {
      return work()
    } finally {
      depth -= 1
    }
  }
  const read: Reading = {
    expr: (node) => within(() => readExpression(node, read)),
    argument: (node) => within(() => readArgument(node, read)),
    query: (node) => within(() => readQuery(node, read)),
  }
  return read
}
