/** What a caller may write as a filter's value, read without looking at the table. */
import { fault } from '../../shared/fault.ts'
import { type LastSpan, parseLastSpan } from './last-span.ts'

export type FilterValue =
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'range'; readonly from: string | null; readonly to: string | null }
  | { readonly kind: 'level'; readonly level: string }
  | { readonly kind: 'latest'; readonly word: string }
  | { readonly kind: 'last'; readonly span: LastSpan; readonly word: string }

const FORMS = 'a code, a name, a list of them, {"from","to"}, {"level"}, "latest" or "last 5 years"'

const isWord = (value: unknown): value is string | number => typeof value === 'string' || typeof value === 'number'

/**
 * Reads one value of `filters`. Numbers are taken as their text; JSON in a string is read as JSON.
 * @throws Fault INVALID_PARAMETER that names the axis and the forms a value may have.
 */
export function parseFilterValue(key: string, value: unknown): FilterValue {
  const given = typeof value === 'string' ? (jsonOf(value) ?? value) : value
  if (isWord(given)) return parseWord(key, String(given))
  if (Array.isArray(given)) {
    if (given.length === 0) throw fault('INVALID_PARAMETER', `filters.${key} is an empty list.`, emptyHint)
    // A list in a list is one list: callers group names as they think of them.
    const flat: readonly unknown[] = given.flat()
    if (flat.length > 0 && flat.every(isWord))
      return flat.length === 1 ? parseWord(key, String(flat[0])) : words(flat.map(String))
  }
  if (typeof given === 'object' && given !== null && !Array.isArray(given))
    return parseBounds(key, Object.entries(given))
  throw fault('INVALID_PARAMETER', `filters.${key} must be ${FORMS}.`)
}

const emptyHint = { hint: 'Leave the axis out to select all of its codes.' }
const words = (list: readonly string[]): FilterValue => ({ kind: 'words', words: list })

function parseWord(key: string, word: string): FilterValue {
  if (word.trim() === '') throw fault('INVALID_PARAMETER', `filters.${key} is empty.`, emptyHint)
  if (/^(latest|最新)$/i.test(word.normalize('NFKC').trim())) return { kind: 'latest', word }
  const span = parseLastSpan(word)
  return span === null ? words([word]) : { kind: 'last', span, word }
}

function parseBounds(key: string, entries: readonly (readonly [string, unknown])[]): FilterValue {
  const bounds = new Map(entries.filter(([, bound]) => bound !== null && bound !== undefined && bound !== ''))
  const names = [...bounds.keys()]
  if (names.length === 1 && names[0] === 'level') return parseLevel(key, bounds.get('level'))
  const isRange = names.length > 0 && names.every((name) => name === 'from' || name === 'to')
  if (!isRange || ![...bounds.values()].every(isWord))
    throw fault('INVALID_PARAMETER', `filters.${key} must be ${FORMS}.`)
  const bound = (name: string): string | null => (bounds.has(name) ? String(bounds.get(name)) : null)
  return { kind: 'range', from: bound('from'), to: bound('to') }
}

/** e-Stat's own forms (manual, lvX): `X`, `X-Y`, `-X`, `X-`, levels 1 to 9. */
function parseLevel(key: string, value: unknown): FilterValue {
  const level = isWord(value) ? String(value).normalize('NFKC').trim() : ''
  if (!/^(?:[1-9]|[1-9]-[1-9]|-[1-9]|[1-9]-)$/.test(level))
    throw fault('INVALID_PARAMETER', `filters.${key}.level must be a level such as 2, "1-2", "-2" or "2-".`)
  return { kind: 'level', level }
}

/** Whether a level is within an lvX expression. */
export function matchesLevel(level: number | null, expression: string): boolean {
  if (level === null) return false
  const [low, high] = expression.includes('-') ? expression.split('-') : [expression, expression]
  return level >= Number(low || 1) && level <= Number(high || 9)
}

function jsonOf(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
