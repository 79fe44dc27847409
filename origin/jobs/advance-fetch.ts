/**
 * One stretch of work on a fetch job: makes its outline, fetches the pages that are not there yet, writes the manifest.
 * It may be stopped after any step, also by the death of the process, and taken up again by anybody from what lies in
 * the lake.
 */
import { fault } from '../../shared/fault.ts'
import type { SymbolNote } from '../estat/model.ts'
import type { Ask, ObjectStore, PackedPage, StatsSource } from '../ports.ts'
import { begunAnew, type FetchOutline, type Job, type JobResult, MOST_RESTARTS, outlined } from './job.ts'
import { fetchIdOf, type JobPage, jobPages, rowsOf, splitPages } from './job-pages.ts'
import { mergeNotes, putManifest, putMeta } from './kept-page.ts'
import { rawPrefix } from './manifest.ts'

/** The right to work on a job, as long as nobody else has it. */
export interface HeldJob {
  readonly job: Job
  /** True once no further page is to be begun: the time is up, or another job waits. */
  stopping(): boolean
  /** Aborts the pages under way: the process ends, or the job is no longer ours. */
  readonly signal: AbortSignal
  /** @throws LeaseLost where another record was written in between. */
  update(change: (job: Job) => Job): Promise<void>
  /** @throws LeaseLost likewise, and writes nothing. */
  check(): Promise<void>
  /** Rows in the lake by now. */
  report(done: number): void
}

export interface AdvancePorts {
  readonly stats: StatsSource
  readonly store: ObjectStore
  readonly now: () => number
}

/** Pages asked for at once: a courtesy to e-Stat. One of 100,000 rows takes some megabytes while it comes. */
const LANES = 2

/** @returns null where it was stopped before the end. @throws Fault as `StatsSource` says; LeaseLost. */
export async function advanceFetch(ports: AdvancePorts, held: HeldJob, ask: Ask): Promise<JobResult | null> {
  for (;;) {
    if (held.job.outline === null) {
      if (held.stopping()) return null
      await makeOutline(ports, held, ask)
    }
    const outcome = await fetchMissing(ports, held, ask)
    if (outcome === 'stopped') return null
    if (outcome === 'whole') return finish(ports, held)
    await beginAnew(ports, held)
  }
}

/** Counts each query and fetches the first page, whose update date all others must have. */
async function makeOutline({ stats, store, now }: AdvancePorts, held: HeldJob, ask: Ask): Promise<void> {
  const { id: jobId, restarts, work } = held.job
  const { datasetId: id } = work
  const meta = await stats.describe(id, ask)
  const totals: number[] = []
  for (const narrow of work.queries) totals.push(await stats.count({ id, narrow }, ask))
  const matched = totals.reduce((sum, total) => sum + total, 0)
  if (matched === 0) throw fault('NO_DATA', `No row of ${id} matches these filters.`)
  const outline: FetchOutline = {
    fetchId: fetchIdOf(jobId, restarts),
    updatedDate: null,
    totals,
    rows: Math.min(matched, work.maxRecords),
    notes: [],
  }
  const [first] = jobPages(id, outline, work.pageRows)
  if (first === undefined) throw new Error('rows without a page')
  const answer = await askPage(stats, held.job, first, ask)
  const { updatedDate } = answer.info
  if (answer.total !== totals[first.query]) return // changed since it was counted: the next round counts again
  // Class lists of another version than the rows: the source has seen that too, and forgotten them.
  const isOld = meta.info.updatedDate !== updatedDate
  const current = isOld ? await stats.describe(id, ask) : meta
  await putMeta(store, rawPrefix(id, outline.fetchId), { meta: current, origin: stats.origin })
  // Recorded before the page is there: a page that is there is always known, and never fetched again.
  await held.update((job) => outlined(job, { ...outline, updatedDate, notes: answer.notes }, now()))
  await store.put(first.key, answer.packed)
  held.report(first.limit)
}

