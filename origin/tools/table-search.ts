/** One search of the catalogue, for every tool that ends in one. */
import type { SearchInput } from '../../shared/cacheable/search-estat-data.ts'
import { search } from '../estat/search/index.ts'
import type { StatsCatalogue } from '../ports.ts'
import { EDITIONS_SHOWN, type SearchAnswer, toSearchAnswer } from './table-listing.ts'

/** @param input As `normalise` gives it. */
export function searchTables(input: SearchInput, catalogue: StatsCatalogue): SearchAnswer {
  // Taken together: a newly built catalogue may take over between two calls, never within one.
  const [index, origin, status] = [catalogue.index(), catalogue.origin, catalogue.status()]
  return toSearchAnswer(search(index, input, EDITIONS_SHOWN), input, { index, origin, status })
}
