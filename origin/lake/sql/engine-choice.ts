/**
 * Which engine answers a query where there are two: DuckDB over copies of the files on this machine, or Athena, which
 * takes seconds for anything and money for most. Pure.
 */
import type { LakeTable } from '../ports.ts'

export type EngineName = 'duckdb' | 'athena'

export interface ChoiceRules {
  /** Bytes of live files up to which DuckDB is asked: they are copied to this machine first. */
  readonly smallBytes: number
  /** US dollars for one GET of S3; reading within the region costs nothing else. */
  readonly usdPerGet: number
  /** What Athena would bill for a query over so many bytes. */
  readonly athenaUsd: (bytes: number) => number
}

/** Of a table, what the choice rests on. */
export type ChosenTable = Pick<LakeTable, 'files' | 'rowsDeleted'>

/**
 * DuckDB for what is small, unless its requests to S3 cost more than Athena would: a table of hundreds of tiny files.
 * That the copies may be here already is not counted in its favour, so the choice does not change from call to call.
 */
export function chooseEngine(tables: readonly ChosenTable[], rules: ChoiceRules): EngineName {
  if (tables.some(({ rowsDeleted }) => rowsDeleted === true)) return 'athena'
  const files = tables.flatMap((table) => table.files)
  if (files.length === 0) return 'duckdb'
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
  if (bytes > rules.smallBytes) return 'athena'
  return files.length * rules.usdPerGet <= rules.athenaUsd(bytes) ? 'duckdb' : 'athena'
}
