/**
 * How a catalogue of all of e-Stat comes about, as data: what to ask next, and what is known after each page. Pure; the
 * records lie in the object store, so that a killed build goes on where it was and any process can read the result.
 */
import type { ListPage, ListQuery } from '../ports.ts'
import type { Lease } from './job.ts'

/** Listings of one request: some 15 MB of JSON, which a small task can hold. */
export const PAGE_LISTINGS = 10_000
/** After this many days everything is fetched anew (some two dozen requests): a refresh is not told what e-Stat has withdrawn. */
export const FULL_EVERY_DAYS = 7
const DAY_MS = 86_400_000

/** The catalogue's record lies here, numbered. */
export const RECORD_FOLDER = 'catalogue/record/'

/** 1 statistics, 2 small areas and meshes: e-Stat lists one kind at a time. */
const KINDS = ['1', '2'] as const

interface Pass {
  readonly kind: (typeof KINDS)[number]
  /** First listing still to ask for; null where the pass is done. */
  readonly next: number | null
  /** Listings of this kind in all; null before the first page. */
  readonly total: number | null
}

/** A build under way. */
export interface BuildState {
  readonly generation: string
  /** Pages of earlier builds that this one stands on; none where everything is fetched anew. */
  readonly base: readonly string[]
  /** What this build adds, in the order it came. */
  readonly pages: readonly string[]
  /** `yyyymmdd-yyyymmdd`; null where everything is fetched. */
  readonly updatedDate: string | null
  /** Day the build began and, where it stands on an earlier one, the day everything was last fetched: `yyyy-mm-dd`. */
  readonly asOf: string
  readonly fullAsOf: string
  readonly passes: readonly Pass[]
}

/** What search answers from. Written last, whole: the swap. */
export interface CurrentCatalogue {
  readonly generation: string
  /** Every page it was made of, older ones first. */
  readonly pages: readonly string[]
  readonly file: string
  readonly tables: number
  readonly asOf: string
  readonly fullAsOf: string
}

/**
 * `catalogue/record/<n>.json`: the catalogue in use, the build under way and who works on it, in one record. So whoever
 * lost the lease, also by sleeping through it, can write neither a position nor a catalogue any more.
 */
export interface CatalogueRecord {
  readonly format: 2
  readonly current: CurrentCatalogue | null
  readonly build: BuildState | null
  readonly lease: Lease | null
}

export const NO_CATALOGUE: CatalogueRecord = { format: 2, current: null, build: null, lease: null }

/** @param now Milliseconds since the epoch. e-Stat's days are Japan's. */
const dayOf = (now: number): string => new Date(now + 9 * 3_600_000).toISOString().slice(0, 10)
const daysBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / DAY_MS

/** What to build now: null where the catalogue is of today. One day overlaps, for what came after the last comparison. */
export function nextBuild(current: CurrentCatalogue | null, now: number): BuildState | null {
  const today = dayOf(now)
  const generation = generationAt(now)
  const passes = KINDS.map((kind) => ({ kind, next: 1, total: null }))
  if (current === null || daysBetween(current.fullAsOf, today) >= FULL_EVERY_DAYS)
    return { generation, base: [], pages: [], updatedDate: null, asOf: today, fullAsOf: today, passes }
  if (daysBetween(current.asOf, today) < 1) return null
  const since = new Date(Date.parse(current.asOf) - DAY_MS).toISOString().slice(0, 10)
  return {
    generation,
    base: current.pages,
    pages: [],
    updatedDate: `${since}-${today}`.replaceAll(/(\d{4})-(\d{2})-(\d{2})/g, '$1$2$3'),
    asOf: today,
    fullAsOf: current.fullAsOf,
    passes,
  }
}

/** A build that has nothing to fetch: the index of pages that are there already. */
export const remadeFrom = (pages: readonly string[], asOf: string, fullAsOf: string, now: number): BuildState => ({
  generation: generationAt(now),
  base: pages,
  pages: [],
  updatedDate: null,
  asOf,
  fullAsOf,
  passes: [],
})

/** Sortable by time: a build's folder. */
const generationAt = (now: number): string => new Date(now).toISOString().replaceAll(/[-:.]/g, '')

export interface NextPage {
  readonly query: ListQuery
  readonly key: string
}

/** The pass that is asked next, -1 where all are done: first one page of each, which tells how many there are in all. */
function placeOf(passes: readonly Pass[]): number {
  const unknown = passes.findIndex(({ next, total }) => next !== null && total === null)
  return unknown >= 0 ? unknown : passes.findIndex(({ next }) => next !== null)
}

/** The next request, and where its page goes; null where all pages are there. */
export function nextPage({ generation, passes, updatedDate }: BuildState): NextPage | null {
  const pass = passes[placeOf(passes)]
  if (pass === undefined || pass.next === null) return null
  return {
    query: {
      searchKind: pass.kind,
      start: pass.next,
      limit: PAGE_LISTINGS,
      ...(updatedDate === null ? {} : { updatedDate }),
    },
    key: `catalogue/${generation}/page-${pass.kind}-${String(pass.next).padStart(8, '0')}.ndjson.gz`,
  }
}

/** The state once the page lies under its key. The same page twice leaves the same state. */
export function afterPage(state: BuildState, key: string, page: ListPage): BuildState {
  const at = placeOf(state.passes)
  const keep = page.tables.length > 0 && !state.pages.includes(key)
  return {
    ...state,
    pages: keep ? [...state.pages, key] : state.pages,
    passes: state.passes.map((pass, place) =>
      place === at ? { ...pass, next: page.nextKey, total: page.total } : pass,
    ),
  }
}

/** @param first Where this process first saw the build. @param at Milliseconds since the epoch, both. @returns Null where nothing tells yet. */
export function secondsLeft(
  first: { readonly at: number; readonly listed: number },
  { at, listed, total }: { readonly at: number; readonly listed: number; readonly total: number | null },
): number | null {
  const came = listed - first.listed
  return total === null || came <= 0 ? null : Math.ceil(((at - first.at) / came) * ((total - listed) / 1000))
}

/** Listings fetched so far and in all, as far as known. */
export function progressOf({ passes }: BuildState): { readonly listed: number; readonly total: number | null } {
  const listed = passes.reduce((sum, { next, total }) => sum + (next === null ? (total ?? 0) : next - 1), 0)
  const totals = passes.map(({ total }) => total)
  return { listed, total: totals.includes(null) ? null : totals.reduce<number>((sum, total) => sum + (total ?? 0), 0) }
}
