/**
 * Reading e-Stat's JSON, which is converted XML: one element arrives bare and several as an array, an element
 * with attributes as `{"@code": ..., "$": ...}` and one without as a scalar, a numeric text as a number
 * (reference/estat-api.md, 3.1). All of that is decided here, once.
 */

type Fields = Readonly<Record<string, unknown>>

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A child element; undefined where it, or its parent, is absent or `""`. */
export const child = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((at, key) => (isFields(at) && Object.hasOwn(at, key) ? at[key] : undefined), value)

/** The elements of one name: none, one bare, or an array. An empty element (`""`) is none. */
export function elements(value: unknown): readonly unknown[] {
  if (value === undefined || value === null || value === '') return []
  return Array.isArray(value) ? value : [value]
}

/** Text of a scalar, a number, or of an element with attributes; null where there is none. */
export function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return isFields(value) && Object.hasOwn(value, '$') ? textOf(value['$']) : null
}

/** Text of an attribute (`@code`); null where it is absent. */
export const attribute = (value: unknown, name: string): string | null => textOf(child(value, `@${name}`))

/** A whole number of zero or more, whether sent as a number or as text; null for anything else. */
export function wholeOf(value: unknown): number | null {
  const text = textOf(value)
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null
}

/** Keys and values of an element in the order they were sent; none where it is not one. */
export const entriesOf = (value: unknown): readonly (readonly [string, unknown])[] =>
  isFields(value) ? Object.entries(value) : []
