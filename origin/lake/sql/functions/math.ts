/**
 * Mathematical functions: number in, number out, constant time.
 * Trino documentation, "Functions / Mathematical functions and operators".
 *
 * Left out: `random` and `rand` (the same query must give the same answer), number bases, vectors.
 * `mod(a, b)` is read as `a % b`.
 */
import { listed } from './sql-function.ts'

export const MATH_FUNCTIONS = listed('scalar', [
  ['abs', 1],
  ['ceil', 1],
  ['ceiling', 1, 'ceil'],
  ['floor', 1],
  ['round', [1, 2]],
  ['truncate', [1, 2], 'trunc'],
  ['sign', 1],
  ['sqrt', 1, 'trino_sqrt'],
  ['cbrt', 1],
  ['power', 2],
  ['pow', 2],
  ['exp', 1],
  ['ln', 1, 'trino_ln'],
  ['log2', 1, 'trino_log2'],
  ['log10', 1, 'trino_log10'],
  ['log', 2, 'trino_log'],
  ['pi', 0],
  ['e', 0, 'trino_e'],
  ['nan', 0, 'trino_nan'],
  ['infinity', 0, 'trino_infinity'],
  ['is_nan', 1, 'isnan'],
  ['is_finite', 1, 'isfinite'],
  ['is_infinite', 1, 'isinf'],
  ['degrees', 1],
  ['radians', 1],
  ['sin', 1],
  ['cos', 1],
  ['tan', 1],
  ['asin', 1],
  ['acos', 1],
  ['atan', 1],
  ['atan2', 2],
  ['grouping', [1, 12]],
])
