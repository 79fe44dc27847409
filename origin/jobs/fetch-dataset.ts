/**
 * Every row of a selection, kept as e-Stat's own pages. Pages are written as they come, the manifest last; a fetch
 * that fails takes its pages away again, so nothing half is ever seen.
 */
import { fault } from '../../shared/fault.ts'
import type { Narrowing, SymbolNote, TableMeta } from '../estat/model.ts'
import type { Ask, ObjectStore, PackedPage, StatsSource } from '../ports.ts'
import { keepsChanging } from './keeps-changing.ts'
import { type FetchManifest, manifestKey, pageKey, rawPrefix } from './manifest.ts'
import { PAGE_ROWS, planPages } from './plan-pages.ts'

export interface FetchRequest {
  readonly meta: TableMeta
  /** Queries whose union, in this order, is the selection (lists of over 100 codes are several). */
  readonly queries: readonly (readonly Narrowing[])[]
  readonly filters: Readonly<Record<string, string>>
  readonly fetchId: string
  /** Milliseconds since the epoch. */
  readonly now: number
  /** More rows than this are TOO_LARGE, and nothing is written. */
  readonly maxRows: number
  readonly progress: (done: number, total: number | null, message: string) => void
}

export interface FetchPorts {
  readonly stats: StatsSource
  readonly store: ObjectStore
}

/** Tables that change under way are begun anew this often. */
const ATTEMPTS = 3
/** Pages asked for at once: a courtesy to e-Stat and a bound on memory. */
const PARALLEL = 3

/**
 * @throws Fault TOO_LARGE, NO_DATA, ESTAT_UNAVAILABLE (also where the table kept changing), and as `StatsSource` says.
 */
export async function fetchDataset(ports: FetchPorts, request: FetchRequest, ask: Ask): Promise<FetchManifest> {
  for (let attempt = 1; ; attempt++) {
    const prefix = rawPrefix(request.meta.info.id, attempt === 1 ? request.fetchId : `${request.fetchId}-${attempt}`)
    const kept = await fetchOnce(ports, request, prefix, ask)
    if (kept !== 'changed') return kept
    if (attempt === ATTEMPTS) throw keepsChanging()
  }
}

async function fetchOnce(
  { stats, store }: FetchPorts,
  request: FetchRequest,
  prefix: string,
  ask: Ask,
): Promise<FetchManifest | 'changed'> {
  const { id } = request.meta.info
  const kept: { key: string; rows: number }[] = []
  try {
    const firsts = await firstPages(stats, request, ask)
    const total = firsts.reduce((sum, { page }) => sum + page.total, 0)
    if (total > request.maxRows) throw tooLarge(id, total, request.maxRows)
    if (total === 0) throw fault('NO_DATA', `No row of ${id} matches these filters.`)
    const plan = planPages(firsts.map(({ page }) => page.total))
    let done = 0
    let changed = false
    await inParallel(plan, async ({ query, start, limit }, index) => {
      const first = firsts[query] as FirstPage
      const page = start === 1 ? first.page : await stats.packed({ id, narrow: first.narrow }, { start, limit }, ask)
      if (page.total !== first.page.total || page.info.updatedDate !== firsts[0]?.page.info.updatedDate) changed = true
      if (changed) return
      const key = pageKey(prefix, index + 1)
      kept[index] = { key, rows: page.rows }
      await store.put(key, page.packed)
      done += page.rows
      request.progress(done, total, `${done} of ${total} rows`)
    })
    const rows = kept.reduce((sum, page) => sum + page.rows, 0)
    if (changed || rows !== total) {
      await discard(store, kept)
      return 'changed'
    }
    ask.signal.throwIfAborted()
    const manifest = manifestOf(request, prefix, stats, kept, ask, firsts)
    await store.put(manifestKey(prefix), new TextEncoder().encode(JSON.stringify(manifest)))
    return manifest
  } catch (error) {
    await discard(store, kept)
    throw error
  }
}

interface FirstPage {
  readonly narrow: readonly Narrowing[]
  readonly page: PackedPage
}

/** The first page of each query tells its count; a query without rows drops out. Stops as soon as the sum is too large. */
async function firstPages(stats: StatsSource, request: FetchRequest, ask: Ask): Promise<readonly FirstPage[]> {
  const { id } = request.meta.info
  const found: FirstPage[] = []
  let total = 0
  for (const narrow of request.queries) {
    const matched = await stats.count({ id, narrow }, ask)
    total += matched
    if (total > request.maxRows) throw tooLarge(id, total, request.maxRows)
    if (matched === 0) continue
    found.push({ narrow, page: await stats.packed({ id, narrow }, { start: 1, limit: PAGE_ROWS }, ask) })
  }
  return found
}

function tooLarge(id: string, rows: number, limit: number) {
  return fault(
    'TOO_LARGE',
    `${rows.toLocaleString('en')} rows of ${id} match; one call fetches ${limit.toLocaleString('en')} at the most.`,
    {
      hint: 'Fetch it as a job with fetch_large_dataset_complete, wait with get_job, and call again with its s3_json_path; or narrow it with filters. Nothing was written.',
    },
  )
}

function manifestOf(
  request: FetchRequest,
  prefix: string,
  stats: StatsSource,
  pages: readonly { key: string; rows: number }[],
  ask: Ask,
  firsts: readonly FirstPage[],
): FetchManifest {
  // Class lists may be older than the rows (`call-stats.ts`): what is cited is the rows' own date.
  const { info } = request.meta
  const updatedDate = firsts[0]?.page.info.updatedDate ?? info.updatedDate
  return {
    version: 1,
    dataset_id: request.meta.info.id,
    fetch_id: prefix.split('/')[2] ?? request.fetchId,
    retrieved_at: new Date(request.now).toISOString(),
    origin: stats.origin,
    lang: ask.lang,
    filters: request.filters,
    rows: pages.reduce((sum, page) => sum + page.rows, 0),
    pages,
    meta: { ...request.meta, info: { ...info, updatedDate } },
    notes: notesOf(firsts),
  }
}

const notesOf = (firsts: readonly FirstPage[]): readonly SymbolNote[] => [
  ...new Map(firsts.flatMap(({ page }) => page.notes).map((note) => [note.symbol, note])).values(),
]

async function discard(store: ObjectStore, kept: readonly ({ key: string } | undefined)[]): Promise<void> {
  for (const page of kept) if (page) await store.delete(page.key)
}

/** Runs `work` over `items`, `PARALLEL` at a time; the first failure ends it, after the others under way have ended. */
async function inParallel<T>(items: readonly T[], work: (item: T, index: number) => Promise<void>): Promise<void> {
  let next = 0
  let failed = false
  const lanes = Array.from({ length: Math.min(PARALLEL, items.length) }, async () => {
    while (next < items.length && !failed) {
      const index = next++
      try {
        await work(items[index] as T, index)
      } catch (error) {
        failed = true
        throw error
      }
    }
  })
  const ends = await Promise.allSettled(lanes)
  for (const end of ends) if (end.status === 'rejected') throw end.reason
}
