/** Table ids by how they begin, or by words of the title. */
import { search, type SearchIndex } from '../estat/search/index.ts'

/** The protocol shows this many (MCP, completion: `values`). */
const SHOWN = 100
/** Ids that words find: more is the search tool's work. */
const FOUND = 20
const DIGITS = 10

/**
 * Ids in order, for digits; the best by title, for words; none for nothing typed.
 * The length of the answer is how many there are in all: past the first hundred it is sparse.
 */
export function completeDatasets(typed: string, index: SearchIndex): readonly string[] {
  const wanted = typed.normalize('NFKC').trim()
  if (wanted === '') return []
  if (/^\d{1,10}$/.test(wanted)) return idsFrom(wanted, index)
  const asked = { query: wanted.slice(0, 200), max_results: FOUND, auto_suggest: false } as const
  return search(index, { ...asked, scoring_method: 'enhanced', lang: 'J' }).hits.map(({ entry }) => entry.id)
}

function idsFrom(digits: string, { ids }: SearchIndex): readonly string[] {
  const from = firstAtLeast(ids, Number(digits.padEnd(DIGITS, '0')))
  const to = firstAtLeast(ids, Number(digits.padEnd(DIGITS, '9')) + 1)
  const shown = Array.from(ids.subarray(from, Math.min(to, from + SHOWN)), (id) => String(id).padStart(DIGITS, '0'))
  shown.length = to - from
  return shown
}

/** Of ascending numbers, the place of the first that is not below `wanted`. */
function firstAtLeast(ids: Float64Array, wanted: number): number {
  let low = 0
  let high = ids.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((ids[middle] ?? 0) < wanted) low = middle + 1
    else high = middle
  }
  return low
}
