/** What our Athena dialect adds to Trino's core, taken apart: snapshots of tables, and arrays as JSON. */
import { javaDouble } from './texts.ts'

export interface StatementText {
  /** Without snapshots and JSON. */
  readonly text: string
  /** Snapshot id by table; null for a table as it is now. */
  readonly pins: ReadonlyMap<string, string | null>
  /** Names of the columns that are asked for as JSON. */
  readonly json: ReadonlySet<string>
}

const PIN = /"([^"]+)"\."([^"]+)" FOR VERSION AS OF (\d+)/g
const NOW = /(?:FROM|JOIN) "[^"]+"\."([^"]+)"(?! FOR VERSION)/g

export function statementText(sql: string): StatementText {
  const pins = new Map<string, string | null>(Array.from(sql.matchAll(NOW), ([, name = '']) => [name, null]))
  const json = new Set<string>()
  const text = sql.replace(PIN, (_whole, database: string, name: string, id: string) => {
    pins.set(name, id)
    return `"${database}"."${name}"`
  })
  return { text: withoutJson(text, json), pins, json }
}

const OPEN = 'json_format(CAST('
const CLOSE = ' AS JSON))'

/** `json_format(CAST(x AS JSON)) AS "name"` to `x AS "name"`. */
function withoutJson(text: string, json: Set<string>): string {
  const at = text.indexOf(OPEN)
  if (at < 0) return text
  const inside = at + OPEN.length
  const end = closing(text, inside)
  const after = text.slice(end + CLOSE.length)
  if (!text.startsWith(CLOSE, end)) throw new Error(`no end of JSON in ${text}`)
  json.add(/^ AS "([^"]*)"/.exec(after)?.[1] ?? '')
  return `${text.slice(0, at)}${text.slice(inside, end)}${withoutJson(after, json)}`
}

/** Where ` AS JSON))` of the bracket stands that is open at `from`. */
function closing(text: string, from: number): number {
  let depth = 0
  let quote = ''
  for (let at = from; at < text.length; at++) {
    const char = text[at] ?? ''
    if (quote !== '') quote = char === quote ? '' : quote
    else if (char === "'" || char === '"') quote = char
    else if (char === '(') depth += 1
    else if (char === ')' && depth === 0) return at - CLOSE.indexOf(')')
    else if (char === ')') depth -= 1
  }
  throw new Error('a bracket is not closed')
}

/** Trino's `json_format(CAST(array AS JSON))`: doubles as Java writes them, text quoted. */
export function jsonText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'number' && !Number.isInteger(value))
    return Number.isFinite(value) ? javaDouble(value) : `"${value}"`
  return JSON.stringify(value)
}
