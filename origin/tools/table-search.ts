/** One search of the catalogue, for every tool that ends in one. */
import type { SearchInput } from '../../shared/cacheable/search-estat-data.ts'
import { search } from '../estat/search/index.ts'
import { isWeak } from '../estat/search/live.ts'
import type { StatsCatalogue } from '../ports.ts'
import type { CallContext } from './define-tool.ts'
import { liveTables } from './live-tables.ts'
import { EDITIONS_SHOWN, type SearchAnswer, toSearchAnswer } from './table-listing.ts'

/** @param input As `normalise` gives it. */
export async function searchTables(
  input: SearchInput,
  catalogue: StatsCatalogue,
  context: Pick<CallContext, 'signal' | 'appId' | 'now'>,
): Promise<SearchAnswer> {
  // Taken together: a newly built catalogue may take over between two calls, never within one.
  const [index, origin, status, lists] = [catalogue.index(), catalogue.origin, catalogue.status(), catalogue.lists]
  const found = search(index, input, EDITIONS_SHOWN)
  const hasId = lists !== null && (lists.configured || context.appId !== null)
  const asks = hasId && input.cursor === undefined && isWeak(found, origin)
  const live = asks ? await liveTables(lists, index, found.understood, input, context) : null
  return toSearchAnswer(found, input, { index, origin, status }, live)
}
