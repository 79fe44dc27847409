/** Athena's texts and types as an answer shows them: the same cells as `query-duckdb-cells.ts` gives. */
import type { ColumnInfo } from '@aws-sdk/client-athena'
import { fault } from '../../shared/fault.ts'
import type { Cell } from '../lake/ports.ts'
import { refused } from '../lake/sql/refusal.ts'

/** What Athena calls otherwise than Trino. */
const NAMES: Readonly<Record<string, string>> = { float: 'real', int: 'integer', string: 'varchar' }

/** Trino's name of a column's type. Of an array Athena does not tell what its items are. */
export function typeOf({ Type = '', Precision, Scale }: ColumnInfo): string {
  const name = NAMES[Type] ?? Type
  if (name === 'decimal') return `decimal(${Precision ?? 38},${Scale ?? 0})`
  const zoned = /^timestamp( with time zone)?$/.exec(name)
  if (zoned === null) return name
  const digits = Precision !== undefined && Precision > 0 && Precision <= 12 ? Precision : 3
  return `timestamp(${digits})${zoned[1] ?? ''}`
}

/** Bytes of one cell's text: more than a whole answer may have (PRODUCT.md, promise 7), so it could not be shown. */
const MAX_CELL_BYTES = 128 * 1024

/**
 * @param text Of `GetQueryResults`; undefined is null.
 * @param type By `typeOf`.
 * @throws Fault TOO_LARGE for a text that no answer could hold; QUERY_REJECTED for one that does not say what it holds.
 */
export function cellOf(text: string | undefined, type: string): Cell {
  if (text === undefined) return null
  if (NESTED.has(type))
    throw refused(
      'a column of its result is an array or a record',
      "Write array_join(x, ',') for it, in the outermost SELECT.",
    )
  if (Buffer.byteLength(text) > MAX_CELL_BYTES)
    throw fault('TOO_LARGE', `One cell of the result is longer than ${MAX_CELL_BYTES / 1024} KB.`, {
      hint: 'Select fewer columns or aggregate: return rows instead of an array or a long text.',
    })
  if (type === 'boolean') return text === 'true'
  if (FLOATS.has(type)) return NOT_NUMBERS.has(text) ? text : Number(text)
  if (WHOLE.has(type)) return whole(text)
  if (type.startsWith('decimal')) return decimal(text)
  return type.startsWith('timestamp') ? isoTime(text) : text
}

/** Athena writes `[a, b]` for one item and for two. Without a value the type alone does no harm: `'a' || NULL` is one. */
const NESTED = new Set(['array', 'map', 'row'])
const FLOATS = new Set(['double', 'real'])
const NOT_NUMBERS = new Set(['NaN', 'Infinity', '-Infinity'])
const WHOLE = new Set(['tinyint', 'smallint', 'integer', 'bigint'])
const whole = (text: string): Cell => (Number.isSafeInteger(Number(text)) ? Number(text) : text)
const decimal = (text: string): Cell => (text.replace(/^-?0*|\./g, '').length <= 15 ? Number(text) : text)

/** `2020-10-01 09:05:00.000000 UTC` to ISO 8601: milliseconds, and microseconds where there are any. */
function isoTime(text: string): string {
  const [, day, time, fraction = '', zone] = TIME.exec(text) ?? []
  if (day === undefined || time === undefined) return text
  const shown = fraction.padEnd(3, '0').replace(/^(\d{3})0+$/, '$1')
  const local = `${day}T${time}.${shown}`
  if (zone === undefined) return local
  return zone === 'UTC' || zone === 'Z' ? `${local}Z` : `${local} ${zone}`
}
const TIME = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.(\d+))?(?: ?([A-Za-z].*|[+-]\d\d:\d\d))?$/

/**
 * JSON of Trino (`json_format`) as DuckDB's cells have it: numbers as JavaScript writes them, whole ones beyond 2^53 as
 * text.
 */
export function jsonCell(text: string | undefined): Cell {
  const cell = cellOf(text, 'varchar')
  if (typeof cell !== 'string') return cell
  return JSON.stringify(JSON.parse(cell, exact))
}

/** `source`: the number as it stands in the text (ECMAScript proposal "JSON.parse source text access", in V8 since 11.4). */
function exact(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const isUnsafe = typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)
  return isUnsafe && /^-?\d+$/.test(context?.source ?? '') ? context?.source : value
}
