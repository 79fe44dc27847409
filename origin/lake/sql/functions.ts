/**
 * Every function that a query may call, by Trino's name. What is not here is refused.
 *
 * Each group's file says why its functions are allowed, and how DuckDB spells them; one list for both keeps the
 * embedded engine from running a function whose answer nobody compared with Trino's documentation.
 */
import { AGGREGATE_FUNCTIONS } from './functions/aggregate.ts'
import { ARRAY_FUNCTIONS } from './functions/array.ts'
import { CONDITIONAL_FUNCTIONS } from './functions/conditional.ts'
import { DATE_FUNCTIONS } from './functions/date.ts'
import { MATH_FUNCTIONS } from './functions/math.ts'
import { STRING_FUNCTIONS } from './functions/string.ts'
import type { SqlFunction } from './functions/sql-function.ts'
import { WINDOW_FUNCTIONS } from './functions/window.ts'

export const FUNCTIONS: ReadonlyMap<string, SqlFunction> = new Map([
  ...AGGREGATE_FUNCTIONS,
  ...WINDOW_FUNCTIONS,
  ...CONDITIONAL_FUNCTIONS,
  ...MATH_FUNCTIONS,
  ...STRING_FUNCTIONS,
  ...DATE_FUNCTIONS,
  ...ARRAY_FUNCTIONS,
])
