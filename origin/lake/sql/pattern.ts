/**
 * Bounds on regular expressions. Counted repetitions within one another multiply, and an engine writes them out:
 * `((a{1,1000}){1,1000}){1,1000}` is a billion states. RE2, under DuckDB, refuses those; Trino's engine, JONI, backtracks
 * through them ("Properties reference / Regular expression function properties").
 */
import { refused } from './refusal.ts'

/** States that counted repetitions may make, all levels multiplied. */
const MAX_REPEATS = 1000

/** @throws Fault QUERY_REJECTED where its counted repetitions multiply beyond the cap. */
export function checkPattern(pattern: string): void {
  if (repeatsOf(pattern) > MAX_REPEATS) {
    throw refused(
      'a regular expression repeats too often',
      `Keep {n,m} to ${MAX_REPEATS} in all, multiplied where nested.`,
    )
  }
}

/** The largest product of counts, from the outermost group to the innermost. Classes and escaped characters count once. */
function repeatsOf(pattern: string): number {
  const tokens = pattern.matchAll(/\\.|\[(?:\\.|[^\]\\])*\]|\{(\d+)(?:,(\d*))?\}|[()]|[^]/gu)
  // The largest product inside each open group; the last is the innermost. `last` is the item that a count repeats.
  const open = [1]
  let last = 1
  for (const [token, least, most] of tokens) {
    if (token === '(') {
      open.push(1)
      last = 1
    } else if (token === ')') {
      last = open.pop() ?? 1
      if (open.length === 0) open.push(1)
    } else last = least === undefined ? 1 : last * Math.max(1, Number(most === undefined || most === '' ? least : most))
    open[open.length - 1] = Math.max(open.at(-1) ?? 1, last)
  }
  return Math.max(...open)
}
