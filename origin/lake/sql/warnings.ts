/**
 * Where a query may put together what does not belong together (PRODUCT.md, promise 5): an aggregate of `value` over
 * rows of several measures, units, or of totals beside their parts. Advice, never a refusal: the data may be of one
 * measure, and names may be fixed in ways that a tree does not show.
 */
import { same } from './columns.ts'
import type { Expr, GroupItem, Query, Select } from './tree.ts'
import { nodesHere, nodesOf } from './walk.ts'

/** What it takes to know of a table: a LakeTable will do. */
export interface WarnedTable {
  readonly name: string
  readonly columns: readonly { readonly name: string }[]
}

/** Aggregates whose answer depends on what the rows are. `count`, `array_agg` and the like do not add up. */
const SUMS = new Set(['sum'])
const SPREADS = new Set(
  // biome-ignore format: one list
  [
    'avg', 'min', 'max', 'stddev', 'stddev_samp', 'stddev_pop', 'variance', 'var_samp', 'var_pop', 'approx_percentile',
    'geometric_mean', 'skewness', 'kurtosis', 'corr', 'covar_pop', 'covar_samp', 'regr_slope', 'regr_intercept',
  ],
)

/** @returns Sentences, each once, in a fixed order; none where nothing is amiss. */
export function warningsOf(query: Query, tables: readonly WarnedTable[]): readonly string[] {
  const warnings = new Set<string>()
  for (const node of nodesOf(query)) {
    if (node.kind !== 'select') continue
    for (const warning of ofSelect(node, query, tables)) warnings.add(warning)
  }
  return [...warnings]
}

function ofSelect(select: Select, whole: Query, tables: readonly WarnedTable[]): readonly string[] {
  const own = [...nodesHere([select.items, select.having])]
  const calls = own.filter((node) => node.kind === 'call')
  const over = calls.filter((call) => (SUMS.has(call.fn) || SPREADS.has(call.fn)) && call.args.some(readsValue))
  if (over.length === 0) return []
  const partitions = over.every((call) => call.over !== null)
    ? over.flatMap((call) => call.over?.partitionBy ?? [])
    : []
  const fixed = new Set([
    ...namesFixed(whole),
    ...select.groupBy.flatMap((item) => groupedNames(item, select)),
    ...partitions.flatMap(columnName),
    ...over.flatMap((call) => (call.filter === null ? [] : equalities(call.filter))),
    ...own.flatMap((node) => (node.kind === 'case' ? node.whens.flatMap(([when]) => equalities(when)) : [])),
  ])
  const sums = over.some((call) => SUMS.has(call.fn))
  return advice(fixed, sums, axesOf(tables))
}

function advice(fixed: ReadonlySet<string>, sums: boolean, axes: readonly string[]): readonly string[] {
  const isFixed = (axis: string): boolean => ['code', 'name'].some((part) => fixed.has(`${axis}_${part}`))
  const open = axes.filter((axis) => !isFixed(axis) && !fixed.has(`${axis}_role`))
  const warnings: string[] = []
  if (axes.includes('tab') && !isFixed('tab')) {
    warnings.push('It aggregates value over every measure: fix tab_code (or tab_name), or group by it.')
  }
  if (!fixed.has('unit') && !isFixed('tab')) {
    warnings.push('It aggregates value over every unit: fix unit, or group by it.')
  }
  const parts = open.filter((axis) => axis !== 'tab' && axis !== 'time')
  if (sums && parts.length > 0) {
    const columns = parts.map((axis) => `${axis}_role`).join(', ')
    warnings.push(`It sums value over totals and their parts alike: fix the codes, or add = 'part' for ${columns}.`)
  }
  if (sums && open.includes('time')) {
    warnings.push('It sums value over several periods: fix time_code, or group by it.')
  }
  return warnings
}

const axesOf = (tables: readonly WarnedTable[]): readonly string[] => [
  ...new Set(
    tables.flatMap(({ columns }) =>
      columns.filter(({ name }) => name.endsWith('_code') && !/^(region|.*_parent)_code$/.test(name)).map(axisName),
    ),
  ),
]
const axisName = ({ name }: { readonly name: string }): string => name.slice(0, -'_code'.length)

const readsValue = (node: Expr): boolean =>
  [...nodesHere(node)].some((inner) => inner.kind === 'column' && same(inner.name, 'value'))

const columnName = (node: Expr): readonly string[] => (node.kind === 'column' ? [node.name.toLowerCase()] : [])

/** Columns that any WHERE, ON or grouping of a WITH or subquery holds to written values: too kind rather than too loud. */
const namesFixed = (query: Query): readonly string[] =>
  [...nodesOf(query)].flatMap((node) => {
    if (node.kind === 'select') return node.where === null ? [] : equalities(node.where)
    return node.kind === 'join' ? [...(node.on === null ? [] : equalities(node.on)), ...node.using] : []
  })

/** Columns held to one value or a few: by =, by IN, or by LIKE, under ANDs and ORs. */
function equalities(node: Expr): readonly string[] {
  if (node.kind === 'binary' && (node.op === 'AND' || node.op === 'OR')) {
    return [...equalities(node.left), ...equalities(node.right)]
  }
  if (node.kind === 'binary' && node.op === '=') return [...columnName(node.left), ...columnName(node.right)]
  if (node.kind === 'in' && !node.not) return columnName(node.of)
  return node.kind === 'like' ? columnName(node.of) : []
}

/** A grouping by column, by its place in the SELECT list, or in every set of GROUPING SETS. */
function groupedNames(item: GroupItem, select: Select): readonly string[] {
  if (item.kind !== 'by') {
    return item.kind === 'sets' ? (item.sets[0] ?? []).flatMap(columnName).filter((name) => inAll(name, item.sets)) : []
  }
  if (item.of.kind === 'literal') {
    const placed = select.items[Number(item.of.text) - 1]
    return placed?.kind === 'item' ? columnName(placed.of) : []
  }
  return columnName(item.of)
}

const inAll = (name: string, sets: readonly (readonly Expr[])[]): boolean =>
  sets.every((set) => set.some((one) => columnName(one).includes(name)))
