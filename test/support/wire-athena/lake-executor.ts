/**
 * Athena's statements over a lake in Glue and S3, run by DuckDB: SELECT, `"t$snapshots"`, external tables over Parquet,
 * CREATE TABLE AS, INSERT, MERGE and DELETE (`change-rows.ts`). OPTIMIZE and VACUUM find nothing to do, since every change here writes whole files and no delete
 * files: what those are like, only a real engine can show (`test/interop`).
 */
import type { Lake } from '../wire-aws-home.ts'
import { changeRows } from './change-rows.ts'
import { duckdbExecutor } from './duckdb-executor.ts'
import { externalTables } from './external-tables.ts'
import { type Execute, type Executed, StatementError } from './executor.ts'

const NOTHING: Executed = { columns: [], rows: [], bytes: 0 }

export interface LakeExecutor {
  readonly execute: Execute
  /** Names of the external tables that are there. */
  externals(): readonly string[]
  close(): void
}

export function lakeExecutor(lake: Lake): LakeExecutor {
  const { store, tableAt: tables, tempDir } = lake
  const select = duckdbExecutor({ tables, localPath: (key) => store.localPath(key), tempDir })
  const externals = externalTables(store)
  return {
    externals: () => externals.names(),
    async execute(sql, database, signal) {
      const snapshots = /FROM "([^"]+)"\."([^"]+)\$snapshots"/.exec(sql)
      if (snapshots !== null) return snapshotRows(lake, snapshots)
      if (/^(OPTIMIZE|VACUUM|CREATE DATABASE|ALTER TABLE \S+ SET) /.test(sql)) return NOTHING
      if (/^(CREATE EXTERNAL TABLE|DROP TABLE|ALTER TABLE) /.test(sql)) externals.define(sql)
      else if (/^(INSERT INTO|MERGE INTO|DELETE FROM|CREATE TABLE) /.test(sql))
        await changeRows(lake, externals, sql, signal)
      else return select.execute(sql, database, signal)
      return NOTHING
    },
    close: () => select.close(),
  }
}

/** Athena User Guide, "Query Iceberg table metadata". */
async function snapshotRows({ tableAt }: Lake, [, database = '', name = '']: RegExpExecArray): Promise<Executed> {
  const table = await tableAt(database, name, null)
  if (table === null) throw new StatementError(`TABLE_NOT_FOUND: line 1:15: Table '${database}.${name}' does not exist`)
  return {
    columns: [
      { name: 'snapshot_id', type: 'bigint' },
      { name: 'operation', type: 'varchar' },
    ],
    rows: table.snapshots.map(({ id, operation }) => [id, operation]),
    bytes: 0,
  }
}
