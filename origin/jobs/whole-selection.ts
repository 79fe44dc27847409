/** Every row of a selection at once, in e-Stat's order: for answers that are worked out from all of it. */
import { fault } from '../../shared/fault.ts'
import type { Narrowing, Observation, SymbolNote, TableMeta } from '../estat/model.ts'
import { decodeObservation } from '../estat/observation.ts'
import { rowOrder } from '../estat/split-queries.ts'
import type { Ask, StatsPage, StatsSource } from '../ports.ts'

/** Rows that an answer may be worked out from: some megabytes, and one request for each query (two where there are several). */
export const WHOLE_ROWS = 20_000
/** Queries that are counted to find out whether a selection is that small. */
const WHOLE_QUERIES = 20

export interface WholeSelection {
  readonly rows: readonly Observation[]
  readonly notes: readonly SymbolNote[]
  readonly annotations: Readonly<Record<string, string>>
}

/**
 * @returns Null where the selection holds more than `WHOLE_ROWS` rows or needs too many queries.
 * @throws Fault NO_DATA where nothing matches, and as `StatsSource` says.
 */
export async function readWhole(
  stats: StatsSource,
  meta: TableMeta,
  queries: readonly (readonly Narrowing[])[],
  ask: Ask,
): Promise<WholeSelection | null> {
  const { id } = meta.info
  const [only = [], ...more] = queries
  if (more.length === 0) {
    const page = await stats.page({ id, narrow: only }, { start: 1, limit: WHOLE_ROWS }, ask)
    return page.total > WHOLE_ROWS ? null : { ...page, rows: page.values.map(decodeObservation) }
  }
  if (queries.length > WHOLE_QUERIES) return null
  const full: (readonly Narrowing[])[] = []
  let total = 0
  for (const narrow of queries) {
    const count = await stats.count({ id, narrow }, ask)
    if ((total += count) > WHOLE_ROWS) return null
    if (count > 0) full.push(narrow)
  }
  if (total === 0) throw fault('NO_DATA', `No row of ${id} matches these filters.`)
  const pages: StatsPage[] = []
  for (const narrow of full) pages.push(await stats.page({ id, narrow }, { start: 1, limit: WHOLE_ROWS }, ask))
  return {
    rows: pages.flatMap(({ values }) => values.map(decodeObservation)).toSorted(rowOrder(meta)),
    notes: [...new Map(pages.flatMap(({ notes }) => notes).map((note) => [note.symbol, note])).values()],
    annotations: Object.assign({}, ...pages.map(({ annotations }) => annotations)) as Readonly<Record<string, string>>,
  }
}

/** The same, for what cannot be answered from a part. @throws Fault TOO_LARGE in words that say what for. */
export async function needWhole(
  stats: StatsSource,
  meta: TableMeta,
  queries: readonly (readonly Narrowing[])[],
  ask: Ask,
  what: string,
): Promise<WholeSelection> {
  const whole = await readWhole(stats, meta, queries, ask)
  if (whole !== null) return whole
  throw fault(
    'TOO_LARGE',
    `${what} takes all rows of the selection, and it holds more than ${WHOLE_ROWS.toLocaleString('en')}.`,
    {
      hint: 'Narrow the filters, save it all as CSV (save_dataset_as_csv), or ask for this with SQL (load_to_iceberg, analyze_with_athena).',
    },
  )
}
