/** Types as far as meaning depends on them: what a division does, what may be compared, how a cast reads. */
import type { ColumnType } from '../ports.ts'
import type { Call, Expr, SqlType } from './tree.ts'

export type Kind =
  | 'integer'
  | 'decimal'
  | 'double'
  | 'varchar'
  | 'boolean'
  | 'date'
  | 'timestamp'
  | 'timestamptz'
  | 'interval'
  | 'array'
  | 'null'
  | 'unknown'

export interface Type {
  readonly kind: Kind
  /** Digits after the point, of a decimal. */
  readonly scale: number
}

export const type = (kind: Kind, scale = 0): Type => ({ kind, scale })
export const UNKNOWN = type('unknown')

const OF_COLUMN: Readonly<Record<ColumnType, Kind>> = {
  string: 'varchar',
  int: 'integer',
  long: 'integer',
  double: 'double',
  boolean: 'boolean',
  date: 'date',
  timestamptz: 'timestamptz',
}
export const columnType = (of: ColumnType): Type => type(OF_COLUMN[of])

/** Trino's names of the lake's types (Trino documentation, "Iceberg connector / Iceberg to Trino type mapping"). */
export const TRINO_NAME: Readonly<Record<ColumnType, string>> = {
  string: 'varchar',
  int: 'integer',
  long: 'bigint',
  double: 'double',
  boolean: 'boolean',
  date: 'date',
  timestamptz: 'timestamp(6) with time zone',
}

const OF_CAST: Readonly<Record<string, Kind>> = {
  BOOLEAN: 'boolean',
  TINYINT: 'integer',
  SMALLINT: 'integer',
  INTEGER: 'integer',
  BIGINT: 'integer',
  REAL: 'double',
  DOUBLE: 'double',
  DECIMAL: 'decimal',
  VARCHAR: 'varchar',
  DATE: 'date',
  TIMESTAMP: 'timestamp',
  'TIMESTAMP WITH TIME ZONE': 'timestamptz',
  ARRAY: 'array',
}
export const castType = (to: SqlType): Type => type(OF_CAST[to.name] ?? 'unknown', to.args[1] ?? 0)

const NUMBERS = new Set<Kind>(['integer', 'decimal', 'double'])
export const isNumber = (of: Type): boolean => NUMBERS.has(of.kind)

/** The type that both become: Trino's coercion of numbers ("Data types"); unknown where they do not meet. */
export function common(types: readonly Type[]): Type {
  const known = types.filter((one) => one.kind !== 'null')
  const first = known[0] ?? type('null')
  if (known.every((one) => one.kind === first.kind)) {
    return type(first.kind, Math.max(0, ...known.map((one) => one.scale)))
  }
  if (!known.every(isNumber)) return UNKNOWN
  if (known.some((one) => one.kind === 'double')) return type('double')
  return type('decimal', Math.max(...known.map((one) => one.scale)))
}

// biome-ignore format: one list for each kind
const RESULTS: Readonly<Partial<Record<Kind, readonly string[]>>> = {
  integer: [
    'count', 'count_if', 'approx_distinct', 'grouping', 'row_number', 'rank', 'dense_rank', 'ntile', 'length', 'strpos',
    'codepoint', 'regexp_count', 'year', 'quarter', 'month', 'week', 'week_of_year', 'day', 'day_of_month', 'day_of_week',
    'dow', 'day_of_year', 'doy', 'year_of_week', 'yow', 'hour', 'minute', 'second', 'date_diff', 'cardinality',
  ],
  double: [
    'avg', 'stddev', 'stddev_samp', 'stddev_pop', 'variance', 'var_samp', 'var_pop', 'corr', 'covar_pop', 'covar_samp',
    'regr_slope', 'regr_intercept', 'skewness', 'kurtosis', 'geometric_mean', 'percent_rank', 'cume_dist', 'sqrt', 'cbrt',
    'power', 'pow', 'exp', 'ln', 'log2', 'log10', 'log', 'pi', 'e', 'nan', 'infinity', 'degrees', 'radians', 'sin', 'cos',
    'tan', 'asin', 'acos', 'atan', 'atan2',
  ],
  varchar: [
    'listagg', 'concat', 'concat_ws', 'lower', 'upper', 'trim', 'ltrim', 'rtrim', 'lpad', 'rpad', 'replace', 'reverse',
    'substr', 'split_part', 'translate', 'chr', 'normalize', 'regexp_extract', 'regexp_replace', 'date_format',
    'format_datetime', 'array_join',
  ],
  boolean: [
    'bool_and', 'bool_or', 'every', 'starts_with', 'regexp_like', 'is_nan', 'is_finite', 'is_infinite', 'contains',
  ],
  date: ['current_date', 'date', 'last_day_of_month'],
  timestamp: ['date_parse'],
  timestamptz: ['current_timestamp', 'now'],
  array: ['array_agg', 'split', 'regexp_extract_all', 'regexp_split', 'sequence', 'transform', 'filter', 'array_sort'],
}
const RESULT = new Map(Object.entries(RESULTS).flatMap(([kind, names]) => names.map((name) => [name, kind as Kind])))

/** Functions that give back what one argument (from 0) is. */
const LIKE_ARGUMENT: Readonly<Record<string, number>> = { date_trunc: 1, date_add: 2 }
const LIKE_ALL = new Set(['coalesce', 'greatest', 'least'])
const LIKE_FIRST = new Set(
  // biome-ignore format: one list
  [
    'sum', 'min', 'max', 'max_by', 'min_by', 'any_value', 'arbitrary', 'approx_percentile', 'nullif', 'try',
    'abs', 'ceil', 'ceiling', 'floor', 'round', 'truncate', 'sign',
    'lag', 'lead', 'first_value', 'last_value', 'nth_value',
  ],
)

export function callType(call: Call, typeOf: (node: Expr) => Type): Type {
  const args = call.args.map(typeOf)
  if (call.fn === 'avg' && args[0]?.kind === 'decimal') return args[0]
  const fixed = RESULT.get(call.fn)
  if (fixed !== undefined) return type(fixed)
  if (LIKE_ALL.has(call.fn)) return common(args)
  const at = LIKE_FIRST.has(call.fn) ? 0 : LIKE_ARGUMENT[call.fn]
  return (at === undefined ? undefined : args[at]) ?? UNKNOWN
}

export function literalType(node: Extract<Expr, { kind: 'literal' }>): Type {
  switch (node.type) {
    case 'string':
      return type('varchar')
    case 'decimal':
      return type('decimal', node.text.split('.')[1]?.length ?? 0)
    default:
      return type(node.type)
  }
}
