/** The roles of a table's codes, by what it says and, where that leaves some open and it is small, by its figures. */
import { rolesFromRows } from '../estat/arithmetic-roles.ts'
import type { TableMeta } from '../estat/model.ts'
import { decodeObservation } from '../estat/observation.ts'
import { type Roles, rolesOf } from '../estat/roles.ts'
import type { Ask, StatsSource } from '../ports.ts'

/** Rows that are worth one more request to learn roles from: half a megabyte. */
const SAMPLE_ROWS = 5000

/**
 * @param total Rows of the whole table.
 * @returns The roles of names and codes alone where the figures cannot be had: they only ever add to those.
 */
export async function judgeRoles(stats: StatsSource, meta: TableMeta, total: number, ask: Ask): Promise<Roles> {
  const roles = rolesOf(meta)
  const open = Object.values(roles).some((codes) => Object.values(codes).some(({ role }) => role === 'unknown'))
  if (!open || total > SAMPLE_ROWS) return roles
  const rows = await stats
    .page({ id: meta.info.id, narrow: [] }, { start: 1, limit: SAMPLE_ROWS }, ask)
    .catch(() => null)
  ask.signal.throwIfAborted()
  return rows === null ? roles : rolesFromRows(meta, rows.values.map(decodeObservation), roles)
}
