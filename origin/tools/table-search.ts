/** One search of the catalogue, for every tool that ends in one. */
import type { SearchInput } from '../../shared/cacheable/search-estat-data.ts'
import { buildIndex, type SearchIndex, search } from '../estat/search/index.ts'
import type { StatsCatalogue } from '../ports.ts'
import { EDITIONS_SHOWN, type SearchAnswer, toSearchAnswer } from './table-listing.ts'

/** One index for each catalogue. A cache of a pure function: it goes when its catalogue does. */
const indexes = new WeakMap<StatsCatalogue, SearchIndex>()

function indexOf(catalogue: StatsCatalogue): SearchIndex {
  const index = indexes.get(catalogue) ?? buildIndex(catalogue.entries())
  indexes.set(catalogue, index)
  return index
}

/** @param input As `normalise` gives it. */
export const searchTables = (input: SearchInput, catalogue: StatsCatalogue): SearchAnswer =>
  toSearchAnswer(search(indexOf(catalogue), input, EDITIONS_SHOWN), input, catalogue)
