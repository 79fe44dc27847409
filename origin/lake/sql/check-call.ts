/** Whether a call may run: its function, its number of arguments, and what must be written out. */
import { FUNCTIONS } from './functions.ts'
import { MAX_SEQUENCE } from './functions/array.ts'
import type { LiteralRule, SqlFunction } from './functions/sql-function.ts'
import { checkPattern } from './pattern.ts'
import { quoted, refused } from './refusal.ts'
import type { Call, Expr } from './tree.ts'

/** What to write for functions that other systems have. */
const INSTEAD: Readonly<Record<string, string>> = {
  all_match: 'Write cardinality(filter(a, x -> NOT (...))) = 0.',
  any_match: 'Write cardinality(filter(a, x -> ...)) > 0.',
  datediff: "Write date_diff('day', a, b).",
  format: "Join text with ||, and pad numbers with lpad(CAST(x AS varchar), 5, '0').",
  group_concat: "Write listagg(x, ', ') WITHIN GROUP (ORDER BY x).",
  ifnull: 'Write coalesce(a, b).',
  left: 'Write substr(x, 1, n).',
  map_agg: 'Make a column for each key: max(value) FILTER (WHERE year(time_start) = 2020) AS y2020.',
  median: 'Write approx_percentile(x, 0.5).',
  normalize: 'Only NFC is supported: normalize(x).',
  parse_datetime: "Write date_parse(x, '%Y-%m-%d').",
  percentile_cont: 'Write approx_percentile(x, 0.5).',
  right: 'Write substr(x, -n).',
  string_agg: "Write listagg(x, ', ') WITHIN GROUP (ORDER BY x).",
  row: 'Select the columns side by side.',
  to_date: "Write date(x) or date_parse(x, '%Y%m%d').",
  width_bucket: 'Write floor((value - low) / width).',
}

const unknownFunction = (fn: string): Error =>
  refused(`the function ${quoted(fn)} is not on the list of allowed ones`, INSTEAD[fn] ?? nearest(fn))

function nearest(fn: string): string {
  const alike = [...FUNCTIONS.keys()].filter((known) => known.includes(fn) || known.slice(0, 4) === fn.slice(0, 4))
  const some = alike.length > 0 ? alike : ['sum', 'avg', 'count_if', 'approx_percentile', 'row_number', 'lag', 'substr']
  return `Use Trino's functions for aggregates, windows, text, dates, numbers and arrays, such as ${some.slice(0, 8).join(', ')}.`
}

/** Aggregates that give back all their rows: as windows they do so in every row, and two thousand rows fill a gigabyte. */
const HOARDERS = new Set(['array_agg', 'listagg'])

/** @returns The same call, which has had its OVER. @throws Fault QUERY_REJECTED for a window function without. */
export function checkPlaced(call: Call): Call {
  if (HOARDERS.has(call.fn) && call.over !== null) {
    throw refused(`${call.fn} stands before OVER`, `Take ${call.fn} with GROUP BY in WITH, and join it.`)
  }
  if (FUNCTIONS.get(call.fn)?.kind === 'window' && call.over === null) throw refused(`${call.fn} needs OVER (...)`)
  return call
}

/** @returns The same call. @throws Fault QUERY_REJECTED */
export function checkCall(call: Call): Call {
  const known = FUNCTIONS.get(call.fn)
  if (known === undefined) throw unknownFunction(call.fn)
  checkArguments(call, known)
  if (known.kind === 'scalar' && (call.distinct || call.filter || call.over || call.orderBy.length > 0)) {
    throw refused(`${call.fn} takes no DISTINCT, FILTER, ORDER BY or OVER`)
  }
  if (known.kind === 'window' && (call.distinct || call.filter)) throw refused(`${call.fn} takes no DISTINCT or FILTER`)
  if (call.fn === 'sequence') checkSequence(call)
  return call
}

function checkArguments({ fn, args }: Call, known: SqlFunction): void {
  if (args.length < known.minArgs || args.length > known.maxArgs) {
    const takes = known.minArgs === known.maxArgs ? `${known.minArgs}` : `${known.minArgs} to ${known.maxArgs}`
    throw refused(`${fn} has ${args.length} arguments`, `${fn} takes ${takes}.`)
  }
  for (const [at, arg] of args.entries()) {
    const isLambda = arg.kind === 'lambda'
    if (isLambda !== (known.lambdas?.includes(at) ?? false)) {
      throw refused(`argument ${at + 1} of ${fn} ${isLambda ? 'cannot be' : 'must be'} a function like x -> x + 1`)
    }
    const rule = known.literals?.[at]
    if (rule !== undefined) checkLiteral(fn, at, arg, rule)
  }
}

function checkLiteral(fn: string, at: number, arg: Expr, rule: LiteralRule): void {
  const value = arg.kind === 'literal' ? arg : null
  if (rule === 'pattern') return value === null ? undefined : checkPattern(value.text)
  const fail = (want: string): Error => refused(`argument ${at + 1} of ${fn} is not ${want}`, `Write ${want} there.`)
  if (rule === 'text') {
    if (value?.type !== 'string') throw fail('text in single quotes')
  } else if ('max' in rule) {
    if (value?.type !== 'integer' || Number(value.text) > rule.max) throw fail(`a number up to ${rule.max}`)
  } else if (value?.type !== 'string' || !rule.words.includes(value.text.toLowerCase())) {
    throw fail(`one of ${rule.words.map((word) => `'${word}'`).join(', ')}`)
  }
}

function checkSequence({ args }: Call): void {
  const [first, last, step = 1] = args.map(writtenInteger)
  if (first === null || first === undefined || last === null || last === undefined || step === null || step === 0) {
    throw refused('sequence is only for written whole numbers', 'Write sequence(2000, 2020).')
  }
  if (Math.abs((last - first) / step) > MAX_SEQUENCE) {
    throw refused(`sequence makes more than ${MAX_SEQUENCE} rows`, 'Read the values from a table.')
  }
}

function writtenInteger(arg: Expr): number | null {
  if (arg.kind === 'literal' && arg.type === 'integer') return Number(arg.text)
  const inner = arg.kind === 'unary' && arg.op === '-' ? writtenInteger(arg.of) : null
  return inner === null ? null : -inner
}
