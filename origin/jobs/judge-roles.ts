/** The roles of a table's codes, by what it says and, where that leaves some open and it is small, by its figures. */
import { rolesFromRows } from '../estat/arithmetic-roles.ts'
import type { Observation, TableMeta } from '../estat/model.ts'
import { decodeObservation } from '../estat/observation.ts'
import { type Roles, rolesOf } from '../estat/roles.ts'
import type { Ask, ObjectStore, StatsSource } from '../ports.ts'
import type { FetchManifest } from './manifest.ts'
import { readPages } from './read-pages.ts'

/** Rows that are worth one more request to learn roles from: half a megabyte. */
const SAMPLE_ROWS = 5000

/**
 * @param total Rows of the whole table.
 * @returns The roles of names and codes alone where the figures cannot be had: they only ever add to those. `complete` is
 *   false then.
 */
export async function judgeRoles(
  stats: StatsSource,
  meta: TableMeta,
  total: number,
  ask: Ask,
): Promise<{ readonly roles: Roles; readonly complete: boolean }> {
  const roles = rolesOf(meta)
  if (!isOpen(roles) || total > SAMPLE_ROWS) return { roles, complete: true }
  const rows = await stats
    .page({ id: meta.info.id, narrow: [] }, { start: 1, limit: SAMPLE_ROWS }, ask)
    .catch(() => null)
  ask.signal.throwIfAborted()
  if (rows === null) return { roles, complete: false }
  return { roles: rolesFromRows(meta, rows.values.map(decodeObservation), roles), complete: true }
}

/** The same for rows that were kept, at no request. @throws Fault DATA_TRANSFORM_ERROR for a damaged page. */
export async function judgeRolesOfFetch(
  store: ObjectStore,
  manifest: Pick<FetchManifest, 'meta' | 'rows' | 'pages'>,
  signal: AbortSignal,
): Promise<Roles> {
  const roles = rolesOf(manifest.meta)
  if (!isOpen(roles) || manifest.rows > SAMPLE_ROWS) return roles
  const rows: Observation[] = []
  for await (const page of readPages(store, manifest, signal)) rows.push(...page)
  return rolesFromRows(manifest.meta, rows, roles)
}

const isOpen = (roles: Roles): boolean =>
  Object.values(roles).some((codes) => Object.values(codes).some(({ role }) => role === 'unknown'))
