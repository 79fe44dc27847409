/** The tree as e-Stat's JSON: the conversion rules that recordings show (reference/estat-api.md, 3.1). */
import type { Element } from './tree.ts'

/** One line, ASCII only, no blanks, no line end. */
export const writeJson = (root: Element): string => `{${quote(root.name)}:${valueOf(root)}}`

/** Rule 2: attributes make an object, text alone a bare scalar. Rule 4: nothing at all is "". */
function valueOf({ attributes, content, rest }: Element): string {
  const members = Object.entries(attributes).map(([name, value]) => `${quote(`@${name}`)}:${quote(value)}`)
  if (typeof content === 'string') {
    if (members.length === 0) return bare(content)
    members.push(`"$":${quote(content)}`)
  } else if (content !== null) members.push(...grouped(content))
  if (rest !== undefined) members.push(...repeated(rest()))
  return members.length === 0 ? '""' : `{${members.join(',')}}`
}

/** Rule 3: what is repeated becomes an array under one key, what occurs once stays an object. */
function grouped(children: readonly Element[]): string[] {
  const groups = new Map<string, string[]>()
  for (const child of children) {
    const group = groups.get(child.name)
    if (group) group.push(valueOf(child))
    else groups.set(child.name, [valueOf(child)])
  }
  return Array.from(
    groups,
    ([name, values]) => `${quote(name)}:${values.length === 1 ? values[0] : `[${values.join(',')}]`}`,
  )
}

/** The same for children of one name, of which none is kept. */
function repeated(children: Iterable<Element>): string[] {
  const values: string[] = []
  let name = ''
  for (const child of children) {
    name = child.name
    values.push(valueOf(child))
  }
  return values.length === 0 ? [] : [`${quote(name)}:${values.length === 1 ? values[0] : `[${values.join(',')}]`}`]
}

const INTEGER = /^(?:0|[1-9]\d*)$/

/** Rule 5: bare text that is an integer without a leading zero becomes a number; attributes and "$" never do. */
const bare = (text: string): string => (INTEGER.test(text) ? text : quote(text))

/** Rule 6: beside what JSON asks for, everything outside ASCII and `< > & = '`. One UTF-16 unit at a time. */
const ESCAPED = /["\\<>&='\u0000-\u001f\u007f-\uffff]/ // oxlint-disable-line no-control-regex
const ALL_ESCAPED = new RegExp(ESCAPED, 'g')
const SHORT: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
}

const quote = (text: string): string =>
  ESCAPED.test(text) ? `"${text.replace(ALL_ESCAPED, escapeUnit)}"` : `"${text}"`

const escapeUnit = (unit: string): string =>
  SHORT[unit] ?? `\\u${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`
