/** `filters` of the tools that narrow a table, and their normal form. */
import * as z from 'zod'
import { axisName, present } from './normal.ts'

const scalar = z.union([z.string(), z.number().transform(String)])
const range = z.object({ from: scalar.optional(), to: scalar.optional() }).strict()
const list = z.array(z.union([scalar, z.array(scalar).min(1)])).min(1)
const level = z.object({ level: scalar }).strict()

/** {axis: code, name, list (lists in it are one list), range, level, "latest" or "last 5 years"} */
export const filters = z
  .record(z.string(), z.union([scalar, list, range, level]))
  .describe(
    'Axis to code, name, list, {from, to}, {level} or, on time, "latest" or "last 5 years". E.g. {"area": "東京都", "cat01": ["総数", "男"], "time": {"from": "2010"}}.',
  )
type Filters = z.infer<typeof filters>
type Filter = Filters[string]

/**
 * Axes in one order and one spelling, lists as sets. Words keep their spelling: on some axis a code or a name may differ
 * from another in nothing but that.
 */
export function normaliseFilters(given: Filters): Filters {
  const named = Object.entries(given).map(([axis, value]) => [axisKey(axis), value] as const)
  // One axis named twice is refused by the tool, which has to see both.
  const isOnce = new Set(named.map(([axis]) => axis)).size === named.length
  const entries = (isOnce ? named : Object.entries(given)).toSorted(([left], [right]) => (left < right ? -1 : 1))
  return Object.fromEntries(entries.map(([axis, value]) => [axis, normaliseFilter(value)]))
}

/** No member may have the name "__proto__" (`shared/arguments.ts`). */
function axisKey(axis: string): string {
  const plain = axisName(axis)
  return plain === '__proto__' ? axis : plain
}

function normaliseFilter(value: Filter): Filter {
  if (typeof value === 'string') return value.trim()
  if (Array.isArray(value)) return normaliseList(value.flat().map((word) => word.trim()))
  if ('level' in value) return { level: value.level.normalize('NFKC').trim() }
  return present<{ from?: string; to?: string }>({ from: bound(value.from), to: bound(value.to) })
}

const bound = (word: string | undefined): string | undefined => word?.trim() || undefined

/** A list of one word is that word, unless the word alone would be read as JSON. */
function normaliseList(words: readonly string[]): string | string[] {
  const [first = '', ...more] = [...new Set(words)].toSorted()
  if (more.length > 0) return [first, ...more]
  // Twice the same is a list still: "latest" in it is a name, no period.
  if (words.length > 1) return [first, first]
  return /^[[{]/.test(first) ? [first] : first
}
