/** What Athena says, in our words: its own hold S3 paths, ARNs, names of roles and whole statements. */
import type { QueryExecutionStatus } from '@aws-sdk/client-athena'
import { Fault, fault, type FaultCode } from '../../shared/fault.ts'
import { COLUMNS_HINT, quoted } from '../lake/sql/refusal.ts'
import { awsFault } from './aws-faults.ts'

/** A failed request, as opposed to a failed query. */
export function athenaFault(error: unknown): Fault {
  if (error instanceof Fault) return error
  const said = error instanceof Error ? error.message : ''
  const name = error instanceof Error ? error.name : ''
  if (name !== 'InvalidRequestException') return awsFault(error, 'Athena', 'athena:StartQueryExecution')
  const operator = (message: string, hint: string): Fault => fault('AWS_SERVICE_ERROR', message, { hint, cause: error })
  if (/output location|outputlocation|output bucket/i.test(said))
    return operator(
      'Athena has no place to write results to.',
      'Ask the operator to give the workgroup an output location, or to set one for the server.',
    )
  if (/work ?group/i.test(said))
    return operator('The workgroup of Athena cannot be used.', 'Ask the operator to make it, or to enable it.')
  if (/token|idempotent/i.test(said)) return operator('Athena mistook this query for another.', 'Call again.')
  if (/too (long|large)|length less than|maximum.*length|262144/i.test(said))
    return fault('INVALID_PARAMETER', 'The query is longer than Athena takes.', {
      hint: 'Write it shorter.',
      cause: error,
    })
  return operator('Athena did not take the query.', 'Ask the operator to look at the workgroup.')
}

interface Known {
  readonly said: RegExp
  readonly code?: FaultCode
  /** @param name The first name of the engine's text that it put in quotes: the caller's own. */
  readonly message: (name: string) => string
  readonly hint: string
}

/**
 * By Trino's error names where Athena gives them (`StateChangeReason` begins with one), else by its sentences
 * (trino.io, "StandardErrorCode"; Athena User Guide, "Troubleshoot issues").
 */
