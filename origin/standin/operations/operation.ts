import type { Outcome } from '../outcome.ts'
import type { Echo, Parameters } from '../parameters.ts'
import type { StandinListing, StandinTable } from '../table.ts'

/** What every operation answers from. */
export interface World {
  readonly tables: ReadonlyMap<string, StandinTable>
  /** In the order in which lists show them; may be more than memory holds. */
  readonly listings: Iterable<StandinListing>
}

/** One operation of the API, whatever its format. */
export interface Operation {
  /** As in the path: `getStatsData`. */
  readonly path: string
  /** Name of the root element. */
  readonly root: string
  readonly echo: readonly Echo[]
  answer(sent: Parameters, world: World): Outcome
}
