/** Totals before their parts, as tables list them: 15歳以上人口, 労働力人口, 就業者, 完全失業者, 非労働力人口. */
import { addsUp, type Group, roomFor } from './arithmetic.ts'

export interface Tree {
  readonly code: string
  /** Empty for a leaf. */
  readonly parts: readonly Tree[]
  /** Complete groups that the sum was checked on. */
  readonly groups: number
}

/** Chance agreements are looked for in many sums: one must be this unlikely, on two groups at least. */
const UNLIKELY = 1e-8
const MIN_GROUPS = 2
/** Sums tried grow with the square of this. */
const MAX_CODES = 150

/**
 * Reads the codes from the last to the first; each takes in the trees that follow it as soon as they add up to it on
 * every complete group. What takes in nothing is a tree of its own.
 *
 * @param codes In e-Stat's order, without those that stand beside the parts.
 */
export function treesOf(groups: readonly Group[], codes: readonly string[]): readonly Tree[] {
  if (codes.length > MAX_CODES) return codes.map((code) => ({ code, parts: [], groups: 0 }))
  let after: readonly Tree[] = []
  for (const code of codes.toReversed()) {
    const found = taken(groups, code, after)
    after = [{ code, parts: after.slice(0, found.count), groups: found.groups }, ...after.slice(found.count)]
  }
  return after
}

/**
 * How many of the trees that follow, from the first, add up to the code; 0 where none do. The sums grow one tree at a
 * time, and a sum that the first group already speaks against is not looked at in the others.
 */
function taken(
  groups: readonly Group[],
  code: string,
  after: readonly Tree[],
): { readonly count: number; readonly groups: number } {
  let sums = groups.flatMap((group) => {
    const whole = group.values.get(code)
    return whole === undefined ? [] : [{ group, whole, sum: 0 }]
  })
  for (const [index, tree] of after.entries()) {
    sums = sums.flatMap(({ group, whole, sum }) => {
      const value = group.values.get(tree.code)
      return value === undefined ? [] : [{ group, whole, sum: sum + value }]
    })
    const [first] = sums
    // One more code is missing from every group: no longer sum can be complete either.
    if (first === undefined) break
    const count = index + 1
    if (count < 2 || Math.abs(first.sum - first.whole) > roomFor(first.group, first.whole, count)) continue
    const verdict = addsUp(groups, code, after.slice(0, count).map((one) => one.code)) // biome-ignore format: one line
    if (verdict.holds && verdict.groups >= MIN_GROUPS && verdict.chance < UNLIKELY)
      return { count, groups: verdict.groups }
  }
  return { count: 0, groups: 0 }
}
