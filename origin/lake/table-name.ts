/** Names of lake tables and tenants: what every engine accepts unquoted, and every store as part of a key. */
import { fault } from '../../shared/fault.ts'
import { tenantName } from '../../shared/keys.ts'
import { CATALOG_TABLE } from './sql/catalog-table.ts'

const TABLE = /^[a-z][a-z0-9_]{0,127}$/

/** @throws Fault INVALID_PARAMETER where either cannot be a name. */
export function assertTableName(tenant: string, name: string): void {
  if (!tenantName.safeParse(tenant).success)
    throw fault('INVALID_PARAMETER', 'The tenant of this caller has no valid name.')
  if (name === CATALOG_TABLE)
    throw fault('INVALID_PARAMETER', `The name ${name} is taken: it lists what is in the lake.`, {
      hint: 'Choose another name, such as "population". Ask estat.catalog with analyze_with_athena, or use lake_tables.',
    })
  if (!TABLE.test(name))
    throw fault(
      'INVALID_PARAMETER',
      'A table name starts with a letter and holds a to z, 0 to 9 and _ alone, at most 128.',
      {
        hint: 'Choose a name like "d_0003410379" or "population".',
      },
    )
}
