/** The form in which the recorded lists are bundled (`data/catalogue.json`), and the catalogue made from it. */
import { buildIndex, type SearchIndex } from '../estat/search/index.ts'
import type { CatalogueEntry, StatsCatalogue } from '../ports.ts'
import type { TableInfo } from '../estat/model.ts'

/** What the tables of one group share. */
export type CatalogueCommon = Omit<TableInfo, 'id' | 'title' | 'titleNo' | 'totalRecords' | 'description'>

export interface CatalogueGroup extends CatalogueCommon {
  /** What each title starts with. */
  readonly titleStart: string
  /** `[id, titleNo, rest of the title, totalRecords]`. */
  readonly tables: readonly (readonly [id: string, no: string | null, titleEnd: string, total: number | null])[]
}

export interface CatalogueFile {
  /** The recordings that the entries were taken from, by precedence. */
  readonly sources: readonly { readonly recording: string; readonly retrieved: string | null }[]
  readonly groups: readonly CatalogueGroup[]
}

/** The bundled catalogue: small enough to be read whole. */
export interface SampleCatalogue extends StatsCatalogue {
  /** Every entry, distinct by id, in order of id. */
  entries(): readonly CatalogueEntry[]
  /** Listings before de-duplication (e-Stat repeats a table once for each COLLECT_AREA). */
  readonly listings: number
}

/** @param bundled Ids of the tables whose rows are held. */
export function catalogueFrom({ groups }: CatalogueFile, bundled: ReadonlySet<string>): SampleCatalogue {
  const entries = groups.flatMap((group) => entriesOf(group, bundled)).toSorted(byId)
  const listings = entries.reduce((sum, { collectArea }) => sum + Math.max(1, collectArea.length), 0)
  let index: SearchIndex | null = null
  return {
    origin: 'sample',
    entries: () => entries,
    listings,
    index: () => (index ??= buildIndex(entries)),
    status: () => null,
    lists: null,
  }
}

const entriesOf = ({ titleStart, tables, ...common }: CatalogueGroup, bundled: ReadonlySet<string>): CatalogueEntry[] =>
  tables.map(([id, titleNo, titleEnd, totalRecords]) => ({
    ...common,
    id,
    title: `${titleStart}${titleEnd}`,
    titleNo,
    totalRecords,
    description: [],
    bundled: bundled.has(id),
  }))

const byId = (a: CatalogueEntry, b: CatalogueEntry): number => (a.id < b.id ? -1 : 1)
