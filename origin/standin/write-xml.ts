/** The tree as e-Stat's XML, the form that the others are conversions of (reference/estat-api.md, 3.11). */
import type { Element } from './tree.ts'

const DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
const SCHEMAS = 'https://api.e-stat.go.jp/rest/3.0/schema/'

/**
 * @param schema Name of the schema, without `.xsd`; null for an answer that names none (postDataset).
 * @returns One line behind the declaration, without indentation.
 */
export function writeXml(root: Element, schema: string | null): string {
  const { attributes } = root
  const located =
    schema === null
      ? attributes
      : {
          'xsi:noNamespaceSchemaLocation': `${SCHEMAS}${schema}.xsd`,
          'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
          ...attributes,
        }
  return `${DECLARATION}${elementText({ ...root, attributes: located })}`
}

/** `<X/>` where there is nothing, `<X></X>` where there is a text of no length: recordings have both. */
function elementText({ name, attributes, content, rest }: Element): string {
  let head = `<${name}`
  for (const [key, value] of Object.entries(attributes)) head += ` ${key}="${escaped(value)}"`
  const more = rest === undefined ? [] : Array.from(rest(), elementText)
  if (content === null && more.length === 0) return `${head}/>`
  const held = typeof content === 'string' ? escaped(content) : (content ?? []).map(elementText).join('')
  const inner = `${held}${more.join('')}`
  return `${head}>${inner}</${name}>`
}

const SPECIAL = /[&<>"]/g
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

const escaped = (text: string): string => text.replace(SPECIAL, (one) => ENTITIES[one] ?? one)
