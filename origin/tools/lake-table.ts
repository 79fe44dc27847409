/** A table of the caller's lake that a tool was asked for by name. */
import { type Fault, fault } from '../../shared/fault.ts'
import type { LakeTable, QueryAnswer, QueryEngine, TableCatalog } from '../lake/ports.ts'
import type { CallContext } from './define-tool.ts'

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

/** Asks one table of the caller. */
export type AskTable = (sql: string, maxRows: number, offset?: number) => Promise<QueryAnswer>

export function askTable(
  engine: QueryEngine,
  table: LakeTable,
  { caller, signal }: Pick<CallContext, 'caller' | 'signal'>,
): AskTable {
  const asked = { tables: { [table.name]: table }, database: caller.tenant }
  return (sql, maxRows, offset = 0) => engine.query({ ...asked, sql, maxRows, offset }, signal)
}
