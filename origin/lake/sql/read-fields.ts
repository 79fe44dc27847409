/**
 * Reading the parser's tree without trust: every field of a node is either asked for, known to be
 * decoration, or empty. Anything else is a construct that nobody reviewed, and is refused.
 */
import type { RawNode } from './parser.ts'
import { quoted, refused } from './refusal.ts'

/** Spelling, comments and places: no part of a query's meaning. */
const DECORATION = new Set([
  'alias_explicit_as',
  'alias_first',
  'alias_keyword',
  'end_side_text',
  'explicit_asc',
  'from_for_syntax',
  'integer_spelling',
  'kind_text',
  'nesting_group',
  'original_name',
  'position_explicit',
  'real_spelling',
  'span',
  'sql_standard_syntax',
  'start_side_text',
  'use_inner_keyword',
  'use_outer_keyword',
  'use_plural',
])

export const isNode = (value: unknown): value is RawNode =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isDecoration = (field: string): boolean => DECORATION.has(field) || field.endsWith('comments')

const isEmpty = (value: unknown): boolean =>
  value === null || value === undefined || value === false || (Array.isArray(value) && value.length === 0)

/**
 * @param record A node's fields.
 * @param known The fields that the reader understands.
 * @param what The construct, for the message.
 * @returns The same record, when it holds nothing else.
 * @throws Fault QUERY_REJECTED for a field that is neither known, decoration nor empty.
 */
export function fieldsOf(record: unknown, known: readonly string[], what: string): RawNode {
  if (!isNode(record)) throw refused(`${what} is written in a way that is not supported`)
  for (const [field, value] of Object.entries(record)) {
    if (known.includes(field) || isDecoration(field) || isEmpty(value)) continue
    throw refused(`${what} with ${quoted(field.replaceAll('_', ' '))} is not supported`)
  }
  return record
}

/** The type and the fields of a node; a bare type name ("null") has no fields. */
export function typed(node: unknown): readonly [type: string, fields: unknown] {
  if (typeof node === 'string') return [node, {}]
  const entries = isNode(node) ? Object.entries(node) : []
  const only = entries[0]
  if (entries.length !== 1 || only === undefined) throw refused('it has a part that is not supported')
  return [only[0], only[1] ?? {}]
}

export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
export const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)
export const flag = (value: unknown): boolean => value === true

/** Longest name anyone may write: aliases come back in answers. */
const MAX_NAME = 200

/** An identifier record, or null. @throws Fault QUERY_REJECTED for a name with control characters or too long. */
export function nameOf(value: unknown): string | null {
  if (value === null || value === undefined) return null
  const { name, quoted: inQuotes } = fieldsOf(value, ['name', 'quoted'], 'a name')
  if (typeof name !== 'string' || name === '' || name.length > MAX_NAME || /[\p{Cc}\p{Cf}\p{Cs}]/u.test(name)) {
    throw refused('a name is empty, too long, or has invisible characters', 'Use letters, digits and underscores.')
  }
  if (inQuotes !== true && !/^[\p{L}\p{N}\p{M}_・ー]+$/u.test(name)) {
    throw refused(`${quoted(name)} is no plain name`, 'Put names with other characters into double quotes.')
  }
  return name
}

/** An identifier that must be there. */
export function requiredName(value: unknown, what: string): string {
  const name = nameOf(value)
  if (name === null) throw refused(`${what} has no name`)
  return name
}

export const namesOf = (value: unknown): readonly string[] => list(value).map((item) => requiredName(item, 'a column'))
