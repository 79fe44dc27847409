/**
 * The tree in Athena's words (engine version 3, a Trino). Pure: a text for `query-athena.ts` to send.
 *
 * Every table is pinned to the snapshot that was loaded (Athena User Guide, "Perform time travel and version travel
 * queries"): rows are of the state whose sources the answer cites, all pages are of one state, and a result that
 * Athena kept for this text is right for it however old (`Reuse query results` does not look whether data changed).
 */
import type { LakeTable } from '../ports.ts'
import { arraysAsJson } from './athena-arrays.ts'
import { type Dialect, quoteName } from './dialect.ts'
import { printQuery } from './print.ts'
import type { Query, TableRelation } from './tree.ts'
import { TRINO_NAME } from './types.ts'
import type { Types } from './typing.ts'
import { nodesOf } from './walk.ts'

export interface AthenaPlan {
  /** Of every expression in the query (`typesOf`). */
  readonly types: Types
  /** What to add to the ORDER BY of each of its queries (`tieBreakers`). */
  readonly ties: NonNullable<Dialect['ties']>
  /** Which table stands at each place of the query (`placesOf`). */
  readonly places: ReadonlyMap<TableRelation, string>
  readonly tables: Readonly<Record<string, LakeTable>>
  /** The Glue database of the tables. */
  readonly database: string
}

export interface AthenaText {
  readonly sql: string
  /** Places of the columns, from 0, that come as JSON text because they are arrays. */
  readonly json: ReadonlySet<number>
  /** Whether the same text gives the same answer whenever it runs. */
  readonly repeatable: boolean
}

/** @throws Fault QUERY_REJECTED where Athena has no way to say it, or none to give it back. */
export function toAthena(query: Query, plan: AthenaPlan): AthenaText {
  const { query: shown, json } = arraysAsJson(selected(query), plan.types)
  const dialect: Dialect = {
    // A body that was rewritten is as wide as the one it stands for.
    ties: (node) => plan.ties(node === shown ? query : node),
    table: (node) => tableText(node, plan),
    expr: (node, print) =>
      // Another name of one function; the manual of Athena knows this one alone.
      node.kind === 'call' && node.fn === 'any_value' ? print.expr({ ...node, fn: 'arbitrary' }) : null,
  }
  return { sql: printQuery(shown, dialect), json, repeatable: isRepeatable(query) }
}

/** VALUES as the rows of a SELECT: ORDER BY, and a heading above the rows, are certain there. */
function selected(query: Query): Query {
  const { body } = query
  if (body.kind !== 'values') return query
  const columns = (body.rows[0] ?? []).map((_, at) => `_col${at}`)
  const values: Query = { ...query, with: [], orderBy: [], offset: null, limit: null }
  const from = { kind: 'derived', query: values, alias: { name: 'rows', columns } } as const
  return { ...query, body: { ...EVERYTHING, from: [from] } }
}

const EVERYTHING = {
  kind: 'select',
  distinct: false,
  items: [{ kind: 'star', table: null }],
  where: null,
  groupBy: [],
  having: null,
  windows: [],
} as const

function tableText(node: TableRelation, { places, tables, database }: AthenaPlan): string | null {
  const name = places.get(node)
  const table = name === undefined ? undefined : tables[name]
  if (table === undefined) return null
  if (table.snapshotId !== null)
    return `${quoteName(database)}.${quoteName(table.name)} FOR VERSION AS OF ${BigInt(table.snapshotId)}`
  return `(${noRows(table)})${node.alias === null ? ` AS ${quoteName(node.name)}` : ''}`
}

/** A table without a snapshot has no version to name; whatever is loaded into it meanwhile is of a later state. */
const noRows = ({ columns }: LakeTable): string =>
  `SELECT ${columns.map(({ name, type }) => `CAST(NULL AS ${TRINO_NAME[type]}) AS ${quoteName(name)}`).join(', ')} WHERE false`

const BY_CLOCK = new Set(['current_date', 'current_timestamp', 'now'])

const isRepeatable = (query: Query): boolean =>
  [...nodesOf(query)].every((node) => node.kind !== 'call' || !BY_CLOCK.has(node.fn))
