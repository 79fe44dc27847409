/** The tree in DuckDB's words, with Trino's meaning. Pure: a text for `query-duckdb.ts` to run. */
import { type Dialect, type Print, quoteText } from './dialect.ts'
import { fromJoda, fromMysql } from './duckdb-formats.ts'
import { FUNCTIONS } from './functions.ts'
import { printOver, printType } from './print-expression.ts'
import { printQuery } from './print.ts'
import { refused } from './refusal.ts'
import type { Call, Expr, Query, SqlType } from './tree.ts'
import { type Types } from './typing.ts'
import { type Type, UNKNOWN, isNumber } from './types.ts'

/**
 * @param types Of every expression in `query` (`typesOf`).
 * @param ties What to add to the ORDER BY of each of its queries (`tieBreakers`).
 * @throws Fault QUERY_REJECTED where DuckDB has no way to say it.
 */
export function toDuckDb(query: Query, types: Types, ties: Ties): string {
  return printQuery(query, dialect(types, ties, false))
}

type Ties = NonNullable<Dialect['ties']>

type Binary = Extract<Expr, { kind: 'binary' }>
type Cast = Extract<Expr, { kind: 'cast' }>

/** @param soft Inside `try(...)`: what would be an error is null. */
const dialect = (types: Types, ties: Ties, soft: boolean): Dialect => {
  const typeOf = (node: Expr): Type => types.get(node) ?? UNKNOWN
  return {
    nullsLast: true,
    nameColumns: true,
    ties,
    expr(node, print) {
      switch (node.kind) {
        case 'literal':
          return node.type === 'timestamptz' ? `TIMESTAMPTZ ${quoteText(node.text)}` : null
        case 'binary':
          return binary(node, print, typeOf, soft)
        case 'cast':
          return cast(node, print, typeOf(node.of), soft || node.orNull)
        case 'array':
          return `[${node.items.map(print.expr).join(', ')}]`
        case 'call':
          if (node.fn === 'try') return tried(node, types, ties)
          return call(node, print, typeOf, soft)
        default:
          return null
      }
    },
  }
}

function tried(node: Call, types: Types, ties: Ties): string {
  const [inner] = node.args
  if (inner === undefined) return 'NULL'
  const query: Query = {
    kind: 'query',
    with: [],
    body: { kind: 'values', rows: [[inner]] },
    orderBy: [],
    offset: null,
    limit: null,
    withTies: false,
  }
  const text = printQuery(query, dialect(types, ties, true))
  return `TRY${text.slice('VALUES '.length)}`
}

const isZero = (node: Expr): boolean => node.kind === 'literal' && Number(node.text) === 0
const isSafe = (node: Expr): boolean => node.kind === 'literal' && node.type !== 'null' && !isZero(node)

function binary(node: Binary, print: Print, typeOf: (node: Expr) => Type, soft: boolean): string | null {
  const [a, b] = [typeOf(node.left), typeOf(node.right)]
  if (node.op === '/' || node.op === '%') return divide(node, print, a, b, soft)
  // "Date and time operators": a date plus an interval is a date; in DuckDB a timestamp.
  if ((node.op === '+' || node.op === '-') && (a.kind === 'date' || b.kind === 'date')) {
    if (a.kind !== 'interval' && b.kind !== 'interval') {
      throw refused(`${node.op} stands between a date and what is no interval`, "Write date_diff('day', a, b).")
    }
    return `CAST(${print.operand(node.left)} ${node.op} ${print.operand(node.right)} AS DATE)`
  }
  return null
}

