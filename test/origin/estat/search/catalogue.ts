/** What the search tests search: the bundled catalogue, and small made-up ones where a case needs exact fields. */
import { parseArguments } from '../../../../shared/arguments.ts'
import { type SearchInput, searchEstatData } from '../../../../shared/cacheable/search-estat-data.ts'
import { buildIndex, type SearchIndex, type SearchOutcome, search } from '../../../../origin/estat/search/index.ts'
import type { CatalogueEntry } from '../../../../origin/ports.ts'
import { loadSample } from '../../../../origin/sample/load-sample.ts'
import { NOTHING_KNOWN } from '../../../../origin/estat/nothing-known.ts'

export const sampleEntries: readonly CatalogueEntry[] = loadSample().catalogue.entries()
export const sampleIndex: SearchIndex = buildIndex(sampleEntries)

/** Arguments as a caller sends them, through the same parsing and normal form as the tool. */
export const inputOf = (raw: Record<string, unknown>): SearchInput =>
  searchEstatData.normalise(parseArguments(searchEstatData, raw))

export const ask = (query: string, more: Record<string, unknown> = {}, index = sampleIndex): SearchOutcome =>
  search(index, inputOf({ query, ...more }))

export const idsOf = ({ hits }: SearchOutcome): string[] => hits.map(({ entry }) => entry.id)

/** A listing of which only what is given is known. */
export const entry = (id: number, title: string, more: Partial<CatalogueEntry> = {}): CatalogueEntry => ({
  id: String(id).padStart(10, '0'),
  statName: { code: '00200521', name: '国勢調査' },
  govOrg: { code: '00200', name: '総務省' },
  statisticsName: '国勢調査',
  title,
  ...NOTHING_KNOWN,
  bundled: false,
  ...more,
})
