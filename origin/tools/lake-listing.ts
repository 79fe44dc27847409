/** A lake table in a line, and its history. */
import * as z from 'zod'
import { Fault } from '../../shared/fault.ts'
import type { LakeTable, TableCatalog } from '../lake/ports.ts'
import { sourcesOfTable } from '../jobs/lineage.ts'

const SNAPSHOTS_SHOWN = 20

export const listed = z.object({
  table_name: z.string(),
  rows: z.int(),
  files: z.int(),
  bytes: z.int(),
  updated_at: z.string().nullable().describe('When the last snapshot was committed.'),
  snapshot_id: z.string().nullable(),
  datasets: z.array(z.object({ dataset_id: z.string(), title: z.string(), rows: z.int() })),
  problem: z.string().nullable().describe('Why it cannot be read; null where it can.'),
})

export const snapshot = z.object({
  snapshot_id: z.string(),
  committed_at: z.string(),
  operation: z.string(),
  rows: z.int(),
})

export function listedOf(table: LakeTable): z.infer<typeof listed> {
  const titles = new Map(sourcesOfTable(table, false).map(({ dataset_id, title }) => [dataset_id, title]))
  const rows = new Map<string, number>()
  for (const file of table.files) rows.set(file.datasetId, (rows.get(file.datasetId) ?? 0) + file.rows)
  const last = table.snapshots.find(({ id }) => id === table.snapshotId)
  return {
    table_name: table.name,
    rows: table.rows,
    files: table.files.length,
    bytes: table.files.reduce((sum, { bytes }) => sum + bytes, 0),
    updated_at: last === undefined ? null : new Date(last.at).toISOString(),
    snapshot_id: table.snapshotId,
    datasets: [...rows]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([id, count]) => ({ dataset_id: id, title: titles.get(id) ?? '', rows: count })),
    problem: null,
  }
}

/** A table that is there and cannot be read. */
export interface Unreadable {
  readonly name: string
  readonly problem: string
}

/**
 * A table of a list. One that another engine made what this server cannot read, or that is damaged, keeps nobody from
 * the others.
 * @returns null for one that went away since it was listed.
 */
export async function tableOf(
  tables: Pick<TableCatalog, 'load'>,
  tenant: string,
  name: string,
): Promise<LakeTable | Unreadable | null> {
  try {
    return await tables.load(tenant, name)
  } catch (error) {
    if (!(error instanceof Fault) || !OF_THE_TABLE.has(error.code)) throw error
    return { name, problem: error.message }
  }
}
const OF_THE_TABLE = new Set<Fault['code']>(['DATA_TRANSFORM_ERROR', 'INVALID_PARAMETER'])

export const unreadableOf = ({ name, problem }: Unreadable): z.infer<typeof listed> => ({
  table_name: name,
  rows: 0,
  files: 0,
  bytes: 0,
  updated_at: null,
  snapshot_id: null,
  datasets: [],
  problem,
})

/** Newest first. */
export const snapshotsOf = ({ snapshots }: LakeTable) =>
  snapshots
    .toReversed()
    .slice(0, SNAPSHOTS_SHOWN)
    .map(({ id, at, operation, totalRows }) => ({
      snapshot_id: id,
      committed_at: new Date(at).toISOString(),
      operation,
      rows: totalRows,
    }))