/** Doubles divide by zero to Infinity on both engines; integers and decimals raise in Trino. */
function divide(node: Binary, print: Print, a: Type, b: Type, soft: boolean): string | null {
  if (a.kind === 'double' || b.kind === 'double') return null
  const [left, right] = [print.operand(node.left), print.operand(node.right)]
  const plain = soft || isSafe(node.right)
  if (node.op === '%') return plain ? `(${left} % ${right})` : `trino_mod(${left}, ${right})`
  if (!isNumber(a) || !isNumber(b)) return `trino_divide_any(${left}, ${right})`
  if (a.kind === 'integer' && b.kind === 'integer') {
    return plain ? `(${left} // ${right})` : `trino_divide_int(${left}, ${right})`
  }
  // "Decimal functions and operators": the scale of a quotient is the larger of the two, rounded half up.
  const scale = Math.max(a.scale, b.scale)
  const divisor = soft ? `nullif(${right}, 0)` : right
  const quotient = plain ? `${left} / ${divisor}` : `trino_divide_decimal(${left}, ${right})`
  return `CAST(round(${quotient}, ${scale}) AS DECIMAL(38, ${scale}))`
}

/** "Conversion functions", and "Data types" for rounding: half away from zero, where DuckDB goes to the even one. */
function cast(node: Cast, print: Print, from: Type, orNull: boolean): string {
  const of = print.expr(node.of)
  const cast = orNull ? 'TRY_CAST' : 'CAST'
  const as = (text: string, to: SqlType): string => `${cast}(${text} AS ${duckType(to)})`
  if (node.to.name === 'VARCHAR') {
    if (from.kind === 'timestamp' || from.kind === 'timestamptz') {
      throw refused('a time is cast to varchar', "Write date_format(x, '%Y-%m-%d %H:%i:%s').")
    }
    const text = from.kind === 'double' ? `trino_double_text(${of})` : `${cast}(${of} AS VARCHAR)`
    return node.to.args.length === 0 ? text : `left(${text}, ${node.to.args[0]})`
  }
  if (['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT'].includes(node.to.name) && from.kind === 'double') {
    return as(`round(${of})`, node.to)
  }
  return as(of, node.to)
}

function duckType(to: SqlType): string {
  if (to.of !== null) return `${duckType(to.of)}[]`
  if (to.name === 'TIMESTAMP WITH TIME ZONE') return 'TIMESTAMPTZ'
  return to.name === 'REAL' ? 'FLOAT' : printType(to)
}

function call(node: Call, print: Print, typeOf: (node: Expr) => Type, soft: boolean): string | null {
  const known = FUNCTIONS.get(node.fn)
  if (known === undefined) throw refused(`the function ${node.fn} is not on the list of allowed ones`)
  const special = SPECIAL[node.fn]?.(node, print, typeOf, soft)
  if (special !== undefined && special !== null) return special
  const args = node.fn === 'count' && node.args.length === 0 ? '*' : node.args.map(print.expr).join(', ')
  const order = node.orderBy.length === 0 ? '' : ` ORDER BY ${node.orderBy.map(print.sort).join(', ')}`
  const nulls = node.ignoreNulls ? ' IGNORE NULLS' : ''
  const inside = `${node.distinct ? 'DISTINCT ' : ''}${args}${order}${nulls}`
  const filter = node.filter === null ? '' : ` FILTER (WHERE ${print.expr(node.filter)})`
  const over = node.over === null ? '' : ` OVER ${printOver(node.over, print)}`
  const of = (fn: string): string => `${fn}(${inside})${filter}${over}`
  return AFTER[node.fn]?.(of(known.duckdb), typeOf(node), of) ?? of(known.duckdb)
}

/** Null where it is no finite number, as of one row alone (Trino, CorrelationAggregation and its like); NaN in DuckDB. */
const finite = (text: string): string => `trino_finite(${text})`

/**
 * What of an aggregate differs. DuckDB widens whole numbers in sums; Trino keeps bigint. An average of decimals keeps
 * their scale in Trino. Trino's skewness is the population's, DuckDB's the sample's.
 *
 * @param again The same call of another function.
 */