async function fetchMissing(
  { stats, store, now }: AdvancePorts,
  held: HeldJob,
  ask: Ask,
): Promise<'whole' | 'stopped' | 'changed'> {
  const { outline, work } = held.job
  if (outline === null) return 'changed'
  const keys = await store.list(rawPrefix(work.datasetId, outline.fetchId))
  const pages = jobPages(work.datasetId, outline, work.pageRows)
  const { present, missing } = splitPages(pages, new Set(keys.map(({ key }) => key)))
  let done = rowsOf(present)
  held.report(done)
  let changed = false
  const left = await inLanes(
    missing,
    () => changed || held.stopping(),
    async (page) => {
      await held.check()
      const answer = await askPage(stats, held.job, page, ask)
      if (!belongs(answer, page, outline)) {
        changed = true
        return
      }
      await keepNotes(held, answer.notes, now)
      await store.put(page.key, answer.packed)
      done += page.limit
      held.report(done)
    },
  )
  if (changed) return 'changed'
  return left === 0 ? 'whole' : 'stopped'
}

/** Notes that no earlier page had are recorded before their page is there, so that they outlive the process too. */
async function keepNotes(held: HeldJob, notes: readonly SymbolNote[], now: () => number): Promise<void> {
  const known = held.job.outline?.notes ?? []
  if (mergeNotes(known, notes).length === known.length) return
  await held.update((job) =>
    job.outline === null ? job : outlined(job, { ...job.outline, notes: mergeNotes(job.outline.notes, notes) }, now()),
  )
}

const askPage = (stats: StatsSource, { work }: Job, { query, start, limit }: JobPage, ask: Ask): Promise<PackedPage> =>
  stats.packed({ id: work.datasetId, narrow: work.queries[query] ?? [] }, { start, limit }, ask)

/** Rows of another version of the table must not stand beside these. */
const belongs = (answer: PackedPage, page: JobPage, { totals, updatedDate }: FetchOutline): boolean =>
  answer.total === totals[page.query] && answer.info.updatedDate === updatedDate && answer.rows === page.limit

async function beginAnew({ store, now }: AdvancePorts, held: HeldJob): Promise<void> {
  const { outline, work } = held.job
  if (outline !== null)
    for (const { key } of await store.list(rawPrefix(work.datasetId, outline.fetchId))) await store.delete(key)
  await held.update((job) => begunAnew(job, now()))
  held.report(0)
  if (held.job.restarts >= MOST_RESTARTS)
    throw fault('ESTAT_UNAVAILABLE', 'The table changed each time it was read.', {
      hint: 'e-Stat is updating it now. Start the fetch again in some minutes.',
    })
}

async function finish({ store, now }: AdvancePorts, held: HeldJob): Promise<JobResult> {
  const { outline, work } = held.job
  if (outline === null) throw new Error('finished without an outline')
  await held.check()
  const matched = outline.totals.reduce((sum, total) => sum + total, 0)
  const rows = outline.rows.toLocaleString('en')
  const why = {
    note: `the first ${rows} of ${matched.toLocaleString('en')} rows, as max_records asked`,
    noteJa: `max_recordsの指定により${matched.toLocaleString('en')}行のうち先頭${rows}行`,
  }
  return putManifest(store, held.job, jobPages(work.datasetId, outline, work.pageRows), why, now())
}

/**
 * Runs `work` over `items`, `LANES` at a time, until `stop` says so; what is under way then is finished.
 * @returns How many items were not begun. @throws The first failure, after the other lanes have ended.
 */
async function inLanes<T>(items: readonly T[], stop: () => boolean, work: (item: T) => Promise<void>): Promise<number> {
  let next = 0
  let failed = false
  const lane = async (): Promise<void> => {
    while (next < items.length && !failed && !stop()) {
      const item = items[next++] as T
      try {
        await work(item)
      } catch (error) {
        failed = true
        throw error
      }
    }
  }
  const ends = await Promise.allSettled(Array.from({ length: LANES }, lane))
  for (const end of ends) if (end.status === 'rejected') throw end.reason
  return items.length - next
}
