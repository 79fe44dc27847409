/**
 * The latest period that has a value. The metadata's last period may hold symbols alone, or nothing
 * (reference/estat-api.md, 7.9), so `"latest"` is a list of candidates to try, newest first.
 */
import type { Observation } from './model.ts'

/**
 * Candidates in batches to ask for one after the other until `latestWithValue` answers: few at first, since the
 * newest nearly always has values, then up to 100, as many as one request takes.
 */
export function latestBatches(candidates: readonly string[]): readonly (readonly string[])[] {
  const batches: (readonly string[])[] = []
  for (let start = 0, size = 3; start < candidates.length; start += size, size = size === 3 ? 12 : 100)
    batches.push(candidates.slice(start, start + size))
  return batches
}

/** The first candidate for which any row holds a number; null where none does. */
export function latestWithValue(rows: readonly Observation[], candidates: readonly string[]): string | null {
  const valued = new Set(rows.filter(({ value }) => value !== null).map(({ codes }) => codes['time']))
  return candidates.find((code) => valued.has(code)) ?? null
}
