/** DuckDB's values and types as an answer shows them. */
import {
  DuckDBDateValue,
  DuckDBDecimalType,
  DuckDBDecimalValue,
  DuckDBListType,
  DuckDBListVector,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  type DuckDBType,
  DuckDBTypeId,
  type DuckDBValue,
  type DuckDBVector,
} from '@duckdb/node-api'
import { fault } from '../../shared/fault.ts'
import type { Cell } from '../lake/ports.ts'

const TRINO: Readonly<Partial<Record<DuckDBTypeId, string>>> = {
  [DuckDBTypeId.BOOLEAN]: 'boolean',
  [DuckDBTypeId.TINYINT]: 'tinyint',
  [DuckDBTypeId.SMALLINT]: 'smallint',
  [DuckDBTypeId.INTEGER]: 'integer',
  [DuckDBTypeId.BIGINT]: 'bigint',
  [DuckDBTypeId.HUGEINT]: 'decimal(38,0)',
  [DuckDBTypeId.FLOAT]: 'real',
  [DuckDBTypeId.DOUBLE]: 'double',
  [DuckDBTypeId.VARCHAR]: 'varchar',
  [DuckDBTypeId.DATE]: 'date',
  [DuckDBTypeId.TIMESTAMP]: 'timestamp(6)',
  [DuckDBTypeId.TIMESTAMP_TZ]: 'timestamp(6) with time zone',
  [DuckDBTypeId.INTERVAL]: 'interval',
  [DuckDBTypeId.SQLNULL]: 'unknown',
}

/** Trino's name of a column's type. */
export function trinoType(of: DuckDBType | undefined): string {
  if (of instanceof DuckDBDecimalType) return `decimal(${of.width},${of.scale})`
  if (of instanceof DuckDBListType) return `array(${trinoType(of.valueType)})`
  return (of === undefined ? undefined : TRINO[of.typeId]) ?? 'unknown'
}

/** Bytes of one cell's text: more than a whole answer may have (PRODUCT.md, promise 7), so it could not be shown. */
const MAX_CELL_BYTES = 128 * 1024

/**
 * One cell, read no further than a cell may be long: an array of a million items is never made.
 * @throws Fault TOO_LARGE for a longer one.
 */
export function readCell(vector: DuckDBVector, row: number): Cell {
  const cell = read(vector, row, { left: MAX_CELL_BYTES })
  return typeof cell === 'object' && cell !== null ? JSON.stringify(cell) : cell
}

interface Room {
  left: number
}
type Read = Cell | readonly Read[]

function read(vector: DuckDBVector, row: number, room: Room): Read {
  if (!(vector instanceof DuckDBListVector)) {
    const cell = cellOf(vector.getItem(row))
    room.left -= bytesOf(cell)
    if (room.left < 0) throw tooLong()
    return cell
  }
  const items = vector.getItemVector(row)
  if (items === null) return null
  if (items.itemCount > room.left) throw tooLong()
  return Array.from({ length: items.itemCount }, (_, at) => read(items, at, room))
}

const tooLong = (): Error =>
  fault('TOO_LARGE', `One cell of the result is longer than ${MAX_CELL_BYTES / 1024} KB.`, {
    hint: 'Select fewer columns or aggregate: return rows instead of an array or a long text.',
  })

/** Bytes of a cell in an answer, about: with its comma. */
export const bytesOf = (cell: Cell): number => (typeof cell === 'string' ? Buffer.byteLength(cell) + 3 : 8)

/**
 * A value as JSON can hold it without loss: whole numbers beyond 2^53 and decimals of more than 15 digits as text,
 * dates and times as ISO 8601 text. NaN and Infinity are the texts 'NaN', 'Infinity' and '-Infinity', as Athena
 * returns them: null would say that there is no value.
 */
function cellOf(value: DuckDBValue): Cell {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
  if (value instanceof DuckDBDecimalValue) {
    const digits = String(value.value).replace(/^-?0*/, '')
    return digits.length <= 15 ? Number(value.toString()) : value.toString()
  }
  if (value instanceof DuckDBDateValue) return value.toString()
  if (value instanceof DuckDBTimestampValue) return isoTime(value.micros, '')
  if (value instanceof DuckDBTimestampTZValue) return isoTime(value.micros, 'Z')
  return String(value)
}

/** Milliseconds, and microseconds where there are any. */
function isoTime(micros: bigint, zone: '' | 'Z'): string {
  const whole = ((micros % 1000n) + 1000n) % 1000n
  const iso = new Date(Number((micros - whole) / 1000n)).toISOString().slice(0, -1)
  return `${iso}${whole === 0n ? '' : String(whole).padStart(3, '0')}${zone}`
}
