/** A table of the caller's lake that a tool was asked for by name. */
import { type Fault, fault } from '../../shared/fault.ts'
import type { TableCatalog } from '../lake/ports.ts'

/** What a name that is no table is told. */
export async function unknownTable(tables: TableCatalog, tenant: string, name: string): Promise<Fault> {
  const known = await tables.list(tenant)
  return fault('NOT_FOUND', `There is no table "${name}" in your lake.`, {
    hint:
      known.length === 0
        ? 'Load one first with load_to_iceberg.'
        : `Tables: ${known.slice(0, 30).join(', ')}. Others come by load_to_iceberg.`,
  })
}
