/** e-Stat's JSON back into the tree it was converted from: the inverse of `write-json.ts`. */
import { fault } from '../../shared/fault.ts'
import type { Element } from './tree.ts'

/**
 * @param body A parsed answer of e-Stat: an object with one key, the root element's name.
 * @throws Fault DATA_TRANSFORM_ERROR where it is not.
 */
export function treeFromJson(body: unknown): Element {
  const roots = isObject(body) ? Object.entries(body) : []
  const [root] = roots
  if (root === undefined || roots.length !== 1)
    throw fault('DATA_TRANSFORM_ERROR', 'An answer of e-Stat has exactly one root element.')
  return elementFromJson(root[0], root[1])
}

/** One element, named, from the JSON value under its name (not an array: that is several elements). */
export function elementFromJson(name: string, value: unknown): Element {
  if (!isObject(value)) return { name, attributes: {}, content: value === '' ? null : String(value) }
  const entries = Object.entries(value)
  const attributes = Object.fromEntries(
    entries.filter(([key]) => key.startsWith('@')).map(([key, text]) => [key.slice(1), String(text)]),
  )
  if ('$' in value) return { name, attributes, content: String(value['$']) }
  const children = entries
    .filter(([key]) => !key.startsWith('@'))
    .flatMap(([key, child]) => (Array.isArray(child) ? child : [child]).map((one) => elementFromJson(key, one)))
  return { name, attributes, content: children.length === 0 ? null : children }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
