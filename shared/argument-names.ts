/** Names of arguments as models write them, and what to say of one that is none. */

/** Names in other interfaces of what has one here: e-Stat's own, without marks and in lower case. */
const ELSEWHERE: ReadonlyMap<string, string> = new Map([
  ['statsdataid', 'dataset_id'],
  ['tableid', 'dataset_id'],
])

/** `maxResults`, `max-results` and `MAX_RESULTS` are one name. */
const bare = (name: string): string =>
  name
    .normalize('NFKC')
    .replace(/[-_\s]/g, '')
    .toLowerCase()

/** The known name that is meant; null where there is none, or no telling which. */
export function knownName(sent: string, known: readonly string[]): string | null {
  if (known.includes(sent)) return sent
  const name = bare(ELSEWHERE.get(bare(sent)) ?? sent)
  const meant = known.filter((one) => bare(one) === name)
  return meant.length === 1 ? (meant[0] ?? null) : null
}

/** The known name that a mistyped one is nearest to; null where none is near. */
export function nearestName(sent: string, known: readonly string[]): string | null {
  const name = bare(sent)
  const near = known
    .map((one) => ({ one, distance: isPart(name, bare(one)) ? 1 : distance(name, bare(one)) }))
    .filter(({ distance: steps }) => steps <= Math.max(1, Math.floor(name.length / 3)))
    .toSorted((left, right) => left.distance - right.distance)
  return near[0]?.one ?? null
}

/** `results` of `max_results`, `datasetids` of `dataset_id`. */
const isPart = (left: string, right: string): boolean =>
  Math.min(left.length, right.length) >= 4 && (left.includes(right) || right.includes(left))

/** Longest name that is compared: what is longer is like nothing. */
const MOST = 60

/** Characters to insert, delete or exchange (Levenshtein). */
function distance(left: string, right: string): number {
  if (left.length > MOST) return left.length
  let above = Array.from({ length: right.length + 1 }, (_, at) => at)
  for (const [row, letter] of left.split('').entries()) {
    const line = [row + 1]
    for (const [at, other] of right.split('').entries())
      line.push(Math.min((line[at] ?? 0) + 1, (above[at + 1] ?? 0) + 1, (above[at] ?? 0) + (letter === other ? 0 : 1)))
    above = line
  }
  return above.at(-1) ?? 0
}

/** Axes of e-Stat's tables (manual 3.0, 4.4: tab, cat01 to cat15, area, time). */
export const isAxisName = (name: string): boolean => /^(tab|cat(0[1-9]|1[0-5])|area|time)$/i.test(name)
