/** GROUP BY: columns, grouping sets, ROLLUP and CUBE. */
import { fieldsOf, isNode, list, text, typed } from './read-fields.ts'
import type { Reading } from './reading.ts'
import { refused } from './refusal.ts'
import type { Expr, GroupItem } from './tree.ts'

const GROUPINGS: Readonly<Record<string, 'sets' | 'rollup' | 'cube'>> = {
  'grouping sets': 'sets',
  rollup: 'rollup',
  cube: 'cube',
}

/** CUBE of more columns makes more than 64 groupings. */
const MAX_CUBE = 6

/** Complex groupings take names of columns alone (Trino documentation, "SELECT / Complex grouping operations"). */
export function readGroupBy(node: unknown, read: Reading): readonly GroupItem[] {
  if (node === null || node === undefined) return []
  return list(fieldsOf(node, ['expressions'], 'GROUP BY')['expressions']).map((item) => {
    const [type, fields] = typed(item)
    const name = type === 'function' && isNode(fields) ? (text(fields['name']) ?? '').toLowerCase() : ''
    const kind = GROUPINGS[name]
    if (kind === undefined) return type === 'tuple' ? { kind: 'sets', sets: [setOf(item, read)] } : by(item, read)
    const sets = list(fieldsOf(fields, ['name', 'args'], name)['args']).map((set) => setOf(set, read))
    if (sets.flat().some((one) => one.kind !== 'column')) {
      throw refused(`${name.toUpperCase()} groups by an expression`, 'Compute it in WITH, and group by its name.')
    }
    if (kind === 'cube' && sets.length > MAX_CUBE) throw refused(`CUBE has more than ${MAX_CUBE} columns`)
    return { kind, sets }
  })
}

const by = (node: unknown, read: Reading): GroupItem => ({ kind: 'by', of: read.expr(node) })

function setOf(node: unknown, read: Reading): readonly Expr[] {
  const [type, fields] = typed(node)
  if (type === 'tuple') return list(fieldsOf(fields, ['expressions'], 'a grouping')['expressions']).map(read.expr)
  return [read.expr(node)]
}
