/** Values as the texts and columns of `GetQueryResults`. */
import type { Executed } from './executor.ts'

interface Datum {
  readonly VarCharValue?: string
}
export interface WireRow {
  readonly Data: readonly Datum[]
}

export const headerRow = ({ columns }: Executed): WireRow => ({
  Data: columns.map(({ name }) => ({ VarCharValue: name })),
})

export const wireRow = (row: readonly unknown[], { columns }: Executed): WireRow => ({
  Data: row.map((value, at) => {
    const text = textOf(value, columns[at]?.type ?? 'varchar')
    return text === null ? {} : { VarCharValue: text }
  }),
})

function textOf(value: unknown, type: string): string | null {
  if (value === null || value === undefined) return null
  // Without quotes, as Athena has them: a comma in an item cannot be told from one between items.
  if (Array.isArray(value)) return `[${value.map((item) => textOf(item, 'item') ?? 'null').join(', ')}]`
  if (typeof value === 'number' && (type === 'double' || type === 'real')) return javaDouble(value)
  if (typeof value === 'bigint') return value.toString()
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Java's `Double.toString`: `1.26146099E8` from ten million on and below a thousandth. */
export function javaDouble(value: number): string {
  if (!Number.isFinite(value)) return String(value)
  const size = Math.abs(value)
  if (size !== 0 && (size >= 1e7 || size < 1e-3)) {
    const [mantissa = '', exponent = ''] = value.toExponential().split('e')
    return `${mantissa.includes('.') ? mantissa : `${mantissa}.0`}E${Number(exponent)}`
  }
  const text = Object.is(value, -0) ? '-0' : String(value)
  return text.includes('.') ? text : `${text}.0`
}

/** API Reference, "ColumnInfo"; names of types as Athena gives them. */
export function columnInfo({ name, type }: Executed['columns'][number]) {
  const [, base = type, first, second, zone = ''] =
    /^([a-z ]+?)(?:\((\d+)(?:, ?(\d+))?\))?( with time zone)?$/.exec(type) ?? []
  const known = type.startsWith('array') ? 'array' : `${base}${zone}`
  return {
    CatalogName: 'hive',
    SchemaName: '',
    TableName: '',
    Name: name,
    Label: name,
    Type: known === 'real' ? 'float' : known,
    Precision: Number(first ?? PRECISION[known] ?? 0),
    Scale: Number(second ?? 0),
    Nullable: 'UNKNOWN',
    CaseSensitive: known === 'varchar',
  }
}
const PRECISION: Readonly<Record<string, number>> = {
  varchar: 2147483647,
  double: 17,
  bigint: 19,
  integer: 10,
  timestamp: 3,
}
