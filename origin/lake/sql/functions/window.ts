/**
 * Window functions: they read the rows of their own result. Every one needs OVER.
 * Trino documentation, "Functions / Window functions".
 */
import { listed } from './sql-function.ts'

export const WINDOW_FUNCTIONS = listed('window', [
  ['row_number', 0],
  ['rank', 0],
  ['dense_rank', 0],
  ['percent_rank', 0],
  ['cume_dist', 0],
  ['ntile', 1],
  ['lag', [1, 3]],
  ['lead', [1, 3]],
  ['first_value', 1],
  ['last_value', 1],
  ['nth_value', 2],
])
