/** Literals, intervals and type names. */
import { fieldsOf, flag, isNode, text, typed } from './read-fields.ts'
import { quoted, refused } from './refusal.ts'
import type { Expr, IntervalUnit, SqlType } from './tree.ts'

export const literal = (type: 'integer' | 'string', value: string): Expr => ({ kind: 'literal', type, text: value })

export function readLiteral(node: unknown): Expr {
  const fields = fieldsOf(node, ['literal_type', 'value'], 'a literal')
  const value = text(fields['value']) ?? ''
  switch (fields['literal_type']) {
    case 'number':
      return numberLiteral(value)
    case 'string':
      if (value.includes('\0')) throw refused('a text holds a NUL character')
      return literal('string', value)
    case 'date':
      if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) throw refused(`${quoted(value)} is no date`, "Write DATE '2020-10-01'.")
      return { kind: 'literal', type: 'date', text: value }
    case 'timestamp':
      return readTimestamp(value)
    default:
      throw refused('a literal of this kind is not supported', 'Use text, numbers, DATE and TIMESTAMP.')
  }
}

const TIMESTAMP = /^\d{4}-\d{2}-\d{2}( \d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?)?$/
/** Zones that both engines read alike; others may have changed their rules in one and not in the other. */
const ZONE = / (UTC|Asia\/Tokyo|[+-](?:0\d|1[0-4]):[0-5]\d)$/

/** "Data types / TIMESTAMP WITH TIME ZONE": the zone stands behind the time. */
function readTimestamp(value: string): Expr {
  const local = value.replace(ZONE, '')
  if (!TIMESTAMP.test(local)) {
    const example = "Write TIMESTAMP '2020-10-01 00:00:00', or '... UTC', '... Asia/Tokyo', '... +09:00' with a zone."
    throw refused(`${quoted(value)} is no timestamp`, example)
  }
  return { kind: 'literal', type: local === value ? 'timestamp' : 'timestamptz', text: value }
}

/** Trino: digits alone are an integer, with a point a DECIMAL, with an exponent a DOUBLE ("Data types / Literals"). */
function numberLiteral(written: string): Expr {
  const value = written.replaceAll('_', '')
  if (/^\d{1,19}$/.test(value)) return literal('integer', value)
  if (/^(\d+\.\d*|\.\d+)$/.test(value) && value.length <= 39) return { kind: 'literal', type: 'decimal', text: value }
  if (/^(\d+\.?\d*|\.\d+)e[+-]?\d{1,3}$/i.test(value)) return { kind: 'literal', type: 'double', text: value }
  throw refused(`${quoted(written)} is no number that fits`, 'Use up to 19 digits, or 1.5, or 1E6.')
}

const UNITS: Readonly<Record<string, IntervalUnit>> = {
  Year: 'YEAR',
  Month: 'MONTH',
  Day: 'DAY',
  Hour: 'HOUR',
  Minute: 'MINUTE',
  Second: 'SECOND',
}

export function readInterval(node: unknown): Expr {
  const fields = fieldsOf(node, ['this', 'unit'], 'an interval')
  const [type, literalFields] = typed(fields['this'])
  const count = type === 'literal' && isNode(literalFields) ? (text(literalFields['value']) ?? '') : ''
  const unit = isNode(fields['unit']) && fields['unit']['type'] === 'simple' ? text(fields['unit']['unit']) : null
  const known = unit === null ? undefined : UNITS[unit]
  if (known === undefined || !/^-?\d{1,6}$/.test(count)) {
    throw refused(
      'this interval is not supported',
      "Write INTERVAL '3' MONTH (YEAR, MONTH, DAY, HOUR, MINUTE, SECOND).",
    )
  }
  return { kind: 'interval', count: Number(count), unit: known }
}

/** The parser's names of the types that a cast may ask for, with Trino's. */
const TYPES: Readonly<Record<string, string>> = {
  boolean: 'BOOLEAN',
  tiny_int: 'TINYINT',
  small_int: 'SMALLINT',
  int: 'INTEGER',
  big_int: 'BIGINT',
  float: 'REAL',
  double: 'DOUBLE',
  decimal: 'DECIMAL',
  var_char: 'VARCHAR',
  date: 'DATE',
  timestamp: 'TIMESTAMP',
}

/** Lengths and precisions; DECIMAL alone is DECIMAL(38, 0) in Trino ("Data types / DECIMAL"). */
export function readType(node: unknown): SqlType {
  const fields = fieldsOf(node, ['data_type', 'length', 'precision', 'scale', 'timezone', 'element_type'], 'a type')
  const named = text(fields['data_type']) ?? ''
  if (named === 'array') return { name: 'ARRAY', args: [], of: readType(fields['element_type']) }
  const name = TYPES[named]
  if (name === undefined) {
    throw refused(`a cast to ${quoted(named)} is not supported`, `Cast to one of ${Object.values(TYPES).join(', ')}.`)
  }
  const numbers = ['length', 'precision', 'scale'].map((field) => fields[field]).filter((n) => typeof n === 'number')
  if (name === 'DECIMAL') return { name, args: [numbers[0] ?? 38, numbers[1] ?? 0], of: null }
  if (name === 'VARCHAR') return { name, args: numbers.slice(0, 1), of: null }
  if (name === 'TIMESTAMP' && flag(fields['timezone'])) return { name: 'TIMESTAMP WITH TIME ZONE', args: [], of: null }
  if (numbers.length > 0) throw refused(`${name} with a precision is not supported`, `Cast to ${name}.`)
  return { name, args: [], of: null }
}
