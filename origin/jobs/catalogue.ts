/** Builds the catalogue of all of e-Stat and keeps it fresh: pages as they come, then the index, then the swap. */
import { gzip } from 'node:zlib'
import { promisify } from 'node:util'
import type { ObjectStore, StatsLists } from '../ports.ts'
import {
  afterPage,
  type BuildState,
  CURRENT_KEY,
  type CurrentCatalogue,
  nextBuild,
  nextPage,
  progressOf,
  remadeFrom,
  STATE_KEY,
} from './catalogue-state.ts'

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
}

export interface BuildWatch {
  readonly signal: AbortSignal
  readonly progress: (done: ReturnType<typeof progressOf>) => void
}

const pack = promisify(gzip)

/**
 * One build or refresh, from wherever the last one stopped; null where the catalogue is of today.
 *
 * Killed at any moment it loses one page at the most: a page is written before the position that counts it, and the
 * catalogue in use is replaced by one whole write at the very end.
 *
 * @throws Fault of the list, and CANCELLED; the next call goes on from there.
 */
export async function buildCatalogue(deps: CatalogueDeps, watch: BuildWatch): Promise<CurrentCatalogue | null> {
  const { store, now } = deps
  const current = await readCurrent(store)
  const state = (await readRecord<BuildState>(store, STATE_KEY)) ?? nextBuild(current, now())
  if (state === null) return null
  const fetched = await fetchPages(deps, state, watch)
  const pages = [...fetched.base, ...fetched.pages]
  const file = `catalogue/${fetched.generation}/index.bin`
  // A refresh that found nothing new leaves the index as it is.
  const isSame = current !== null && fetched.base.length > 0 && fetched.pages.length === 0
  const tables = isSame ? current.tables : await deps.makeIndex(pages, file)
  const { generation, asOf, fullAsOf } = fetched
  const made: CurrentCatalogue = isSame
    ? { ...current, asOf }
    : { format: 1, generation, pages, file, tables, asOf, fullAsOf }
  await writeRecord(store, CURRENT_KEY, made)
  await store.delete(STATE_KEY)
  await sweep(store, made)
  return made
}

async function fetchPages({ store, lists }: CatalogueDeps, from: BuildState, watch: BuildWatch): Promise<BuildState> {
  let state = from
  for (let next = nextPage(state); next !== null; next = nextPage(state)) {
    watch.signal.throwIfAborted()
    watch.progress(progressOf(state))
    const page = await lists.list(next.query, watch.signal)
    if (page.tables.length > 0) {
      const lines = page.tables.map((table) => `${JSON.stringify(table)}\n`).join('')
      await store.put(next.key, await pack(lines))
    }
    state = afterPage(state, next.key, page)
    await writeRecord(store, STATE_KEY, state)
  }
  watch.progress(progressOf(state))
  return state
}

/** What search is to answer from; null where there is none, or one of another version. */
export const readCurrent = (store: ObjectStore): Promise<CurrentCatalogue | null> =>
  readRecord<CurrentCatalogue>(store, CURRENT_KEY)

/** The index alone is made anew, from the pages that are there: its file is lost, or of another version. */
export async function remake(
  store: ObjectStore,
  { pages, asOf, fullAsOf }: CurrentCatalogue,
  now: number,
): Promise<void> {
  await writeRecord(store, STATE_KEY, remadeFrom(pages, asOf, fullAsOf, now))
  await store.delete(CURRENT_KEY)
}

/** Everything that neither the catalogue in use nor a build names. A file that a reader still has open stays readable to it. */
async function sweep(store: ObjectStore, { pages, file }: CurrentCatalogue): Promise<void> {
  const named = new Set([...pages, file, CURRENT_KEY, STATE_KEY])
  for (const { key } of await store.list('catalogue/')) if (!named.has(key)) await store.delete(key)
}

async function readRecord<Shape extends { readonly format: 1 }>(
  store: ObjectStore,
  key: string,
): Promise<Shape | null> {
  const bytes = await store.get(key)
  if (bytes === null) return null
  const record = parse(new TextDecoder().decode(bytes)) as Partial<Shape> | null
  return record?.format === 1 ? (record as Shape) : null
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const writeRecord = async (store: ObjectStore, key: string, record: unknown): Promise<void> => {
  await store.put(key, new TextEncoder().encode(`${JSON.stringify(record)}\n`))
}
