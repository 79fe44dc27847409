/**
 * Where a query may put together what does not belong together (PRODUCT.md, promise 5): an aggregate of `value` over
 * rows of several measures, units, or of totals beside their parts. Advice, as the data may be of one measure and names
 * may be fixed in ways that a tree does not show; but a sum that is proved to be of rates or index numbers is refused.
 */
import { type Aggregate, aggregatesOf } from './aggregates.ts'
import { mayHoldRates, refuseSum } from './never-summed.ts'
import type { Query } from './tree.ts'

/** What it takes to know of a table: a LakeTable will do. */
export interface WarnedTable {
  readonly name: string
  readonly columns: readonly { readonly name: string }[]
  /** Ours tell which measures are rates and index numbers. */
  readonly properties?: Readonly<Record<string, string>>
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

/**
 * @returns Sentences, each once, innermost query first; none where nothing is amiss.
 * @throws Fault QUERY_REJECTED where index numbers or rates are summed.
 */
export function warningsOf(query: Query, tables: readonly WarnedTable[]): readonly string[] {
  const found = aggregatesOf(query, tables).filter(({ fn }) => SUMS.has(fn) || SPREADS.has(fn))
  for (const one of found) if (SUMS.has(one.fn)) refuseSum(one, tables)
  return [...new Set(found.flatMap((one) => [...advice(one), ...(SUMS.has(one.fn) ? rateAdvice(one, tables) : [])]))]
}

function rateAdvice(sum: Aggregate, tables: readonly WarnedTable[]): readonly string[] {
  const names = mayHoldRates(sum, tables)
  if (names.length === 0) return []
  const listed = `${names.slice(0, 5).join(', ')}${names.length > 5 ? ', ...' : ''}`
  return [
    `It may sum rates or index numbers (${listed}), which are never summed: take avg, or fix a measure that is counted.`,
  ]
}

function advice({ fn, axes, isHeld }: Aggregate): readonly string[] {
  const sums = SUMS.has(fn)
  const isFixed = (axis: string): boolean =>
    (axis === 'time' ? ['code', 'name', 'start', 'end'] : ['code', 'name']).some((part) => isHeld(`${axis}_${part}`))
  const open = axes.filter((axis) => !isFixed(axis) && !isHeld(`${axis}_role`))
  const warnings: string[] = []
  if (axes.includes('tab') && !isFixed('tab')) {
    warnings.push('It aggregates value over every measure: fix tab_code (or tab_name), or group by it.')
  }
  if (!isHeld('unit') && !isFixed('tab')) {
    warnings.push('It aggregates value over every unit: fix unit, or group by it.')
  }
  const parts = open.filter((axis) => axis !== 'tab' && axis !== 'time')
  if (sums && parts.length > 0) {
    const columns = parts.map((axis) => `${axis}_role`).join(', ')
    warnings.push(
      `It sums value over totals and their parts alike: fix one code of each, or add = 'part' for ${columns}.`,
    )
  }
  if (sums && open.includes('time')) {
    warnings.push('It sums value over several periods: fix time_code, or group by it.')
  }
  return warnings
}
