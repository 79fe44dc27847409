/**
 * Where a query may put together what does not belong together (PRODUCT.md, promise 5): an aggregate of `value` over
 * rows of several measures, units, or of totals beside their parts. Advice, as the data may be of one measure and names
 * may be fixed in ways that a tree does not show; but a sum that is proved to be of rates or index numbers is refused.
 */
import { type Aggregate, aggregatesOf } from './aggregates.ts'
import { mayHoldRates, refuseSum } from './never-summed.ts'
import { both, listed, type Words } from '../../estat/words.ts'
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

const ADVICE = {
  measures: both(
    'value を複数の表章項目にまたがって集計しています。tab_code（または tab_name）を一つに絞るか、GROUP BY に加えてください。',
    'It aggregates value over every measure: fix tab_code (or tab_name), or group by it.',
  ),
  units: both(
    'value を複数の単位にまたがって集計しています。unit を一つに絞るか、GROUP BY に加えてください。',
    'It aggregates value over every unit: fix unit, or group by it.',
  ),
  parts: (roles: readonly string[]) =>
    both(
      `合計とその内訳を区別せずに value を足しています。各軸のコードを一つに絞るか、${listed('J', roles)} に = 'part' の条件を加えてください。`,
      `It sums value over totals and their parts alike: fix one code of each, or add = 'part' for ${listed('E', roles)}.`,
    ),
  periods: both(
    '複数の時点の value を足しています。time_code を一つに絞るか、GROUP BY に加えてください。',
    'It sums value over several periods: fix time_code, or group by it.',
  ),
  rates: (names: readonly string[]) => {
    const [some, more] = [names.slice(0, 5), names.length > 5]
    return both(
      `合算できない比率や指数（${listed('J', some)}${more ? 'など' : ''}）を足している可能性があります。avg を使うか、合算できる表章項目に絞ってください。`,
      `It may sum rates or index numbers (${listed('E', some)}${more ? ', ...' : ''}), which are never summed: take avg, or fix a measure that is counted.`,
    )
  },
} as const

/**
 * @returns Sentences, each once, innermost query first; none where nothing is amiss.
 * @throws Fault QUERY_REJECTED where index numbers or rates are summed.
 */
export function warningsOf(query: Query, tables: readonly WarnedTable[]): readonly Words[] {
  const found = aggregatesOf(query, tables).filter(({ fn }) => SUMS.has(fn) || SPREADS.has(fn))
  for (const one of found) if (SUMS.has(one.fn)) refuseSum(one, tables)
  const all = found.flatMap((one) => [...advice(one), ...(SUMS.has(one.fn) ? rateAdvice(one, tables) : [])])
  return [...new Map(all.map((words) => [words.E, words])).values()]
}

function rateAdvice(sum: Aggregate, tables: readonly WarnedTable[]): readonly Words[] {
  const names = mayHoldRates(sum, tables)
  if (names.length === 0) return []
  return [ADVICE.rates(names)]
}

function advice({ fn, axes, isHeld }: Aggregate): readonly Words[] {
  const sums = SUMS.has(fn)
  const isFixed = (axis: string): boolean =>
    (axis === 'time' ? ['code', 'name', 'start', 'end'] : ['code', 'name']).some((part) => isHeld(`${axis}_${part}`))
  const open = axes.filter((axis) => !isFixed(axis) && !isHeld(`${axis}_role`))
  const warnings: Words[] = []
  if (axes.includes('tab') && !isFixed('tab')) {
    warnings.push(ADVICE.measures)
  }
  if (!isHeld('unit') && !isFixed('tab')) {
    warnings.push(ADVICE.units)
  }
  const parts = open.filter((axis) => axis !== 'tab' && axis !== 'time')
  if (sums && parts.length > 0) {
    warnings.push(ADVICE.parts(parts.map((axis) => `${axis}_role`)))
  }
  if (sums && open.includes('time')) {
    warnings.push(ADVICE.periods)
  }
  return warnings
}
