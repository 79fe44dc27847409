/** The search itself: understand, filter, score, group editions, take one page. Pure and deterministic. */
import type { SearchInput } from '../../../shared/cacheable/search-estat-data.ts'
import type { CatalogueEntry } from '../../ports.ts'
import { analyse } from './analyse.ts'
import { lexiconOf, type SearchIndex } from './build-index.ts'
import { type Position, readCursor, writeCursor } from './cursor.ts'
import { filterOf } from './filters.ts'
import type { Understanding } from './model.ts'
import { basicScorer, enhancedScorer, type Parts, type Scorer } from './score.ts'

export interface SearchHit {
  readonly entry: CatalogueEntry
  /** 1 and up, over all pages. */
  readonly rank: number
  /** The sum of `parts`. */
  readonly score: number
  readonly parts: Parts
  /** 0 to 1: the part of the question's ideas that it meets. */
  readonly met: number
  /** The other editions of its series in the catalogue, newest first, as many as were asked for; and how many there are. */
  readonly editions: readonly CatalogueEntry[]
  readonly editionsTotal: number
  /** The newest edition, where it is known to be newer than this one. */
  readonly newer: CatalogueEntry | null
  /** False where a filter was asked for whose field the listing lacks. */
  readonly filtersKnown: boolean
}

export interface SearchOutcome {
  readonly understood: Understanding
  /** Words that no table of the catalogue has, nor any term beside them. */
  readonly unknown: readonly string[]
  /** Distinct tables that answer; of these, the ones that meet every word; listings as e-Stat counts, once for each area. */
  readonly tables: number
  readonly complete: number
  readonly listings: number
  /** Tables among them kept although a field that a filter asks for is not in their listing. */
  readonly unfiltered: number
  /** Results after editions are grouped: what the pages hold in all. */
  readonly results: number
  readonly hits: readonly SearchHit[]
  readonly nextCursor: string | null
}

/** What a filter that cannot be told costs: behind the tables that are known to fit. */
const UNSURE = 2

/**
 * @param input As `normalise` gives it.
 * @param editions Other editions to give with each hit, at the most.
 * @throws Fault INVALID_PARAMETER for a cursor that does not belong here.
 */
export function search(index: SearchIndex, input: SearchInput, editions: number = Infinity): SearchOutcome {
  const after = input.cursor === undefined ? null : readCursor(input.cursor, input)
  const understood = analyse(input.query, lexiconOf(index))
  const scorer = (input.scoring_method === 'basic' ? basicScorer : enhancedScorer)(index, understood)
  const found = scoreAll(index, input, scorer)
  const best = bestOfSeries(index, found, scorer)
  const page = takePage(index, found.scores, best, after, input.max_results)
  const hits = page.rows.map((row, place) =>
    toHit({ index, found, scorer, editions }, row, (after?.shown ?? 0) + place + 1),
  )
  const last = hits.at(-1)
  return {
    understood,
    unknown: scorer.unknown,
    ...found.counts,
    results: best.length,
    hits,
    nextCursor:
      page.more && last
        ? writeCursor({ shown: last.rank, score: found.scores[page.rows.at(-1) ?? 0] ?? 0, id: last.entry.id }, input)
        : null,
  }
}

interface Found {
  /** By row; NaN where the table is no answer. */
  readonly scores: Float64Array
  readonly unsure: Uint8Array
  readonly counts: Pick<SearchOutcome, 'tables' | 'complete' | 'listings' | 'unfiltered'>
}

function scoreAll(index: SearchIndex, input: SearchInput, scorer: Scorer): Found {
  const filter = filterOf(input, index)
  const scores = new Float64Array(index.count).fill(Number.NaN)
  const unsure = new Uint8Array(index.count)
  const counts = { tables: 0, complete: 0, listings: 0, unfiltered: 0 }
  for (let row = 0; row < index.count; row += 1) {
    const scored = scorer.score(row)
    const fits = scored && filter ? filter(row) : 'yes'
    if (!scored || fits === 'no') continue
    unsure[row] = Number(fits === 'unknown')
    scores[row] = scored.score - (fits === 'unknown' ? UNSURE : 0)
    counts.tables += 1
    counts.complete += Number(scored.met > 0.999)
    counts.listings += index.listings[row] ?? 1
    counts.unfiltered += unsure[row] ?? 0
  }
  return { scores, unsure, counts }
}

/** The row that stands for each series: the newest edition, unless the question prefers another. */
function bestOfSeries({ seriesAt, seriesRows }: SearchIndex, { scores, unsure }: Found, scorer: Scorer): number[] {
  const worth = (row: number): number => scorer.prefer(row) - UNSURE * (unsure[row] ?? 0)
  const best: number[] = []
  for (let series = 0; series + 1 < seriesAt.length; series += 1) {
    let chosen = -1
    for (let at = seriesAt[series] ?? 0; at < (seriesAt[series + 1] ?? 0); at += 1) {
      const row = seriesRows[at] ?? 0
      if (Number.isNaN(scores[row] ?? Number.NaN)) continue
      if (chosen < 0 || worth(row) > worth(chosen)) chosen = row
    }
    if (chosen >= 0) best.push(chosen)
  }
  return best
}

/** The `size` best rows behind `after`: higher scores first, then lower ids (rows are in order of id). */
function takePage(
  { ids }: SearchIndex,
  scores: Float64Array,
  rows: readonly number[],
  after: Position | null,
  size: number,
): { rows: number[]; more: boolean } {
  const comes = (a: number, b: number): number => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b
  const page: number[] = []
  for (const row of rows) {
    if (after && !isBehind(scores[row] ?? 0, ids[row] ?? 0, after)) continue
    const worst = page[size]
    if (worst !== undefined && comes(worst, row) < 0) continue
    page.push(row)
    page.sort(comes)
    page.length = Math.min(page.length, size + 1)
  }
  return { rows: page.slice(0, size), more: page.length > size }
}

const isBehind = (score: number, id: number, after: Position): boolean =>
  Math.abs(score - after.score) < 5e-5 ? id > Number(after.id) : score < after.score

interface Made {
  readonly index: SearchIndex
  readonly found: Found
  readonly scorer: Scorer
  readonly editions: number
}

function toHit({ index, found, scorer, editions }: Made, row: number, rank: number): SearchHit {
  const scored = scorer.score(row)
  const series = index.seriesOf[row] ?? 0
  const rows = index.seriesRows.subarray(index.seriesAt[series], index.seriesAt[series + 1])
  const newest = rows[0] ?? row
  const isNewer = (index.period[row] ?? 0) > 0 && (index.period[newest] ?? 0) > (index.period[row] ?? 0)
  const others = Array.from(rows.filter((other) => other !== row).slice(0, editions), (other) => index.entryAt(other))
  return {
    entry: index.entryAt(row),
    rank,
    score: found.scores[row] ?? 0,
    met: scored?.met ?? 0,
    parts: { ...scored?.parts, ...(found.unsure[row] ? { filter_unknown: -UNSURE } : {}) },
    editions: others,
    editionsTotal: rows.length - 1,
    newer: isNewer ? index.entryAt(newest) : null,
    filtersKnown: found.unsure[row] === 0,
  }
}