const KNOWN: readonly Known[] = [
  {
    said: /bytes scanned limit/i,
    code: 'TOO_LARGE',
    message: () => 'The query would read more than one query may read here.',
    hint: 'Filter by dataset_id or by codes, and name fewer columns.',
  },
  {
    said: /EXCEEDED_FUNCTION_MEMORY/,
    code: 'TOO_LARGE',
    message: () => 'One value of the result is longer than Athena makes any.',
    hint: 'Select fewer columns or aggregate: return rows instead of an array or a long text.',
  },
  {
    said: /DIVISION_BY_ZERO|Division by zero/,
    message: () => 'Division by zero.',
    hint: 'Write x / nullif(y, 0), or try(x / y), to get null instead.',
  },
  {
    said: /AMBIGUOUS_NAME|Column '([^']*)' is ambiguous/,
    message: (name) => `More than one table has a column ${name}.`,
    hint: 'Write it with its table: f.area_code.',
  },
  {
    said: /EXPRESSION_NOT_AGGREGATE|must be an aggregate expression/,
    message: (name) => `The column ${name} is neither grouped nor aggregated.`,
    hint: 'Add it to GROUP BY, or take an aggregate of it.',
  },
  {
    said: /EXPRESSION_NOT_SCALAR|WHERE clause cannot contain/i,
    message: () => 'An aggregate or a window function stands in WHERE.',
    hint: 'Use HAVING for aggregates; compute windows in WITH and filter afterwards.',
  },
  {
    said: /NESTED_AGGREGATION|Cannot nest aggregations/,
    message: () => 'An aggregate stands inside an aggregate.',
    hint: 'Compute the inner one in WITH.',
  },
  {
    said: /SUBQUERY_MULTIPLE_ROWS|multiple rows/,
    message: () => 'A subquery that stands for one value gave more than one row.',
    hint: 'Aggregate it, or use IN.',
  },
  {
    said: /INVALID_CAST_ARGUMENT|Cannot cast '/,
    message: () => 'A value could not be read as the type it is cast to.',
    hint: 'Use try_cast(x AS type): it gives null where that fails.',
  },
  {
    said: /NUMERIC_VALUE_OUT_OF_RANGE|overflow|out of range/i,
    message: () => 'A number does not fit its type, or an argument is out of range.',
    hint: 'Cast to double or to a larger type first.',
  },
  {
    said: /TYPE_MISMATCH|FUNCTION_NOT_FOUND|Unexpected parameters|Cannot apply operator/,
    message: () => 'A function or an operator was given values of a type that it does not take.',
    hint: `Check the types, and CAST where text and numbers meet. ${COLUMNS_HINT}`,
  },
  {
    said: /regular expression|pattern/i,
    message: () => 'A regular expression is not valid.',
    hint: 'Use RE2 syntax: no look-around and no back-references.',
  },
  {
    said: /COLUMN_NOT_FOUND|Column '([^']*)' cannot be resolved/,
    message: (name) => `There is no column ${name}.`,
    hint: COLUMNS_HINT,
  },
  {
    said: /INVALID_FUNCTION_ARGUMENT/,
    message: () => 'A function was given a value that it does not take.',
    hint: 'Check formats and patterns, or wrap the expression in try(...).',
  },
  {
    said: /EXCEEDED_(LOCAL_|GLOBAL_)?(MEMORY|CPU)|exhausted resources|out of memory/i,
    message: () => 'The query needs more than one query may use.',
    hint: 'Filter first, group by fewer columns, or leave out ORDER BY and array_agg over all rows.',
  },
  {
    said: /snapshot/i,
    code: 'AWS_SERVICE_ERROR',
    message: () => 'The state of the table that was to be read has expired meanwhile.',
    hint: 'Call again: the present state is read then.',
  },
  {
    said: /access ?denied|PERMISSION_DENIED|insufficient permission|not authorized|Status Code: 403/i,
    code: 'AWS_SERVICE_ERROR',
    message: () => 'Athena may not read the lake or write its results as it needs to.',
    hint: "Ask the operator to allow the server's role the lake's bucket, the results' place and the Glue database.",
  },
  {
    said: /output (bucket|location)|NoSuchBucket|bucket does not exist/i,
    code: 'AWS_SERVICE_ERROR',
    message: () => 'The place of Athena for results does not exist.',
    hint: "Ask the operator to correct the workgroup's output location.",
  },
  {
    said: /(TABLE|SCHEMA)_NOT_FOUND|does not exist/,
    code: 'AWS_SERVICE_ERROR',
    message: () => 'Athena does not see a table of the lake.',
    hint: "Ask the operator whether the Glue database is the server's own; a table that was just dropped is gone.",
  },
  {
    said: /throttl|SlowDown|please reduce your request rate/i,
    code: 'AWS_SERVICE_ERROR',
    message: () => 'Athena was slowed down by S3 or Glue.',
    hint: 'Call again in a minute.',
  },
  {
    said: /timeout|EXCEEDED_TIME_LIMIT/i,
    code: 'TIMEOUT_ERROR',
    message: () => 'Athena ended the query because it took too long.',
    hint: 'Filter first, or group by fewer columns.',
  },
  {
    said: /SYNTAX_ERROR|NOT_SUPPORTED|mismatched input/,
    message: () => 'Athena does not take the query',
    hint: `Write it more simply. ${COLUMNS_HINT}`,
  },
]

/** Why a query ended without a result. @param sql What was sent: a place in it is told by what stands there. */
export function endFault(status: QueryExecutionStatus | undefined, sql: string): Fault {
  const reason = status?.StateChangeReason ?? status?.AthenaError?.ErrorMessage ?? ''
  const known = KNOWN.find(({ said }) => said.test(reason))
  if (known !== undefined) {
    const message = known.message(quoted(/'([^']*)'/.exec(reason)?.[1] ?? ''))
    const place = known.code === undefined ? placeOf(reason, sql) : ''
    return fault(known.code ?? 'QUERY_REJECTED', `${message.replace(/\.$/, '')}${place}.`, { hint: known.hint })
  }
  if (status?.State === 'CANCELLED') return fault('CANCELLED', 'The query was stopped in Athena.')
  return status?.AthenaError?.ErrorCategory === USER
    ? fault('QUERY_REJECTED', `Athena could not run the query${placeOf(reason, sql)}.`, {
        hint: 'Write it more simply.',
      })
    : fault('AWS_SERVICE_ERROR', 'Athena failed to run the query.')
}

/** API Reference, "AthenaError": 1 system, 2 user, 3 other. */
const USER = 2

/** Athena counts in the text that it was sent, which is not the caller's: so what stands there is quoted. */
function placeOf(reason: string, sql: string): string {
  const [, line, column] = /line (\d+):(\d+)/.exec(reason) ?? []
  const text = sql.split('\n')[Number(line) - 1]?.slice(Number(column) - 1)
  const near = /^("[^"]*"|'[^']*'|\w+|\W)/.exec(text ?? '')?.[0] ?? ''
  return near.trim() === '' ? '' : `, near ${quoted(near.replaceAll('"', ''))}`
}
