/**
 * Arrays in the result. Athena's API gives every cell as text, and an array as `[a, b]` without quotes: `['a, b']` and
 * `['a', 'b']` look the same there. So a column that is an array is asked for as JSON.
 */
import { refused } from './refusal.ts'
import type { Expr, Query, SelectItem } from './tree.ts'
import type { Types } from './typing.ts'

const INSTEAD = "Write array_join(x, ',') for it."

/**
 * @returns The query with every array of its outermost SELECT as JSON text, and the places of those, from 0.
 * @throws Fault QUERY_REJECTED where such a column decides the order: texts order otherwise than arrays.
 */
export function arraysAsJson(
  query: Query,
  types: Types,
): { readonly query: Query; readonly json: ReadonlySet<number> } {
  const { body } = query
  const isArray = (node: Expr): boolean => types.get(node)?.kind === 'array'
  const none = { query, json: new Set<number>() }
  if (body.kind !== 'select') return none
  const found = body.items.map((item) => item.kind === 'item' && isArray(item.of))
  if (!found.includes(true)) return none
  if (query.orderBy.some(({ by }) => isArray(by) || (by.kind === 'literal' && found[Number(by.text) - 1] === true)))
    throw refused('it is ordered by an array', INSTEAD)
  if (body.items.some((item) => item.kind === 'star')) throw refused('an array stands beside *', 'Name the columns.')
  const items = body.items.map((item, at) => (found[at] === true ? asJson(item, at) : item))
  return {
    query: { ...query, body: { ...body, items } },
    json: new Set(found.flatMap((is, at) => (is ? [at] : []))),
  }
}

function asJson(item: SelectItem, at: number): SelectItem {
  if (item.kind === 'star') return item
  const cast: Expr = { kind: 'cast', of: item.of, to: { name: 'JSON', args: [], of: null }, orNull: false }
  const alias = item.alias ?? (item.of.kind === 'column' ? item.of.name : `_col${at}`)
  return { kind: 'item', alias, of: { ...CALL, fn: 'json_format', args: [cast] } }
}

const CALL = { kind: 'call', distinct: false, orderBy: [], filter: null, ignoreNulls: false, over: null } as const
