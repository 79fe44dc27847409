/**
 * Arrays: small lists that a query writes or collects. Trino documentation, "Functions / Array functions and operators"
 * and "Functions / Lambda expressions".
 *
 * `sequence` only between written numbers, of at most MAX_SEQUENCE steps: it makes rows out of nothing.
 * Left out: `reduce`, `repeat`, `combinations`, `ngrams` (they grow), `array_distinct` (DuckDB loses the order).
 */
import { listed } from './sql-function.ts'

export const MAX_SEQUENCE = 10_000

export const ARRAY_FUNCTIONS = listed(
  'scalar',
  [
    ['cardinality', 1, 'len'],
    ['contains', 2, 'list_contains'],
    ['element_at', 2, 'list_extract'],
    ['array_join', [2, 3], 'trino_array_join'],
    ['array_max', 1, 'trino_array_max'],
    ['array_min', 1, 'trino_array_min'],
    ['array_sort', 1, 'trino_array_sort'],
    ['sequence', [2, 3], 'generate_series'],
    ['transform', 2, 'list_transform'],
    ['filter', 2, 'list_filter'],
  ],
  { transform: { lambdas: [1] }, filter: { lambdas: [1] } },
)