const AFTER: Readonly<Record<string, (text: string, of: Type, again: (fn: string) => string) => string | null>> = {
  corr: finite,
  regr_slope: finite,
  regr_intercept: finite,
  skewness: (text, _of, again) =>
    `(${text} * (${again('count')} - 2) / sqrt(${again('count')} * (${again('count')} - 1)))`,
  sum: (text, of) => (of.kind === 'integer' ? `CAST(${text} AS BIGINT)` : null),
  count_if: (text) => `CAST(${text} AS BIGINT)`,
  avg: (text, of) => (of.kind === 'decimal' ? `CAST(round(${text}, ${of.scale}) AS DECIMAL(38, ${of.scale}))` : null),
}

type Special = (node: Call, print: Print, typeOf: (node: Expr) => Type, soft: boolean) => string | null

/** The text of an argument that the guard holds to a written literal. */
const written = (node: Call, at: number): string => {
  const arg = node.args[at]
  return arg?.kind === 'literal' ? arg.text : ''
}

const SPECIAL: Readonly<Record<string, Special>> = {
  current_date: () => 'current_date',
  current_timestamp: () => 'current_timestamp',
  now: () => 'current_timestamp',
  concat: (node, print) => `(${node.args.map(print.operand).join(' || ')})`,
  greatest: (node, print) => `trino_greatest([${node.args.map(print.expr).join(', ')}])`,
  least: (node, print) => `trino_least([${node.args.map(print.expr).join(', ')}])`,
  date_trunc: (node, print, typeOf) => {
    const text = `date_trunc('${written(node, 0).toLowerCase()}', ${node.args.slice(1).map(print.expr).join()})`
    return typeOf(node).kind === 'date' ? `CAST(${text} AS DATE)` : text
  },
  date_add: (node, print, typeOf) => {
    const unit = written(node, 0).toLowerCase()
    const [, count, to] = node.args.map(print.operand)
    const factor = unit === 'quarter' ? `(3 * ${count})` : count
    const text = `(${to} + to_${unit === 'quarter' ? 'month' : unit}s(${factor}))`
    return typeOf(node).kind === 'date' ? `CAST(${text} AS DATE)` : text
  },
  date_diff: (node, print) =>
    `date_sub('${written(node, 0).toLowerCase()}', ${node.args.slice(1).map(print.expr).join(', ')})`,
  date_format: (node, print) => `strftime(${node.args.slice(0, 1).map(print.expr).join()}, ${mysql(node)})`,
  date_parse: (node, print) => `strptime(${node.args.slice(0, 1).map(print.expr).join()}, ${mysql(node)})`,
  format_datetime: (node, print) =>
    `strftime(${node.args.slice(0, 1).map(print.expr).join()}, ${quoteText(fromJoda(written(node, 1)))})`,
  replace: (node, print, _typeOf, soft) => {
    const args = node.args.map(print.expr).join(', ')
    // What cannot grow needs no bound, which would be asked of every row.
    if (node.args.length === 3 && !mayGrow(node)) return `replace(${args})`
    // TRY takes no macro that may raise.
    return soft ? `trino_try_replace(${args})` : null
  },
  regexp_replace: (node, print, _typeOf, soft) => {
    if (node.args.length < 3) return null
    // Trino: $1 is a group, \$ a dollar sign; DuckDB (RE2): \1 is a group.
    const by = written(node, 2)
      .replaceAll('\\', '\\\\')
      .replaceAll(/\$(\d)/g, '\\$1')
    const fn = soft ? 'trino_try_regexp_replace' : 'trino_regexp_replace'
    return `${fn}(${node.args.slice(0, 2).map(print.expr).join(', ')}, ${quoteText(by)})`
  },
}

/** Whether a replacement may be longer than what it stands for. */
function mayGrow({ args: [, part, by] }: Call): boolean {
  if (part?.kind !== 'literal' || by?.kind !== 'literal') return true
  return part.text === '' || Buffer.byteLength(by.text) > Buffer.byteLength(part.text)
}

const mysql = (node: Call): string => quoteText(fromMysql(written(node, 1)))
