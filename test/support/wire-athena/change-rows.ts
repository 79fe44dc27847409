/**
 * INSERT, MERGE and DELETE on a table of the lake: its rows in a DuckDB, the statement as it stands, and whole files
 * again, a snapshot for each dataset that changed. Athena itself would write delete files.
 */
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { randomUUID } from 'node:crypto'
import { type Duck, openDuck, sqlName, sqlText } from '../../../origin/adapters/duckdb.ts'
import { inspectParquet } from '../../../origin/adapters/parquet-duckdb-inspect.ts'
import { footerSql, footersOf, viewStatements } from '../../../origin/adapters/query-duckdb-views.ts'
import type { LakeTable, ParquetFile } from '../../../origin/lake/ports.ts'
import type { Lake } from '../wire-aws-home.ts'
import { StatementError } from './executor.ts'

const TARGET = /^(?:INSERT INTO|MERGE INTO|DELETE FROM) "([^"]+)"\."([^"]+)"/

export async function changeRows(lake: Lake, sql: string, signal: AbortSignal): Promise<void> {
  const [, database = '', name = ''] = TARGET.exec(sql) ?? []
  const table = await lake.tableAt(database, name, null)
  if (table === null) throw new StatementError(`TABLE_NOT_FOUND: line 1:12: Table '${database}.${name}' does not exist`)
  const folder = join(lake.tempDir, randomUUID())
  await mkdir(folder, { recursive: true })
  const paths = await Promise.all(table.files.map(({ key }) => lake.store.localPath(key)))
  const duck = await openDuck({ memoryMb: 256, threads: 1, tempDir: folder, folders: [folder], files: paths })
  try {
    const target = `${sqlName(database)}.${sqlName(name)}`
    await fill(duck, { ...table, paths }, target, signal)
    await duck.connection.run(sql).catch((error: unknown) => {
      throw new StatementError(`SYNTAX_ERROR: line 1:1: ${error instanceof Error ? error.message : 'failed'}`)
    })
    for (const datasetId of await datasetsOf(duck, table, target, signal)) {
      const files = await written(lake, { duck, table, target, folder, datasetId }, signal)
      const change = { kind: 'replace', datasetId, files, properties: {} } as const
      await lake.tables.commit(table.tenant, name, change, { create: false, now: Date.now(), signal })
    }
  } finally {
    duck.close()
    await rm(folder, { recursive: true, force: true })
  }
}

type Viewed = LakeTable & { readonly paths: readonly string[] }

async function fill(duck: Duck, table: Viewed, target: string, signal: AbortSignal): Promise<void> {
  const footers = footersOf(table.paths.length === 0 ? [] : await duck.rows(footerSql(table.paths), signal))
  for (const view of viewStatements([table], 'main', footers)) await duck.connection.run(view)
  await duck.connection.run(`CREATE SCHEMA ${target.split('.')[0]}`)
  await duck.connection.run(`CREATE TABLE ${target} AS SELECT * FROM main.${sqlName(table.name)}`)
  await duck.connection.run(`CREATE TABLE before AS SELECT * FROM ${target}`)
}

/** Datasets whose rows are not what they were. */
async function datasetsOf(duck: Duck, table: LakeTable, target: string, signal: AbortSignal) {
  const changed = `(FROM before EXCEPT ALL FROM ${target}) UNION ALL (FROM ${target} EXCEPT ALL FROM before)`
  const rows = await duck.rows(`SELECT DISTINCT dataset_id AS id FROM (${changed}) ORDER BY 1`, signal)
  return rows.map(({ id }) => String(id))
}

interface Dataset {
  readonly duck: Duck
  readonly table: LakeTable
  readonly target: string
  readonly folder: string
  readonly datasetId: string
}

/** The dataset's rows as one file of the store; none where it has no rows. */
async function written(
  { store }: Lake,
  { duck, table, target, folder, datasetId }: Dataset,
  signal: AbortSignal,
): Promise<readonly ParquetFile[]> {
  const path = join(folder, `${datasetId}.parquet`)
  const ids = table.columns.map(({ name, fieldId }) => `${sqlName(name)}: ${fieldId}`).join(', ')
  const rows = `SELECT * FROM ${target} WHERE dataset_id = ${sqlText(datasetId)}`
  const [counted] = await duck.rows(`SELECT count(*) AS n FROM (${rows})`, signal)
  if (Number(counted?.['n']) === 0) return []
  await duck.connection.run(`COPY (${rows}) TO ${sqlText(path)} (FORMAT parquet, FIELD_IDS {${ids}})`)
  const key = `${table.tenant}/athena-writes/${randomUUID()}.parquet`
  const known = (id: number) => table.columns.find(({ fieldId }) => fieldId === id) ?? null
  const file = await inspectParquet(duck, path, key, signal, known)
  await store.putFile(key, path)
  return [file]
}
