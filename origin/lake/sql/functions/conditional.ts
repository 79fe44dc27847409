/**
 * Conditional functions: they choose among their arguments. Trino documentation, "Functions / Conditional
 * expressions"; `greatest` and `least` from "Functions / Comparison functions and operators".
 * `if(c, a, b)` is read as CASE, of which it is a short form there.
 */
import { listed } from './sql-function.ts'

export const CONDITIONAL_FUNCTIONS = listed('scalar', [
  ['coalesce', [2, 50]],
  ['nullif', 2],
  ['try', 1],
  ['greatest', [1, 20], 'trino_greatest'],
  ['least', [1, 20], 'trino_least'],
])
