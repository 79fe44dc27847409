/** A question with some of its words exchanged: what a person accepted of the suggestions. */
import { isLatin } from './text.ts'

export interface Rewritten {
  readonly query: string
  /** Words of `accepted` that the question holds, in the order they were given. */
  readonly applied: readonly string[]
  readonly missing: readonly string[]
}

/**
 * Exchanges words wherever they stand, inside unspaced Japanese as well; Latin words as a whole only. All at once, the
 * longest first, so that no replacement is replaced again ({"給料":"賃金","賃金":"所得"} keeps 賃金 where 給料 was).
 */
export function rewrite(query: string, accepted: Readonly<Record<string, string>>): Rewritten {
  const text = query.normalize('NFKC')
  const words = Object.entries(accepted).map(([from, to]) => ({ from: from.normalize('NFKC').trim(), to, given: from }))
  const byWord = new Map(words.map((word) => [word.from.toLowerCase(), word]))
  const applied = new Set<string>()
  const longestFirst = words.map(({ from }) => from).toSorted((a, b) => b.length - a.length)
  const pattern = new RegExp(longestFirst.map(patternOf).join('|') || '(?!)', 'giu')
  const rewritten = text.replace(pattern, (found) => {
    const word = byWord.get(found.toLowerCase())
    if (!word) return found
    applied.add(word.given)
    return word.to
  })
  const given = words.map((word) => word.given)
  return {
    query: rewritten,
    applied: given.filter((word) => applied.has(word)),
    missing: given.filter((word) => !applied.has(word)),
  }
}

function patternOf(word: string): string {
  const escaped = word.replaceAll(/[$()*+.?[\\\]^{|}/-]/g, '\\$&')
  return isLatin(word.toLowerCase()) ? `(?<![a-z0-9])${escaped}(?![a-z0-9])` : escaped
}
