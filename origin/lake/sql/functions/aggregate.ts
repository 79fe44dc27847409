/**
 * Aggregates: they read the rows of a group and nothing else, in memory bounded by the groups
 * (`array_agg` and `listagg` by the rows, within the engine's memory limit).
 * Trino documentation, "Functions / Aggregate functions".
 *
 * Left out: map and histogram results (no column type for them), `checksum` (no equal in DuckDB), sketches.
 */
import { listed } from './sql-function.ts'

export const AGGREGATE_FUNCTIONS = listed('aggregate', [
  ['count', [0, 1]],
  ['sum', 1],
  ['avg', 1],
  ['min', 1],
  ['max', 1],
  // Trino skips a row only where the second argument is null; DuckDB's `arg_max` also where the first is.
  ['max_by', 2, 'arg_max_null'],
  ['min_by', 2, 'arg_min_null'],
  ['any_value', 1],
  ['arbitrary', 1, 'any_value'],
  ['array_agg', 1, 'list'],
  ['listagg', 2, 'string_agg'],
  ['count_if', 1],
  ['bool_and', 1],
  ['bool_or', 1],
  ['every', 1, 'bool_and'],
  ['stddev', 1, 'stddev_samp'],
  ['stddev_samp', 1],
  ['stddev_pop', 1],
  ['variance', 1, 'var_samp'],
  ['var_samp', 1],
  ['var_pop', 1],
  ['corr', 2],
  ['covar_pop', 2],
  ['covar_samp', 2],
  ['regr_slope', 2],
  ['regr_intercept', 2],
  ['skewness', 1],
  ['kurtosis', 1],
  ['geometric_mean', 1],
  // Approximate on both engines, by different sketches: equal within their error only.
  ['approx_distinct', 1, 'approx_count_distinct'],
  ['approx_percentile', 2, 'approx_quantile'],
])
