/** Tables that e-Stat's own search knows, for a question that the catalogue answers weakly. */
import type { SearchInput } from '../../shared/cacheable/search-estat-data.ts'
import { distinctTables } from '../estat/decode-table-list.ts'
import { buildIndex, type SearchHit, search } from '../estat/search/index.ts'
import { liveWords } from '../estat/search/live.ts'
import type { Understanding } from '../estat/search/model.ts'
import { rowOf } from '../estat/search/build-index.ts'
import type { SearchIndex } from '../estat/search/index.ts'
import type { StatsLists } from '../ports.ts'
import type { CallContext } from './define-tool.ts'

export interface LiveFound {
  /** Ranked as the catalogue's are; none that the catalogue holds. */
  readonly hits: readonly SearchHit[]
  /** False where a request failed, came too late, or had more than was read. */
  readonly complete: boolean
}

/** e-Stat's search takes half a minute on a bad day; a question does not wait that long. */
const DEADLINE_MS = 8_000
/** Listings read of each answer. */
const READ = 100

/** Never throws for e-Stat's sake: what was heard in time is the answer. @throws CANCELLED with the caller's own signal. */
export async function liveTables(
  lists: StatsLists,
  known: SearchIndex,
  understood: Understanding,
  input: SearchInput,
  { signal, appId, now }: Pick<CallContext, 'signal' | 'appId' | 'now'>,
): Promise<LiveFound> {
  const ask = {
    signal: AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]),
    deadline: now + DEADLINE_MS,
    ...(appId === null ? {} : { appId }),
  }
  const heard = await Promise.allSettled(
    liveWords(understood).map((searchWord) => lists.list({ searchWord, start: 1, limit: READ }, ask)),
  )
  signal.throwIfAborted()
  const pages = heard.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  const tables = distinctTables(pages.flatMap((page) => page.tables)).filter(({ id }) => rowOf(known, id) < 0)
  const index = buildIndex(tables.map((table) => ({ ...table, bundled: false })))
  const { hits } = search(index, { ...input, cursor: undefined }, 0)
  return { hits, complete: pages.length === heard.length && pages.every(({ nextKey }) => nextKey === null) }
}
