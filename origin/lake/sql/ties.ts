/**
 * Ties. Each page of an answer is a run of its own, and an engine is free to give rows that tie in another order on each
 * run (Trino documentation, "SELECT / LIMIT clause": without a full order the rows are arbitrary): pages would then
 * lose rows and repeat others. So whatever is cut, the whole or a query inside it, is ordered by every one of its
 * columns after the caller's own ORDER BY. Rows that still tie are the same row.
 */
import { both, listed, type Words } from '../../estat/words.ts'
import { same } from './columns.ts'
import { FUNCTIONS } from './functions.ts'
import type { Call, Expr, Query, Select } from './tree.ts'
import type { Widths } from './typing.ts'
import { nodesHere, nodesOf } from './walk.ts'

/**
 * @param keepsOrder Whether the engine gives the rows of one table in the order of its files, on every run.
 * @returns For a query of `whole`: how many of its columns, by their places from 1, to add to its ORDER BY.
 */
export function tieBreakers(whole: Query, widths: Widths, keepsOrder = true): (query: Query) => number {
  const ctes = [...nodesOf(whole)].flatMap((node) => (node.kind === 'query' ? node.with.map(({ name }) => name) : []))
  return (query) => {
    const isCut = query.limit !== null || query.offset !== null
    return isCut && !isOneRow(query) && !(keepsOrder && isScan(query, ctes)) ? (widths.get(query.body) ?? 0) : 0
  }
}

/** Aggregates without GROUP BY give one row, which needs no order: and it may hold an array that is dear to sort by. */
const isOneRow = ({ body }: Query): boolean =>
  body.kind === 'select' &&
  body.groupBy.length === 0 &&
  [...nodesHere([body.items, body.having])].some(
    (node) => node.kind === 'call' && node.over === null && FUNCTIONS.get(node.fn)?.kind === 'aggregate',
  )

/**
 * Rows of one table as they lie in its files, filtered or not: their order is the same in every run of an engine that
 * keeps it, and sorting millions of them to show a hundred is spared.
 */
function isScan({ body, orderBy }: Query, ctes: readonly string[]): boolean {
  if (body.kind !== 'select' || orderBy.length > 0 || body.from.length !== 1) return false
  const [from] = body.from
  if (from?.kind !== 'table' || (from.schema === null && ctes.some((name) => same(name, from.name)))) return false
  return isRowByRow(body)
}

function isRowByRow(select: Select): boolean {
  if (select.distinct || select.groupBy.length > 0 || select.having !== null) return false
  return [...nodesHere([select.items, select.where])].every((node) => {
    if (node.kind === 'call') return FUNCTIONS.get(node.fn)?.kind === 'scalar'
    return node.kind === 'in' ? !('kind' in node.items) : !QUERIES.has(node.kind)
  })
}
const QUERIES = new Set<string>(['scalar', 'exists', 'quantified'] satisfies Expr['kind'][])

/** Functions whose answer depends on the order of rows that tie, whatever the order of the result. */
const BY_ORDER = new Set(['row_number', 'ntile', 'lag', 'lead', 'first_value', 'last_value', 'nth_value'])
const BY_CHANCE = new Set(['any_value', 'arbitrary', 'max_by', 'min_by'])

/** @returns A sentence for the answer where one of its functions may answer otherwise on the next page; else null. */
export function unsteadyWarning(query: Query): Words | null {
  const calls = [...nodesOf(query)].filter((node): node is Call => node.kind === 'call')
  const unsteady = calls.filter(
    ({ fn, orderBy }) => BY_ORDER.has(fn) || BY_CHANCE.has(fn) || (fn === 'array_agg' && orderBy.length === 0),
  )
  if (unsteady.length === 0) return null
  const names = [...new Set(unsteady.map(({ fn }) => fn))]
  return both(
    `ページごとに問い合わせをやり直すため、順位の並ぶ行では ${listed('J', names)} の結果が変わることがあります。ORDER BY の列を増やすか、1ページに収まる行数にしてください。`,
    `Each page runs the query anew, and ${listed('E', names)} may answer otherwise where rows tie: order it by more columns, or ask for fewer rows than one page holds.`,
  )
}
