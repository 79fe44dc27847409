/**
 * Dates: arithmetic and parts of dates and times. Trino documentation, "Functions / Date and time functions and
 * operators". The session's zone is UTC on both engines. `extract(f FROM x)` is read as the function of that name.
 *
 * Formats are written out, so that they can be translated (`duckdb-formats.ts`).
 * Left out: `parse_datetime` (its result has a zone), AT TIME ZONE (DuckDB drops the zone), epochs.
 */
import { listed } from './sql-function.ts'

/** Units of date_trunc, date_add and date_diff that both engines know. */
export const DATE_UNITS = ['second', 'minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'] as const

const UNIT = { literals: { 0: { words: DATE_UNITS } } }
const FORMAT = { literals: { 1: 'text' as const } }

export const DATE_FUNCTIONS = listed(
  'scalar',
  [
    ['current_date', 0],
    ['current_timestamp', 0],
    ['now', 0, 'current_timestamp'],
    ['date', 1, 'trino_date'],
    ['year', 1],
    ['quarter', 1],
    ['month', 1],
    ['week', 1],
    ['week_of_year', 1, 'week'],
    ['day', 1],
    ['day_of_month', 1, 'day'],
    ['day_of_week', 1, 'isodow'],
    ['dow', 1, 'isodow'],
    ['day_of_year', 1, 'dayofyear'],
    ['doy', 1, 'dayofyear'],
    ['year_of_week', 1, 'isoyear'],
    ['yow', 1, 'isoyear'],
    ['hour', 1],
    ['minute', 1],
    ['second', 1],
    ['last_day_of_month', 1, 'last_day'],
    ['date_trunc', 2, 'trino_date_trunc'],
    ['date_add', 3, 'trino_date_add'],
    // Trino counts whole units passed, as DuckDB's `date_sub` does; DuckDB's `date_diff` counts borders crossed.
    ['date_diff', 3, 'date_sub'],
    ['date_format', 2, 'strftime'],
    ['date_parse', 2, 'strptime'],
    ['format_datetime', 2, 'strftime'],
  ],
  {
    date_trunc: UNIT,
    date_add: UNIT,
    date_diff: UNIT,
    date_format: FORMAT,
    date_parse: FORMAT,
    format_datetime: FORMAT,
  },
)
