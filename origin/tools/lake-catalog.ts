/** The rows of `estat.catalog`: every dataset of every table of the caller. */
import { fault } from '../../shared/fault.ts'
import type { LakeTable, TableCatalog } from '../lake/ports.ts'
import type { CatalogRow } from '../lake/sql/catalog-table.ts'
import { sourcesOfTable } from '../jobs/lineage.ts'
import { tableOf, type Unreadable } from './lake-listing.ts'

/** Tables whose metadata one query reads. */
const MOST_TABLES = 300
const AT_ONCE = 8

/** @throws Fault TOO_LARGE for a lake of more tables than one query may read the metadata of. */
export async function catalogRows(tables: TableCatalog, tenant: string): Promise<readonly CatalogRow[]> {
  const names = await tables.list(tenant)
  if (names.length > MOST_TABLES)
    throw fault('TOO_LARGE', `There are ${names.length} tables in your lake: too many for estat.catalog.`, {
      hint: 'Use lake_tables, which pages through them.',
    })
  const rows: CatalogRow[] = []
  for (let at = 0; at < names.length; at += AT_ONCE) {
    const loaded = await Promise.all(names.slice(at, at + AT_ONCE).map((name) => tableOf(tables, tenant, name)))
    for (const table of loaded.filter((one) => one !== null))
      rows.push(...('problem' in table ? [unreadable(table)] : rowsOf(table)))
  }
  return rows
}

function rowsOf(table: LakeTable): readonly CatalogRow[] {
  const last = table.snapshots.find(({ id }) => id === table.snapshotId)
  return sourcesOfTable(table, false).map((source) => ({
    table_name: table.name,
    dataset_id: source.dataset_id,
    title: source.title,
    statistics_name: source.survey,
    gov_org: source.organisation,
    rows: table.files.reduce((sum, { datasetId, rows }) => sum + (datasetId === source.dataset_id ? rows : 0), 0),
    updated_date: source.updated_date,
    retrieved_at: source.retrieved_at,
    loaded_at: last === undefined ? null : new Date(last.at).toISOString(),
    snapshot_id: table.snapshotId,
    citation: source.citation,
    table_url: source.table_url,
  }))
}

/** It is in the lake, so it is in the catalogue: with the reason in place of a title. */
const unreadable = ({ name, problem }: Unreadable): CatalogRow => ({
  table_name: name,
  dataset_id: null,
  title: problem,
  statistics_name: null,
  gov_org: null,
  rows: 0,
  updated_date: null,
  retrieved_at: null,
  loaded_at: null,
  snapshot_id: null,
  citation: null,
  table_url: null,
})
