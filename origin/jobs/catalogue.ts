/** Builds the catalogue of all of e-Stat and keeps it fresh: pages as they come, then the index, then the swap. */
import { gzip } from 'node:zlib'
import { promisify } from 'node:util'
import type { ObjectStore, StatsLists } from '../ports.ts'
import { readCatalogue, replaceCatalogue } from './catalogue-record.ts'
import {
  afterPage,
  type BuildState,
  type CatalogueRecord,
  type CurrentCatalogue,
  nextBuild,
  nextPage,
  progressOf,
  RECORD_FOLDER,
  remadeFrom,
} from './catalogue-state.ts'
import { type HeldRecord, holdRecord, LeaseLost } from './held-record.ts'

export interface CatalogueDeps {
  readonly store: ObjectStore
  readonly lists: StatsLists
  /**
   * Makes the index of the listings in these pages (later ones speak for the same id) under `key`, off this thread.
   * @returns Distinct tables.
   */
  readonly makeIndex: (pages: readonly string[], key: string) => Promise<number>
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Names this process among all that share the store. */
  readonly holder: string
  /** Milliseconds after which the build of a lost process is taken over. */
  readonly leaseMs: number
}

export interface BuildWatch {
  readonly signal: AbortSignal
  readonly progress: (done: ReturnType<typeof progressOf>) => void
}

/** `fresh`: the catalogue is of today. `elsewhere`: another process builds, from this state when last seen. */
export type BuildOutcome =
  | { readonly state: 'built'; readonly current: CurrentCatalogue }
  | { readonly state: 'fresh' }
  | { readonly state: 'elsewhere'; readonly build: BuildState | null }

type Hold = HeldRecord<CatalogueRecord>

const pack = promisify(gzip)

/**
 * One build or refresh, from wherever the last one stopped, by one process at a time.
 *
 * Killed at any moment it loses one page at the most: a page is written before the position that counts it, and the
 * catalogue in use is replaced by one whole write at the very end. Whoever comes after the lease ran out goes on.
 *
 * @throws Fault of the list, and CANCELLED; the next call goes on from there.
 */
export async function buildCatalogue(deps: CatalogueDeps, watch: BuildWatch): Promise<BuildOutcome> {
  const { store, now, leaseMs, holder } = deps
  const stored = await readCatalogue(store)
  const { current, build, lease } = stored.record
  if (lease !== null && lease.until > now()) return { state: 'elsewhere', build }
  const state = build ?? nextBuild(current, now())
  if (state === null) return { state: 'fresh' }
  const leased = (record: CatalogueRecord): CatalogueRecord => ({
    ...record,
    lease: { holder, until: now() + leaseMs },
  })
  const taken = await replaceCatalogue(store, stored, leased({ ...stored.record, build: state }))
  if (taken === null) return { state: 'elsewhere', build: state }
  const replace = replaceCatalogue.bind(null, store)
  const held = holdRecord(taken, { replace, renewed: leased, leaseMs }, 'the build of the catalogue')
  const signal = AbortSignal.any([watch.signal, held.signal])
  try {
    return { state: 'built', current: await finish(deps, held, state, { ...watch, signal }) }
  } catch (error) {
    if (error instanceof LeaseLost || held.lost()) return { state: 'elsewhere', build: held.stored().record.build }
    await held.update((record) => ({ ...record, lease: null })).catch(() => {})
    throw error
  } finally {
    held.release()
  }
}

async function finish(
  deps: CatalogueDeps,
  held: Hold,
  state: BuildState,
  watch: BuildWatch,
): Promise<CurrentCatalogue> {
  const { store, makeIndex } = deps
  const { current } = held.stored().record
  const fetched = await fetchPages(deps, held, state, watch)
  const pages = [...fetched.base, ...fetched.pages]
  const { generation, asOf, fullAsOf } = fetched
  // A refresh that found nothing new leaves the index as it is.
  const isSame = current !== null && fetched.base.length > 0 && fetched.pages.length === 0
  // Two who build at once, one of whom lost the lease unawares, must not write one file.
  const file = `catalogue/${generation}/index-${held.stored().revision}.bin`
  const made: CurrentCatalogue = isSame
    ? { ...current, asOf }
    : { generation, pages, file, tables: await makeIndex(pages, file), asOf, fullAsOf }
  await held.update(() => ({ format: 2, current: made, build: null, lease: null }))
  await sweep(store, made)
  return made
}

async function fetchPages(
  { store, lists }: CatalogueDeps,
  held: Hold,
  from: BuildState,
  watch: BuildWatch,
): Promise<BuildState> {
  let state = from
  for (let next = nextPage(state); next !== null; next = nextPage(state)) {
    watch.signal.throwIfAborted()
    watch.progress(progressOf(state))
    const page = await lists.list(next.query, { signal: watch.signal })
    if (page.tables.length > 0) {
      const lines = page.tables.map((table) => `${JSON.stringify(table)}\n`).join('')
      await store.put(next.key, await pack(lines))
    }
    const build = afterPage(state, next.key, page)
    await held.update((record) => ({ ...record, build }))
    state = build
  }
  watch.progress(progressOf(state))
  return state
}

/**
 * The index alone is made anew, from the pages that are there: its file is lost, or of another version.
 * Nothing where the catalogue is no longer this one, or somebody works on it already.
 */
export async function remake(store: ObjectStore, broken: CurrentCatalogue, now: number): Promise<void> {
  const stored = await readCatalogue(store)
  const { current, lease } = stored.record
  if (current?.file !== broken.file || (lease !== null && lease.until > now)) return
  const build = remadeFrom(broken.pages, broken.asOf, broken.fullAsOf, now)
  await replaceCatalogue(store, stored, { format: 2, current: null, build, lease: null })
}

/**
 * Everything of this and earlier builds that the catalogue does not name. A file that a reader still has open stays
 * readable to it; what a newer build than ours has written is not ours to judge.
 */
async function sweep(store: ObjectStore, { pages, file, generation }: CurrentCatalogue): Promise<void> {
  const named = new Set([...pages, file])
  for (const { key } of await store.list('catalogue/')) {
    const [, folder = ''] = key.split('/')
    if (!key.startsWith(RECORD_FOLDER) && folder <= generation && !named.has(key)) await store.delete(key)
  }
}
