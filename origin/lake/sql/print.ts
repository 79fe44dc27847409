/**
 * Tree to text. The default spelling is Trino's; another dialect gives hooks for what it spells differently.
 * Every name is quoted, and every operand that is not plain stands in brackets, so that no reader can disagree.
 */
import { type Dialect, type Print, TRINO, quoteName } from './dialect.ts'
import { isPlain, printExpr, printSort, printWindow } from './print-expression.ts'
import type { GroupItem, Join, Query, Relation, Select, SelectItem, TableAlias } from './tree.ts'

export function printQuery(query: Query, dialect: Dialect = TRINO): string {
  const print: Print = {
    dialect,
    expr: (node) => dialect.expr?.(node, print) ?? printExpr(node, print),
    operand: (node) => (isPlain(node) ? print.expr(node) : `(${print.expr(node)})`),
    query: (node) => printWhole(node, print),
    sort: (node) => printSort(node, print),
  }
  return print.query(query)
}

const names = (list: readonly string[]): string => list.map(quoteName).join(', ')

function printWhole(query: Query, print: Print): string {
  const ctes = query.with.map((cte) => {
    const columns = cte.columns.length === 0 ? '' : ` (${names(cte.columns)})`
    return `${quoteName(cte.name)}${columns} AS (${print.query(cte.query)})`
  })
  return [
    ctes.length === 0 ? '' : `WITH ${ctes.join(', ')}`,
    printBody(query, print),
    printOrder(query, print),
    query.offset === null ? '' : `OFFSET ${query.offset}`,
    query.limit === null ? '' : `LIMIT ${query.limit}`,
  ]
    .filter((part) => part !== '')
    .join(' ')
}

function printOrder(query: Query, print: Print): string {
  const ties = Array.from({ length: print.dialect.ties?.(query) ?? 0 }, (_, at) => `${at + 1} NULLS LAST`)
  const sorts = [...query.orderBy.map(print.sort), ...ties]
  return sorts.length === 0 ? '' : `ORDER BY ${sorts.join(', ')}`
}

function printBody({ body }: Query, print: Print): string {
  if (body.kind === 'select') return printSelect(body, print)
  if (body.kind === 'values') {
    return `VALUES ${body.rows.map((row) => `(${row.map(print.expr).join(', ')})`).join(', ')}`
  }
  const tight = body.op === 'INTERSECT'
  const left = isBare(body.left) && body.left.body.kind === 'set' && (body.left.body.op === 'INTERSECT') === tight
  const side = (query: Query, open: boolean): string =>
    open || (isBare(query) && query.body.kind === 'select') ? print.query(query) : `(${print.query(query)})`
  return `${side(body.left, left)} ${body.op}${body.all ? ' ALL' : ''} ${side(body.right, false)}`
}

const isBare = (query: Query): boolean =>
  query.with.length === 0 && query.orderBy.length === 0 && query.offset === null && query.limit === null

function printSelect(select: Select, print: Print): string {
  const windows = select.windows.map(({ name, window }) => `${name} AS (${printWindow(window, print)})`)
  return [
    `SELECT ${select.distinct ? 'DISTINCT ' : ''}${select.items.map((item, at) => printItem(item, at, print)).join(', ')}`,
    select.from.length === 0 ? '' : `FROM ${select.from.map((from) => printRelation(from, print)).join(', ')}`,
    select.where === null ? '' : `WHERE ${print.expr(select.where)}`,
    select.groupBy.length === 0 ? '' : `GROUP BY ${select.groupBy.map((item) => printGroup(item, print)).join(', ')}`,
    select.having === null ? '' : `HAVING ${print.expr(select.having)}`,
    windows.length === 0 ? '' : `WINDOW ${windows.join(', ')}`,
  ]
    .filter((part) => part !== '')
    .join(' ')
}

function printItem(item: SelectItem, at: number, print: Print): string {
  if (item.kind === 'star') return item.table === null ? '*' : `${quoteName(item.table)}.*`
  const unnamed = print.dialect.nameColumns === true && item.of.kind !== 'column' ? `_col${at}` : null
  const alias = item.alias ?? unnamed
  return `${print.expr(item.of)}${alias === null ? '' : ` AS ${quoteName(alias)}`}`
}

function printGroup(item: GroupItem, print: Print): string {
  if (item.kind === 'by') return print.expr(item.of)
  const rows = item.sets.map((set) => set.map(print.expr).join(', '))
  if (item.kind === 'sets') return `GROUPING SETS (${rows.map((row) => `(${row})`).join(', ')})`
  return `${item.kind.toUpperCase()} (${item.sets.map((set, at) => (set.length === 1 ? rows[at] : `(${rows[at]})`)).join(', ')})`
}

function printRelation(relation: Relation, print: Print): string {
  if (relation.kind === 'join') return printJoin(relation, print)
  const alias = printAlias(relation.alias)
  if (relation.kind === 'derived') return `(${print.query(relation.query)})${alias}`
  if (relation.kind === 'table') {
    const own = print.dialect.table?.(relation) ?? null
    const schema = relation.schema === null ? '' : `${quoteName(relation.schema)}.`
    return `${own ?? `${schema}${quoteName(relation.name)}`}${alias}`
  }
  const ordinality = relation.ordinality ? ' WITH ORDINALITY' : ''
  return `UNNEST(${relation.arrays.map(print.expr).join(', ')})${ordinality}${alias}`
}

function printJoin(join: Join, print: Print): string {
  const right = printRelation(join.right, print)
  const using = join.using.length === 0 ? '' : ` USING (${names(join.using)})`
  const condition = join.on === null ? using : ` ON ${print.expr(join.on)}`
  return `${printRelation(join.left, print)} ${join.type} JOIN ${join.right.kind === 'join' ? `(${right})` : right}${condition}`
}

const printAlias = (alias: TableAlias | null): string =>
  alias === null ? '' : ` AS ${quoteName(alias.name)}${alias.columns.length === 0 ? '' : ` (${names(alias.columns)})`}`
