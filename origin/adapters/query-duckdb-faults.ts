/** What DuckDB says of a query, in our words: its own hold paths, functions of its own, and whole statements. */
import { Fault, fault } from '../../shared/fault.ts'
import { DIVISION_BY_ZERO, TEXT_TOO_LONG } from '../lake/sql/duckdb-macros.ts'
import { COLUMNS_HINT, quoted } from '../lake/sql/refusal.ts'

interface Known {
  readonly said: RegExp
  /** @param name The first name that the engine put in quotes: the caller's own. */
  readonly message: (name: string) => string
  readonly hint: string
}

export const OUT_OF_MEMORY = 'The query needs more memory than one query may use.'

const KNOWN: readonly Known[] = [
  {
    said: new RegExp(DIVISION_BY_ZERO),
    message: () => 'Division by zero.',
    hint: 'Write x / nullif(y, 0), or try(x / y), to get null instead.',
  },
  {
    said: new RegExp(TEXT_TOO_LONG),
    message: () => 'A replacement makes a text of millions of characters.',
    hint: 'Replace in the texts of the table, with short texts.',
  },
  {
    said: /Ambiguous reference to column name "([^"]*)"/,
    message: (name) => `More than one table has a column ${name}.`,
    hint: 'Write it with its table: f.area_code.',
  },
  {
    said: /column "?([^" ]*)"? must appear in the GROUP BY clause/i,
    message: (name) => `The column ${name} is neither grouped nor aggregated.`,
    hint: 'Add it to GROUP BY, or take an aggregate of it.',
  },
  {
    said: /WHERE clause cannot contain (aggregates|window)/i,
    message: () => 'An aggregate or a window function stands in WHERE.',
    hint: 'Use HAVING for aggregates; compute windows in WITH and filter afterwards.',
  },
  {
    said: /aggregate function calls cannot be nested/i,
    message: () => 'An aggregate stands inside an aggregate.',
    hint: 'Compute the inner one in WITH.',
  },
  {
    said: /More than one row returned by a subquery/i,
    message: () => 'A subquery that stands for one value gave more than one row.',
    hint: 'Aggregate it, or use IN.',
  },
  {
    said: /^Conversion Error/,
    message: () => 'A value could not be read as the type it is cast to.',
    hint: 'Use try_cast(x AS type): it gives null where that fails.',
  },
  {
    said: /^Out of Range Error/,
    message: () => 'A number does not fit its type, or an argument is out of range.',
    hint: 'Cast to double or to a larger type first.',
  },
  {
    said: /^Out of Memory Error/,
    message: () => OUT_OF_MEMORY,
    hint: 'Filter first, group by fewer columns, or leave out ORDER BY and array_agg over all rows.',
  },
  {
    said: /regular expression|invalid perl operator|missing \)|no argument for repetition/i,
    message: () => 'A regular expression is not valid.',
    hint: 'Use RE2 syntax: no look-around and no back-references.',
  },
  {
    said: /No function matches|Cannot (compare|mix|combine)|Could not choose a best candidate|Cannot cast/i,
    message: () => 'A function or an operator was given values of a type that it does not take.',
    hint: `Check the types, and CAST where text and numbers meet. ${COLUMNS_HINT}`,
  },
  {
    said: /^Binder Error/,
    message: () => 'The query does not fit together: a name or a type is used where it cannot stand.',
    hint: `Check GROUP BY, aliases and types. ${COLUMNS_HINT}`,
  },
  {
    said: /^Invalid Input Error/,
    message: () => 'A function was given a value that it does not take.',
    hint: 'Check formats and patterns, or wrap the expression in try(...).',
  },
]

/** The failure of a query as a Fault. A Fault stays as it is. */
export function queryFault(error: unknown): Fault {
  if (error instanceof Fault) return error
  const text = error instanceof Error ? error.message : ''
  if (/^(IO|Permission) Error/.test(text)) {
    return fault('INTERNAL_ERROR', 'A data file of the table could not be read.', { cause: error })
  }
  for (const { said, message, hint } of KNOWN) {
    const found = said.exec(text)
    if (found !== null) return fault('QUERY_REJECTED', message(quoted(found[1] ?? '')), { hint, cause: error })
  }
  return fault('QUERY_REJECTED', 'The query could not be run.', { hint: 'Write it more simply.', cause: error })
}
