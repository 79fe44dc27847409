/** Lower and upper bounds of columns (Iceberg specification, Appendix D, "Binary single-value serialization"). */
import type { ColumnType } from '../ports.ts'

/** A value as the lake's statistics hold it: days for `date`, microseconds for `timestamptz`. */
export type BoundValue = string | number | bigint | boolean

/** Code points that a text bound keeps: what Iceberg's own writers use (`write.metadata.metrics.default`, truncate(16)). */
const KEPT_CODE_POINTS = 16

export const lowerBound = (type: ColumnType, value: BoundValue): Uint8Array =>
  serialize(type, typeof value === 'string' ? truncateDown(value) : value === 0 ? -0 : value)

/** Null where no text of the kept length lies above the value. */
export function upperBound(type: ColumnType, value: BoundValue): Uint8Array | null {
  if (typeof value !== 'string') return serialize(type, value === 0 ? 0 : value)
  const text = truncateUp(value)
  return text === null ? null : serialize(type, text)
}

/** Little-endian numbers, UTF-8 text, one byte for a boolean. A zero double keeps its sign: -0.0 sorts before +0.0. */
export function serialize(type: ColumnType, value: BoundValue): Uint8Array {
  switch (type) {
    case 'string':
      return new TextEncoder().encode(String(value))
    case 'boolean':
      return Uint8Array.of(value === true ? 1 : 0)
    case 'int':
    case 'date':
      return fixed(4, (view) => view.setInt32(0, Number(value), true))
    case 'double':
      return fixed(8, (view) => view.setFloat64(0, Number(value), true))
    default:
      return fixed(8, (view) => view.setBigInt64(0, BigInt(value), true))
  }
}

/** The longest prefix that is not longer than the kept length: never above the value. */
const truncateDown = (text: string): string => Array.from(text).slice(0, KEPT_CODE_POINTS).join('')

/** The least text of the kept length that is above every text with the same beginning; null where there is none. */
export function truncateUp(text: string): string | null {
  const points = Array.from(text)
  if (points.length <= KEPT_CODE_POINTS) return text
  for (let at = KEPT_CODE_POINTS - 1; at >= 0; at -= 1) {
    const next = nextCodePoint(points[at]?.codePointAt(0) ?? 0)
    if (next !== null) return points.slice(0, at).join('') + String.fromCodePoint(next)
  }
  return null
}

/** Surrogates are no characters: after U+D7FF comes U+E000. */
function nextCodePoint(point: number): number | null {
  if (point >= 0x10ffff) return null
  return point + 1 >= 0xd800 && point + 1 <= 0xdfff ? 0xe000 : point + 1
}

function fixed(size: number, write: (view: DataView) => void): Uint8Array {
  const bytes = new Uint8Array(size)
  write(new DataView(bytes.buffer))
  return bytes
}
