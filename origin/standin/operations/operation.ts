import type { Datasets } from '../datasets.ts'
import type { Outcome } from '../outcome.ts'
import type { DataFormat, Echo, Parameters } from '../parameters.ts'
import type { StandinListing, StandinTable } from '../table.ts'
import type { Element } from '../tree.ts'

/** What every operation answers from. */
export interface World {
  readonly tables: ReadonlyMap<string, StandinTable>
  /** In the order in which lists show them; may be more than memory holds. */
  readonly listings: Iterable<StandinListing>
  /** DATA_CATALOG_INF of each data set; may be more than memory holds. */
  readonly files: Iterable<Element>
  /** Changed by postDataset alone. */
  readonly datasets: Datasets
  /** Milliseconds since the epoch. */
  readonly now: number
}

/** The CSV form, under a name of its own. */
export interface SimpleForm {
  /** As in the path: `getSimpleStatsData`. */
  readonly path: string
  /** Parameters that have this value whatever was sent. */
  readonly forced: Readonly<Record<string, string>>
  /** @param sent Without what was forced. */
  write(root: Element, sent: Parameters): string
}

/** One operation of the API, whatever its format. */
export interface Operation {
  /** As in the path: `getStatsData`. */
  readonly path: string
  readonly method: 'GET' | 'POST'
  readonly formats: readonly ('json' | 'xml')[]
  /** Name of the root element. */
  readonly root: string
  /** Of its XML; null where none is named. */
  readonly schema: string | null
  readonly simple?: SimpleForm
  readonly echo: readonly Echo[]
  /** In place of the PARAMETER that `echo` makes. */
  parameters?(sent: Parameters, format: DataFormat): Element
  answer(sent: Parameters, world: World): Outcome
}
